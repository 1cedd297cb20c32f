"""States that only time brings about."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from quoteflow.lib.clock import database_now
from rfqs.models import RFQ


def tamper(table: str, statement: str, *values: Any) -> None:
    """Change rows as the owner of the table could: with its own triggers out of the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """For a control: the table's own triggers look away, for every session."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def wait_for_closing(rfq: RFQ) -> None:
    """Return once the database's clock has passed the closing time."""
    while not rfq.is_closed_at(database_now()):
        time.sleep(0.05)


def end_questions(rfq: RFQ) -> None:
    """Let the time for questions be a second ago."""
    over = timezone.now() - timedelta(seconds=1)
    tamper("rfqs_rfq", "UPDATE rfqs_rfq SET questions_until = %s WHERE id = %s", over, rfq.pk)
    rfq.refresh_from_db()


def close(rfq: RFQ, at: datetime | None = None) -> None:
    """Let the closing time of an open request be a second ago, or `at`.

    The guards of the table refuse to move it back, so they look away for this one statement.
    """
    at = at or timezone.now() - timedelta(seconds=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE rfqs_rfq DISABLE TRIGGER rfqs_rfq_guard")
        cursor.execute("UPDATE rfqs_rfq SET deadline = %s WHERE id = %s", [at, rfq.pk])
        cursor.execute("ALTER TABLE rfqs_rfq ENABLE TRIGGER rfqs_rfq_guard")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    rfq.refresh_from_db()
