"""Sessions in the database, read together with their person: every page begins with both."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, SessionQuerySet, User
from quoteflow.lib.composed import ComposedModels, Values


class SessionStore(db.SessionStore):
    """Django's own store, on rows that name their person; `person` is who was read along."""

    person: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of the sessions."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this content, under the name of whoever is signed in by it."""
        row = cast("Session", super().create_model_instance(data))
        row.person_id = data.get(SESSION_KEY)
        return row

    def load(self) -> dict[str, Any]:
        """The session's content; nothing, and no key any more, where it has expired or never was."""
        found = _SESSIONS.fetch("one", {"key": self.session_key, "now": timezone.now()})
        if not found:
            self._session_key = None
            return {}
        self.person = found[0].carried_person
        content: dict[str, Any] = self.decode(found[0].session_data)
        return content


def _session(_shape: object, values: Values) -> SessionQuerySet:
    """The query of every request; composing it takes six times as long as running it."""
    rows = Session.objects.get_queryset().with_person()
    return rows.filter(session_key=values["key"], expire_date__gt=values["now"])


_SESSIONS = ComposedModels(_session)


class PersonMiddleware(AuthenticationMiddleware):
    """Who is asking is the person the session was read with: themselves, not a promise of them."""

    def process_request(self, request: HttpRequest) -> None:
        """As Django's, which reads the person where the session did not bring them."""
        super().process_request(request)
        request.user = _person(request) or get_user(request)


def _person(request: HttpRequest) -> User | None:
    """The session's person, where they are active and their password is still the one they signed in with.

    Django decides all else: nobody, a password that changed since, a secret key that was rotated.
    """
    content: Any = request.session
    signed_in_as, person = content.get(SESSION_KEY), content.person
    if person is None or not person.is_active or signed_in_as != str(person.pk):
        return None
    known = content.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    mark = content.get(HASH_SESSION_KEY, "")
    same = constant_time_compare(mark, person.get_session_auth_hash())
    return person if known and same else None
