"""Quotations while a web process is killed every second: none acknowledged and lost, none twice.

Suppliers type, check and send over HTTP and press again whenever nothing comes back, until they read the
receipt. A few dozen in every test run, 10,000 by `make soak`.
"""

import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quoteflow.audit.models import AuditEvent
from quoteflow.notifications.models import OutboxMessage
from rfqs import commitment
from rfqs.models import Quotation
from tests import stories
from tests.bids import form
from tests.doors import invitation_of, link_of
from tests.soak.browsing import Browser, hidden
from tests.soak.children import child

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

QUOTATIONS = int(os.environ.get("SOAK_QUOTATIONS", "48"))
REQUESTS = 4  # at once; two suppliers of one wait for each other at its row, as they would anywhere
SUPPLIERS = 2  # of each request
EVERY = 1.0  # seconds between two kills
SENT = ("submitted", "superseded")


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(tmp_path):
    asked = [stories.opened(suppliers=SUPPLIERS) for _ in range(REQUESTS)]
    each = QUOTATIONS // (REQUESTS * SUPPLIERS)

    with served(tmp_path / "web.log") as (port, master), killing(master) as kills:
        pairs = [(story, which) for story in asked for which in range(SUPPLIERS)]
        browsers = [Browser(port) for _ in pairs]
        began = time.monotonic()
        with ThreadPoolExecutor(len(pairs)) as pool:
            sent = [
                pool.submit(
                    send_many, browser, link_of(invitation_of(*pair)), pair[0].rfq.number, each
                )
                for browser, pair in zip(browsers, pairs, strict=True)
            ]
            acknowledged = [pair for one in sent for pair in one.result()]
        took = time.monotonic() - began

    assert judged(acknowledged) == ([], [])
    assert (len(acknowledged), kills.count > 0) == (each * len(pairs), True)
    again = sum(browser.tries for browser in browsers)
    facts = (
        f"{len(acknowledged)} quotations in {took:.0f} s, {kills.count} kills, {again} asked again"
    )
    print(f"{facts}: 0 lost, 0 twins")  # noqa: T201 (figures of the soak)


def test_control_the_judge_sees_what_is_lost_and_what_is_there_twice(tmp_path):
    story = stories.opened(suppliers=2)
    with served(tmp_path / "web.log") as (port, _master):
        acknowledged = send_many(Browser(port), link_of(invitation_of(story)), story.rfq.number, 2)
    (lost, twice) = [Quotation.objects.get(pk=pk) for pk, _price in acknowledged]
    lost.lines.update(unit_price=1)
    Quotation.objects.create(
        rfq=story.rfq, invitation=twice.invitation, supplier=twice.supplier, round=1, revision=9,
        status="superseded", currency="INR", content_hash=twice.content_hash,
    )  # fmt: skip

    found_lost, found_twice = judged(acknowledged)

    assert (found_lost, len(found_twice)) == ([str(lost.pk)], 1)


def judged(acknowledged: list[tuple[str, Decimal]]) -> tuple[list[str], list[Any]]:
    """The acknowledged quotations that are not there as they were sent; what is there more than once."""
    stored = {
        str(one.pk): one
        for one in Quotation.objects.filter(status__in=SENT).prefetch_related("lines")
    }
    lost = [
        pk
        for pk, price in acknowledged
        if pk not in stored
        or [line.unit_price for line in stored[pk].lines.all()] != [price]
        or not commitment.is_kept(stored[pk])
    ]
    known = {pk for pk, _price in acknowledged}
    twice: list[Any] = [pk for pk in stored if pk not in known]
    twice += [pk for pk, times in Counter(pk for pk, _price in acknowledged).items() if times > 1]
    events = AuditEvent.objects.filter(verb="quotation.submit").values_list("object_id", flat=True)
    twice += [pk for pk, times in Counter(events).items() if times > 1]
    letters = OutboxMessage.objects.filter(kind="quotation_received").count()
    twice += ["letter"] * (letters - len(stored) if letters > len(stored) else 0)
    return lost, twice


def send_many(browser: Browser, link: str, number: str, many: int) -> list[tuple[str, Decimal]]:
    """Enter, then send this many revisions; the id and the price of each whose receipt was shown."""
    browser.get(link)
    assert browser.post(link, {})[0] == 302
    prices = [Decimal(1000 + n).scaleb(-2) for n in range(many)]  # no comma in any of them
    try:
        return [(send(browser, f"/portal/{number}", price), price) for price in prices]
    finally:
        browser.close()


def send(browser: Browser, page: str, price: Decimal) -> str:
    """One quotation from the form to the receipt; pressing again what was not answered.

    Each on a line of its own: lines that are kept gather in one process, and kills would miss it.
    """
    browser.close()
    version = "0"  # of the draft: there is none after what was sent before
    for _ in range(20):
        typed = form_of(str(price), version)
        browser.post(f"{page}/quote/", typed)  # an answer that was lost makes the next one a 409
        status, check = browser.get(f"{page}/review/")
        fields = hidden(check)
        if status != 200 or f">{price}<" not in check.replace(" ", ""):
            version = hidden(browser.get(f"{page}/quote/")[1])["version"]
            continue
        status, place = browser.post(f"{page}/submit/", fields)
        if (status, place) == (302, f"{page}/receipt/"):
            return fields["quotation"]
    raise AssertionError(f"the quotation over {price} cannot be sent")


def form_of(price: str, version: str) -> dict[str, str]:
    return form(None, [price], version=version)  # type: ignore[arg-type]


@contextmanager
def served(log: Path) -> Iterator[tuple[int, int]]:
    """The site with its own settings of gunicorn, four processes: its port, and the first process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-m", "gunicorn", "--config", "quoteflow/gunicorn.py", "--log-level", "warning"]
    words += ["--bind", f"127.0.0.1:{port}", "quoteflow.wsgi:application"]
    with child(*words, log=log, WEB_CONCURRENCY="4", SOAK_POOL_SIZE="6") as process:
        browser = Browser(port)
        browser.get("/health")
        browser.close()
        yield port, process.pid


class Kills:
    """How many there were."""

    count = 0


@contextmanager
def killing(master: int) -> Iterator[Kills]:
    """Kill a process of the web server every second, until the block ends."""
    kills, over = Kills(), threading.Event()
    children = Path(f"/proc/{master}/task/{master}/children")

    def kill() -> None:
        while not over.wait(EVERY):
            if pids := children.read_text().split():
                os.kill(int(random.choice(pids)), signal.SIGKILL)  # noqa: S311 (no secret)
                kills.count += 1

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield kills
    finally:
        over.set()
        thread.join()
