"""The outbox in the back office."""

import pytest

from quoteflow.audit.models import AuditEvent
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from tests.backoffice import entered, staff

LINK = "https://quoteflow.example/reset/secret-key"


@pytest.fixture
def message(db):
    letter = outbox.Letter("password_reset", "1", "a@example.com", {"password_reset_url": LINK})
    outbox.enqueue([letter])
    return OutboxMessage.objects.get()


@pytest.fixture
def office(db):
    return entered(staff())


def again(office, message):
    facts = {"action": "send_again", "_selected_action": [message.pk]}
    office.post("/admin/notifications/outboxmessage/", facts)
    message.refresh_from_db()


def test_no_page_tells_what_a_letter_says(office, message):
    base = "/admin/notifications/outboxmessage/"

    shown = office.get(base).text + office.get(f"{base}{message.pk}/change/").text

    assert LINK in message.text
    assert "secret-key" not in shown
    assert office.get(f"{base}?text__contains=secret").status_code == 400


def test_a_failed_message_is_queued_again(office, message):
    OutboxMessage.objects.update(state=State.FAILED, attempts=outbox.ATTEMPTS)

    again(office, message)

    assert (message.state, message.attempts) == (State.QUEUED, 0)
    assert AuditEvent.objects.get(object_id=message.pk).verb == "outboxmessage.send_again"


def test_a_message_on_its_way_is_left_alone(office, message):
    OutboxMessage.objects.update(attempts=2)

    again(office, message)

    assert (message.state, message.attempts) == (State.QUEUED, 2)
