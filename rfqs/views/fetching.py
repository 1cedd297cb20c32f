"""The first line of every view: the object, if this person may see it; else 404."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from quoteflow.lib.composed import ComposedModels
from quoteflow.lib.numbers import small_count
from rfqs.models import RFQ


class AuthedRequest(HttpRequest):
    """A request past the sign-in: `user` is a person."""

    user: User
    htmx: Any


def visible_rfq(request: HttpRequest, number: str) -> RFQ:
    """The request with this number, with its site and requester, or 404."""
    user = cast(User, request.user)
    if user.principals:  # a deputy sees what the absent see, too: composed for this once
        return get_object_or_404(_visible(user), number=number)
    rights = {"person": user.pk, "sites": list(user.own_site_ids), "number": number}
    found = _VISIBLE.fetch(tuple(user.roles), rights)
    if not found:
        raise Http404(number)
    return found[0]


def _visible(user: User) -> "QuerySet[RFQ]":
    return RFQ.objects.visible_to(user).select_related("site", "requester")


_VISIBLE = ComposedModels(
    lambda roles, values: _visible(User.stand_in(values["person"], roles, values["sites"])).filter(
        number=values["number"]
    )
)


def version_of(request: HttpRequest) -> int:
    """The version that the posted page was made from; 0 for none."""
    return small_count(request.POST.get("version", ""))
