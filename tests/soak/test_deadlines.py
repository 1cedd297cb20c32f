"""Submissions within half a second of a closing time: none misjudged, none that appears after the opening.

Suppliers send from eight threads; somebody holds the request's row across the closing time, so that there is
a queue, and a buyer opens as soon as it is possible. The judge is the database's clock, read around every wait:
what got its lock at the closing time or later must be refused, what was done before it must be in.
A few dozen in every test run, two thousand by `make soak`. The control reads the clock before it waits.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError
from rfqs.actions import bidding, opening
from rfqs.actions.bidding import TooLate
from rfqs.models import LIVE, Opening, Quotation
from rfqs.models.rfq import RFQQuerySet
from tests import pasts, stories
from tests.bids import bid, drafted_bid, offered
from tests.races import PATIENCE, hold

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SUBMISSIONS = int(os.environ.get("SOAK_SUBMISSIONS", "40"))
AT_ONE_DEADLINE = 20
HALF = timedelta(milliseconds=500)
SMALL = stories.GOODS_LINE | {"target_price": "1"}  # one person may open it

looked = threading.local()  # the database's clock, as each thread read it around its wait


@dataclass(frozen=True)
class Attempt:
    """One sending: when it began, got the request's lock and was answered; the time of receipt it was given."""

    asked_at: datetime
    locked_at: datetime
    done_at: datetime
    admitted: bool
    receipt: datetime | None

    def is_misjudged(self, deadline: datetime) -> bool:
        """Admitted too late, refused too early, or stamped with a time at which it was not there."""
        if self.admitted and self.locked_at >= deadline:
            return True
        if not self.admitted and self.done_at < deadline:
            return True
        if self.receipt is None:
            return self.admitted
        in_time = self.receipt < deadline
        return in_time != self.admitted or not self.locked_at <= self.receipt <= self.done_at


@pytest.fixture
def watched(monkeypatch):
    """Note when the request's lock was granted, by the database's clock."""
    lock = RFQQuerySet.lock

    def noting(self, pk):
        row = lock(self, pk)
        looked.locked_at = database_now()
        return row

    monkeypatch.setattr(RFQQuerySet, "lock", noting)


@pytest.mark.usefixtures("watched")
def test_nothing_is_misjudged_and_nothing_appears_after_the_opening():
    rounds = -(-SUBMISSIONS // AT_ONE_DEADLINE)

    found = [around_a_deadline() for _ in range(rounds)]

    attempts = [one for attempts, _deadline, _late in found for one in attempts]
    misjudged = [one for attempts, at, _late in found for one in attempts if one.is_misjudged(at)]
    assert (misjudged, sum(late for _attempts, _at, late in found)) == ([], 0)
    assert {one.admitted for one in attempts} == {True, False}
    assert len(attempts) == rounds * AT_ONE_DEADLINE
    admitted = sum(one.admitted for one in attempts)
    facts = f"{len(attempts)} submissions, {admitted} in time, {len(attempts) - admitted} late"
    print(f"{facts}: 0 misjudged, 0 after the opening")  # noqa: T201 (figures of the soak)


@pytest.mark.usefixtures("watched")
def test_control_a_clock_read_before_the_lock_admits_what_is_late(monkeypatch):
    monkeypatch.setattr(bidding, "database_now", lambda: looked.asked_at)

    for _ in range(5):
        attempts, deadline, _late = around_a_deadline()
        if any(one.admitted and one.is_misjudged(deadline) for one in attempts):
            return
    raise AssertionError("the judge does not see a clock that was read too early")


def around_a_deadline() -> tuple[list[Attempt], datetime, int]:
    """All attempts at one closing time, this time, and how many quotations the opening did not find."""
    story = stories.opened(lines=[SMALL], suppliers=AT_ONE_DEADLINE + 1, is_sealed=True)
    looked.asked_at = database_now()
    bid(story, AT_ONE_DEADLINE)  # there is always something to open
    drafts = [drafted_bid(story, which) for which in range(AT_ONE_DEADLINE)]
    offer = offered(story)
    deadline = database_now() + timedelta(seconds=0.8)
    pasts.close(story.rfq, deadline)
    step = HALF * 2 / (AT_ONE_DEADLINE - 1)
    moments = [deadline - HALF + step * at for at in range(AT_ONE_DEADLINE)]

    with ThreadPoolExecutor(10) as pool:
        holder = pool.submit(ending, hold_across, story, deadline)
        opener = pool.submit(ending, open_when_possible, story, deadline)
        sent = [
            pool.submit(ending, attempt, draft, offer, moment)
            for draft, moment in zip(drafts, moments, strict=True)
        ]
        attempts = [one.result() for one in sent]
        holder.result()
        opener.result()
    live = Quotation.objects.filter(rfq=story.rfq, status__in=LIVE).count()
    return attempts, deadline, live - Opening.objects.get(rfq=story.rfq).count


def ending(act: Callable[..., Any], *arguments: Any) -> Any:
    """Do it in this thread, and leave no connection behind."""
    try:
        return act(*arguments)
    finally:
        connection.close()


def attempt(draft: Quotation, offer: Any, moment: datetime) -> Attempt:
    """Send a draft at a moment, or as soon afterwards as this thread is free."""
    wait_for(moment)
    receipt: datetime | None = None
    looked.asked_at = database_now()
    try:
        sent = bidding.submit(quotation_id=draft.pk, version=draft.version, offer=offer)
    except DomainError as refusal:
        admitted = False
        receipt = refusal.received_at if isinstance(refusal, TooLate) else None
    else:
        admitted, receipt = True, sent.submitted_at
    return Attempt(looked.asked_at, looked.locked_at, database_now(), admitted, receipt)


def hold_across(story: Any, deadline: datetime) -> None:
    """Keep the request's row from a fifth of a second before the closing time until it is over."""
    wait_for(deadline - timedelta(milliseconds=200))
    with transaction.atomic():
        hold(story.rfq)
        wait_for(deadline + timedelta(milliseconds=5))


def open_when_possible(story: Any, deadline: datetime) -> None:
    """Press the button until it opens."""
    wait_for(deadline - timedelta(milliseconds=20))
    patience = time.monotonic() + PATIENCE
    while time.monotonic() < patience and not Opening.objects.filter(rfq=story.rfq).exists():
        with suppress(DomainError):
            opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)


def wait_for(moment: datetime) -> None:
    """Until the database's clock says so."""
    while (left := (moment - database_now()).total_seconds()) > 0:
        time.sleep(min(left, 0.02))
