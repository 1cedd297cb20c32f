"""Admitting a quotation after the closing time: a right, a reason, a second person, before the opening."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import policy
from rfqs.models import RFQ, Invitation, InvitationStatus, LateAdmission
from rfqs.states import Status


@action
def ask(*, rfq_id: UUID, supplier_id: UUID, by: User, reason: str) -> LateAdmission:
    """Ask that a supplier's quotation be admitted although the request is closed; nothing is admitted by it."""
    rfq, invitation = _closed(rfq_id, supplier_id, by)
    if not reason.strip():
        raise Incomplete(_("Say why the quotation is admitted late."))
    if invitation.admissions.filter(round=rfq.round).exists():
        raise DomainError(_("Somebody has asked for this already. Load the page again."))
    admission = LateAdmission.objects.create(
        invitation=invitation, round=rfq.round, reason=reason.strip(), asked_by=by
    )
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("late.ask", admission, by=by, stream=rfq.pk, after=after)
    return admission


@action
def confirm(*, rfq_id: UUID, supplier_id: UUID, by: User) -> LateAdmission:
    """Agree, as the second person: from now on the quotation can be entered, until the opening."""
    rfq, invitation = _closed(rfq_id, supplier_id, by)
    admission = (
        invitation.admissions.select_for_update(of=("self",)).filter(round=rfq.round).first()
    )
    if admission is None:
        raise DomainError(_("Nobody has asked for this."))
    if admission.confirmed_by_id is not None:
        raise DomainError(_("It is confirmed already."))
    if admission.asked_by_id == by.pk:
        raise DomainError(_("You asked for it yourself; another person confirms it."))
    admission.confirmed_by, admission.confirmed_at = by, database_now()
    admission.save(update_fields=["confirmed_by", "confirmed_at"])
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("late.confirm", admission, by=by, stream=rfq.pk, after=after)
    return admission


def admitted(invitation: Invitation, round: int) -> LateAdmission | None:  # noqa: A002
    """The confirmed admission of this supplier's late quotation, if there is one."""
    return invitation.admissions.filter(round=round, confirmed_by__isnull=False).first()


def _closed(rfq_id: UUID, supplier_id: UUID, by: User) -> tuple[RFQ, Invitation]:
    """The request and the invitation, locked: closed by the clock, and not opened."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_admit_late, by, rfq)
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
    return rfq, invitation
