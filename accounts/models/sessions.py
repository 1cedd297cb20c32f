"""What the server remembers of a browser, and whose browser it is."""

from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import OuterRef

from accounts.models.people import CARRIED, User, carried_along


class SessionQuerySet(models.QuerySet["Session"]):
    """Reads of sessions."""

    def with_person(self) -> "SessionQuerySet":
        """Carry whoever is signed in along, with all that pages want to know of them."""
        return self.select_related("person").annotate(**carried_along(OuterRef("person")))


class SessionManager(BaseSessionManager["Session"]):
    """Django's manager of sessions, on the QuerySet that reads people along."""

    def get_queryset(self) -> SessionQuerySet:
        """Start from the QuerySet that knows people."""
        return SessionQuerySet(self.model, using=self._db)


class Session(AbstractBaseSession):
    """Django's session, which knows its person: one read tells a page both (docs/adr/0030)."""

    person = models.ForeignKey(
        User, null=True, editable=False, on_delete=models.CASCADE, related_name="sessions"
    )

    class Meta(AbstractBaseSession.Meta):
        default_permissions = ()

    objects: ClassVar[SessionManager] = SessionManager()

    @property
    def carried_person(self) -> User | None:
        """The person that `with_person` read, with what it carried along for them."""
        if self.person is not None:
            for name in CARRIED:
                setattr(self.person, name, getattr(self, name))
        return self.person

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore
