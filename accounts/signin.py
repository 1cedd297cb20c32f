"""The sign-in page; a demonstration says on it who may sign in."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from accounts import demo


class SignIn(LoginView):  # type: ignore[misc]
    """The library's sign-in, with the demonstration people where the installation shows them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add `demo_sign_ins`, pairs of label and e-mail address, and `demo_password`."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        people = demo.sign_ins() if settings.DEMO_SIGN_INS else []
        return context | {
            "demo_sign_ins": people,
            "demo_password": demo.PASSWORD if people else "",
        }
