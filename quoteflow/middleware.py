"""What every request needs: an id for the log, honest answers to htmx, refusals as pages."""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from quoteflow.lib import jsonlog, throttle
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.htmx import wants_fragment

Handler = Callable[[HttpRequest], HttpResponse]
_log = logging.getLogger("quoteflow.refusals")


def request_facts(get_response: Handler) -> Handler:
    """Give the request an id, and log one line of facts about it when it is answered."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        token = jsonlog.bind_request(request_id)
        started = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id
            jsonlog.request_done(request, response.status_code, time.perf_counter() - started)
        finally:
            jsonlog.unbind(token)
        return response

    return middleware


def content_policy(get_response: Handler) -> Handler:
    """Say what a page may load: the usual policy, composed once, where the answer has none of its own.

    Inline styles are allowed under the admin alone: Django's change forms write them.
    """
    usual, office = build_policy(), build_policy(update={"style-src": [UNSAFE_INLINE]})

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        explained = settings.DEBUG and response.status_code in (404, 500)  # Django's own pages
        if HEADER not in response and not explained:
            response[HEADER] = office if request.path.startswith("/admin/") else usual
        return response

    return middleware


def sign_in_answers(get_response: Handler) -> Handler:
    """Turn a redirect to the sign-in page into 401 + HX-Redirect for htmx, which would swap it in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseRedirect) or not request.htmx:  # type: ignore[attr-defined]
            return response
        if not response.url.startswith(redirect_to_login("/").url.partition("?")[0]):
            return response
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = redirect_to_login(_page_behind(request)).url
        return answer

    return middleware


def onward_answers(get_response: Handler) -> Handler:
    """Send the browser on where htmx posted a whole page: the next one has its own scripts and styles."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if not isinstance(response, HttpResponseRedirect) or not htmx.boosted:
            return response
        answer = HttpResponse(status=204)
        answer.cookies = response.cookies
        answer["HX-Redirect"] = response.url
        return answer

    return middleware


def readers_zone(get_response: Handler) -> Handler:
    """Moments are shown, and typed, in the zone of the person who is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        with timezone.override(user.zone if user.is_authenticated else None):
            return get_response(request)

    return middleware


def personal_pages(get_response: Handler) -> Handler:
    """Signed-in pages are nobody else's: no cache keeps them, and fragments never mix with pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            jsonlog.bind_user(str(user.pk))
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
                response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ["HX-Request", "Cookie"])
        return response

    return middleware


def fair_use(get_response: Handler) -> Handler:
    """Refuse changes beyond the hourly rate of a person, and say when to come back."""

    def middleware(request: HttpRequest) -> HttpResponse:
        changes = request.method not in ("GET", "HEAD", "OPTIONS")
        if changes and request.user.is_authenticated:
            wait = throttle.seconds_to_wait(request, "changes")
            if wait:
                return throttle.refused(request, wait)
        return get_response(request)

    return middleware


class refusals:  # noqa: N801 (named like the function middlewares beside it)
    """Show a refusal that no view caught as its own sentence, with its own status."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError, and a value the database cannot hold; the rest stays an error."""
        if isinstance(exception, DataError):
            _log.warning("value refused by the database", extra={"path": request.path})
            exception = Incomplete(_unstorable())
        if not isinstance(exception, DomainError):
            return None
        context: dict[str, Any] = {"refusal": exception, "back": _page_behind(request)}
        template = "components/_refusal_toast.html" if wants_fragment(request) else "refused.html"
        return render(request, template, context, status=exception.status)


def _unstorable() -> str:
    """What is left to say where no form has said it: overlong, out of range, or not a text at all."""
    return _(
        "A value cannot be stored: a number has too many digits, a text is too long, or it holds a"
        " character that is not text. Go back and correct it."
    )


def _page_behind(request: HttpRequest) -> str:
    """The address of the page a fragment was asked from, if it is ours; else the front page."""
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    url = htmx.current_url_abs_path if htmx else request.META.get("HTTP_REFERER")
    if url is None:
        return "/"
    safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=settings.HTTPS)
    return url if safe else "/"
