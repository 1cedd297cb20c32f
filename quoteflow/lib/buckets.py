"""Limits against guessing, counted in the database: they hold while the cache is away.

A limit has a name and windows in `settings.BUCKETS`, as ((uses, seconds), …); each window counts on its
own, from the first use on. A key is whatever is limited: an address, an account. Count outside of a
transaction that may roll back.
"""

from ipaddress import IPv6Network, ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_COUNT = """
INSERT INTO lib_bucket AS b (key, used, ends_at)
VALUES (%(key)s, 1, clock_timestamp() + %(seconds)s * interval '1 second')
ON CONFLICT (key) DO UPDATE SET
  used = CASE WHEN b.ends_at <= clock_timestamp() THEN 1 ELSE least(b.used, 1000000) + 1 END,
  ends_at = CASE WHEN b.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE b.ends_at END
RETURNING used, ceil(extract(epoch FROM ends_at - clock_timestamp()))
"""
_READ = """
SELECT used, ceil(extract(epoch FROM ends_at - clock_timestamp())) FROM lib_bucket
WHERE key = %(key)s AND ends_at > clock_timestamp()
"""
_GIVE_BACK = """
UPDATE lib_bucket SET used = used - 1 WHERE key = %(key)s AND used > 0
"""


def count(name: str, key: str) -> int:
    """Count one use; 0 while it is within the limit, else the seconds until the next is."""
    waits = [0]
    for uses, seconds in settings.BUCKETS[name]:
        used, left = _ask(_COUNT, name, key, seconds)
        if used > uses:
            waits.append(max(1, left))
    return max(waits)


def wait(name: str, key: str) -> int:
    """The seconds until the next use is allowed, without counting one; 0 where it is allowed now."""
    waits = [0]
    for uses, seconds in settings.BUCKETS[name]:
        used, left = _ask(_READ, name, key, seconds)
        if used >= uses:
            waits.append(max(1, left))
    return max(waits)


def give_back(name: str, key: str) -> None:
    """Take one counted use back, of an attempt that turned out to be none."""
    for _uses, seconds in settings.BUCKETS[name]:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, {"key": _hashed(name, key, seconds)})


def forget_over() -> int:
    """Delete the windows that have ended; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM lib_bucket WHERE ends_at < clock_timestamp()")
        return int(cursor.rowcount)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what the outermost proxy of ours saw, else the connection's other end.

    Of IPv6 the network, since one person has all its addresses.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted and hops[-trusted]:
        return _network(str(hops[-trusted]))
    return _network(str(request.META.get("REMOTE_ADDR", "")))


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(IPv6Network((parsed, 64), strict=False))  # noqa: PLR2004


def _ask(sql: str, name: str, key: str, seconds: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"key": _hashed(name, key, seconds), "seconds": seconds})
        used, left = cursor.fetchone() or (0, 0)
    return int(used), int(left)


def _hashed(name: str, key: str, seconds: int) -> str:
    return salted_hmac(f"bucket:{name}:{seconds}", key, algorithm="sha256").hexdigest()
