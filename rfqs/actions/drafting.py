"""Writing a request: create, revise, keep what was typed, copy, cancel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import OwnSite, Site, User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import Incomplete, Stale
from quoteflow.lib.inserting import insert
from quoteflow.lib.once import Once
from rfqs import addressing, notices, numbering, policy
from rfqs.actions.figures import refresh_invited, search_text
from rfqs.actions.lining import LINE_FIELDS, WRITTEN, LineValues, rows_of, sums_of, words_of
from rfqs.actions.moving import close_pending, move, store
from rfqs.models import RFQ, CommodityType, Invitation, InvitationCopy, RFQLine
from rfqs.states import Event, IllegalTransition, Status

HEAD_FIELDS = (
    "title", "description", "project_name", "department", "priority", "is_urgent", "is_sealed", "deadline",
    "questions_until", "required_by", "delivery_place", "delivery_terms", "contact", "remarks", "tax_basis",
    "quantity_basis", "incomplete_basis", "split_basis", "interest_percent", "credit_days",
)  # fmt: skip
APART = ("deadline", "questions_until", "title")  # not taken along as they are by a copy


@action
def create(
    *,
    site_id: UUID,
    commodity_type: str,
    title: str,
    by: User,
    lines: Sequence[LineValues] = (),
    once: Once | None = None,
    **head: Any,
) -> RFQ:
    """Begin a draft at a site of the buyer; its number is taken here, under the counter's lock.

    `head` holds any of HEAD_FIELDS and `reference`, the outside world's own key; `lines` are as in
    `revise`; `once` is the form it comes from. The statements are the same number for one line and
    for many. Raises NotAllowed, Incomplete, Repeated.
    """
    own = by.own_places.get(site_id) if by.is_buyer else None
    site = own or Site.objects.get(pk=site_id)
    policy.insist(policy.can_create_at, by, site)
    values: dict[str, Any] = {"is_sealed": site.sealed_by_default}
    values |= {"delivery_place": _address(site)} | _known(head)
    _insist_on_urgency(commodity_type, values)
    _insist_on_window(values.get("questions_until"), values.get("deadline"))
    rfq = RFQ(
        site_id=site.pk, requester=by, commodity_type=commodity_type, title=title,
        reference=head.get("reference", ""), **values,
    )  # fmt: skip
    if once:
        once.claim(rfq.pk)
    rows = rows_of(rfq, lines)
    for name, value in sums_of(rows).items():
        setattr(rfq, name, value)
    insert(rows)  # before the number, whose counter everybody at the site waits for from then on
    rfq.number, rfq.serial = numbering.next_rfq_number(site)
    rfq.search_text = search_text(rfq, [words_of(row) for row in rows])
    insert([rfq])
    after = {"number": rfq.number, "title": title}
    journal.record("rfq.create", rfq, by=by, after=after)
    return rfq


@action
def revise(
    *,
    rfq_id: UUID,
    version: int | None,
    by: User,
    head: Mapping[str, Any] | None = None,
    lines: Sequence[LineValues] | None = None,
) -> RFQ:
    """Replace the words of a draft, its lines, or both; None leaves that half alone.

    `version` is the one the editor read (None: whatever is stored, for imports). A line is a mapping
    of LINE_FIELDS; with the `id` of a line of the request it is that line, and keeps what it does not
    mention. Goods lines with a known item code take the item's unit, texts and last price where they
    state none. Raises Stale with the stored values, NotAllowed, IllegalTransition, Incomplete.
    """
    rfq = _lock_draft(rfq_id, version, by)
    facts = _known(head or {})
    _insist_on_urgency(rfq.commodity_type, facts)
    _insist_on_window(
        facts.get("questions_until", rfq.questions_until), facts.get("deadline", rfq.deadline)
    )
    words = None
    if lines is not None:
        rows = _replace_lines(rfq, lines)
        facts |= sums_of(rows)
        words = [words_of(row) for row in rows]
    changed = {name: value for name, value in facts.items() if getattr(rfq, name) != value}
    before = {name: _plain(getattr(rfq, name)) for name in changed}
    if words is not None or "title" in changed:
        rfq.title = facts.get("title", rfq.title)
        facts["search_text"] = search_text(rfq, words, suppliers=rfq.invited_count > 0)
    store(rfq, typed=None, **facts)
    if changed or lines is not None:
        after = {name: _plain(value) for name, value in changed.items()}
        journal.record("rfq.revise", rfq, by=by, before=before, after=after)
    return rfq


@action
def keep_typed(*, rfq_id: UUID, version: int, by: User, typed: Mapping[str, list[str]]) -> RFQ:
    """Keep an editor's raw fields that do not validate yet, so that nothing typed is lost."""
    rfq = _lock_draft(rfq_id, version, by)
    store(rfq, typed=dict(typed))
    return rfq


@action
def copy(*, rfq_id: UUID, by: User, once: Once | None = None) -> RFQ:
    """Begin a new draft with the words, lines and suppliers of another request of the site.

    The same people of those suppliers get copies of its letters, as far as they still can.
    Raises NotAllowed, and Repeated where the form `once` was sent before.
    """
    old = RFQ.objects.visible_to(by).select_related("site").get(pk=rfq_id)
    policy.insist(policy.can_buy, by, old)
    head = {name: getattr(old, name) for name in HEAD_FIELDS if name not in APART}
    lines = [
        {name: getattr(line, name) for name in LINE_FIELDS}
        for line in old.lines.order_by("position")
    ]
    new = create(
        site_id=old.site_id,
        commodity_type=old.commodity_type,
        title=old.title,
        by=by,
        lines=lines,
        once=once,
        **head,
    )
    _copy_suppliers(old, new, by)
    return new


@action
def cancel(*, rfq_id: UUID, by: User, reason: str) -> RFQ:
    """Call the request off, with a reason; pending approvals fall, invited suppliers are told."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if not reason.strip():
        raise Incomplete(_("Say why the request is cancelled."))
    was_published = rfq.published_at is not None
    move(rfq, Event.CANCEL, by=by, note={"reason": reason}, closing_reason=reason.strip())
    close_pending(rfq)
    if was_published:
        notices.rfq_cancelled(rfq)
    return rfq


def insist_draft(rfq: RFQ, by: User) -> None:
    """Raise NotAllowed unless `by` may write the request, IllegalTransition unless it is a draft."""
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.DRAFT:
        raise IllegalTransition(
            _(
                "Only a draft can be changed. %(number)s is “%(status)s” now; a copy of it is a draft."
            )
            % {"number": rfq.number, "status": rfq.get_status_display()}
        )


def _copy_suppliers(old: RFQ, new: RFQ, by: User) -> None:
    """Ask the same suppliers again, as far as they may still be asked, with copies to the same people."""
    asked = old.invitations.filter(supplier__status="active").select_related("supplier")
    rows = {
        before: Invitation(rfq=new, supplier_id=before.supplier_id)
        for before in asked.prefetch_related("supplier__contacts", "copies")
    }
    if not rows:
        return
    Invitation.objects.bulk_create(rows.values())
    InvitationCopy.objects.bulk_create(
        InvitationCopy(invitation=invitation, contact=contact, added_by=by)
        for before, invitation in rows.items()
        for _copy, contact in addressing.copied_for(before)
    )
    refresh_invited(new)


def _lock_draft(rfq_id: UUID, version: int | None, by: User) -> RFQ:
    rfq = RFQ.objects.lock(rfq_id)
    insist_draft(rfq, by)
    if version is not None and version != rfq.version:
        raise Stale(
            _("%(number)s was changed in the meantime. Compare both versions, then save again.")
            % {"number": rfq.number},
            theirs={name: _plain(getattr(rfq, name)) or "" for name in HEAD_FIELDS},
        )
    return rfq


def _replace_lines(rfq: RFQ, lines: Sequence[LineValues]) -> list[RFQLine]:
    """Make the request's lines exactly these: one multi-row insert or update, a deletion if any goes."""
    stored = {row.pk: row for row in rfq.lines.all()} if rfq.line_count else {}
    rows = rows_of(rfq, lines, stored)
    gone = stored.keys() - {row.pk for row in rows}
    if gone:
        RFQLine.objects.filter(pk__in=gone).delete()
    if rows:
        RFQLine.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
        )
    return rows


def _insist_on_urgency(commodity_type: str, facts: Mapping[str, Any]) -> None:
    if commodity_type == CommodityType.TRANSPORT and facts.get("is_urgent"):
        raise Incomplete(_("Transport requests have no urgent option."))


def _insist_on_window(questions_until: datetime | None, deadline: datetime | None) -> None:
    if questions_until and deadline and questions_until > deadline:
        raise Incomplete(_("Questions end at the closing time at the latest."))


def _known(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: head[name] for name in HEAD_FIELDS if name in head}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _address(site: Site | OwnSite) -> str:
    parts: Iterable[str] = (site.name, site.city)
    return ", ".join(part for part in parts if part)[:200]
