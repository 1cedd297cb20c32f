"""Proposing who gets what: the draft award, its exceptions, its submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import comparison, notices, policy, reports, statements
from rfqs.actions.moving import close_approval, move, move_award
from rfqs.actions.requesting import ask_approval
from rfqs.actions.staleness import holds, insist_current
from rfqs.models import (
    LIVE_AWARDS,
    RFQ,
    ApprovalRequest,
    Award,
    AwardGap,
    AwardLine,
    AwardStatus,
    CommodityType,
    Exceptional,
    QuotationLine,
    RequestStatus,
    Subject,
)
from rfqs.states import Event, IllegalTransition, Status, follow

COUNTED = ("complete", "incomplete", "not_evaluated", "expired")  # offers that are bids
LEAST_REASON = 10  # characters, so that a reason says something


@dataclass(frozen=True)
class Pick:
    """So much of a line to a quotation; None means all that is needed."""

    line_id: UUID
    quotation_id: UUID
    quantity: Decimal | None = None


@action
def save_draft(
    *,
    rfq_id: UUID,
    picks: Sequence[Pick],
    by: User,
    gaps: Mapping[UUID, str] | None = None,
    version: int | None = None,
) -> Award:
    """Make the draft award exactly these picks, costed with lump sums in full (COMPARISON 8).

    `gaps` maps lines that are not awarded to the reason. `version` is the one the page read, 0 where
    there was no draft; None is whatever is stored. Whoever saves last is the author. Raises
    NotAllowed, IllegalTransition (not under evaluation), Stale (somebody else saved other picks
    since) or Incomplete (a pick that cannot be).
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.EVALUATION:
        follow(rfq.status, Event.SUBMIT)
    award = rfq.awards.filter(status__in=LIVE_AWARDS).first()
    if award and version not in (None, award.version) and holds(rfq, award, picks, gaps or {}):
        return award
    insist_current(award, version)
    award = award or Award.objects.create(rfq=rfq, author=by)
    _replace(rfq, award, picks, gaps or {}, by)
    journal.record(
        "award.save",
        award,
        by=by,
        stream=rfq.pk,
        after={"lines": len(picks), "total": str(award.total)},
    )
    return award


@action
def submit(
    *,
    rfq_id: UUID,
    by: User,
    reasons: Mapping[str, str],
    recommendation: str = "",
    version: int | None = None,
) -> ApprovalRequest:
    """Ask for approval of the draft award; what was picked is costed again and frozen.

    `reasons` maps each exception that holds to its reason, `version` is that of the picks which were
    read (None: whatever is stored). Raises Stale, and Incomplete with every gap.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    follow(rfq.status, Event.SUBMIT)
    award = rfq.awards.filter(status=AwardStatus.DRAFT).first()
    if award is None or not award.lines.exists():
        raise Incomplete(_("Pick who gets the order first."))
    insist_current(award, version)
    _recost(rfq, award)
    statement = reports.statement(rfq)
    held = exceptions(rfq, award, statement.sheet)
    problems = _problems(rfq, award, held, reasons)
    if problems:
        raise Incomplete(_("The award is not complete. ") + " ".join(problems), problems)
    award.reasons = {name: reasons[name].strip() for name in held}
    award.recommendation, award.submitted_at = recommendation.strip(), timezone.now()
    award.save(update_fields=["reasons", "recommendation", "submitted_at"])
    move_award(award.pk, AwardStatus.PENDING)
    stored = statements.written(award, statement.inputs, statement.sheet)
    stored.save(force_insert=True)
    request = ask_approval(rfq, award, by=by)
    note = {
        "award": str(award.pk),
        "total": str(award.total),
        "steps": request.steps.count(),
        "statement": stored.digest,
    }
    move(rfq, Event.SUBMIT, by=by, note=note)
    notices.step_activated(rfq, request, request.steps.get(sequence=1))
    return request


@action
def withdraw(*, rfq_id: UUID, by: User) -> RFQ:
    """Take a submitted award back, as long as nobody has decided on it."""
    rfq = RFQ.objects.lock(rfq_id)
    asked = rfq.approval_requests.filter(status=RequestStatus.PENDING, subject=Subject.AWARD)
    request = asked.first()
    if request is None:
        raise IllegalTransition(_("No award of this request waits for a decision."))
    policy.insist(policy.can_withdraw, by, rfq, request)
    if request.decisions.exists():
        raise DomainError(_("Somebody has decided already; ask them to return it for changes."))
    reopen(request, RequestStatus.WITHDRAWN)
    move(rfq, Event.WITHDRAW, by=by)
    return rfq


def reopen(request: ApprovalRequest, status: str) -> None:
    """Close an approval without a result; its award can be changed and submitted again."""
    close_approval(request, status, at=timezone.now())
    move_award(request.proposal().pk, AwardStatus.DRAFT)


def recost_draft(rfq: RFQ) -> None:
    """Cost the draft award of a locked request again, if it has one: what it is costed by has changed."""
    award = rfq.awards.filter(status=AwardStatus.DRAFT).first()
    if award is not None:
        _recost(rfq, award)


def exceptions(rfq: RFQ, award: Award, sheet: comparison.ComparisonSheet) -> list[str]:
    """What is unusual about the award (DOMAIN 5), in the order of `Exceptional`; each needs a reason."""
    lines = list(award.lines.select_related("rfq_line", "quotation_line"))
    columns = {column.key: column for column in sheet.offers}
    rows = {row.line.key: row for row in sheet.lines}
    winners = {str(line.quotation_line.quotation_id) for line in lines}
    counted = [c.key for c in sheet.offers if c.status in COUNTED]
    partial = bool(_not_in_full(rfq, lines))
    all_to_first = len(winners) == 1 and sheet.proposed in winners and not partial
    held = set()
    for line in lines:
        row, key = rows[str(line.rfq_line_id)], str(line.quotation_line.quotation_id)
        held |= _line_exceptions(line, row, key, all_to_first=all_to_first)
        if sum(cell.cost is not None and cell.offer_key in counted for cell in row.cells) == 1:
            held.add(Exceptional.SINGLE_BID)
    if len(winners) == 1 and len(sheet.lowest) > 1 and winners <= set(sheet.lowest):
        held.add(Exceptional.TIE)
    if len(counted) == 1:
        held.add(Exceptional.SINGLE_BID)
    if len(counted) < rfq.site.minimum_bids:
        held.add(Exceptional.FEW_BIDS)
    if any(columns[key].status == "expired" for key in winners):
        held.add(Exceptional.EXPIRED)
    if partial:
        held.add(Exceptional.PARTIAL)
    return [name for name in Exceptional.values if name in held]


def _line_exceptions(
    line: AwardLine, row: comparison.LineRow, key: str, *, all_to_first: bool
) -> set[str]:
    held: set[str] = set()
    if key not in row.lowest and not all_to_first:
        held.add(Exceptional.NOT_LOWEST)
    if key in row.lowest and len(row.lowest) > 1 and not all_to_first:
        held.add(Exceptional.TIE)
    if _is_above(line, line.rfq_line.last_price):
        held.add(Exceptional.ABOVE_LAST)
    if _is_above(line, line.rfq_line.target_price):
        held.add(Exceptional.ABOVE_ESTIMATE)
    return held


def _is_above(line: AwardLine, price: Decimal | None) -> bool:
    """Whether the basic exceeds what is ordered at `price`: per unit, of a service in every period."""
    if price is None:
        return False
    times = line.rfq_line.periods or 1 if line.rfq_line.kind == CommodityType.SERVICE else 1
    reference = (line.order_quantity * times * price).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return line.basic > reference


def _not_in_full(rfq: RFQ, rows: Sequence[AwardLine]) -> dict[UUID, int]:
    """The lines of the request that `rows` do not cover in full: {id: position}, by position."""
    lines = list(rfq.lines.order_by("position").values_list("pk", "position", "quantity"))
    left = {pk: need for pk, _position, need in lines}
    for row in rows:
        left[row.rfq_line_id] -= row.quantity
    return {pk: position for pk, position, _need in lines if left[pk] > 0}


def _problems(rfq: RFQ, award: Award, held: Sequence[str], reasons: Mapping[str, str]) -> list[str]:
    explained = set(award.gaps.values_list("rfq_line_id", flat=True))
    problems = [
        _("Line %(n)d is not awarded in full: pick a supplier or say why not.") % {"n": position}
        for line_id, position in _not_in_full(rfq, list(award.lines.all())).items()
        if line_id not in explained
    ]
    for name in held:
        if len(reasons.get(name, "").strip()) < LEAST_REASON:
            label = Exceptional(name).label
            problems.append(
                _("“%(label)s” needs a reason of at least %(n)d characters.")
                % {"label": label, "n": LEAST_REASON}
            )
    return problems


def _replace(
    rfq: RFQ, award: Award, picks: Sequence[Pick], gaps: Mapping[UUID, str], by: User
) -> None:
    award.lines.all().delete()
    award.gaps.all().delete()
    rows = _rows(rfq, award, picks)
    AwardLine.objects.bulk_create(rows)
    open_lines = _not_in_full(rfq, rows)
    AwardGap.objects.bulk_create(
        AwardGap(award=award, rfq_line_id=line_id, reason=reason.strip()[:300])
        for line_id, reason in gaps.items()
        if reason.strip() and line_id in open_lines
    )
    award.author, award.total = by, sum((row.cost for row in rows), Decimal(0))
    award.version += 1
    award.save(update_fields=["author", "total", "version"])


def _recost(rfq: RFQ, award: Award) -> None:
    """Cost the picks again under the lock: a disqualification may have come in between."""
    chosen = award.lines.values_list("rfq_line_id", "quotation_line__quotation_id", "quantity")
    picks = [Pick(line, quotation, quantity) for line, quotation, quantity in chosen]
    award.lines.all().delete()
    rows = _rows(rfq, award, picks)
    AwardLine.objects.bulk_create(rows)
    award.total = sum((row.cost for row in rows), Decimal(0))
    award.save(update_fields=["total"])


def _rows(rfq: RFQ, award: Award, picks: Sequence[Pick]) -> list[AwardLine]:
    """The picks as award lines, amounts in base currency at the frozen rates."""
    if not picks:
        return []
    inputs = reports.comparison_inputs(rfq)
    needs = {line.key: line.need for line in inputs.lines}
    try:
        total = comparison.award_total(
            inputs,
            [
                comparison.Pick(
                    str(p.line_id),
                    str(p.quotation_id),
                    needs.get(str(p.line_id), Decimal(0)) if p.quantity is None else p.quantity,
                )
                for p in picks
            ],
        )
    except comparison.Refusal as refusal:
        raise Incomplete(_sentence(refusal, inputs)) from None
    answers = QuotationLine.objects.filter(
        quotation__in=[p.quotation_id for p in picks]
    ).select_related("quotation")
    by_key = {(str(a.quotation_id), str(a.line_id)): a for a in answers}
    lowest = {row.line.key: row.lowest for row in comparison.build(inputs).lines}
    return [
        _award_line(
            award,
            one,
            by_key[one.pick.offer_key, one.pick.line_key],
            is_lowest=one.pick.offer_key in lowest[one.pick.line_key],
        )
        for one in total.lines
    ]


def _award_line(
    award: Award, one: comparison.AwardLine, answer: QuotationLine, *, is_lowest: bool
) -> AwardLine:
    return AwardLine(
        award=award, rfq_line_id=answer.line_id, quotation_line=answer, supplier_id=answer.quotation.supplier_id,
        quantity=one.needed, order_quantity=one.ordered, unit_price=answer.unit_price or Decimal(0),
        price_basis=answer.price_basis, currency=answer.quotation.currency, basic=one.basic, cost=one.cost,
        is_lowest=is_lowest,
    )  # fmt: skip


def _sentence(refusal: comparison.Refusal, inputs: comparison.Inputs) -> str:
    number = next((line.no for line in inputs.lines if line.key == refusal.pick.line_key), "?")
    name = next((o.supplier_name for o in inputs.offers if o.key == refusal.pick.offer_key), "?")
    sentences = {
        "over_need": _("Line %(n)s is given away beyond what is needed."),
        "short": _("%(name)s does not offer that much of line %(n)s."),
        "quantity": _("Line %(n)s: the quantity must be more than zero."),
        "twice": _("Line %(n)s is given to %(name)s twice."),
        "not_quoted": _("%(name)s has not quoted line %(n)s."),
        "unit": _("%(name)s quotes line %(n)s in a unit that does not convert."),
        "no_rate": _(
            "There is no exchange rate for the currency of %(name)s; ask the back office for one."
        ),
        "gst_not_stated": _(
            "Nobody states the GST of line %(n)s, which counts in this comparison; ask %(name)s for it."
        ),
        "duty_not_stated": _(
            "Nobody states the customs duty of line %(n)s, which %(name)s imports; add it to the comparison."
        ),
        "disqualified": _("%(name)s is disqualified."),
        "needs_reconfirmation": _("%(name)s has not confirmed the changed request yet."),
    }
    sentence = sentences.get(refusal.reason, _("Line %(n)s cannot be given to %(name)s."))
    return sentence % {"n": number, "name": name}
