"""Placeholder until its page is written."""

from django.http import HttpRequest, HttpResponse


def profile(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def preferences(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)
