"""The only writers of a status: of a request, its invitations, quotations, award, approval and its steps.

What became of a late quotation is written here, too.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Max, Value, When
from django.utils import timezone

from accounts.models import User
from quoteflow.audit import journal
from rfqs.models import (
    RFQ,
    Activation,
    ActivationStep,
    ApprovalRequest,
    ApprovalStep,
    Award,
    AwardStatus,
    Invitation,
    LateAdmission,
    PurchaseOrder,
    Quotation,
    RequestStatus,
    StepStatus,
)
from rfqs.states import (
    Event,
    InvitationStatus,
    OrderStatus,
    QuotationStatus,
    follow,
    follow_invitation,
    follow_order,
    follow_quotation,
)
from suppliers.models import SupplierStatus

# The second update reads the first one's row, so it comes second: two steps are never active at once.
HAND_OVER = """
WITH done AS (
  UPDATE rfqs_approvalstep SET status = 'approved' WHERE id = %s RETURNING request_id
)
UPDATE rfqs_approvalstep AS step SET status = 'active', activated_at = %s
FROM done WHERE step.request_id = done.request_id AND step.id = %s
"""


def move(
    rfq: RFQ,
    event: Event,
    *,
    by: User | None,
    on_behalf_of: User | None = None,
    note: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Follow `event` on a locked row, store `facts` with it, and record that it happened.

    `note` is added to the journal's `after`: what a reader of the story wants to know (no price of
    a sealed quotation). Raises IllegalTransition.
    """
    before = rfq.status
    rfq.status = follow(rfq.status, event)
    store(rfq, status=rfq.status, **facts)
    journal.record(
        f"rfq.{event.value}",
        rfq,
        by=by,
        on_behalf_of=on_behalf_of,
        before={"status": before},
        after={"status": rfq.status} | (note or {}),
    )


def store(rfq: RFQ, **facts: Any) -> None:
    """Write facts of a locked row, and count its version up."""
    for name, value in facts.items():
        setattr(rfq, name, value)
    rfq.version += 1
    rfq.updated_at = timezone.now()
    rfq.save(update_fields=["version", "updated_at", *facts])


def move_invitation(invitation: Invitation, status: str, **facts: Any) -> None:
    """Write the status of a locked invitation, and `facts` with it. Raises IllegalTransition.

    That a round was declined is kept where the supplier is asked to a later one, and forgotten where they
    come back to it.
    """
    before, invitation.status = invitation.status, follow_invitation(invitation.status, status)
    if invitation.status == InvitationStatus.DECLINED:
        facts["declined_round"] = invitation.round
    elif before == InvitationStatus.DECLINED and invitation.status != InvitationStatus.SENT:
        facts["declined_round"] = None
    _write(invitation, facts)


def move_invitations(rfq: RFQ, start: str, end: str, **facts: Any) -> int:
    """Move all invitations of a locked request that are `start`, in one statement; return how many."""
    return rfq.invitations.filter(status=start).update(
        status=follow_invitation(start, end), **facts
    )


def move_quotation(quotation: Quotation, status: str, **facts: Any) -> None:
    """Write the status of a locked quotation, and `facts` with it. Raises IllegalTransition."""
    quotation.status = follow_quotation(quotation.status, status)
    _write(quotation, facts)


def settle_quotations(rfq: RFQ, *, whole: Collection[UUID], part: Collection[UUID]) -> None:
    """Give every running quotation of the round its outcome, in one statement: those that won the
    `whole` request, those that won `part` of it, and the others.
    """
    running = (QuotationStatus.SUBMITTED, QuotationStatus.NEEDS_RECONFIRMATION)
    rfq.quotations.filter(round=rfq.round, status__in=running).update(
        status=Case(
            When(pk__in=whole, then=Value(QuotationStatus.AWARDED)),
            When(pk__in=part, then=Value(QuotationStatus.PARTLY_AWARDED)),
            default=Value(QuotationStatus.NOT_AWARDED),
        )
    )


def move_order(order: PurchaseOrder, status: str, **facts: Any) -> None:
    """Write the status of a locked order, and `facts` with it. Raises IllegalTransition."""
    order.status = follow_order(order.status, status)
    _write(order, facts)


def move_award(award_id: UUID, status: str, **facts: Any) -> None:
    """Write the status of an award, and `facts` with it; triggers refuse what may not be (W4)."""
    Award.objects.filter(pk=award_id).update(status=status, **facts)


def cancel_orders(award: Award, *, reason: str) -> list[str]:
    """Cancel the orders of an award that no supplier has seen; return their numbers."""
    drafts = list(award.orders.filter(status=OrderStatus.DRAFT).order_by("number"))
    for order in drafts:
        move_order(order, OrderStatus.CANCELLED, reason=reason[:500])
    return [order.number for order in drafts]


def unconfirm(quotation: Quotation) -> None:
    """Let a quotation that is about to be stored wait for its supplier's confirmation."""
    quotation.status = QuotationStatus.NEEDS_RECONFIRMATION


def unconfirm_quotations(rfq: RFQ) -> int:
    """No quotation of the round counts until its supplier confirms it, in one statement; how many."""
    submitted = rfq.quotations.filter(round=rfq.round, status=QuotationStatus.SUBMITTED)
    return submitted.update(status=QuotationStatus.NEEDS_RECONFIRMATION)


def reopen_quotations(rfq: RFQ) -> None:
    """Every quotation of the round that had an outcome is what it was before, in one statement.

    It counts again, unless its supplier never confirmed it after a change of the request.
    """
    changes = rfq.addenda.filter(needs_confirmation=True)
    latest = changes.aggregate(number=Max("number"))["number"] or 0
    ends = (
        QuotationStatus.AWARDED,
        QuotationStatus.PARTLY_AWARDED,
        QuotationStatus.NOT_AWARDED,
    )
    settled = rfq.quotations.filter(round=rfq.round, status__in=ends)
    settled.update(
        status=Case(
            When(addendum__lt=latest, then=Value(QuotationStatus.NEEDS_RECONFIRMATION)),
            default=Value(QuotationStatus.SUBMITTED),
        )
    )


def close_approval(request: ApprovalRequest, status: str, *, at: datetime) -> None:
    """End an approval with a result or without one; steps that nobody decided are skipped."""
    request.status, request.closed_at = status, at
    request.save(update_fields=["status", "closed_at"])
    undecided = request.steps.filter(status__in=(StepStatus.ACTIVE, StepStatus.WAITING))
    undecided.update(status=StepStatus.SKIPPED)


def confirm_admission(admission: LateAdmission, *, by: User, at: datetime) -> None:
    """Let a late quotation be entered: a second buyer says so, or the last decider of its approval."""
    admission.confirmed_by, admission.confirmed_at = by, at
    admission.save(update_fields=["confirmed_by", "confirmed_at"])


def close_admission(admission: LateAdmission, *, at: datetime) -> None:
    """End the wish for a late quotation without admitting it."""
    admission.closed_at = at
    admission.save(update_fields=["closed_at"])


def move_step(step: ApprovalStep, status: str) -> None:
    """Write the status of a locked step that was decided last."""
    step.status = status
    step.save(update_fields=["status"])


def hand_over(step: ApprovalStep, following: ApprovalStep, *, at: datetime) -> None:
    """A locked step is approved, and the next one waits from `at` on, in one statement."""
    step.status = StepStatus.APPROVED
    following.status, following.activated_at = StepStatus.ACTIVE, at
    with connection.cursor() as cursor:
        cursor.execute(HAND_OVER, [step.pk, at, following.pk])


def close_pending(rfq: RFQ) -> None:
    """End what waits for a decision because the request itself ended."""
    for request in rfq.approval_requests.filter(status=RequestStatus.PENDING):
        close_approval(request, RequestStatus.VOIDED, at=timezone.now())
    for award in rfq.awards.filter(status__in=(AwardStatus.DRAFT, AwardStatus.PENDING)):
        move_award(award.pk, AwardStatus.CANCELLED)
    waiting = LateAdmission.objects.filter(invitation__rfq=rfq, confirmed_by=None, closed_at=None)
    waiting.update(closed_at=timezone.now())


def close_activation(activation: Activation, status: str, *, at: datetime) -> None:
    """End an activation with a result or without one; steps that nobody decided are skipped."""
    activation.status, activation.closed_at = status, at
    activation.save(update_fields=["status", "closed_at"])
    undecided = activation.steps.filter(status__in=(StepStatus.ACTIVE, StepStatus.WAITING))
    undecided.update(status=StepStatus.SKIPPED)


def move_activation_step(step: ActivationStep, status: str, *, at: datetime | None = None) -> None:
    """Write the status of a locked step of an activation; `at` is since when it is active."""
    step.status, step.activated_at = status, at or step.activated_at
    step.save(update_fields=["status", "activated_at"])


def activate_supplier(activation: Activation, *, at: datetime) -> None:
    """Make the supplier of an approved activation active, once; a trigger asks for the approval."""
    supplier = activation.supplier
    supplier.status = SupplierStatus.ACTIVE
    supplier.save(update_fields=["status", "updated_at"])
    activation.used_at = at
    activation.save(update_fields=["used_at"])


def _write(row: Invitation | Quotation | PurchaseOrder, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=["status", *facts])
