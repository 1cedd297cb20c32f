"""Who signs in, and who is still somebody afterwards."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """Signs in by e-mail; an inactive person is nobody at the next request."""

    def get_user(self, user_id: Any) -> User | None:
        """Load the person with their sites, or None when they are gone or inactive."""
        return User.objects.get_queryset().active().with_sites().filter(pk=user_id).first()
