"""The lines of a draft as a grid: the columns of each kind of request, and what they mean together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quoteflow.lib.dates import parse_date
from quoteflow.lib.money import format_rate
from rfqs.forms.fields import (
    choice_reader,
    count_reader,
    decimal_reader,
    percent_reader,
    plain,
    text_reader,
)
from rfqs.forms.grid import SPARE_ROWS, Column, Grid, Row
from rfqs.forms.units import read_units, written
from rfqs.models import RFQ, CommodityType, Item, PeriodUnit, RFQLine, WorkType

QUANTITY = decimal_reader(places=3, whole=12, positive=True)
PRICE = decimal_reader(places=4)
LEAST_SPARE = 2
LOAD = decimal_reader(places=3, whole=7, positive=True)


def _hsn(text: str) -> str:
    code = text.replace(" ", "")
    if not code.isascii() or not code.isdigit() or len(code) not in (4, 6, 8):
        raise ValueError(_("An HSN or SAC code has 4, 6 or 8 digits."))
    return code


DESCRIPTION = Column(
    "description", _lazy("Description"), read=text_reader(500), css="wide",
    required=_lazy("say what is needed."),
)  # fmt: skip
SPECIFICATION = Column("specification", _lazy("Specification"), css="roomy", read=text_reader(5000))
NEED = Column("quantity", _lazy("Quantity"), "decimal", QUANTITY, _lazy("enter a quantity."))
UNIT = Column("unit", _lazy("Unit"), "unit", required=_lazy("enter a unit, such as NOS or KGS."))
HSN = Column("hsn", _lazy("HSN/SAC"), read=_hsn, css="code")
GST = Column("gst_percent", _lazy("GST %"), "percent", percent_reader(), css="short")
LAST = Column("last_price", _lazy("Last price"), "shown")
LAST_RATE = replace(LAST, label=_lazy("Last rate"))
TARGET = Column("target_price", _lazy("Target price"), "decimal", PRICE)
TARGET_RATE = replace(TARGET, label=_lazy("Target rate"))

COLUMNS: dict[str, Sequence[Column]] = {
    CommodityType.GOODS: (
        Column("item_code", _lazy("Item code"), "item", text_reader(40)),
        DESCRIPTION, SPECIFICATION, NEED, UNIT, HSN, GST, LAST, TARGET,
        Column("required_by", _lazy("Required by"), "date", parse_date),
    ),
    CommodityType.SERVICE: (
        DESCRIPTION, SPECIFICATION,
        Column(
            "work_type", _lazy("Work"), "select", choice_reader(dict(WorkType.choices)),
            choices=[("", "—"), *WorkType.choices],
        ),
        NEED, UNIT,
        Column(
            "periods", _lazy("Periods"), "count", count_reader(least=1, most=600), css="short",
            required=_lazy("enter how many periods; 1 for work done once."),
        ),
        Column(
            "period_unit", _lazy("Period"), "select", choice_reader(dict(PeriodUnit.choices)),
            _lazy("choose the period."), choices=PeriodUnit.choices,
        ),
        Column("starts_on", _lazy("Starts"), "date", parse_date),
        Column("ends_on", _lazy("Ends"), "date", parse_date),
        GST, LAST_RATE, TARGET_RATE,
    ),
    CommodityType.TRANSPORT: (
        Column("from_location", _lazy("From"), "text", text_reader(120), _lazy("enter where it starts.")),
        Column("to_location", _lazy("To"), "text", text_reader(120), _lazy("enter where it goes.")),
        Column("description", _lazy("Cargo"), "text", text_reader(500), _lazy("say what is carried."), "wide"),
        Column("vehicle_size", _lazy("Vehicle"), "text", text_reader(60), css="middle"),
        Column("load_t", _lazy("Load, t"), "decimal", LOAD, css="short"),
        Column("distance_km", _lazy("Distance, km"), "decimal", decimal_reader(places=2, whole=8), css="short"),
        Column(
            "trips_per_month", _lazy("Trips a month"), "count", count_reader(least=1, most=3000),
            _lazy("enter the trips a month."), "short",
        ),
        Column(
            "months", _lazy("Months"), "count", count_reader(least=1, most=120),
            _lazy("enter the number of months."), "short",
        ),
        GST, LAST_RATE, TARGET_RATE,
    ),
}  # fmt: skip


def stored_grid(rfq: RFQ, lines: Sequence[RFQLine]) -> Grid:
    """The stored lines as texts, with empty rows below."""
    grid = Grid(COLUMNS[rfq.commodity_type])
    grid.fill((str(line.pk), partial(_text, line)) for line in lines)
    return grid.spare(SPARE_ROWS if not lines else LEAST_SPARE)


def typed_grid(rfq: RFQ, data: Mapping[str, Any], lines: Sequence[RFQLine]) -> Grid:
    """The texts of a posted form; the last prices beside them come from the stored lines."""
    grid = Grid(COLUMNS[rfq.commodity_type]).take(data)
    stored = {str(line.pk): line for line in lines}
    for row in grid.rows:
        line = stored.get(row.key)
        row.cell("last_price").text = _text(line, "last_price") if line else ""
    return grid


def check(rfq: RFQ, grid: Grid) -> bool:
    """Read every line; what one cell cannot know is checked across the line. True without errors."""
    grid.check(read_units)
    if rfq.is_goods:
        _leave_open_to_catalogue(grid.used)
    for row in grid.used:
        _check_together(row)
    return not any(row.has_errors for row in grid.used)


def line_values(grid: Grid) -> list[dict[str, Any]]:
    """What `drafting.revise` takes, one mapping per line that counts."""
    lines = []
    for row in grid.used:
        values = dict(row.values)
        if "unit" in values:
            values["unit_id"] = values.pop("unit") or ""
        key = _uuid(row.key)
        lines.append(values if key is None else values | {"id": key})
    return lines


def _leave_open_to_catalogue(rows: Sequence[Row]) -> None:
    """A line with the code of a catalogue item may leave its words and its unit to the catalogue."""
    open_rows = [
        row
        for row in rows
        if row.values.get("item_code") and (row.cell("description").error or row.cell("unit").error)
    ]
    if not open_rows:
        return
    codes = {row.values["item_code"] for row in open_rows}
    known = set(Item.objects.active().filter(code__in=codes).values_list("code", flat=True))
    for row in open_rows:
        if row.values["item_code"] in known:
            for name in ("description", "unit"):
                if not str(row.cell(name).text).strip():
                    row.cell(name).error = ""


def _check_together(row: Row) -> None:
    values = row.values
    once = values.get("period_unit") == PeriodUnit.ONCE
    if once and not str(row.cell("periods").text).strip():
        row.cell("periods").error, values["periods"] = "", 1
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        row.cell("ends_on").error = _("the end lies before the start.")
    origin, goal = values.get("from_location"), values.get("to_location")
    if origin and goal and origin.casefold() == goal.casefold():
        row.cell("to_location").error = _("the trip must end somewhere else than it starts.")


def _text(line: RFQLine, name: str) -> Any:
    if name == "unit":
        return written(line.unit_id)
    if name == "last_price":
        return "" if line.last_price is None else format_rate(line.last_price)
    return plain(getattr(line, name))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
