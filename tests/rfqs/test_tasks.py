"""What the clock does: it is scheduled, the worker does it, and doing it again changes nothing."""

import time
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from quoteflow.audit.models import AuditEvent
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import bidding, reminding, sourcing
from rfqs.models import RFQ
from tests import stories
from tests.bids import bid
from tests.doors import invitation_of
from tests.races import at_once
from tests.trails import recipients

pytestmark = pytest.mark.django_db


def closing_in(hours, asked=48, **options):
    """Open, published so many hours ago and closing in so many."""
    story = stories.opened(deadline=timezone.now() + timedelta(hours=hours), **options)
    RFQ.objects.filter(pk=story.rfq.pk).update(published_at=timezone.now() - timedelta(hours=asked))
    return story


@async_to_sync
async def tick():
    """What the worker's clock does every minute: write the jobs whose time has come."""
    worker = app.with_connector(app.connector.get_worker_connector())
    async with worker.open_async():
        deferrer = PeriodicDeferrer(worker.periodic_registry)
        await deferrer.defer_jobs(list(deferrer.get_previous_tasks(at=time.time())))


@pytest.mark.django_db(transaction=True)
def test_the_reminder_is_scheduled_and_the_worker_sends_it():
    story = closing_in(20)

    tick()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rfqs.remind'")
        scheduled = cursor.fetchone()
    call_command("procrastinate", "worker", "--one-shot", verbosity=0)

    reminded = [one for one in mail.outbox if one.subject.startswith("Closing soon")]
    assert scheduled == (1,)
    assert sorted(to for one in reminded for to in one.to) == sorted(
        supplier.email for supplier in story.suppliers
    )
    assert all("http://testserver/s/" in one.body for one in reminded)


def test_who_has_quoted_or_declined_is_not_reminded():
    story = closing_in(20, suppliers=3)
    bid(story, 0)
    bidding.decline(invitation_id=invitation_of(story, 1).pk, reason="no capacity")

    assert reminding.remind_due() == 1

    assert recipients("closing_soon") == [story.suppliers[2].email]
    event = AuditEvent.objects.of(story.rfq.pk).get(verb="rfq.remind")
    assert event.after == {"reminded": 1}


def test_of_a_sealed_request_everyone_is_reminded():
    """Else the back office would read from the outbox who has quoted."""
    story = closing_in(20, suppliers=2, is_sealed=True)
    bid(story, 0)

    reminding.remind_due()

    assert recipients("closing_soon") == sorted(one.email for one in story.suppliers)


@pytest.mark.parametrize(
    ("hours", "asked", "reminds"),
    [(23.9, 48, True), (24.1, 48, False), (10, 9, False), (8, 9, True), (0.1, 48, True)],
)
def test_it_is_time_a_day_ahead_or_in_the_second_half(hours, asked, reminds):
    closing_in(hours, asked)

    assert reminding.remind_due() == int(reminds)


def test_one_closing_time_is_reminded_of_once_and_a_later_one_again():
    story = closing_in(20)
    counts = [reminding.remind_due(), reminding.remind_due()]
    sourcing.extend(
        rfq_id=story.rfq.pk,
        deadline=timezone.now() + timedelta(hours=22),
        by=story.buyer,
        reason="asked for",
    )

    assert [*counts, reminding.remind_due()] == [1, 0, 1]
    assert OutboxMessage.objects.filter(kind="closing_soon").count() == 2 * len(story.suppliers)


def test_what_is_closed_or_called_off_is_left_alone():
    story = closing_in(20)
    RFQ.objects.filter(pk=story.rfq.pk).update(status="cancelled", closing_reason="no need")

    assert reminding.remind_due() == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_once():
    story = closing_in(20)

    reminded = at_once(2, lambda: [reminding.remind_due()])

    assert sum(reminded) == 1
    assert recipients("closing_soon") == sorted(one.email for one in story.suppliers)
