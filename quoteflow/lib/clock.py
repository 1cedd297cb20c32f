"""The database's clock, read at the instant of the statement.

`timezone.now()` and `Now()` are fixed before a lock is waited for; a deadline must be judged by a
clock that is read after the wait (docs/adr/0004).
"""

from datetime import datetime

from django.db import connection
from django.db.models import DateTimeField, Func


class ClockTimestamp(Func):
    """`clock_timestamp()` as an expression."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()


def database_now() -> datetime:
    """Return the database's wall clock, in its own statement, as an aware datetime."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    result: datetime = now
    return result
