"""Draft awards of a story, said briefly."""

from decimal import Decimal
from typing import Any

from rfqs.actions import awarding, opening
from rfqs.actions.awarding import Pick
from rfqs.models import ApprovalRequest, Award, Quotation
from tests import stories
from tests.stories import Story


def offer(story: Story, supplier: int) -> Quotation:
    """The live quotation of this supplier, from 0."""
    found: Quotation = story.rfq.quotations.get(
        supplier=story.suppliers[supplier], status="submitted"
    )
    return found


def pick(story: Story, line: int, supplier: int, quantity: str | None = None) -> Pick:
    """So much of the line at this position (from 1) to this supplier (from 0)."""
    number = None if quantity is None else Decimal(quantity)
    return Pick(story.rfq.lines.get(position=line).pk, offer(story, supplier).pk, number)


def draft(story: Story, *picks: Pick, **changes: Any) -> Award:
    """Save these picks as the buyer's draft."""
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer, "picks": picks} | changes
    return awarding.save_draft(**facts)


def submit(story: Story, **changes: Any) -> ApprovalRequest:
    """Submit the draft with a reason for everything."""
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer, "reasons": stories.ALL_REASONS} | changes
    request = awarding.submit(**facts)
    story.rfq.refresh_from_db()
    return request


def evaluate(story: Story) -> None:
    """Begin the evaluation."""
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
