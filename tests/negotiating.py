"""Further rounds, in tests."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from rfqs.actions import negotiating, opening
from tests import pasts
from tests.factories import BuyerFactory
from tests.stories import Story


def next_round(story: Story, *which: int, **changes: Any) -> Story:
    """Another round with these of the story's suppliers, the first by default."""
    facts = {
        "by": story.buyer,
        "deadline": timezone.now() + timedelta(days=2),
        "supplier_ids": [story.suppliers[n].pk for n in which or (0,)],
        "text": "Your best price for the whole, please.",
    }
    negotiating.begin_round(rfq_id=story.rfq.pk, **(facts | changes))
    story.rfq.refresh_from_db()
    return story


def opened_again(story: Story) -> Story:
    """The present round closed and opened, by two people where it takes two."""
    pasts.close(story.rfq, timezone.now())  # after everything that was sent
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    if story.rfq.status == "open":
        second = BuyerFactory(sites=[story.site])
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=second)
        story.rfq.refresh_from_db()
    return story
