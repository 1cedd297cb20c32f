"""An e-mail is a row first; sending it happens once."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import timezone

from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from tests import stories
from tests.races import at_once


class Refusing(BaseEmailBackend):
    """A mail server that is down."""

    def send_messages(self, email_messages):
        """Refuse everything."""
        raise SMTPServerDisconnected


class Puzzled(BaseEmailBackend):
    """A mail server that cannot write this address down."""

    def send_messages(self, email_messages):
        """Refuse everything."""
        raise UnicodeError


def queued():
    """One letter that waits."""
    stories.opened(suppliers=1)
    return OutboxMessage.objects.get()


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'message_id' FROM procrastinate_jobs ORDER BY id")
        return [message for (message,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_letter_and_its_job_are_written_together():
    message = queued()

    assert (message.state, message.attempts, message.sent_at) == (State.QUEUED, 0, None)
    assert jobs() == [str(message.pk)]
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_rollback_leaves_neither_letter_nor_job():
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)

    assert (OutboxMessage.objects.count(), jobs()) == (0, [])


@pytest.mark.django_db
def test_the_same_letter_is_written_once():
    letter = outbox.Letter("rfq_cancelled", "7", "a@example.com", {"rfq": {"number": "GP-1"}})

    outbox.enqueue([letter, letter])
    outbox.enqueue([letter])

    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_letter_is_sent_once_under_its_own_name():
    message = queued()

    assert [outbox.deliver(str(message.pk)) for _again in range(2)] == [State.SENT, State.SENT]

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([message.recipient], message.subject)
    assert sent.message()["Message-ID"] == f"<outbox-{message.pk}@testserver>"
    message.refresh_from_db()
    assert (message.state, message.attempts, message.sent_at is None) == (State.SENT, 1, False)


def broken(_about):
    """A complement that cannot be made."""
    raise RuntimeError


@pytest.mark.django_db
def test_a_letter_without_its_complement_does_not_leave(settings):
    message = queued()
    settings.OUTBOX_COMPLEMENTS = {"request": f"{__name__}.broken"}

    assert outbox.deliver(str(message.pk)) == State.QUEUED

    message.refresh_from_db()
    assert (message.last_error, mail.outbox) == ("RuntimeError", [])


@pytest.mark.django_db
def test_an_unknown_letter_is_done():
    assert outbox.deliver("01990000-0000-7000-8000-000000000000") == State.SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("backend", "error"), [(Refusing, "SMTPServerDisconnected"), (Puzzled, "UnicodeError")]
)
def test_a_letter_that_cannot_leave_is_tried_again_until_the_limit(settings, backend, error):
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    message = queued()

    states = [outbox.deliver(str(message.pk)) for _again in range(outbox.ATTEMPTS)]

    assert states == [State.QUEUED] * (outbox.ATTEMPTS - 1) + [State.FAILED]
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (outbox.ATTEMPTS, error)
    assert outbox.deliver(str(message.pk)) == State.SENT  # nobody waits for it any more
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_letter_is_due_again_when_its_job_comes_back(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    message = queued()
    waits = []

    for _again in range(3):
        before = timezone.now()
        outbox.deliver(str(message.pk))
        message.refresh_from_db()
        waits.append(round((message.not_before - before).total_seconds()))

    assert waits == [4, 16, 64]
    assert list(OutboxMessage.objects.due()) == []


@pytest.mark.django_db
def test_a_letter_is_sent_after_the_server_is_back(settings):
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    message = queued()
    outbox.deliver(str(message.pk))
    settings.EMAIL_BACKEND = backend

    assert outbox.deliver(str(message.pk)) == State.SENT

    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (2, "")


@pytest.mark.django_db
def test_a_letter_for_later_is_not_due():
    message = queued()
    OutboxMessage.objects.update(not_before=timezone.now() + timedelta(minutes=1))
    assert list(OutboxMessage.objects.due()) == []

    OutboxMessage.objects.update(not_before=timezone.now())
    assert list(OutboxMessage.objects.due()) == [message]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter():
    message = queued()

    at_once(8, lambda: [outbox.deliver(str(message.pk))])

    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
