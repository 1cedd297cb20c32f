"""The worker really delivers, and the sweep makes up for what was lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from quoteflow.lib.models import Sending
from quoteflow.notifications import tasks
from quoteflow.notifications.models import OutboxMessage, State
from tests import stories

pytestmark = pytest.mark.django_db(transaction=True)


DELIVER = "quoteflow.notifications.deliver"
HAND_OUT = "quoteflow.notifications.hand_out"


class RefusingOne(locmem.EmailBackend):
    """A mail server that does not take the first address of the alphabet for now."""

    def send_messages(self, email_messages):
        """Refuse that one, keep the others."""
        first = min(OutboxMessage.objects.values_list("recipient", flat=True))
        if any(first in one.to for one in email_messages):
            raise OSError
        return super().send_messages(email_messages)


def test_the_worker_sends_what_waits():
    story = stories.opened(suppliers=2)

    work()

    assert sorted(to for one in mail.outbox for to in one.to) == sorted(
        supplier.email for supplier in story.suppliers
    )
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.SENT}
    assert jobs() == [(HAND_OUT, "succeeded", 1), *[(DELIVER, "succeeded", 1)] * 2]


def test_of_letters_promised_together_one_that_fails_comes_back_alone(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_tasks.RefusingOne"
    stories.opened(suppliers=3)
    assert jobs() == [(HAND_OUT, "todo", 0)]

    work()

    assert sorted(jobs()) == sorted(
        [(HAND_OUT, "succeeded", 1), *[(DELIVER, "succeeded", 1)] * 2, (DELIVER, "todo", 1)]
    )
    assert sorted(OutboxMessage.objects.values_list("state", "attempts")) == sorted(
        [(State.SENT, 1), (State.SENT, 1), (State.QUEUED, 1)]
    )


def test_a_job_that_failed_comes_back_later(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_outbox.Refusing"
    stories.opened(suppliers=1)

    work()

    assert jobs() == [(DELIVER, "todo", 1)]
    assert OutboxMessage.objects.get().attempts == 1


def test_a_lost_job_is_made_up_for():
    stories.opened(suppliers=1)
    lose_jobs()
    OutboxMessage.objects.update(not_before=timezone.now() - timedelta(minutes=11))

    tasks.sweep(None, 0)
    work()

    assert OutboxMessage.objects.get().state == State.SENT


def test_a_letter_whose_job_will_come_back_is_not_lost(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_outbox.Refusing"
    stories.opened(suppliers=1)
    OutboxMessage.objects.update(not_before=timezone.now() - timedelta(minutes=11))
    work()

    tasks.sweep(None, 0)

    assert jobs() == [(DELIVER, "todo", 1)]


def test_the_job_of_a_dead_worker_is_given_back():
    stories.opened(suppliers=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 hour') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    tasks.rescue.defer(timestamp=0)
    work()

    assert [status for _task, status, _attempts in jobs()] == ["succeeded"]
    assert OutboxMessage.objects.get().state == State.SENT


def test_the_night_forgets_forms_that_nobody_sends_again():
    long_ago = timezone.now() - timedelta(days=9)
    Sending.objects.create(key=uuid4(), owner=uuid4(), body="", subject=uuid4(), sent_at=long_ago)

    tasks.tidy.defer(timestamp=0)
    work()

    assert Sending.objects.count() == 0


def work():
    """Run a worker until nothing waits."""
    call_command("procrastinate", "worker", "--one-shot", verbosity=0)


def jobs():
    """(task, status, attempts) of every letter's job, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, attempts FROM procrastinate_jobs"
            " WHERE queue_name = 'mail' ORDER BY id"
        )
        return cursor.fetchall()


def lose_jobs():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
