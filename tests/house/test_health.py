from datetime import timedelta

import pytest
from django.utils import timezone

from quoteflow.notifications.models import OutboxMessage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/health/detailed"


@pytest.fixture
def token(settings):
    settings.HEALTH_TOKEN = "watchword"
    return {"Authorization": "Bearer watchword"}


def due(minutes):
    OutboxMessage.objects.create(
        dedupe_key=f"due-{minutes}",
        kind="test",
        recipient="a@example.org",
        subject="s",
        text="t",
        not_before=timezone.now() - timedelta(minutes=minutes),
    )


def test_health_says_one_word_to_anybody_and_leaves_no_session(client):
    response = client.get("/health")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_the_details_are_not_for_everybody(client, token):
    assert client.get(PAGE).status_code == 403
    assert client.get(PAGE, headers={"Authorization": "Bearer guess"}).status_code == 403
    client.force_login(UserFactory(is_staff=False))
    assert client.get(PAGE).status_code == 403


def test_an_empty_token_opens_nothing(client, settings):
    settings.HEALTH_TOKEN = ""
    assert client.get(PAGE, headers={"Authorization": "Bearer "}).status_code == 403


def test_staff_and_monitoring_see_every_part(client, token):
    due(minutes=3)
    by_token = client.get(PAGE, headers=token)
    client.force_login(UserFactory(is_staff=True))

    facts = client.get(PAGE).json()

    assert by_token.json().keys() == facts.keys()
    assert facts["database"] == facts["cache"] == {"ok": True}
    assert facts["messages"]["ok"]
    assert 180 <= facts["messages"]["oldest_due_seconds"] < 240
    assert facts["disk"]["free_bytes"] > 0


def test_a_message_left_lying_and_a_missing_worker_are_alarms(client, token):
    due(minutes=11)
    response = client.get(PAGE, headers=token)
    facts = response.json()
    assert (response.status_code, facts["ok"], facts["messages"]["ok"]) == (503, False, False)
    assert facts["worker"] == {"ok": False, "heartbeat_seconds": None}
