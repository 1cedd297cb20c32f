"""Another round: chosen suppliers are asked once more, with a closing time of its own.

Whoever was left out of a round, or declined one, may be asked to a later one, or back into the one that is open.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import Incomplete
from quoteflow.lib.ids import new_id
from quoteflow.lib.once import Once
from quoteflow.lib.tokens import new_seed
from rfqs import notices, policy, rounds
from rfqs.actions.figures import refresh_invited, refresh_quotations
from rfqs.actions.linking import issue
from rfqs.actions.moving import move, move_invitation, unconfirm
from rfqs.commitment import hash_of
from rfqs.models import (
    ASKABLE_AGAIN,
    RFQ,
    AwardStatus,
    Invitation,
    InvitationStatus,
    Quotation,
    Round,
)
from rfqs.states import Event, follow


@action
def begin_round(
    *,
    rfq_id: UUID,
    by: User,
    deadline: datetime,
    supplier_ids: Collection[UUID],
    text: str,
    once: Once | None = None,
) -> RFQ:
    """Ask chosen suppliers of a request under evaluation for another quotation, until `deadline`.

    What was picked so far falls; earlier rounds stay readable. Of a sealed request the new round is
    sealed like the first. Raises IllegalTransition, Incomplete, Repeated where the form `once` was sent before.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if once:
        once.claim(rfq.pk)
    follow(rfq.status, Event.NEGOTIATE)
    chosen = _chosen(rfq, supplier_ids)
    untold = rounds.missed(rfq, chosen)
    if not text.strip():
        raise Incomplete(_("Say what the round is about; the suppliers read it."))
    now = database_now()
    _insist_on_lead(rfq, deadline, now)
    rfq.awards.filter(status=AwardStatus.DRAFT).delete()
    number = rfq.round + 1
    Round.objects.create(
        rfq=rfq, number=number, text=text.strip(), closed_at=min(rfq.deadline or now, now),
        rates=rfq.rates, rates_on=rfq.rates_on, added_taxes=rfq.added_taxes, started_by=by, started_at=now,
    )  # fmt: skip
    codes = [one.supplier.code for one in chosen]
    note = {"round": number, "suppliers": codes, "comment": text.strip()}
    move(
        rfq, Event.NEGOTIATE, by=by, note=note, round=number, deadline=deadline, rates={}, rates_on=None,
        questions_until=None, best_total=None,
    )  # fmt: skip
    refresh_quotations(rfq)
    _ask(rfq, chosen)
    refresh_invited(rfq)
    notices.round_started(rfq, text.strip(), chosen, untold)
    return rfq


def ask_back(rfq: RFQ, supplier_ids: Collection[UUID]) -> list[Invitation]:
    """Ask those of these suppliers who were left out of the round that is open to it after all; who that was.

    The caller holds the request's lock, and has made sure that the round takes quotations.
    """
    left = _askable(rfq).filter(supplier__in=supplier_ids, round__lt=rfq.round)
    back = list(left.order_by("supplier__code"))
    if back:
        untold = rounds.missed(rfq, back)
        _ask(rfq, back)
        notices.round_started(rfq, rfq.rounds.get(number=rfq.round).text, back, untold)
    return back


def _ask(rfq: RFQ, invitations: Collection[Invitation]) -> None:
    """Let locked invitations be for the present round, each with a link that opens."""
    for invitation in invitations:
        if invitation.status == InvitationStatus.QUOTED:
            move_invitation(invitation, InvitationStatus.ACCEPTED, round=rfq.round)
        elif invitation.status == InvitationStatus.DECLINED:
            move_invitation(invitation, InvitationStatus.SENT, round=rfq.round, reason="")
        else:
            invitation.round = rfq.round
            invitation.save(update_fields=["round"])
    issue(invitations)


def carry_over(rfq: RFQ) -> int:
    """Let the last quotation of everybody who was asked to this round and sent nothing stand; how many.

    It is that of the last round in which its supplier sent one. The caller holds the request's lock, after
    its closing time or at the end of the collecting.
    """
    if rfq.round == 1:
        return 0
    asked = rfq.invitations.filter(round=rfq.round).exclude(
        status__in=(InvitationStatus.DECLINED, InvitationStatus.WITHDRAWN)
    )
    earlier = Quotation.objects.filter(invitation__in=asked).standing_in(rfq.round)
    found = list(earlier.select_related("invitation__supplier").order_by("pk"))
    for quotation in found:
        _carry(rfq, quotation)
    return len(found)


def _carry(rfq: RFQ, earlier: Quotation) -> None:
    invitation = earlier.invitation
    revisions = invitation.quotations.filter(round=rfq.round).values_list("revision", flat=True)
    lines, files = list(earlier.lines.all()), list(earlier.files.all())
    before = str(earlier.pk)
    copy, copy.pk = earlier, new_id()
    copy.round, copy.revision = rfq.round, max(revisions, default=0) + 1
    changes = rfq.addenda.filter(needs_confirmation=True, number__gt=copy.addendum)
    if changes.exists():
        unconfirm(copy)
    copy.salt, copy.content_hash = new_seed(), "-"
    copy.save(force_insert=True)
    for line in lines:
        line.pk, line.quotation = new_id(), copy
        line.save(force_insert=True)
    copy.files.set(files)
    copy.content_hash = hash_of(copy)
    copy.save(update_fields=["content_hash"])
    if invitation.status != InvitationStatus.QUOTED:
        move_invitation(invitation, InvitationStatus.QUOTED)
    after = {"round": copy.round, "from": before, "hash": copy.content_hash}
    after |= {"suppliers": [invitation.supplier.code]}
    journal.record("quotation.carry", copy, by=None, stream=rfq.pk, after=after)


def _chosen(rfq: RFQ, supplier_ids: Collection[UUID]) -> list[Invitation]:
    """The invitations of these suppliers, locked. Raises Incomplete for none, and for one who cannot be asked."""
    chosen = list(_askable(rfq).filter(supplier__in=supplier_ids).order_by("supplier__code"))
    if not chosen:
        raise Incomplete(_("Choose at least one supplier who was asked before."))
    for one in chosen:
        if one.supplier.status != "active":
            facts = {"name": one.supplier.name, "status": one.supplier.get_status_display().lower()}
            raise Incomplete(_("%(name)s is %(status)s and cannot be asked again.") % facts)
    return chosen


def _askable(rfq: RFQ) -> QuerySet[Invitation]:
    """Everybody who was asked to a round and did not drop out, who declined too, locked."""
    rows = rfq.invitations.filter(status__in=ASKABLE_AGAIN)
    rows = rows.select_for_update(of=("self",)).select_related("supplier")
    return rows.prefetch_related("supplier__contacts", "copies")


def _insist_on_lead(rfq: RFQ, deadline: datetime, now: datetime) -> None:
    minutes = rfq.site.minimum_lead_minutes
    if deadline <= now or deadline < now + timedelta(minutes=minutes):
        raise Incomplete(
            ngettext(
                "The closing time must be at least %(n)d minute from now.",
                "The closing time must be at least %(n)d minutes from now.",
                minutes,
            )
            % {"n": minutes}
        )
