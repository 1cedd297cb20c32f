"""What suppliers type and send, in tests."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from rfqs.actions import bidding
from rfqs.forms.bidding import VALID_FOR
from rfqs.models import Quotation
from tests.doors import invitation_of
from tests.stories import Story

NOTHING = bidding.Typed(head={}, rows={}, currency="INR")


def offered(story: Story, price: Any = "10", **head: Any) -> bidding.Offer:
    """An offer with this price on every line, or with a list of prices, None for not quoted."""
    lines = list(story.rfq.lines.order_by("position"))
    prices = price if isinstance(price, list) else [price] * len(lines)
    answers = {
        line.pk: {"unit_price": None if one is None else Decimal(str(one))}
        for line, one in zip(lines, prices, strict=True)
    }
    facts = {"currency": "INR", "freight_term": "included", "lead_days": 14} | head
    return bidding.Offer(facts, answers)


def drafted_bid(story: Story, which: int = 0) -> Quotation:
    """A draft of one supplier, saved once."""
    return bidding.save_draft(
        invitation_id=invitation_of(story, which).pk, version=0, typed=NOTHING
    )


def bid(
    story: Story, which: int = 0, price: Any = "10", *, addendum: int = 0, **head: Any
) -> Quotation:
    """A quotation that one supplier typed and sent, having read this addendum."""
    draft = drafted_bid(story, which)
    offer = offered(story, price, **head)
    return bidding.submit(
        quotation_id=draft.pk, version=draft.version, offer=offer, addendum=addendum
    )


def form(story: Story, prices: list[str], **changes: Any) -> dict[str, Any]:
    """What a browser posts from the form of a supplier; "" with a tick for a line that is not quoted."""
    data: dict[str, Any] = {
        "version": "0",
        "currency": "INR",
        "lead_days": "14",
        "freight_term": "included",
        "gst_scheme": "regular",
        "valid_until": (timezone.localdate() + VALID_FOR).isoformat(),
        "then": "review",
    }
    for at, price in enumerate(prices):
        row = {"unit_price": price, "gst_percent": "18", "price_basis": "1"}
        row |= {} if price else {"not_quoted": "on"}
        data |= {f"q-{at}-{name}": text for name, text in row.items()}
    return data | changes
