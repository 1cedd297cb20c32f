"""What a supplier does with an invitation: save a draft, send it, take it back, decline, come back.

A draft holds the texts as they were typed; nothing of it reaches the buyer. Sending gives it its lines,
the time of receipt and the commitment that the receipt shows. The time of receipt is the database's
clock, read when nothing is left to wait for (docs/adr/0004).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.utils.translation import gettext as _

from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, Stale
from quoteflow.lib.tokens import new_seed
from rfqs import notices
from rfqs.actions.attaching import attach_offered
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import move_invitation, move_quotation, store
from rfqs.actions.quoting import HEAD_FIELDS, LINE_FIELDS, NotOpen, insist_open
from rfqs.commitment import hash_of
from rfqs.models import (
    LIVE,
    RFQ,
    Attachment,
    Invitation,
    InvitationStatus,
    Quotation,
    QuotationLine,
    QuotationStatus,
)

MOST_FILES = 10  # of one quotation


class TooLate(NotOpen):
    """The attempt reached the server at or after the closing time; `received_at` says when."""

    def __init__(self, message: str, received_at: datetime) -> None:
        super().__init__(message)
        self.received_at = received_at


@dataclass(frozen=True)
class Typed:
    """A form as it was typed: texts by field, texts by line and column; files to add and to keep."""

    head: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]
    currency: str
    uploads: Collection[File] = ()  # type: ignore[type-arg]
    kept: Collection[UUID] = ()


@dataclass(frozen=True)
class Offer:
    """A form that has been read: HEAD_FIELDS, and LINE_FIELDS by line id for every line of the request."""

    head: Mapping[str, Any]
    lines: Mapping[UUID, Mapping[str, Any]]


@action
def save_draft(*, invitation_id: UUID, version: int, typed: Typed) -> Quotation:
    """Keep what was typed as the next revision's draft.

    `version` is that of the draft the form was filled from, 0 without one. Raises TooLate, NotOpen,
    Stale when another window saved in between, Incomplete for a file that cannot be kept.
    """
    rfq, invitation = lock_invited(invitation_id)
    draft = _draft_of(rfq, invitation)
    if (draft.version if draft else 0) != version:
        raise Stale(
            _(
                "This quotation was saved from another window in the meantime."
                " What you typed is still here: save again to keep it instead."
            )
        )
    texts = {"head": dict(typed.head), "rows": {key: dict(row) for key, row in typed.rows.items()}}
    if draft is None:
        draft = Quotation(
            rfq=rfq, invitation=invitation, supplier_id=invitation.supplier_id, round=rfq.round,
            revision=_next_revision(rfq, invitation), status=QuotationStatus.DRAFT, version=0,
            currency=typed.currency,
        )  # fmt: skip
    draft.typed, draft.version, draft.currency = texts, draft.version + 1, typed.currency
    draft.save()
    _keep_files(draft, typed)
    _insist_in_time(rfq, invitation)
    return draft


@action
def submit(*, quotation_id: UUID, version: int, offer: Offer, addendum: int = 0) -> Quotation:
    """Send a draft: from now on it is the supplier's live quotation of the round.

    Doing it twice changes nothing and returns the same quotation. `version` is the draft's that was
    reviewed, `addendum` the number of the latest one the supplier was shown. Raises TooLate, NotOpen, Stale,
    Incomplete.
    """
    rfq, invitation = lock_invited(
        Quotation.objects.only("invitation_id").get(pk=quotation_id).invitation_id
    )
    draft = Quotation.objects.select_for_update(of=("self",)).get(pk=quotation_id)
    if draft.status == QuotationStatus.SUBMITTED:
        return draft  # the same click once more
    if draft.status != QuotationStatus.DRAFT or draft.version != version:
        raise Stale(_("The draft was changed after this check. Check it once more, then send it."))
    _insist_known(rfq, addendum)
    _insist_on_content(rfq, offer)
    draft.revision = max(draft.revision, _next_revision(rfq, invitation, apart=draft))
    for earlier in _live_of(rfq, invitation):
        move_quotation(earlier, QuotationStatus.SUPERSEDED)
    for name in HEAD_FIELDS:
        if name in offer.head:
            setattr(draft, name, offer.head[name])
    draft.lines.all().delete()
    QuotationLine.objects.bulk_create(
        QuotationLine(
            quotation=draft,
            line_id=line_id,
            **{name: row[name] for name in LINE_FIELDS if name in row},
        )
        for line_id, row in offer.lines.items()
    )
    if invitation.status != InvitationStatus.QUOTED:
        move_invitation(invitation, InvitationStatus.QUOTED)
    now = _insist_in_time(rfq, invitation)
    draft.typed, draft.submitted_at, draft.salt, draft.content_hash = None, now, new_seed(), "-"
    draft.addendum = rfq.addendum_count
    move_quotation(
        draft, QuotationStatus.SUBMITTED, typed=None, submitted_at=now, revision=draft.revision,
        salt=draft.salt, content_hash=draft.content_hash, addendum=draft.addendum,
        **{name: getattr(draft, name) for name in HEAD_FIELDS},
    )  # fmt: skip
    draft.content_hash = hash_of(draft)
    draft.save(update_fields=["content_hash"])
    journal.record(
        "quotation.submit", draft, by=None, stream=rfq.pk, after=_facts(rfq, invitation, draft)
    )
    refresh_quotations(rfq)
    store(rfq)
    notices.quotation_received(rfq, draft)
    return draft


@action
def confirm(*, invitation_id: UUID, addendum: int) -> Quotation:
    """Stand by the quotation as it is although the request changed: it counts again.

    `addendum` is the number of the latest one the supplier was shown. Doing it twice changes nothing.
    Raises TooLate, NotOpen, Stale, Incomplete where nothing it prices is asked for any more.
    """
    rfq, invitation = lock_invited(invitation_id)
    live = next(iter(_live_of(rfq, invitation)), None)
    if live is not None and live.status == QuotationStatus.SUBMITTED:
        return live
    if live is None or live.status != QuotationStatus.NEEDS_RECONFIRMATION:
        raise DomainError(_("There is no quotation to confirm."))
    _insist_known(rfq, addendum)
    asked = live.lines.filter(line__dropped_by=None, unit_price__isnull=False)
    if not asked.exists():
        raise Incomplete(_("Nothing that you priced is asked for any more. Send a new quotation."))
    now = _insist_in_time(rfq, invitation)
    facts = {"addendum": rfq.addendum_count, "confirmed_at": now}
    move_quotation(live, QuotationStatus.SUBMITTED, **facts)
    after = _facts(rfq, invitation, live) | {"addendum": rfq.addendum_count}
    journal.record("quotation.confirm", live, by=None, stream=rfq.pk, after=after)
    refresh_quotations(rfq)
    store(rfq)
    notices.quotation_confirmed(live)
    return live


@action
def withdraw(*, invitation_id: UUID) -> Quotation:
    """Take the live quotation back; another one may be sent until the closing time."""
    rfq, invitation = lock_invited(invitation_id)
    live = next(iter(_live_of(rfq, invitation)), None)
    if live is None or live.status == QuotationStatus.DISQUALIFIED:
        raise DomainError(_("There is no quotation to take back."))
    _take_back(rfq, invitation, live)
    move_invitation(invitation, InvitationStatus.ACCEPTED)
    _insist_in_time(rfq, invitation)
    return live


@action
def decline(*, invitation_id: UUID, reason: str) -> Invitation:
    """Say that no quotation will come, with a reason; a live one is taken back."""
    rfq, invitation = lock_invited(invitation_id)
    if not reason.strip():
        raise Incomplete(_("Say why you do not quote; a few words are enough."))
    for live in _live_of(rfq, invitation):
        if live.status != QuotationStatus.DISQUALIFIED:
            _take_back(rfq, invitation, live)
    move_invitation(invitation, InvitationStatus.DECLINED, reason=reason.strip())
    _insist_in_time(rfq, invitation)
    after = {"suppliers": [invitation.supplier.code], "reason": reason.strip()}
    journal.record("invitation.decline", invitation, by=None, stream=rfq.pk, after=after)
    return invitation


@action
def reconsider(*, invitation_id: UUID) -> Invitation:
    """Come back after declining."""
    rfq, invitation = lock_invited(invitation_id)
    move_invitation(invitation, InvitationStatus.ACCEPTED, reason="")
    _insist_in_time(rfq, invitation)
    after = {"suppliers": [invitation.supplier.code]}
    journal.record("invitation.reconsider", invitation, by=None, stream=rfq.pk, after=after)
    return invitation


def lock_invited(invitation_id: UUID) -> tuple[RFQ, Invitation]:
    """The request and the invitation, locked in this order; the request is open by its status."""
    rfq = RFQ.objects.lock(Invitation.objects.only("rfq_id").get(pk=invitation_id).rfq_id)
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("supplier")
    invitation = rows.get(pk=invitation_id)
    if rfq.status != "open":
        insist_open(rfq)
    over = (InvitationStatus.WITHDRAWN, InvitationStatus.EXPIRED)
    if invitation.status in over or invitation.round < rfq.round:
        raise NotOpen(_("The invitation is no longer open."))
    return rfq, invitation


def _insist_in_time(rfq: RFQ, invitation: Invitation) -> datetime:
    """The time of receipt; nothing that could wait comes between it and the end.

    Raises TooLate: of such an attempt nothing is left but its line in the journal.
    """
    now = database_now()
    if rfq.is_closed_at(now):
        late = TooLate(_("The request closed before this reached us; nothing was stored."), now)
        late.afterwards = partial(_note_late, invitation, now)
        raise late
    return now


def _note_late(invitation: Invitation, received_at: datetime) -> None:
    journal.record(
        "invitation.too_late", invitation, by=None, stream=invitation.rfq_id,
        after={"received_at": received_at.isoformat()},
    )  # fmt: skip


def _insist_known(rfq: RFQ, addendum: int) -> None:
    """Nobody sends or confirms what was made for an earlier version than they were shown."""
    if addendum != rfq.addendum_count:
        raise Stale(
            _(
                "Addendum %(n)d changed the request. Read what changed, check your quotation, send it then."
            )
            % {"n": rfq.addendum_count}
        )


def _insist_on_content(rfq: RFQ, offer: Offer) -> None:
    if set(offer.lines) != set(rfq.lines.values_list("pk", flat=True)):
        raise Incomplete(_("The lines are not those of this request. Load the page again."))
    if all(row.get("unit_price") is None for row in offer.lines.values()):
        raise Incomplete(_("Enter a price for at least one line. 0 means free of charge."))


def _draft_of(rfq: RFQ, invitation: Invitation) -> Quotation | None:
    rows = invitation.quotations.select_for_update(of=("self",))
    return rows.filter(round=rfq.round, status=QuotationStatus.DRAFT).first()


def _live_of(rfq: RFQ, invitation: Invitation) -> list[Quotation]:
    rows = invitation.quotations.select_for_update(of=("self",))
    return list(rows.filter(round=rfq.round, status__in=LIVE))


def _next_revision(rfq: RFQ, invitation: Invitation, apart: Quotation | None = None) -> int:
    rows = invitation.quotations.filter(round=rfq.round)
    if apart is not None:
        rows = rows.exclude(pk=apart.pk)
    latest = rows.order_by("-revision").values_list("revision", flat=True).first()
    return (latest or 0) + 1


def _keep_files(draft: Quotation, typed: Typed) -> None:
    """The files that are kept, of this supplier's own, and the new ones."""
    kept = list(Attachment.objects.filter(invitation=draft.invitation_id, pk__in=typed.kept))
    if len(kept) + len(typed.uploads) > MOST_FILES:
        raise Incomplete(_("A quotation has at most %(n)d files.") % {"n": MOST_FILES})
    added = [attach_offered(invitation=draft.invitation, upload=one) for one in typed.uploads]
    draft.files.set([*kept, *added])


def _take_back(rfq: RFQ, invitation: Invitation, quotation: Quotation) -> None:
    move_quotation(quotation, QuotationStatus.WITHDRAWN)
    journal.record(
        "quotation.withdraw", quotation, by=None, stream=rfq.pk,
        after=_facts(rfq, invitation, quotation),
    )  # fmt: skip
    refresh_quotations(rfq)
    store(rfq)


def _facts(rfq: RFQ, invitation: Invitation, quotation: Quotation) -> dict[str, Any]:
    """What the journal keeps: the commitment always, whose it is only where nothing is sealed (S1)."""
    facts = {"round": quotation.round, "hash": quotation.content_hash}
    if rfq.prices_are_sealed:
        return facts
    return facts | {"supplier": invitation.supplier.code, "revision": quotation.revision}
