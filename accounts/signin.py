"""Signing in and the ways to a password: the library's views, limited against guessing."""

from typing import Any

from allauth.account.views import (
    LoginView,
    password_change,
    password_reset,
    password_reset_from_key,
    reauthenticate,
)
from django.conf import settings

from accounts import demo
from accounts.limits import by_account, by_address, by_person, is_done, is_signed_in, limited


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


sign_in = limited(
    SignIn.as_view(),
    by_address("sign_in_address"),
    by_account("sign_in_account", "login"),
    forgives=is_signed_in,
)
reset_password = limited(
    password_reset, by_address("reset_address"), by_account("reset_account", "email")
)
reset_password_from_key = limited(password_reset_from_key, by_address("reset_link"))
change_password = limited(password_change, by_person("confirm_password"), forgives=is_done)
prove_again = limited(reauthenticate, by_person("confirm_password"), forgives=is_done)
