"""One request of the demonstration, taken through the actions people take."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from rfqs import policy, reports, routing
from rfqs.actions import (
    awarding,
    bidding,
    deciding,
    drafting,
    opening,
    quoting,
    reviewing,
    sourcing,
)
from rfqs.demo import asking, offering
from rfqs.demo.master import Cast
from rfqs.demo.reading import Plan
from rfqs.forms.lines import stored_grid
from rfqs.models import RFQ, ApprovalRequest, Award, Quotation
from suppliers.models import Supplier

LEAD = timedelta(seconds=15)  # of a request whose closing time passes while the data is loaded
REASONS = {
    "not_lowest": "The lowest offer does not deliver before the planned shutdown.",
    "tie": "Same price; this supplier delivered the last two orders on time.",
    "single_bid": "The others declined; the price agrees with the last order.",
    "above_last": "The market price rose since the last order, see the quotations.",
    "above_estimate": "The estimate was from last year and left the freight out.",
    "expired": "The supplier confirmed on the phone that the offer stands.",
    "few_bids": "Only these suppliers are approved for the item.",
    "partial": "The rest is asked for again next month.",
}
UNAWARDED = "Nobody offers this line in full; it is asked for again."
COMMENT = "Checked against the quotations and the last order."
REFUSAL = "The requirement was dropped from this year's budget."
RETURN = "Ask the second supplier for the delivery time and submit it again."


WORDS = (
    "title", "priority", "tax_basis", "quantity_basis", "incomplete_basis", "split_basis", "delivery_place",
    "delivery_terms", "contact", "department", "description", "remarks",
)  # fmt: skip


@dataclass
class Story:
    """A plan on its way to its state."""

    plan: Plan
    cast: Cast
    rng: Random
    rfq: RFQ = field(init=False)
    asked: list[Supplier] = field(init=False)

    @property
    def buyer(self) -> User:
        """Who writes it."""
        return self.cast.people[self.plan.buyer]

    def draft(self, now: datetime) -> None:
        """Write the request, its lines and its suppliers."""
        plan, rng, today = self.plan, self.rng, now.date()
        self.rfq = drafting.create(
            site_id=self.cast.sites[plan.site].pk,
            commodity_type=asking.KINDS[plan.kind],
            title=asking.title(plan),
            by=self.buyer,
            **asking.head(plan, self.cast, rng, today),
        )
        lines = asking.lines(plan, self.cast, rng, today)
        closes = _closing_time(now, rng)
        drafting.revise(
            rfq_id=self.rfq.pk, version=None, by=self.buyer, head={"deadline": closes}, lines=lines
        )
        codes = [line.get("item_code", "") for line in lines]
        self.asked = asking.suppliers(plan, self.cast, codes, rng)
        ids = [supplier.pk for supplier in self.asked]
        if ids:
            sourcing.choose_suppliers(rfq_id=self.rfq.pk, supplier_ids=ids, by=self.buyer)
        if "typed" in plan.flags:
            self._leave_unfinished()

    def publish(self) -> None:
        """Ask the suppliers, and enter what they answered."""
        if self.plan.is_short:
            head = {"deadline": timezone.now() + LEAD}
            drafting.revise(rfq_id=self.rfq.pk, version=None, by=self.buyer, head=head)
        self.rfq.refresh_from_db()
        if routing.review_of(self.rfq):
            reviewing.ask_review(rfq_id=self.rfq.pk, by=self.buyer)
            self.decide(deciding.approve, "The line stands still without it.")
        else:
            sourcing.publish(rfq_id=self.rfq.pk, by=self.buyer)
        today = timezone.localdate()
        quoting_suppliers = self.asked[: self.plan.quotes]
        if "tie" in self.plan.flags:  # two of the same currency and tax
            quoting_suppliers = sorted(quoting_suppliers, key=lambda s: s.country != "IN")
        for turn, supplier in enumerate(quoting_suppliers):
            head, answers = offering.answer(self.plan, self.rfq, supplier, turn, self.rng, today)
            if self.rfq.is_sealed:  # who types a sealed quotation does not open it alone
                self._send(supplier, head, answers)
                continue
            quoting.capture(
                rfq_id=self.rfq.pk,
                supplier_id=supplier.pk,
                by=self.buyer,
                head=head,
                lines=answers,
                receipt=self._receipt(supplier),
            )

    def _send(self, supplier: Supplier, head: Any, answers: Any) -> None:
        """The supplier quotes in the portal."""
        invitation = self.rfq.invitations.get(supplier=supplier)
        typed = bidding.Typed(head={}, rows={}, currency=head["currency"])
        draft = bidding.save_draft(invitation_id=invitation.pk, version=0, typed=typed)
        nothing: dict[str, Any] = {"unit_price": None}
        lines = {pk: answers.get(pk, nothing) for pk in self.rfq.lines.values_list("pk", flat=True)}
        offer = bidding.Offer(head, lines)
        bidding.submit(quotation_id=draft.pk, version=draft.version, offer=offer)

    def evaluate(self) -> None:
        """Begin the comparison; a large sealed request needs a second person."""
        opening.begin_evaluation(rfq_id=self.rfq.pk, by=self.buyer)
        self.rfq.refresh_from_db()
        if opening.waits_for_second_person(self.rfq):
            other = self.cast.people["buyer" if self.plan.buyer == "buyer2" else "buyer2"]
            opening.begin_evaluation(rfq_id=self.rfq.pk, by=other)
            self.rfq.refresh_from_db()

    def pick(self) -> Award:
        """Propose the lowest whole offer, or the lowest of each line."""
        sheet = reports.comparison_sheet(self.rfq)
        whole = next(iter(sheet.lowest), None) if "split" not in self.plan.flags else None
        picks, gaps = [], {}
        lines = {str(line.pk): line.pk for line in self.rfq.lines.all()}
        quotations = {str(pk): pk for pk in self.rfq.quotations.values_list("pk", flat=True)}
        for row in sheet.lines:
            winner = whole or row.suggested
            if winner is None:
                gaps[lines[row.line.key]] = UNAWARDED
            else:
                picks.append(awarding.Pick(lines[row.line.key], quotations[winner]))
        return awarding.save_draft(rfq_id=self.rfq.pk, picks=picks, by=self.buyer, gaps=gaps)

    def submit(self) -> None:
        """Ask for approval, with a reason for everything unusual."""
        award = self.pick()
        sheet = reports.comparison_sheet(self.rfq)
        reasons = {name: REASONS[name] for name in awarding.exceptions(self.rfq, award, sheet)}
        awarding.submit(
            rfq_id=self.rfq.pk,
            by=self.buyer,
            reasons=reasons,
            recommendation="Best landed cost among the offers that meet the specification.",
        )

    def decide(self, verb: Any, comment: str) -> None:
        """Decide the active step as the first person who may."""
        request = self._request()
        step = request.steps.get(status="active")
        decided = request.decisions.values_list("by", flat=True)
        person = policy.deciders(request, step).exclude(pk__in=decided).order_by("email")[0]
        verb(
            rfq_id=self.rfq.pk,
            by=person,
            seen=request.content_hash,
            step_id=step.pk,
            comment=comment,
            fresh=True,
        )

    def approve(self) -> None:
        """Collect every yes; the pricing team numbers some of the awards."""
        for _step in self._request().steps.all():
            self.decide(deciding.approve, COMMENT)
        if "apd" in self.plan.flags:
            number = f"APD/{self.rfq.number.removeprefix('GP-')}"
            deciding.add_apd_number(
                rfq_id=self.rfq.pk, by=self.cast.people["pricing"], apd_number=number
            )

    def disqualify_all(self) -> None:
        """Nobody meets the specification."""
        reason = "The sample did not pass the inspection."
        for quotation in Quotation.objects.filter(rfq=self.rfq).order_by("pk"):
            quoting.disqualify(quotation_id=quotation.pk, by=self.buyer, reason=reason)

    def _request(self) -> ApprovalRequest:
        return self.rfq.approval_requests.latest("created_at")

    def _leave_unfinished(self) -> None:
        """Somebody typed what cannot be read yet and went home."""
        self.rfq.refresh_from_db()
        typed = {name: [getattr(self.rfq, name)] for name in WORDS} | {
            "credit_days": [str(self.rfq.credit_days)],
            "deadline": ["next Friday 5 pm"],
            "interest_percent": ["12 percent"],
        }
        drafting.keep_typed(
            rfq_id=self.rfq.pk, version=self.rfq.version, by=self.buyer, typed=typed | self._grid()
        )

    def _grid(self) -> dict[str, list[str]]:
        """The lines as an editor posts them."""
        lines = list(self.rfq.lines.select_related("unit").order_by("position"))
        grid = stored_grid(self.rfq, lines)
        cells = {cell.name: [str(cell.text)] for row in grid.rows for cell in row.cells}
        keys = {f"l-{row.index}-id": [row.key] for row in grid.rows}
        return {"l-TOTAL_FORMS": [str(len(grid.rows))]} | keys | cells

    def _receipt(self, supplier: Supplier) -> quoting.Receipt:
        """Half of the offers came on paper and stay there, the others as a file."""
        now = timezone.now()
        if self.rng.random() < 0.5:  # noqa: PLR2004
            return quoting.Receipt("phone", now, no_source_reason="Read out, confirmed by post.")
        text = f"Demonstration: the quotation of {supplier.name} for {self.rfq.number}.\n"
        upload = ContentFile(text.encode(), name=f"{supplier.code}-quotation.txt")
        return quoting.Receipt("mail", now, upload=upload)


def _closing_time(now: datetime, rng: Random) -> datetime:
    """Five in the afternoon, some days ahead."""
    day = now + timedelta(days=rng.randrange(2, 21))
    return day.replace(hour=17, minute=0, second=0, microsecond=0)
