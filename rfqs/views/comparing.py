"""Placeholder until its page is written."""

from django.http import HttpRequest, HttpResponse


def evaluate(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def compare(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def save_picks(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)
