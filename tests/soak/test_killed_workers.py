"""Mails while their worker is killed again and again: none lost, copies only under the same Message-ID.

A kill or two in every test run; 2,000 mails and a hundred kills by `make soak`. The control marks a mail
as sent before it sends it, as many programs do.
"""

import os
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from quoteflow.notifications import outbox, tasks
from quoteflow.notifications.models import OutboxMessage, State
from tests.soak import postbox
from tests.soak.children import child

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

MAILS = int(os.environ.get("SOAK_MAILS", "60"))
KILLS = int(os.environ.get("SOAK_KILLS", "2"))
PATIENCE = 60  # seconds in which a worker has sent something


@pytest.fixture
def box(tmp_path, settings, monkeypatch):
    """Where mails arrive, those of this process too."""
    path = tmp_path / "postbox"
    monkeypatch.setenv(postbox.VARIABLE, str(path))
    settings.EMAIL_BACKEND = "tests.soak.postbox.Postbox"
    return path


def test_no_mail_is_lost_and_a_copy_has_the_same_name(box, tmp_path):
    promise()

    kills = sum(
        sent_some_then_killed(box, tmp_path / "worker.log", KILLS - n) for n in range(KILLS)
    )
    give_back()

    arrived = postbox.received(box)
    copies = sum(arrived.values()) - len(arrived)
    assert Counter(OutboxMessage.objects.values_list("state", flat=True)) == {State.SENT: MAILS}
    assert (set(arrived) - promised(), promised() - set(arrived)) == (set(), set())
    assert (kills, copies <= kills) == (KILLS, True)
    print(f"{MAILS} mails, {kills} kills: 0 lost, {copies} copies")  # noqa: T201 (figures of the soak)


def test_control_a_mail_that_was_marked_before_it_left_is_lost(box):
    promise()
    first = OutboxMessage.objects.order_by("pk").first()
    marked = {"state": State.SENT, "sent_at": timezone.now()}
    OutboxMessage.objects.filter(pk=first.pk).update(**marked)  # and then the kill

    give_back()

    assert promised() - set(postbox.received(box)) == {(name_of(first.pk), first.recipient)}


def promised():
    """Every mail that must arrive: its Message-ID and its recipient."""
    rows = OutboxMessage.objects.values_list("pk", "recipient")
    return {(name_of(pk), to) for pk, to in rows}


def name_of(pk):
    return f"<outbox-{pk}@testserver>"


def promise():
    """Queue the mails, each to somebody else."""
    outbox.enqueue(
        outbox.Letter("password_reset", "soak", f"person{n}@example.com", {}) for n in range(MAILS)
    )


def sent_some_then_killed(box: Path, log: Path, kills: int) -> bool:
    """A worker sends its share of what is left for so many kills, and is killed amid the next ones."""
    before = sum(postbox.received(box).values())
    share = max((MAILS - before) // (kills + 1), 1)
    with child("manage.py", "procrastinate", "worker", log=log) as worker:
        patience = time.monotonic() + PATIENCE
        while sum(postbox.received(box).values()) < before + share:
            assert worker.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < patience, "the worker sends nothing"
            time.sleep(0.005)
        worker.kill()
    return True


def give_back():
    """What the minutes after a kill bring: the dead are found out, their jobs given back, and carried out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
    with suppress(AlreadyEnqueued):  # the clock of a worker may have done so
        tasks.rescue.defer(timestamp=0)
    call_command("procrastinate", "worker", "--one-shot", verbosity=0)
    OutboxMessage.objects.filter(state=State.QUEUED).update(
        not_before=timezone.now() - timedelta(minutes=11)
    )
    tasks.sweep(None, 0)
    call_command("procrastinate", "worker", "--one-shot", verbosity=0)
