"""Rate limits, named once and used by name.

They count in the cache and are for fair use: when the cache is away, nobody is kept from working.
"""

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.core import get_usage


def seconds_to_wait(request: HttpRequest, name: str) -> int:
    """Count one use of the limit `name` by the signed-in person; 0, or the seconds until the next is free.

    The rates are in `settings.RATES`, written like "1000/h".
    """
    usage = get_usage(request, group=name, key="user", rate=settings.RATES[name], increment=True)
    if not usage or not usage["should_limit"]:
        return 0
    return max(1, int(usage["time_left"]))
