"""Placeholder until its page is written."""

from django.http import HttpRequest, HttpResponse


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def detail(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def disqualify(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)
