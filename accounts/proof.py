"""Whether the person at the browser proved a moment ago who they are, and letting them do it now."""

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib import buckets
from quoteflow.lib.errors import DomainError


class NotProven(DomainError):
    """The password is not this person's (422), or it was tried too often (429)."""

    status = 422


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was entered in this session within REAUTHENTICATE_SECONDS."""
    records = get_authentication_records(request, request.user)
    latest = max((float(record.get("at", 0)) for record in records), default=0.0)
    limit: int = settings.REAUTHENTICATE_SECONDS
    return time.time() - latest < limit


def prove(request: HttpRequest, password: str) -> None:
    """Check the password and remember the moment; NotProven where it is wrong or tried too often."""
    user: Any = request.user
    wait = buckets.count("confirm_password", str(user.pk))
    if wait:
        minutes = -(-wait // 60)
        refusal = NotProven(
            ngettext(
                "Too many wrong passwords. Try again in %(n)d minute.",
                "Too many wrong passwords. Try again in %(n)d minutes.",
                minutes,
            )
            % {"n": minutes}
        )
        refusal.status = 429
        raise refusal
    if not user.check_password(password):
        raise NotProven(_("That is not your password. Nothing was decided."))
    record_authentication(request, user, method="password", reauthenticated=True)
