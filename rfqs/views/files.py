"""Placeholder until its page is written."""

from django.http import HttpRequest, HttpResponse


def attach(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def download(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)
