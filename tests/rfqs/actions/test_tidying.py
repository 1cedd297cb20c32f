"""What nobody refers to goes in the night; what somebody refers to stays, and so do other people's files."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from rfqs import tasks
from rfqs.actions import linking, tidying
from rfqs.actions.attaching import attach
from rfqs.models import RFQ, Access, Attachment
from tests import stories
from tests.doors import entered, invitation_of, link_of
from tests.running import run

pytestmark = pytest.mark.django_db

TWO_DAYS = timedelta(days=2)


@pytest.fixture
def uploads(settings, tmp_path):
    """A place for files of this test alone."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def stray(uploads):
    """A file whose transaction failed after it was written, beside one that has its row; both are old."""
    story = stories.drafted()
    facts = {"rfq_id": story.rfq.pk, "kind": "other", "by": story.buyer}
    attach(**facts, upload=ContentFile(b"kept", "kept.txt"))
    with transaction.atomic():
        attach(**facts, upload=ContentFile(b"stray", "stray.txt"))
        transaction.set_rollback(True)
    (uploads / "note.txt").write_text("an operator's own")
    (uploads / str(story.rfq.pk) / "readme").write_text("likewise")
    old = (timezone.now() - TWO_DAYS).timestamp()
    for path in uploads.rglob("*"):
        os.utime(path, (old, old))
    return uploads


def contents(uploads):
    return sorted(path.read_text() for path in uploads.rglob("*") if path.is_file())


def test_a_stray_file_goes_and_everything_else_stays(stray):
    swept = tidying.sweep_files(timezone.now())

    assert len(swept) == 1
    assert contents(stray) == ["an operator's own", "kept", "likewise"]
    assert Attachment.objects.count() == 1
    assert tidying.sweep_files(timezone.now()) == []


def test_a_file_whose_transaction_may_still_run_stays(stray):
    assert tidying.sweep_files(timezone.now() - TWO_DAYS) == []


def test_without_any_upload_there_is_nothing_to_sweep(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not made yet"

    assert tidying.sweep_files(timezone.now()) == []


def test_the_command_looks_and_sweeps(stray):
    looked = run("sweep_files", "--dry-run")
    there = contents(stray)
    swept = run("sweep_files")

    assert "1 stray files would be deleted" in looked.out
    assert "stray" in there
    assert "1 stray files deleted" in swept.out
    assert "stray" not in contents(stray)


def test_a_link_that_was_replaced_is_forgotten_after_thirty_days():
    story = stories.opened(suppliers=1)
    old = link_of(invitation_of(story))
    linking.send_again(rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer)

    now = timezone.now()
    kept = tidying.forget_links(now + timedelta(days=29))
    gone = tidying.forget_links(now + timedelta(days=31))

    assert (kept, gone, Access.objects.count()) == (0, 1, 1)
    assert entered(story).get(old).status_code == 404


def test_the_links_of_a_request_go_thirty_days_after_they_opened_last():
    story = stories.approved()
    ended = RFQ.objects.get(pk=story.rfq.pk).decided_at

    kept = tidying.forget_links(ended + timedelta(days=119))
    gone = tidying.forget_links(ended + timedelta(days=121))

    assert (kept, gone) == (0, 2)


@async_to_sync
async def tick(moment):
    """What the worker's clock does at a moment."""
    worker = app.with_connector(app.connector.get_worker_connector())
    async with worker.open_async():
        deferrer = PeriodicDeferrer(worker.periodic_registry)
        await deferrer.defer_jobs(list(deferrer.get_previous_tasks(at=moment.timestamp())))


@pytest.mark.django_db(transaction=True)
def test_the_night_is_scheduled_and_the_worker_sweeps(stray):
    tick(datetime(2026, 11, 25, 3, 38, tzinfo=UTC))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rfqs.tidy'")
        scheduled = cursor.fetchone()
    call_command("procrastinate", "worker", "--one-shot", verbosity=0)

    assert (scheduled, tasks.tidy.name) == ((1,), "rfqs.tidy")
    assert "stray" not in contents(stray)
