"""Who is asking: loaded with everything a page wants to know of them, in one query."""

from functools import cache
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User

NOBODY = UUID(int=0)  # stands where the person's id goes


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by e-mail; an inactive person is nobody at the next request."""

    def get_user(self, user_id: Any) -> User | None:
        """Load the person with their sites, or None when they are gone or inactive."""
        sql, parameters = _statement()
        own = [user_id if parameter == NOBODY else parameter for parameter in parameters]
        return next(iter(User.objects.raw(sql, own)), None)


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """The query of every request, composed once: composing it takes six times as long as running it."""
    rows = User.objects.get_queryset().active().with_sites().filter(pk=NOBODY)
    sql, parameters = rows.query.sql_with_params()
    return sql, parameters
