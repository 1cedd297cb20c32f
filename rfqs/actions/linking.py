"""The links of the supplier portal: issued with an invitation, used, and replaced."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.once import Once
from rfqs import notices, policy
from rfqs.actions.moving import move_invitation
from rfqs.models import RFQ, Access, Invitation, InvitationStatus
from rfqs.states import Status

_UNSEEN = (InvitationStatus.SENT, InvitationStatus.BOUNCED)


class LinkOver(DomainError):
    """The link does not open anything any more (404: nothing tells it from one that never was)."""

    status = 404


def issue(invitations: Collection[Invitation]) -> None:
    """Mint a link for each invitation that can be mailed and has none in force; locks are the caller's."""
    in_force = Access.objects.filter(revoked_at=None, invitation__in=invitations)
    has_one = set(in_force.values_list("invitation", flat=True))
    Access.objects.bulk_create(
        Access.minted(one, notices.contact_of(one.supplier))
        for one in invitations
        if one.pk not in has_one and notices.address_of(one.supplier)[0]
    )


@action
def send_again(
    *, rfq_id: UUID, supplier_id: UUID, by: User, once: Once | None = None
) -> Invitation:
    """Mail an invitation once more, with a new link; the old one opens nothing from now on.

    Raises Repeated where the form `once` was sent before: else a double click sends two links, of
    which one is dead on arrival.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if once:
        once.claim(supplier_id)
    if rfq.status != Status.OPEN or rfq.is_closed_at(database_now()):
        raise DomainError(_("The request takes no quotations now; nobody can be asked again."))
    invitation = _invitation(rfq, supplier_id)
    if not notices.address_of(invitation.supplier)[0]:
        name = {"name": invitation.supplier.name}
        raise Incomplete(_("%(name)s has no e-mail address; the back office can add one.") % name)
    invitation.accesses.filter(revoked_at=None).update(revoked_at=timezone.now())
    access = Access.minted(invitation, notices.contact_of(invitation.supplier))
    access.save(force_insert=True)
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("rfq.send_again", invitation, by=by, stream=rfq.pk, after=after)
    notices.invited_again(rfq, invitation, key=str(access.pk))
    return invitation


@action
def enter(*, access_id: UUID) -> Invitation:
    """Use a link: note when, and that its invitation was looked at. Raises LinkOver."""
    access = Access.objects.live().filter(pk=access_id).first()
    if access is None:
        raise LinkOver(_("This link does not open anything."))
    Access.objects.filter(pk=access.pk).update(last_used_at=timezone.now())
    return visit(invitation_id=access.invitation_id)


@action
def visit(*, invitation_id: UUID) -> Invitation:
    """Note the first time that the supplier looks at an invitation; later ones change nothing."""
    invitation = Invitation.objects.select_related("rfq", "supplier").get(pk=invitation_id)
    if invitation.status not in _UNSEEN:
        return invitation
    rfq = RFQ.objects.lock(invitation.rfq_id)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("rfq", "supplier")
        .get(pk=invitation_id)
    )
    if invitation.status in _UNSEEN:
        move_invitation(invitation, InvitationStatus.VIEWED)
        journal.record("invitation.view", invitation, by=None, stream=rfq.pk)
    return invitation


def _invitation(rfq: RFQ, supplier_id: UUID) -> Invitation:
    rows = rfq.invitations.select_for_update(of=("self",)).select_related("supplier")
    invitation = rows.filter(supplier=supplier_id).first()
    if invitation is None or invitation.status in (
        InvitationStatus.CREATED,
        InvitationStatus.WITHDRAWN,
    ):
        raise DomainError(_("This supplier is not asked."))
    return invitation
