"""The first line of every view: the object, if this person may see it; else 404."""

from typing import Any, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from quoteflow.lib.numbers import small_count
from rfqs.models import RFQ


class AuthedRequest(HttpRequest):
    """A request past the sign-in: `user` is a person."""

    user: User
    htmx: Any


def visible_rfq(request: HttpRequest, number: str) -> RFQ:
    """The request with this number, with its site and requester, or 404."""
    user = cast(User, request.user)
    rows = RFQ.objects.visible_to(user).select_related("site", "requester")
    return get_object_or_404(rows, number=number)


def version_of(request: HttpRequest) -> int:
    """The version that the posted page was made from; 0 for none."""
    return small_count(request.POST.get("version", ""))
