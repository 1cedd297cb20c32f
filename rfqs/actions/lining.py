"""The lines of a request as they will be stored: what is written, what the catalogue adds, what they sum up to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, starmap
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.composed import Composed, Values
from quoteflow.lib.errors import Incomplete
from rfqs.actions.figures import BEYOND_TOTALS
from rfqs.conversion import ONE, Conversion
from rfqs.models import RFQ, CommodityType, ExchangeRate, Item, RFQLine, TaxRate, Unit

LINE_FIELDS = (
    "description", "specification", "quantity", "unit_id", "hsn", "gst_percent", "required_by", "note",
    "target_price", "alternative_allowed", "last_price", "last_vendor", "last_bought_on", "item_code",
    "is_new_item", "indent_number", "make_accepted", "drawing_number", "work_type", "periods", "period_unit",
    "starts_on", "ends_on", "from_location", "to_location", "vehicle_size", "load_t", "dimensions", "distance_km",
    "trips_per_month", "months",
)  # fmt: skip
MOST_LINES = 500
WRITTEN = ["position", "item_id", *LINE_FIELDS]
_PRICED_BY = ("item_code", "unit_id")  # what a last price is for

LineValues = Mapping[str, Any]


def rows_of(
    rfq: RFQ,
    lines: Sequence[LineValues],
    stored: Mapping[UUID, RFQLine] | None = None,
    *,
    after: int | None = None,
) -> list[RFQLine]:
    """The lines as they will be stored; those of `stored` keep what is not mentioned.

    They are numbered anew from 1; or, with `after`, those of `stored` keep their numbers, and the
    others follow that number.
    """
    if len(lines) > MOST_LINES:
        raise Incomplete(_("A request has at most %(most)d lines.") % {"most": MOST_LINES})
    codes = {line["item_code"] for line in lines if rfq.is_goods and line.get("item_code")}
    items = _items(codes) if codes else {}
    left = dict(stored or {})
    given = count(1 if after is None else after + 1)
    rows = []
    for values in lines:
        row = left.pop(values["id"], None) if "id" in values else None
        number = row.position if row and after is not None else next(given)
        rows.append(_line(rfq, number, values, items, row))
    _take_tax_rates(rows)
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


def sums_of(rows: Sequence[RFQLine]) -> dict[str, Any]:
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


def words_of(row: RFQLine) -> tuple[str, ...]:
    return row.item_code, row.description, row.from_location, row.to_location


def _take_from_item(line: RFQLine, item: _Listed) -> None:
    """Fill what the line leaves open from the catalogue."""
    line.unit_id = line.unit_id or item.unit_id
    line.description = line.description or item.description
    line.specification = line.specification or item.specification
    line.hsn = line.hsn or item.hsn
    if line.gst_percent is None:
        line.gst_percent = item.gst_percent


def _take_tax_rates(rows: Sequence[RFQLine]) -> None:
    """The GST percent of today by HSN or SAC, where neither the line nor its item says one.

    Where there is no rate the percent stays empty, and is taken from what suppliers state: never zero.
    """
    silent = [row for row in rows if row.gst_percent is None and row.hsn]
    rates = TaxRate.objects.on(timezone.localdate(), {row.hsn for row in silent}) if silent else {}
    for row in silent:
        row.gst_percent = rates.get(row.hsn)


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
