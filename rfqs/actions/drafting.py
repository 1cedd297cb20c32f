"""Writing a request: create, revise, keep what was typed, copy, cancel."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import OwnSite, Site, User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.composed import Composed, Values
from quoteflow.lib.errors import Incomplete, Stale
from quoteflow.lib.inserting import insert
from quoteflow.lib.once import Once
from rfqs import notices, numbering, policy
from rfqs.actions.figures import BEYOND_TOTALS, refresh_invited, search_text
from rfqs.actions.moving import close_pending, move, store
from rfqs.conversion import ONE, Conversion
from rfqs.models import RFQ, CommodityType, ExchangeRate, Invitation, Item, RFQLine, Unit
from rfqs.states import Event, IllegalTransition, Status

HEAD_FIELDS = (
    "title", "description", "project_name", "department", "priority", "is_urgent", "is_sealed", "deadline",
    "questions_until", "required_by", "delivery_place", "delivery_terms", "contact", "remarks", "tax_basis",
    "quantity_basis", "incomplete_basis", "split_basis", "interest_percent", "credit_days",
)  # fmt: skip
LINE_FIELDS = (
    "description", "specification", "quantity", "unit_id", "hsn", "gst_percent", "required_by", "note",
    "target_price", "alternative_allowed", "last_price", "last_vendor", "last_bought_on", "item_code",
    "is_new_item", "indent_number", "make_accepted", "drawing_number", "work_type", "periods", "period_unit",
    "starts_on", "ends_on", "from_location", "to_location", "vehicle_size", "load_t", "dimensions", "distance_km",
    "trips_per_month", "months",
)  # fmt: skip
APART = ("deadline", "questions_until", "title")  # not taken along as they are by a copy
MOST_LINES = 500
_WRITTEN = ["position", "item_id", *LINE_FIELDS]
_PRICED_BY = ("item_code", "unit_id")  # what a last price is for

LineValues = Mapping[str, Any]


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
    rows = _rows(rfq, lines)
    for name, value in _sums(rows).items():
        setattr(rfq, name, value)
    insert(rows)  # before the number, whose counter everybody at the site waits for from then on
    rfq.number, rfq.serial = numbering.next_rfq_number(site)
    rfq.search_text = search_text(rfq, [_words(row) for row in rows])
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
        facts |= _sums(rows)
        words = [_words(row) for row in rows]
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
    _copy_suppliers(old, new)
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


def _copy_suppliers(old: RFQ, new: RFQ) -> None:
    """Ask the same suppliers again, as far as they may still be asked."""
    asked = old.invitations.filter(supplier__status="active").values_list("supplier", flat=True)
    rows = [Invitation(rfq=new, supplier_id=pk) for pk in asked]
    if not rows:
        return
    Invitation.objects.bulk_create(rows)
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
    rows = _rows(rfq, lines, stored)
    gone = stored.keys() - {row.pk for row in rows}
    if gone:
        RFQLine.objects.filter(pk__in=gone).delete()
    if rows:
        RFQLine.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN
        )
    return rows


def _rows(
    rfq: RFQ, lines: Sequence[LineValues], stored: Mapping[UUID, RFQLine] | None = None
) -> list[RFQLine]:
    """The lines as they will be stored; those of `stored` keep what is not mentioned."""
    if len(lines) > MOST_LINES:
        raise Incomplete(_("A request has at most %(most)d lines.") % {"most": MOST_LINES})
    codes = {line["item_code"] for line in lines if rfq.is_goods and line.get("item_code")}
    items = _items(codes) if codes else {}
    left = dict(stored or {})
    rows = [
        _line(rfq, number, values, items, left.pop(values["id"], None) if "id" in values else None)
        for number, values in enumerate(lines, start=1)
    ]
    _take_last_prices([(row, items[row.item_code]) for row in rows if row.item_id is not None])
    return rows


class _Listed(NamedTuple):
    """What a line takes from the catalogue; the last price in base currency."""

    pk: UUID
    code: str
    unit_id: str
    description: str
    specification: str
    hsn: str
    gst_percent: Decimal | None
    last_price: Decimal | None
    last_currency: str
    last_vendor: str | None
    last_bought_on: date | None


def _listed(_shape: object, values: Values) -> "QuerySet[Item, Any]":
    return Item.objects.filter(code__in=values["codes"]).values_list(
        "pk", "code", "unit_id", "description", "specification", "hsn", "gst_percent", "last_price",
        "last_currency", "last_supplier__name", "last_bought_on",
    )  # fmt: skip


_LISTED = Composed(_listed)


def _items(codes: Collection[str]) -> dict[str, _Listed]:
    """The catalogue's items by code; a last price in another currency is brought to the base at today's rate.

    Where there is no rate there is no last price: 1 USD is never taken for 1 INR (DOMAIN 6, Q4).
    """
    items = list(starmap(_Listed, _LISTED.fetch("by code", {"codes": sorted(codes)})))
    home = ("", settings.BASE_CURRENCY)
    rates: Mapping[str, Decimal] = {}
    if any(item.last_currency not in home for item in items):
        rates = ExchangeRate.objects.on(timezone.localdate())
    return {
        item.code: item if item.last_currency in home else _brought_home(item, rates)
        for item in items
    }


def _brought_home(item: _Listed, rates: Mapping[str, Decimal]) -> _Listed:
    rate = rates.get(item.last_currency)
    if rate is None or item.last_price is None:
        return item._replace(last_price=None)
    return item._replace(
        last_price=(item.last_price * rate).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    )


def _line(
    rfq: RFQ, position: int, values: LineValues, items: Mapping[str, _Listed], row: RFQLine | None
) -> RFQLine:
    line = row or RFQLine(rfq=rfq, kind=rfq.commodity_type)
    if row and any(values.get(n, getattr(row, n)) != getattr(row, n) for n in _PRICED_BY):
        line.last_price, line.last_vendor, line.last_bought_on = None, "", None
    line.position = position
    for name in LINE_FIELDS:
        if name in values:
            setattr(line, name, values[name])
    if rfq.is_transport:
        line.unit_id = line.unit_id or "E54"
        line.quantity = Decimal((line.trips_per_month or 0) * (line.months or 0))
    item = items.get(line.item_code)
    if rfq.is_goods:
        line.item_id, line.is_new_item = item and item.pk, item is None
    if item is not None:
        _take_from_item(line, item)
    return line


def _sums(rows: Sequence[RFQLine]) -> dict[str, Any]:
    """The figures a request keeps of its lines; the last total in base currency, without GST.

    A service's last price falls due in every period, as the savings count it (COMPARISON 9).
    """
    priced = [
        row.quantity
        * (row.periods or 1 if row.kind == CommodityType.SERVICE else 1)
        * row.last_price
        for row in rows
        if row.last_price is not None
    ]
    total = sum(priced, Decimal(0)).quantize(Decimal("0.01")) if priced else None
    if total is not None and total >= BEYOND_TOTALS:
        raise Incomplete(
            _(
                "Quantities times last prices make too many digits. Check the quantities of the lines."
            )
        )
    return {"line_count": len(rows), "last_total": total}


def _words(row: RFQLine) -> tuple[str, ...]:
    return row.item_code, row.description, row.from_location, row.to_location


def _take_from_item(line: RFQLine, item: _Listed) -> None:
    """Fill what the line leaves open from the catalogue."""
    line.unit_id = line.unit_id or item.unit_id
    line.description = line.description or item.description
    line.specification = line.specification or item.specification
    line.hsn = line.hsn or item.hsn
    if line.gst_percent is None:
        line.gst_percent = item.gst_percent


def _take_last_prices(rows: Sequence[tuple[RFQLine, _Listed]]) -> None:
    """What each line's item last cost, per unit of the line; nothing where the units do not convert."""
    conversion = Conversion(item.pk for _row, item in rows)
    pairs = [(row.unit_id, item.unit_id) for row, item in rows]
    foreign = {unit for pair in pairs if pair[0] != pair[1] for unit in pair}
    units = Unit.objects.in_bulk(foreign) if foreign else {}
    for row, item in rows:
        if item.last_price is None or row.last_price is not None:
            continue
        factor: Decimal | None = ONE
        if row.unit_id != item.unit_id:
            factor = conversion.factor(item.pk, units[row.unit_id], units[item.unit_id])
        if factor is None:
            continue
        row.last_price = (item.last_price * factor).quantize(Decimal("0.0001"), ROUND_HALF_UP)
        row.last_vendor = item.last_vendor or ""
        row.last_bought_on = item.last_bought_on


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
