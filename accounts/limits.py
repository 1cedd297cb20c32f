"""How often a password may be tried and a reset mail asked for, counted where no cache can forget it.

`settings.BUCKETS` has the figures. Every post is a use; what turned out to be right is given back.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from quoteflow.lib import buckets, throttle

View = Callable[..., HttpResponse]
Judge = Callable[[HttpRequest, HttpResponse], bool]


class Limit(NamedTuple):
    """A bucket by name, and whose uses it counts."""

    name: str
    key: Callable[[HttpRequest], str]


def limited(view: View, *limits: Limit, forgives: Judge = lambda _request, _answer: False) -> View:
    """The view, refused with 429 and the time to wait where a post is beyond one of its limits.

    They are asked in turn, so that who is over the first does not use up the next. `forgives` says of
    an answer that the post was no guess.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        uses = [(limit.name, limit.key(request)) for limit in limits]
        for use in uses:
            if wait := buckets.count(*use):
                return throttle.refused(request, wait)
        answer = view(request, *args, **kwargs)
        if forgives(request, answer):
            for use in uses:
                buckets.give_back(*use)
        return answer

    return guarded


def by_address(name: str) -> Limit:
    """Where the post comes from."""
    return Limit(name, buckets.address_of)


def by_account(name: str, field: str) -> Limit:
    """Whose account it is about, by the e-mail address in this field, known or not."""
    return Limit(name, lambda request: request.POST.get(field, "").strip().lower())


def by_person(name: str) -> Limit:
    """Who is signed in."""
    return Limit(name, lambda request: str(request.user.pk))


def is_signed_in(request: HttpRequest, _answer: HttpResponse) -> bool:
    """The password was right."""
    return bool(request.user.is_authenticated)


def is_done(_request: HttpRequest, answer: HttpResponse) -> bool:
    """The form was accepted."""
    return answer.status_code == 302  # noqa: PLR2004 (a form that is done sends on)
