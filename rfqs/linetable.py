"""The lines of a request as a table of texts, for each of the three kinds."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from quoteflow.lib.money import NONE, format_percent, format_quantity, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs.models import RFQ, RFQLine


class Column(NamedTuple):
    """A heading, its style, and how a line fills it."""

    head: str
    css: str
    text: Callable[[RFQLine], str]


class Row(NamedTuple):
    """A line: its number and words, what is said below them, and the cells."""

    position: int
    description: str
    notes: list[str]
    cells: list[tuple[str, str, str]]  # heading, style, text


def columns(rfq: RFQ) -> list[Column]:
    """The columns after the description, by kind of request."""
    last = [
        Column(_("Target price"), "num", lambda line: format_rate(line.target_price)),
        Column(_("Last price"), "num", lambda line: format_rate(line.last_price)),
        Column(_("Last vendor"), "", lambda line: line.last_vendor or NONE),
    ]
    return [*asked_columns(rfq), *last]


def asked_columns(rfq: RFQ) -> list[Column]:
    """Those of them that a supplier may know: no target, no last price."""
    if rfq.is_transport:
        return _lane()
    quantity = Column(_("Quantity"), "num", _quantity)
    if rfq.is_service:
        return [quantity, Column(_("Periods"), "num", _periods)]
    return [quantity, Column("GST", "num", lambda line: _percent(line.gst_percent))]


def rows(rfq: RFQ, lines: list[RFQLine]) -> list[Row]:
    """The lines in the columns of their request."""
    return _in(columns(rfq), lines)


def asked_rows(rfq: RFQ, lines: list[RFQLine]) -> list[Row]:
    """The lines in the columns that a supplier may know."""
    return _in(asked_columns(rfq), lines)


def _in(wanted: list[Column], lines: list[RFQLine]) -> list[Row]:
    return [
        Row(
            line.position,
            line.description,
            _notes(line),
            [(column.head, column.css, column.text(line)) for column in wanted],
        )
        for line in lines
    ]


def _lane() -> list[Column]:
    return [
        Column(_("From"), "", lambda line: line.from_location),
        Column(_("To"), "", lambda line: line.to_location),
        Column(_("Vehicle"), "", _vehicle),
        Column(_("Trips"), "num", _trips),
    ]


def _quantity(line: RFQLine) -> str:
    return f"{format_quantity(line.quantity)} {line.unit.symbol or line.unit.name}"


def _periods(line: RFQLine) -> str:
    return f"{line.periods} × {line.get_period_unit_display()}" if line.periods else ""


def _vehicle(line: RFQLine) -> str:
    load = f"{format_quantity(line.load_t)} t" if line.load_t is not None else ""
    return ", ".join(part for part in (line.vehicle_size, load) if part)


def _trips(line: RFQLine) -> str:
    return _("%(trips)s a month × %(months)s") % {
        "trips": line.trips_per_month,
        "months": line.months,
    }


def _percent(percent: Decimal | None) -> str:
    return format_percent(percent)


def _notes(line: RFQLine) -> list[str]:
    """The words below the description, those that are filled in."""
    labelled: list[tuple[str, str | date | Decimal | None]] = [
        ("", line.item_code),
        ("", _("new item") if line.is_new_item and not line.item_code else ""),
        ("", line.specification),
        (_("make"), line.make_accepted),
        (_("drawing"), line.drawing_number),
        (_("indent"), line.indent_number),
        ("HSN/SAC", line.hsn),
        (_("work"), line.get_work_type_display() if line.work_type else ""),
        (_("from"), day(line.starts_on) if line.starts_on else ""),
        (_("until"), day(line.ends_on) if line.ends_on else ""),
        (_("needed by"), day(line.required_by) if line.required_by else ""),
        (_("dimensions"), line.dimensions),
        ("", f"{format_quantity(line.distance_km)} km" if line.distance_km is not None else ""),
        ("", _("alternative allowed") if line.alternative_allowed else ""),
        (_("note"), line.note),
    ]
    return [f"{label} {text}".strip() for label, text in labelled if text]
