"""The cells of a request's line, and which of them each kind of request has."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from quoteflow.lib.cellfields import (
    CountField,
    ReadField,
    WordField,
    percent_field,
    price_field,
    quantity_field,
)
from quoteflow.lib.fields import FlexibleDateField
from quoteflow.lib.masterdata import Record
from quoteflow.lib.tabular import RowError
from rfqs.importing.catalogue import hsn_field
from rfqs.importing.units import UnitBook
from rfqs.models import CommodityType, PeriodUnit, RFQLine

SERVICE_COLUMNS = ("periods", "period_unit")
TRANSPORT_COLUMNS = (
    "from_location", "to_location", "vehicle_size", "load_t", "distance_km", "trips_per_month", "months",
)  # fmt: skip
# Column of the file: field of the line, where the two differ.
FIELDS = {"uom": "unit_id", "last_buying_price": "last_price"}
COLUMNS = (
    "item_code", "description", "specification", "quantity", "uom", "hsn", "gst_percent",
    "last_buying_price", "last_vendor", "required_by", *SERVICE_COLUMNS, *TRANSPORT_COLUMNS,
)  # fmt: skip
# What a line takes from the catalogue where the file states nothing.
FROM_CATALOGUE = frozenset(
    {"description", "specification", "unit_id", "hsn", "gst_percent", "last_price", "last_vendor"}
)


def fields(book: UnitBook) -> dict[str, forms.Field]:
    """The cells of one line."""
    return {
        "line_no": CountField(least=1),
        "item_code": forms.CharField(required=False, max_length=40),
        "description": forms.CharField(max_length=500),
        "specification": forms.CharField(required=False),
        "quantity": quantity_field(),
        "uom": ReadField(book.find, required=False),
        "hsn": hsn_field(),
        "gst_percent": percent_field(),
        "last_buying_price": price_field(),
        "last_vendor": forms.CharField(required=False, max_length=200),
        "required_by": FlexibleDateField(required=False),
        "periods": CountField(least=1, required=False),
        "period_unit": WordField({unit.value: unit.value for unit in PeriodUnit}, required=False),
        "from_location": forms.CharField(required=False, max_length=120),
        "to_location": forms.CharField(required=False, max_length=120),
        "vehicle_size": forms.CharField(required=False, max_length=60),
        "load_t": quantity_field(digits=7),
        "distance_km": quantity_field(digits=8, places=2),
        "trips_per_month": CountField(least=1, required=False),
        "months": CountField(least=1, required=False),
    }


def line_values(record: Record, kind: str, errors: list[RowError]) -> dict[str, Any]:
    """Return the line as the drafting actions take it; what its kind lacks or forbids is an error."""
    cells = record.values
    for column, problem in _problems(cells, kind):
        errors.append(RowError(record.row.line, column, problem))
    values = {FIELDS.get(name, name): cells[name] for name in COLUMNS if name in cells}
    if "unit_id" in values:
        values["unit_id"] = values["unit_id"].pk if values["unit_id"] else None
    if kind == CommodityType.SERVICE:
        values["periods"] = cells.get("periods") or 1
        values["period_unit"] = cells.get("period_unit") or PeriodUnit.ONCE.value
    if kind == CommodityType.TRANSPORT:
        values.pop("quantity", None)  # trips times months, the action's own sum
    return values


def differing(line: RFQLine, values: Mapping[str, Any]) -> set[str]:
    """Return the fields in which a stored line is not as the file says.

    What the file leaves open may have come from the catalogue, and a lane's unit from its kind.
    """
    open_fields = FROM_CATALOGUE if line.item_id else frozenset()
    if line.kind == CommodityType.TRANSPORT:
        open_fields |= {"unit_id"}
    return {
        name
        for name, value in values.items()
        if getattr(line, name) != value and not (name in open_fields and value in (None, ""))
    }


def _problems(cells: Mapping[str, Any], kind: str) -> list[tuple[str, str]]:
    missing = _("Fill in this cell: every line of this kind of request has it.")
    foreign = _("This kind of request has no such column. Empty this cell.")
    needed: tuple[str, ...] = ("quantity", "uom")
    forbidden: tuple[str, ...] = (*SERVICE_COLUMNS, *TRANSPORT_COLUMNS)
    if kind == CommodityType.SERVICE:
        forbidden = TRANSPORT_COLUMNS
    if kind == CommodityType.TRANSPORT:
        needed = ("from_location", "to_location", "trips_per_month", "months")
        forbidden = SERVICE_COLUMNS
    problems = [(name, missing) for name in needed if not cells.get(name)]
    problems += [(name, foreign) for name in forbidden if cells.get(name)]
    if cells.get("periods") and not cells.get("period_unit"):
        problems.append(("period_unit", _("Say what the periods are, such as month.")))
    if kind == CommodityType.TRANSPORT and cells.get("from_location") == cells.get("to_location"):
        problems.append(("to_location", _("A lane ends at another place than it begins.")))
    return problems
