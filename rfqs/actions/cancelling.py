"""Taking an approved award back, which is itself approved; a correction is a new award (DOMAIN 5)."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import notices, policy, reports
from rfqs.actions.awarding import LEAST_REASON
from rfqs.actions.moving import (
    cancel_orders,
    close_approval,
    move,
    move_award,
    reopen_quotations,
)
from rfqs.actions.remembering import forget
from rfqs.actions.requesting import ask_approval, content_hash
from rfqs.content import Change, ContentChanged, differences
from rfqs.models import (
    RFQ,
    ApprovalRequest,
    Award,
    AwardStatus,
    Decision,
    OrderStatus,
    Outcome,
    RequestStatus,
    Subject,
)
from rfqs.states import Event, IllegalTransition, Status

BINDING = (OrderStatus.ISSUED, OrderStatus.ACKNOWLEDGED, OrderStatus.CLOSED)


@action
def ask_cancellation(*, rfq_id: UUID, by: User, reason: str) -> ApprovalRequest:
    """Ask that an approved award is taken back; until that is approved, everything stays as it is.

    Raises IllegalTransition where there is no approved award, DomainError where an order was issued or
    the cancellation is asked for already, Incomplete without a reason.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    award = rfq.awards.filter(status=AwardStatus.APPROVED).first()
    if rfq.status != Status.APPROVED or award is None:
        raise IllegalTransition(_("Only an approved award is cancelled this way."))
    if rfq.approval_requests.filter(status=RequestStatus.PENDING).exists():
        raise DomainError(_("The cancellation waits for its approval already."))
    insist_no_order_binds(award)
    reason = reason.strip()
    if len(reason) < LEAST_REASON:
        raise Incomplete(
            _("Say in at least %(n)d characters why the award is cancelled.") % {"n": LEAST_REASON}
        )
    request = ask_approval(rfq, award, by=by, subject=Subject.CANCELLATION, reason=reason)
    after = {"reason": reason, "steps": request.steps.count()}
    journal.record("award.ask_cancellation", award, by=by, stream=rfq.pk, after=after)
    notices.step_activated(rfq, request, request.steps.get(sequence=1))
    return request


@action
def withdraw_cancellation(*, rfq_id: UUID, by: User) -> RFQ:
    """Keep the award after all, as long as nobody has decided on its cancellation."""
    rfq = RFQ.objects.lock(rfq_id)
    asked = rfq.approval_requests.filter(status=RequestStatus.PENDING, subject=Subject.CANCELLATION)
    request = asked.first()
    if request is None:
        raise IllegalTransition(_("No cancellation of this request waits for a decision."))
    policy.insist(policy.can_withdraw, by, rfq, request)
    if request.decisions.exists():
        raise DomainError(_("Somebody has decided already; ask them to return it."))
    close_approval(request, RequestStatus.WITHDRAWN, at=timezone.now())
    journal.record("award.keep", request.proposal(), by=by, stream=rfq.pk)
    return rfq


@action
def void(*, request_id: UUID, changes: Sequence[Change]) -> None:
    """End the approval of a cancellation whose award is another one by now (A5); nobody's decision."""
    rfq = RFQ.objects.lock(
        RFQ.objects.values_list("pk", flat=True).get(approval_requests=request_id)
    )
    request = rfq.approval_requests.filter(pk=request_id, status=RequestStatus.PENDING).first()
    if request is None:
        return
    close_approval(request, RequestStatus.VOIDED, at=timezone.now())
    after = {"changed": [change.label for change in changes]}
    journal.record(
        "award.void_cancellation", request.proposal(), by=None, stream=rfq.pk, after=after
    )
    notices.approval_voided(rfq, request, changes)


def settle(decision: Decision) -> None:
    """Carry out what the last step said of a cancellation, in the transaction of the decision."""
    rfq, request = decision.rfq, decision.request
    signed: dict[str, Any] = {"by": decision.by, "on_behalf_of": decision.on_behalf_of}
    if decision.outcome != Outcome.APPROVED:
        ends = {Outcome.REJECTED: RequestStatus.REJECTED, Outcome.RETURNED: RequestStatus.RETURNED}
        close_approval(request, ends[Outcome(decision.outcome)], at=decision.at)
        after = {"outcome": decision.outcome, "comment": decision.comment}
        journal.record(
            "award.refuse_cancellation", request.proposal(), **signed, stream=rfq.pk, after=after
        )
    else:
        insist_no_order_binds(request.proposal())
        content = reports.award_content(request.proposal())
        if content_hash(content, request.reason) != request.content_hash:
            changes = differences(request, content)
            raise ContentChanged(
                _("The award is not the one whose cancellation was asked for, so this approval is void. The award"
                  " stands; the buyer has to ask again."),
                request, changes, void=partial(void, request_id=request.pk, changes=changes),
            )  # fmt: skip
        close_approval(request, RequestStatus.APPROVED, at=decision.at)
        numbers = cancel_orders(request.proposal(), reason=request.reason)
        move_award(request.proposal().pk, AwardStatus.CANCELLED)
        reopen_quotations(rfq)
        note = {"comment": decision.comment, "orders": numbers, "reason": request.reason}
        note["forgotten"] = forget(request.proposal())
        move(rfq, Event.REOPEN, **signed, note=note, decided_at=None)
        notices.award_cancelled(rfq)
    notices.cancellation_decided(rfq, request, decision)


def insist_no_order_binds(award: Award) -> None:
    """Raise DomainError where an order of the award is out: it is cancelled with the supplier first."""
    out = list(award.orders.filter(status__in=BINDING).order_by("number"))
    if out:
        raise DomainError(
            _(
                "The award cannot be cancelled: %(numbers)s went to the supplier. Cancel the order first."
            )
            % {"numbers": ", ".join(order.number for order in out)}
        )
