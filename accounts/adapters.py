"""How allauth behaves here: nobody signs up alone, and mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from quoteflow.lib.ids import new_id
from quoteflow.notifications import outbox


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Closed sign-up; account mails are outbox rows like every other mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are made by the back office or an import."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail; only the password reset of a known, active person is ever written."""
        if template_prefix != "account/email/password_reset_key":
            return
        if not User.objects.get_queryset().active().filter(email=email.lower()).exists():
            return
        link = {"password_reset_url": context["password_reset_url"]}
        outbox.enqueue([outbox.Letter("password_reset", str(new_id()), email.lower(), link)])

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """After sign-in: the page that was asked for, else the front page of the role."""
        return super().get_login_redirect_url(request) or settings.LOGIN_REDIRECT_URL
