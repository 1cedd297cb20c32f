"""Writing a request: create, revise, keep what was typed, copy, cancel."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Site, User
from quoteflow.audit import journal
from quoteflow.lib.errors import Incomplete, Stale
from rfqs import notices, numbering, policy
from rfqs.actions.deciding import close_pending
from rfqs.actions.figures import refresh_search
from rfqs.actions.moving import move, store
from rfqs.models import RFQ, CommodityType, Item, RFQLine
from rfqs.states import Event

HEAD_FIELDS = (
    "title", "description", "project_name", "department", "priority", "is_urgent", "is_sealed", "deadline",
    "required_by", "delivery_place", "delivery_terms", "contact", "remarks", "tax_basis", "quantity_basis",
    "interest_percent", "credit_days",
)  # fmt: skip
LINE_FIELDS = (
    "description", "specification", "quantity", "unit_id", "hsn", "gst_percent", "required_by", "note",
    "target_price", "alternative_allowed", "last_price", "last_vendor", "last_bought_on", "item_code", "is_new_item",
    "indent_number", "make_accepted", "drawing_number", "work_type", "periods", "period_unit", "starts_on",
    "ends_on", "from_location", "to_location", "vehicle_size", "load_t", "dimensions", "distance_km",
    "trips_per_month", "months",
)  # fmt: skip
MOST_LINES = 500

LineValues = Mapping[str, Any]


@transaction.atomic
def create(
    *, site_id: UUID, commodity_type: str, title: str, by: User, reference: str = "", **head: Any
) -> RFQ:
    """Begin a draft at a site of the buyer; its number is taken here, under the counter's lock.

    `reference` is the outside world's own key. `head` holds any of HEAD_FIELDS. Raises NotAllowed.
    """
    site = Site.objects.get(pk=site_id)
    policy.insist(policy.can_create_at, by, site)
    values = {"is_sealed": site.sealed_by_default, "delivery_place": _address(site)} | _known(head)
    number, serial = numbering.next_rfq_number(site)
    rfq = RFQ(
        number=number,
        serial=serial,
        site=site,
        requester=by,
        commodity_type=commodity_type,
        title=title,
        reference=reference,
        search_text=f"{number} {title} {reference}".upper(),
        **values,
    )
    rfq.save(force_insert=True)
    journal.record("rfq.create", rfq, by=by, after={"number": number, "title": title})
    return rfq


@transaction.atomic
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
    of LINE_FIELDS. Goods lines with a known item code take the item's unit, texts and last price
    where they state none. Raises Stale with the stored values, NotAllowed, Incomplete.
    """
    rfq = _lock_draft(rfq_id, version, by)
    facts = _known(head or {})
    if rfq.is_transport and facts.get("is_urgent"):
        raise Incomplete(_("Transport requests have no urgent option."))
    if lines is not None:
        facts |= _replace_lines(rfq, lines)
    changed = {name: value for name, value in facts.items() if getattr(rfq, name) != value}
    before = {name: _plain(getattr(rfq, name)) for name in changed}
    store(rfq, typed=None, **facts)
    refresh_search(rfq)
    if changed or lines is not None:
        after = {name: _plain(value) for name, value in changed.items()}
        journal.record("rfq.revise", rfq, by=by, before=before, after=after)
    return rfq


@transaction.atomic
def keep_typed(*, rfq_id: UUID, version: int, by: User, typed: Mapping[str, list[str]]) -> RFQ:
    """Keep an editor's raw fields that do not validate yet, so that nothing typed is lost."""
    rfq = _lock_draft(rfq_id, version, by)
    store(rfq, typed=dict(typed))
    return rfq


@transaction.atomic
def copy(*, rfq_id: UUID, by: User) -> RFQ:
    """Begin a new draft with the words, lines and suppliers of another request of the site."""
    old = RFQ.objects.visible_to(by).select_related("site").get(pk=rfq_id)
    policy.insist(policy.can_buy, by, old)
    head = {name: getattr(old, name) for name in HEAD_FIELDS if name not in ("deadline", "title")}
    new = create(
        site_id=old.site_id, commodity_type=old.commodity_type, title=old.title, by=by, **head
    )
    lines = [
        {name: getattr(line, name) for name in LINE_FIELDS}
        for line in old.lines.order_by("position")
    ]
    revise(rfq_id=new.pk, version=None, by=by, lines=lines)
    new.refresh_from_db()
    return new


@transaction.atomic
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


def _lock_draft(rfq_id: UUID, version: int | None, by: User) -> RFQ:
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_edit, by, rfq)
    if version is not None and version != rfq.version:
        raise Stale(
            _("%(number)s was changed in the meantime. Compare both versions, then save again.")
            % {"number": rfq.number},
            theirs={name: _plain(getattr(rfq, name)) or "" for name in HEAD_FIELDS},
        )
    return rfq


def _replace_lines(rfq: RFQ, lines: Sequence[LineValues]) -> dict[str, Any]:
    if len(lines) > MOST_LINES:
        raise Incomplete(_("A request has at most %(most)d lines.") % {"most": MOST_LINES})
    codes = {line["item_code"] for line in lines if rfq.is_goods and line.get("item_code")}
    found = (
        Item.objects.filter(code__in=codes).select_related("last_supplier")
        if codes
        else Item.objects.none()
    )
    items = {item.code: item for item in found}
    rows = [_line(rfq, number, values, items) for number, values in enumerate(lines, start=1)]
    RFQLine.objects.filter(rfq=rfq).delete()
    RFQLine.objects.bulk_create(rows)
    priced = [row.quantity * row.last_price for row in rows if row.last_price is not None]
    total = sum(priced, Decimal(0)).quantize(Decimal("0.01")) if priced else None
    return {"line_count": len(rows), "last_total": total}


def _line(rfq: RFQ, position: int, values: LineValues, items: Mapping[str, Item]) -> RFQLine:
    facts = {name: values[name] for name in LINE_FIELDS if name in values}
    line = RFQLine(rfq=rfq, kind=rfq.commodity_type, position=position, **facts)
    if rfq.commodity_type == CommodityType.TRANSPORT:
        line.unit_id = line.unit_id or "E54"
        line.quantity = Decimal((line.trips_per_month or 0) * (line.months or 0))
    item = items.get(line.item_code)
    if rfq.is_goods:
        line.item, line.is_new_item = item, item is None
    if item is not None:
        _take_from_item(line, item)
    return line


def _take_from_item(line: RFQLine, item: Item) -> None:
    """Fill what the line leaves open from the catalogue."""
    line.unit_id = line.unit_id or item.unit_id
    line.description = line.description or item.description
    line.specification = line.specification or item.specification
    line.hsn = line.hsn or item.hsn
    if line.gst_percent is None:
        line.gst_percent = item.gst_percent
    if line.last_price is None:
        line.last_price = item.last_price
        line.last_vendor = item.last_supplier.name if item.last_supplier else ""
        line.last_bought_on = item.last_bought_on


def _known(head: Mapping[str, Any]) -> dict[str, Any]:
    return {name: head[name] for name in HEAD_FIELDS if name in head}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def _address(site: Site) -> str:
    parts: Iterable[str] = (site.name, site.city)
    return ", ".join(part for part in parts if part)[:200]
