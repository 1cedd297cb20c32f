"""Making a race happen every time: the row is held until every racer waits for it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from quoteflow.lib.errors import DomainError

Act = Callable[[], Any]
PATIENCE = 10  # seconds until a racer that never comes is a failure
WAITING = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)"


def race(row: Model, *acts: Act, until: Callable[[], None] = lambda: None) -> list[str]:
    """Hold a row until all racers wait for it or for each other, then `until` returns; how each ended, sorted.

    "done", "refused" for a DomainError, else the name of the error.
    """
    pids: list[int] = []
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            hold(row)
            racers = [pool.submit(outcome, act, pids) for act in acts]
            wait_until_blocked(pids, len(acts))
            until()
        return sorted(racer.result(timeout=PATIENCE) for racer in racers)


def in_turn(row: Model, *acts: Act) -> list[str]:
    """Hold a row and send each act when the one before waits, or has ended; how each ended, as they came.

    Whoever waits first goes on first, so this is a race whose order is known.
    """
    pids: list[int] = []
    with ThreadPoolExecutor(len(acts)) as pool:
        with transaction.atomic():
            hold(row)
            racers = []
            for act in acts:
                racers.append(pool.submit(outcome, act, pids))
                if not _wait_for(lambda: _blocked(pids) + sum(map(_ended, racers)) == len(racers)):
                    raise AssertionError("every act should have waited or ended")
        return [racer.result(timeout=PATIENCE) for racer in racers]


def wait_until_blocked(pids: list[int], count: int) -> None:
    """Return when `count` of the sessions `pids` wait for a lock that is not granted."""
    if not _wait_for(lambda: _blocked(pids) == count):
        raise AssertionError(f"{count} sessions should have waited for the row")


def _wait_for(come: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if come():
            return True
        time.sleep(0.01)
    return False


def _ended(racer: "Future[str]") -> bool:
    return racer.done()


def _blocked(pids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [list(pids)])
        count: int = cursor.fetchone()[0]
    return count


def at_once(threads: int, act: Callable[[], list[Any]]) -> list[Any]:
    """What `act` returns in each of so many threads that start together, joined."""
    barrier = threading.Barrier(threads)

    def run() -> list[Any]:
        try:
            barrier.wait(PATIENCE)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        runs = [pool.submit(run) for _ in range(threads)]
        return [one for run in runs for one in run.result(timeout=60)]


def hold(row: Model) -> None:
    """Lock the row without the product's own way of doing so, which a control takes away."""
    table, key = row._meta.db_table, row._meta.pk.column
    with connection.cursor() as cursor:
        named = {"table": sql.Identifier(table), "key": sql.Identifier(key)}
        query = sql.SQL("SELECT 1 FROM {table} WHERE {key} = %s FOR NO KEY UPDATE")
        cursor.execute(query.format(**named), [row.pk])


def outcome(act: Act, pids: list[int]) -> str:
    """How the act ended, as `race` says it; its session is added to `pids` first."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        act()
    except DomainError:
        return "refused"
    except Exception as failure:  # noqa: BLE001 (the control's failures are its result)
        return type(failure).__name__
    finally:
        connection.close()
    return "done"
