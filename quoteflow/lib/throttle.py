"""Rate limits of fair use, named once and used by name, and the refusal of every limit.

They count in the cache: when it is away, nobody is kept from working. What limits guessing must hold
without it and counts elsewhere, in `quoteflow.lib.buckets`.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_ratelimit.core import get_usage


def seconds_to_wait(request: HttpRequest, name: str) -> int:
    """Count one use of the limit `name` by the signed-in person; 0, or the seconds until the next is free.

    The rates are in `settings.RATES`, written like "1000/h".
    """
    usage = get_usage(request, group=name, key="user", rate=settings.RATES[name], increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    return max(1, int(usage["time_left"]))


def refused(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page that says when to come back: 429 with Retry-After, in seconds."""
    response = render(request, "429.html", {"retry_after": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response
