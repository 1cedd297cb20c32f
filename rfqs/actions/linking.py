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
from rfqs import addressing, notices, policy
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
        Access.minted(one, addressing.reader_of(one))
        for one in invitations
        if one.pk not in has_one and addressing.address_for(one)[0]
    )


@action
def send_again(
    *, rfq_id: UUID, supplier_id: UUID, by: User, once: Once | None = None
) -> Invitation:
    """Mail an invitation once more, with a new link; the old one opens nothing from now on.

    Raises Repeated where the form `once` was sent before: else a double click sends two links, of
    which one is dead on arrival.
    """
    rfq, invitation = _asked(rfq_id, supplier_id, by, once)
    if not addressing.address_for(invitation)[0]:
        name = {"name": invitation.supplier.name}
        raise Incomplete(_("%(name)s has no e-mail address; enter one, or ask by phone.") % name)
    journal.record(
        "rfq.send_again", invitation, by=by, stream=rfq.pk,
        after={"suppliers": [invitation.supplier.code]},
    )  # fmt: skip
    _mail_anew(rfq, invitation)
    return invitation


@action
def report_address(*, rfq_id: UUID, supplier_id: UUID, by: User) -> Invitation:
    """Note that mail to this supplier comes back; the link goes on working for whoever has it."""
    rfq, invitation = _asked(rfq_id, supplier_id, by)
    invitation.unreachable_since = timezone.now()
    invitation.save(update_fields=["unreachable_since"])
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("invitation.report_address", invitation, by=by, stream=rfq.pk, after=after)
    return invitation


@action
def correct_address(
    *, rfq_id: UUID, supplier_id: UUID, by: User, email: str, once: Once | None = None
) -> Invitation:
    """Mail this request to another address of the supplier's, with a new link; the old one is dead.

    The supplier's own address stays as the back office keeps it. Whoever reads the request sees that
    the address is not the supplier's own, and who entered it: it opens the door to a quotation.
    """
    rfq, invitation = _asked(rfq_id, supplier_id, by, once)
    invitation.mail_to, invitation.corrected_by = email, by
    invitation.save(update_fields=["mail_to", "corrected_by"])
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("invitation.correct_address", invitation, by=by, stream=rfq.pk, after=after)
    _mail_anew(rfq, invitation)
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


def _asked(
    rfq_id: UUID, supplier_id: UUID, by: User, once: Once | None = None
) -> tuple[RFQ, Invitation]:
    """The request and an invitation that has left, both locked, while quotations are taken."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if once:
        once.claim(supplier_id)
    if rfq.status != Status.OPEN or rfq.is_closed_at(database_now()):
        raise DomainError(_("The request takes no quotations now; nobody can be asked again."))
    return rfq, _invitation(rfq, supplier_id)


def _mail_anew(rfq: RFQ, invitation: Invitation) -> None:
    """A new link, by mail; the address counts as working until somebody says otherwise."""
    Invitation.objects.filter(pk=invitation.pk).update(unreachable_since=None)
    invitation.unreachable_since = None
    invitation.accesses.filter(revoked_at=None).update(revoked_at=timezone.now())
    access = Access.minted(invitation, addressing.reader_of(invitation))
    access.save(force_insert=True)
    notices.invited_again(rfq, invitation, key=str(access.pk))


def _invitation(rfq: RFQ, supplier_id: UUID) -> Invitation:
    rows = rfq.invitations.select_for_update(of=("self",)).select_related("supplier")
    invitation = rows.filter(supplier=supplier_id).first()
    if invitation is None or invitation.status in (
        InvitationStatus.CREATED,
        InvitationStatus.WITHDRAWN,
    ):
        raise DomainError(_("This supplier is not asked."))
    if invitation.round < rfq.round:
        raise DomainError(_("This supplier is not asked to this round."))
    return invitation
