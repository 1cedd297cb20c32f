"""Admitting a quotation after the closing time: a right, a reason, other people, before the opening.

Where a policy covers the request its approval admits the quotation, else a second buyer with the right.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, Stale
from quoteflow.lib.once import Once
from rfqs import notices, policy, reports, routing
from rfqs.actions.moving import close_admission, close_approval, confirm_admission
from rfqs.actions.requesting import ask_approval, content_hash
from rfqs.content import Change, ContentChanged, differences
from rfqs.models import (
    RFQ,
    ApprovalRequest,
    Decision,
    Invitation,
    InvitationStatus,
    LateAdmission,
    Outcome,
    RequestStatus,
    Subject,
)
from rfqs.states import Status


@action
def ask(
    *, rfq_id: UUID, supplier_id: UUID, by: User, reason: str, once: Once | None = None
) -> LateAdmission:
    """Ask that a supplier's quotation be admitted although the request is closed; nothing is admitted by it.

    Where a policy covers it, its first step is asked. Raises DomainError where it is asked for already
    or was rejected in this round, Incomplete without a reason or where nobody could decide, Repeated where
    the form `once` was sent before.
    """
    rfq, invitation = _closed(rfq_id, supplier_id, by, once)
    if not reason.strip():
        raise Incomplete(_("Say why the quotation is admitted late."))
    _insist_not_asked(invitation, rfq.round)
    admission = LateAdmission.objects.create(
        invitation=invitation, round=rfq.round, reason=reason.strip(), asked_by=by
    )
    after: dict[str, Any] = {"suppliers": [invitation.supplier.code], "reason": admission.reason}
    request = None
    if routing.route_for(rfq, routing.estimate(rfq), Subject.LATE).signers:
        request = ask_approval(
            rfq, None, by=by, subject=Subject.LATE, reason=admission.reason, late=admission
        )
        after["steps"] = request.steps.count()
    journal.record("late.ask", admission, by=by, stream=rfq.pk, after=after)
    if request is not None:
        notices.step_activated(rfq, request, request.steps.get(sequence=1))
    return admission


@action
def confirm(
    *, rfq_id: UUID, supplier_id: UUID, by: User, seen: UUID | None = None
) -> LateAdmission:
    """Agree, as the second person: from now on the quotation can be entered, until the opening.

    `seen` is the id of the admission that was shown. Raises Stale where another one waits, DomainError.
    """
    rfq, invitation = _closed(rfq_id, supplier_id, by)
    admission = _waiting(invitation, rfq.round)
    if seen not in (None, admission.pk):
        raise Stale(_("It was asked for anew, perhaps for another reason. Load the page again."))
    if admission.confirmed_by_id is not None:
        raise DomainError(_("It is confirmed already."))
    if approval_of(admission) is not None:
        raise DomainError(
            _("A policy asks for an approval of this; those whose step it is decide it.")
        )
    if admission.asked_by_id == by.pk:
        raise DomainError(_("You asked for it yourself; another person confirms it."))
    confirm_admission(admission, by=by, at=database_now())
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("late.confirm", admission, by=by, stream=rfq.pk, after=after)
    return admission


@action
def take_back(*, rfq_id: UUID, supplier_id: UUID, by: User) -> LateAdmission:
    """Think better of it, before anybody confirmed or decided; it may be asked for again."""
    rfq, invitation = _closed(rfq_id, supplier_id, by)
    admission = _waiting(invitation, rfq.round)
    request = approval_of(admission)
    if admission.confirmed_by_id is not None or (request and request.decisions.exists()):
        raise DomainError(_("Somebody has decided on it already."))
    now = timezone.now()
    if request is not None:
        close_approval(request, RequestStatus.WITHDRAWN, at=now)
    close_admission(admission, at=now)
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("late.take_back", admission, by=by, stream=rfq.pk, after=after)
    return admission


def settle(decision: Decision) -> None:
    """Carry out what the last step said of a late quotation, in the transaction of the decision.

    A yes lets it be entered until the opening. Raises ContentChanged where what is decided is not what was
    asked for: then the approval is void, and the buyer asks anew.
    """
    rfq, request = decision.rfq, decision.request
    admission = LateAdmission.objects.select_related("invitation__supplier").get(approval=request)
    admission.invitation.rfq = rfq
    after = {
        "suppliers": [admission.invitation.supplier.code], "outcome": decision.outcome,
        "comment": decision.comment, "step": decision.step.sequence,
    }  # fmt: skip
    ends = {Outcome.REJECTED: RequestStatus.REJECTED, Outcome.RETURNED: RequestStatus.RETURNED}
    if decision.outcome in ends:
        close_approval(request, ends[Outcome(decision.outcome)], at=decision.at)
        close_admission(admission, at=decision.at)
        verb = "late.refuse"
    else:
        _insist_unchanged(request, admission)
        close_approval(request, RequestStatus.APPROVED, at=decision.at)
        confirm_admission(admission, by=decision.by, at=decision.at)
        verb = "late.admit"
    signed: dict[str, Any] = {"by": decision.by, "on_behalf_of": decision.on_behalf_of}
    journal.record(verb, admission, **signed, stream=rfq.pk, after=after)
    notices.late_decided(rfq, request, decision)


@action
def void(*, request_id: UUID, changes: Sequence[Change]) -> None:
    """End an approval of something else than what was asked for (A5); nobody's decision."""
    rfq = RFQ.objects.lock(
        RFQ.objects.values_list("pk", flat=True).get(approval_requests=request_id)
    )
    pending = rfq.approval_requests.filter(pk=request_id, status=RequestStatus.PENDING)
    request = pending.select_related("late__invitation__supplier").first()
    if request is None:
        return
    now, admission = timezone.now(), request.admission()
    close_approval(request, RequestStatus.VOIDED, at=now)
    close_admission(admission, at=now)
    labels = [change.label for change in changes]
    after = {"suppliers": [admission.invitation.supplier.code], "changed": labels}
    journal.record("late.void", admission, by=None, stream=rfq.pk, after=after)
    notices.approval_voided(rfq, request, changes)


def admitted(invitation: Invitation, round: int) -> LateAdmission | None:  # noqa: A002
    """The confirmed admission of this supplier's late quotation, if there is one."""
    return invitation.admissions.filter(round=round, confirmed_by__isnull=False).first()


def approval_of(admission: LateAdmission) -> ApprovalRequest | None:
    """The approval it goes through; None where a second buyer confirms it."""
    return ApprovalRequest.objects.filter(late=admission).first()


def insist_none_waits(rfq: RFQ) -> None:
    """Raise DomainError while a late quotation of the request waits for its approval."""
    asked = rfq.approval_requests.filter(status=RequestStatus.PENDING, late__isnull=False)
    name = asked.values_list("late__invitation__supplier__name", flat=True).first()
    if name is not None:
        raise DomainError(
            _("A late quotation of %(name)s waits for its approval. Wait for the decision, or take it back.")
            % {"name": name}
        )  # fmt: skip


def _insist_unchanged(request: ApprovalRequest, admission: LateAdmission) -> None:
    content = reports.late_content(admission)
    if content_hash(content, request.reason) != request.content_hash:
        changes = differences(request, content)
        raise ContentChanged(
            _("This is not what was asked for any more, so the approval is void. Nothing was admitted;"
              " the buyer has to ask again."),
            request, changes, void=partial(void, request_id=request.pk, changes=changes),
        )  # fmt: skip


def _insist_not_asked(invitation: Invitation, round: int) -> None:  # noqa: A002
    earlier = invitation.admissions.filter(round=round)
    if earlier.filter(closed_at=None).exists():
        raise DomainError(_("Somebody has asked for this already. Load the page again."))
    if earlier.filter(approval__status=RequestStatus.REJECTED).exists():
        raise DomainError(
            _("A late quotation of %(name)s was rejected; it is not admitted in this round.")
            % {"name": invitation.supplier.name}
        )


def _waiting(invitation: Invitation, round: int) -> LateAdmission:  # noqa: A002
    """The admission that was asked for, locked; a confirmed one included."""
    asked = invitation.admissions.select_for_update(of=("self",))
    admission = asked.filter(round=round, closed_at=None).first()
    if admission is None:
        raise DomainError(_("Nobody has asked for this."))
    return admission


def _closed(
    rfq_id: UUID, supplier_id: UUID, by: User, once: Once | None = None
) -> tuple[RFQ, Invitation]:
    """The request and the invitation, locked: closed by the clock, and not opened."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_admit_late, by, rfq)
    if once:
        once.claim(supplier_id)
    if rfq.status != Status.OPEN or not rfq.is_closed_at(database_now()):
        raise DomainError(
            _("A late quotation can be admitted after the closing time and before the opening.")
        )
    rows = rfq.invitations.select_for_update(of=("self",)).select_related("supplier")
    invitation = (
        rows.filter(supplier=supplier_id).exclude(status=InvitationStatus.WITHDRAWN).first()
    )
    if invitation is None:
        raise DomainError(_("This supplier is not asked."))
    if invitation.round < rfq.round:
        raise DomainError(_("This supplier is not asked to this round."))
    invitation.rfq = rfq
    return rfq, invitation
