"""Quotations: captured by a buyer, revised, disqualified. Every revision is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.ids import new_id
from quoteflow.lib.once import Once
from quoteflow.lib.tokens import new_seed
from rfqs import policy
from rfqs.actions import late
from rfqs.actions.attaching import attach
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import move_invitation, move_quotation, store
from rfqs.commitment import hash_of
from rfqs.models import (
    LIVE,
    RFQ,
    Attachment,
    AttachmentKind,
    Invitation,
    InvitationStatus,
    LateAdmission,
    Quotation,
    QuotationLine,
    QuotationStatus,
)
from rfqs.states import Status

HEAD_FIELDS = (
    "quote_ref", "quoted_on", "valid_until", "currency", "header_discount_percent", "discount_on_full_order",
    "pf_percent", "pf_amount",
    "freight_term", "freight_amount", "insurance", "other_charges", "clearing_charges", "gst_scheme",
    "payment_terms", "tranches", "lead_days", "delivery_term", "warranty", "remarks",
)  # fmt: skip
LINE_FIELDS = (
    "unit_price", "price_basis", "discount_percent", "moq", "order_multiple", "offered_quantity", "unit_id",
    "gst_percent", "duty_percent", "lead_days", "make", "remarks", "rate_period", "rate_basis",
    "minimum_weight_t", "fuel_percent", "toll", "loading", "capacity_t", "stated_total",
)  # fmt: skip


class NotOpen(DomainError):
    """The request takes no quotations now."""


@dataclass(frozen=True)
class Receipt:
    """How a quotation that a buyer types was received: a file, or the reason why there is none."""

    channel: str
    received_at: datetime
    upload: File | None = None  # type: ignore[type-arg]
    source: Attachment | None = None
    no_source_reason: str = ""
    once: Once | None = None  # the form it was typed into


@action
def capture(
    *,
    rfq_id: UUID,
    supplier_id: UUID,
    by: User,
    head: Mapping[str, Any],
    lines: Mapping[UUID, Mapping[str, Any]],
    receipt: Receipt,
) -> Quotation:
    """Enter a supplier's quotation for them, as the next revision; the one before is superseded.

    `head` holds HEAD_FIELDS; `lines` maps line ids to LINE_FIELDS, a missing line or price is
    "not quoted". Totals are never taken, they are computed. Raises NotOpen, NotAllowed, Incomplete, and
    Repeated where the form of the receipt was sent before.
    """
    quotation = enter(
        rfq_id=rfq_id, supplier_id=supplier_id, by=by, head=head, lines=lines, receipt=receipt
    )
    refresh_quotations(quotation.rfq)
    store(quotation.rfq)
    return quotation


@action
def enter(
    *,
    rfq_id: UUID,
    supplier_id: UUID,
    by: User,
    head: Mapping[str, Any],
    lines: Mapping[UUID, Mapping[str, Any]],
    receipt: Receipt,
) -> Quotation:
    """`capture`, but the list's figures are left to the caller, who enters several at once."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    quotation_id = new_id()
    if receipt.once:
        receipt.once.claim(quotation_id)
    invitation = _invitation(rfq, supplier_id)
    if rfq.status != Status.OPEN:  # and below, whether it is still open by the clock
        raise NotOpen(_refusal(rfq))
    _insist_on_content(rfq, lines, receipt)
    source = receipt.source
    if source is None and receipt.upload is not None:
        source = attach(rfq_id=rfq.pk, kind=AttachmentKind.SOURCE, upload=receipt.upload, by=by)
    revision = _supersede(invitation, rfq.round)
    now = database_now()  # after the last wait: the time of receipt (docs/adr/0004)
    admission = insist_enterable(rfq, invitation, now)
    quotation = Quotation(
        id=quotation_id, rfq=rfq, invitation=invitation, supplier_id=supplier_id,
        round=rfq.round, revision=revision,
        status=QuotationStatus.SUBMITTED, submitted_at=now, entered_by=by, channel=receipt.channel,
        received_at=receipt.received_at, source=source, no_source_reason=receipt.no_source_reason,
        late=admission,
        salt=new_seed(), addendum=rfq.addendum_count,
        **{name: head[name] for name in HEAD_FIELDS if name in head},
    )  # fmt: skip
    quotation.save(force_insert=True)
    QuotationLine.objects.bulk_create(
        QuotationLine(
            quotation=quotation,
            line_id=line_id,
            **{name: row[name] for name in LINE_FIELDS if name in row},
        )
        for line_id, row in lines.items()
    )
    if invitation.status != InvitationStatus.QUOTED:
        move_invitation(invitation, InvitationStatus.QUOTED)
    quotation.content_hash = hash_of(quotation)
    quotation.save(update_fields=["content_hash"])
    journal.record(
        "quotation.capture",
        quotation,
        by=by,
        stream=rfq.pk,
        after=_facts(rfq, invitation, quotation),
    )
    return quotation


@action
def disqualify(*, quotation_id: UUID, by: User, reason: str) -> Quotation:
    """Take an opened quotation out of the running, in writing."""
    rfq = RFQ.objects.lock(Quotation.objects.values_list("rfq_id", flat=True).get(pk=quotation_id))
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("supplier")
        .get(pk=quotation_id)
    )
    policy.insist(policy.can_buy, by, rfq)
    policy.insist(policy.can_see_prices, by, rfq)
    if (
        rfq.status not in (Status.OPEN, Status.EVALUATION)
        or quotation.status != QuotationStatus.SUBMITTED
    ):
        raise DomainError(
            _("Only a live quotation of a request under evaluation can be disqualified.")
        )
    if not reason.strip():
        raise Incomplete(_("Say why the quotation is disqualified."))
    move_quotation(quotation, QuotationStatus.DISQUALIFIED, disqualified_reason=reason.strip())
    after = {"supplier": quotation.supplier.code, "reason": reason.strip()}
    journal.record("quotation.disqualify", quotation, by=by, stream=rfq.pk, after=after)
    refresh_quotations(rfq)
    store(rfq)
    return quotation


def insist_open(rfq: RFQ, now: datetime | None = None) -> None:
    """Raise NotOpen unless the request takes quotations at `now` (the database's clock by default)."""
    if rfq.status != Status.OPEN or rfq.is_closed_at(now or database_now()):
        raise NotOpen(_refusal(rfq))


def insist_enterable(
    rfq: RFQ, invitation: Invitation | None, now: datetime | None = None
) -> LateAdmission | None:
    """Raise NotOpen unless a buyer may enter this supplier's quotation; return what admits a late one."""
    now = now or database_now()
    if invitation:
        _insist_asked(rfq, invitation)
    if invitation and rfq.status == Status.OPEN and rfq.is_closed_at(now):
        admission = late.admitted(invitation, rfq.round)
        if admission is not None:
            return admission
    insist_open(rfq, now)
    return None


def _invitation(rfq: RFQ, supplier_id: UUID) -> Invitation:
    invitation = (
        rfq.invitations.select_for_update(of=("self",))
        .select_related("supplier")
        .filter(supplier=supplier_id)
        .first()
    )
    if invitation is None:
        raise NotOpen(_("This supplier was not asked. Add the supplier to the request first."))
    if invitation.status == InvitationStatus.WITHDRAWN:
        raise NotOpen(
            _("The invitation of %(name)s was withdrawn.") % {"name": invitation.supplier.name}
        )
    _insist_asked(rfq, invitation)
    return invitation


def _insist_asked(rfq: RFQ, invitation: Invitation) -> None:
    if invitation.round < rfq.round:
        raise NotOpen(
            _("%(name)s was not asked to this round.") % {"name": invitation.supplier.name}
        )


def _insist_on_content(rfq: RFQ, lines: Mapping[UUID, Mapping[str, Any]], receipt: Receipt) -> None:
    own = set(rfq.lines.values_list("pk", flat=True))
    if not set(lines) <= own:
        raise Incomplete(_("A price names a line that is not of this request. Reload the page."))
    if all(row.get("unit_price") is None for row in lines.values()):
        raise Incomplete(_("Enter a price for at least one line. 0 means free of charge."))
    if receipt.upload is None and receipt.source is None and not receipt.no_source_reason.strip():
        raise Incomplete(_("Attach the supplier's quotation, or say why there is no file."))


def _supersede(invitation: Invitation, round: int) -> int:  # noqa: A002
    """Retire the live revision of the round and return the next revision's number."""
    earlier = invitation.quotations.filter(round=round).select_for_update(of=("self",))
    revisions = list(earlier.only("status", "revision").order_by("-revision"))
    for quotation in revisions:
        if quotation.status in LIVE:
            move_quotation(quotation, QuotationStatus.SUPERSEDED)
    return revisions[0].revision + 1 if revisions else 1


def _refusal(rfq: RFQ) -> str:
    if rfq.status == Status.OPEN:
        return _("The request closed at its closing time; a quotation cannot be entered any more.")
    if rfq.status == Status.DRAFT:
        return _("The request is still a draft. Publish it before quotations come in.")
    return _("The request is “%(status)s” and takes no quotations.") % {
        "status": rfq.get_status_display()
    }


def _facts(rfq: RFQ, invitation: Invitation, quotation: Quotation) -> dict[str, Any]:
    """What the story tells of a quotation; never a price, and of a sealed one not even whose it is."""
    if rfq.prices_are_sealed:
        return {"round": quotation.round, "hash": quotation.content_hash}
    return {
        "hash": quotation.content_hash,
        "supplier": invitation.supplier.code,
        "round": quotation.round,
        "revision": quotation.revision,
        "channel": quotation.channel,
    }
