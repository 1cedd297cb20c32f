"""Copies of the letters of an invitation, to other people of the supplier who is asked."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import addressing, notices, policy
from rfqs.models import RFQ, Invitation, InvitationCopy, InvitationStatus
from rfqs.states import Status

MOST_COPIES = 5  # of one invitation: more would be a mailing list


@action
def copy_to(
    *, rfq_id: UUID, supplier_id: UUID, by: User, contact_ids: Collection[UUID]
) -> Invitation:
    """Let exactly these people of the supplier get copies of the letters of its invitation.

    Copies have no link (docs/adr/0033). Whoever is added to an invitation that has left is mailed a copy of it
    at once. Raises DomainError unless the request is a draft or takes quotations, Incomplete for more than
    MOST_COPIES and for anybody but an active person of this supplier's with an address of their own.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    invitation = _invitation(rfq, supplier_id)
    wanted = set(contact_ids)
    if len(wanted) > MOST_COPIES:
        raise Incomplete(
            ngettext(
                "At most %(n)d person gets copies.", "At most %(n)d people get copies.", MOST_COPIES
            )
            % {"n": MOST_COPIES}
        )
    if not wanted <= {contact.pk for contact in addressing.copyable(invitation)}:
        facts = {"name": invitation.supplier.name}
        raise Incomplete(
            _("Copies go to other people of %(name)s who have an e-mail address. Load the page again.")
            % facts
        )  # fmt: skip
    known = set(invitation.copies.values_list("contact", flat=True))
    invitation.copies.exclude(contact__in=wanted).delete()
    InvitationCopy.objects.bulk_create(
        InvitationCopy(invitation=invitation, contact_id=contact, added_by=by)
        for contact in sorted(wanted - known)
    )
    after = {"suppliers": [invitation.supplier.code], "copies": len(wanted)}
    journal.record("invitation.copy", invitation, by=by, stream=rfq.pk, after=after)
    if rfq.status == Status.OPEN and wanted - known:
        notices.copied(rfq, invitation, wanted - known)
    return invitation


def _invitation(rfq: RFQ, supplier_id: UUID) -> Invitation:
    """The invitation, locked, of a draft or of a round that takes quotations."""
    taking = rfq.status == Status.OPEN and not rfq.is_closed_at(database_now())
    if rfq.status != Status.DRAFT and not taking:
        raise DomainError(_("Nothing is mailed to suppliers now that could be copied."))
    rows = rfq.invitations.select_for_update(of=("self",)).select_related("supplier")
    invitation = (
        rows.filter(supplier=supplier_id).exclude(status=InvitationStatus.WITHDRAWN).first()
    )
    if invitation is None:
        raise DomainError(_("This supplier is not asked."))
    if invitation.round < rfq.round:
        raise DomainError(_("This supplier is not asked to this round."))
    return invitation
