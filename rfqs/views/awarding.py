"""Placeholder until its page is written."""

from django.http import HttpRequest, HttpResponse


def award(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def submit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def withdraw(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)


def apd(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """To be written."""
    return HttpResponse("not yet", status=501)
