"""Suppliers at the door: their links, and browsers in which they have entered."""

from typing import Any

from django.test import Client

from quoteflow.lib.tokens import derived
from rfqs.models import Invitation
from tests.stories import Story


def invitation_of(story: Story, which: int = 0) -> Invitation:
    """The invitation of one of the story's suppliers."""
    return story.rfq.invitations.get(supplier=story.suppliers[which])


def link_of(invitation: Invitation) -> str:
    """The address that was mailed to the supplier last."""
    return f"/s/{derived(invitation.accesses.latest('created_at').seed)}/"


def entered(story: Story, which: int = 0, client: Client | None = None) -> Client:
    """A browser that went through the door of one supplier."""
    client = client or Client()
    answer: Any = client.post(link_of(invitation_of(story, which)))
    assert answer.status_code == 302
    return client
