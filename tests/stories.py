"""Requests taken to a state through the actions, so that none of them is impossible."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Site, User
from rfqs.actions import awarding, deciding, drafting, opening, quoting, reviewing, sourcing
from rfqs.models import RFQ, ApprovalRequest, CommodityType
from suppliers.models import Supplier
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    SiteFactory,
    SupplierFactory,
    UnitFactory,
)

GOODS_LINE = {
    "description": "Hex bolt M12 x 50",
    "quantity": Decimal(100),
    "unit_id": "H87",
    "gst_percent": Decimal(18),
}


@dataclass
class Story:
    """A request and the people around it."""

    rfq: RFQ
    buyer: User
    approver: User
    head: User
    suppliers: list[Supplier] = field(default_factory=list)

    @property
    def site(self) -> Site:
        """Where it happens."""
        return self.rfq.site

    @property
    def request(self) -> ApprovalRequest:
        """The newest approval of the request."""
        return self.rfq.approval_requests.latest("created_at")

    def decide(self, verb: Any, by: User, **changes: Any) -> Any:
        """Decide the active step of the pending approval as `by`."""
        request = self.request
        step = request.steps.filter(status="active").get()
        facts = {"rfq_id": self.rfq.pk, "by": by, "seen": request.content_hash, "step_id": step.pk}
        facts["fresh"] = True
        decision = verb(**(facts | changes))
        self.rfq.refresh_from_db()
        return decision


def drafted(
    lines: list[dict[str, Any]] | None = None,
    suppliers: int = 2,
    site: Site | None = None,
    **head: Any,
) -> Story:
    """A draft with its lines and chosen suppliers, closing tomorrow."""
    UnitFactory()
    site = site or SiteFactory()
    buyer = BuyerFactory(sites=[site])
    story = Story(None, buyer, ApproverFactory(sites=[site]), HeadFactory(sites=[site]))  # type: ignore[arg-type]
    kind = head.pop("commodity_type", CommodityType.GOODS)
    title = head.pop("title", "Bolts for the shutdown")
    facts = {"deadline": timezone.now() + timedelta(days=1)} | head
    story.rfq = drafting.create(
        site_id=site.pk, commodity_type=kind, title=title, by=buyer, **facts
    )
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=buyer, lines=lines or [GOODS_LINE])
    story.suppliers = SupplierFactory.create_batch(suppliers)
    sourcing.choose_suppliers(
        rfq_id=story.rfq.pk, supplier_ids=[s.pk for s in story.suppliers], by=buyer
    )
    story.rfq.refresh_from_db()
    return story


def opened(**options: Any) -> Story:
    """Published: the suppliers are asked; urgent work after its review by the head."""
    story = drafted(**options)
    if story.rfq.is_urgent:
        Site.objects.filter(pk=story.rfq.site_id).update(head=story.head)
        reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
        story.decide(deciding.approve, story.head)
    else:
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def quote(
    story: Story, supplier: Supplier, price: Any = "10", *, by: User | None = None, **head: Any
) -> Any:
    """Capture a quotation with this price on every line (or a list of prices, None for not quoted).

    A sealed one is typed by a colleague of the buyer, who could not open it alone otherwise.
    """
    if by is None:
        by = BuyerFactory(sites=[story.site]) if story.rfq.is_sealed else story.buyer
    lines = list(story.rfq.lines.order_by("position"))
    prices = price if isinstance(price, list) else [price] * len(lines)
    answers = {
        line.pk: {"unit_price": None if one is None else Decimal(str(one))}
        for line, one in zip(lines, prices, strict=True)
    }
    receipt = quoting.Receipt("mail", timezone.now(), no_source_reason="read out on the phone")
    facts = {"currency": "INR", "freight_term": "included"} | head
    return quoting.capture(
        rfq_id=story.rfq.pk,
        supplier_id=supplier.pk,
        by=by,
        head=facts,
        lines=answers,
        receipt=receipt,
    )


def quoted(prices: tuple[Any, ...] = ("10", "11"), **options: Any) -> Story:
    """Open, with one quotation per price."""
    story = opened(suppliers=len(prices), **options)
    for supplier, price in zip(story.suppliers, prices, strict=True):
        quote(story, supplier, price)
    story.rfq.refresh_from_db()
    return story


def evaluated(**options: Any) -> Story:
    """Under evaluation, rates frozen."""
    story = quoted(**options)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def picked(winner: int = 0, **options: Any) -> Story:
    """With a draft award: everything to one supplier."""
    return _pick(evaluated(**options), winner)


def _pick(story: Story, winner: int = 0) -> Story:
    quotation = story.rfq.quotations.get(supplier=story.suppliers[winner], status="submitted")
    picks = [awarding.Pick(line.pk, quotation.pk) for line in story.rfq.lines.all()]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)
    return story


ALL_REASONS = dict.fromkeys(
    (
        "not_lowest",
        "tie",
        "single_bid",
        "above_last",
        "above_estimate",
        "expired",
        "few_bids",
        "partial",
    ),
    "agreed with the plant head",
)


def submitted(**options: Any) -> Story:
    """Waiting for approval."""
    return _submit(picked(**options))


def decided(story: Story) -> Story:
    """An open request with quotations, opened, given to the first supplier and approved."""
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return _approve(_submit(_pick(story)))


def _submit(story: Story) -> Story:
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=ALL_REASONS)
    story.rfq.refresh_from_db()
    return story


def approved(**options: Any) -> Story:
    """Approved by everybody it needed."""
    return _approve(submitted(**options))


def _approve(story: Story) -> Story:
    for step in story.request.steps.order_by("sequence"):
        story.decide(deciding.approve, story.approver if step.role == "approver" else story.head)
    return story
