"""Addenda, in tests."""

from decimal import Decimal
from typing import Any

from rfqs.actions import amending
from rfqs.models import RFQ, Addendum
from tests.stories import GOODS_LINE, Story


def lines_of(story: Story) -> list[dict[str, Any]]:
    """The lines as they are, for an amendment that changes some."""
    return [{"id": line.pk} for line in story.rfq.lines.order_by("position")]


def more_bolts(story: Story, quantity: Any = 120) -> amending.Amendment:
    """More of the first line."""
    first, *rest = lines_of(story)
    return amending.Amendment(lines=[first | {"quantity": Decimal(quantity)}, *rest])


def one_more_line(story: Story) -> amending.Amendment:
    """A line besides."""
    return amending.Amendment(lines=[*lines_of(story), GOODS_LINE | {"description": "Washer"}])


def without(story: Story, place: int) -> amending.Amendment:
    """Without the line at this place."""
    lines = lines_of(story)
    del lines[place]
    return amending.Amendment(lines=lines)


def amended(story: Story, amendment: amending.Amendment | None = None, **changes: Any) -> Addendum:
    """The next addendum of the story's request; more bolts where nothing else is said."""
    number = RFQ.objects.values_list("addendum_count", flat=True).get(pk=story.rfq.pk) + 1
    facts = {"number": number, "by": story.buyer, "text": "The drawing was wrong."} | changes
    addendum = amending.issue(
        rfq_id=story.rfq.pk, amendment=amendment or more_bolts(story), **facts
    )
    story.rfq.refresh_from_db()
    return addendum
