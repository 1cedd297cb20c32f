"""The statement as a flat table: a row per line and supplier, every figure as a number."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from rfqs import comparison
from rfqs.comparison import Flag
from rfqs.exports.csv import Cell
from rfqs.matrix.words import FLAGS
from rfqs.reports import Statement

AMOUNTS = (
    "basic", "packing", "freight", "insurance", "duty", "surcharge", "other", "clearing", "net_landed", "gst",
    "gross_landed",
)  # fmt: skip


def header() -> list[str]:
    """The headings; amounts are in the request's base currency."""
    return [
        _("Line"), _("Item code"), _("Description"), _("HSN/SAC"), _("Quantity"), _("Unit"), _("Last price"),
        _("Supplier"), _("Name"), _("Make"), _("Currency"), _("Quoted price"), _("Price per"), _("Exchange rate"),
        _("Quantity charged"), _("Basic"), _("Packing and forwarding"), _("Freight"), _("Insurance"), _("Duty"),
        _("Surcharge"), _("Other"), _("Clearing"), _("Net landed"), _("GST"), _("Gross landed"),
        _("Landed per unit"), _("Rank on the line"), _("Lead days"), _("Remarks"), _("Notes"),
    ]  # fmt: skip


def rows(statement: Statement) -> Iterator[tuple[Cell, ...]]:
    """Every line with every supplier, in the order of the sheet; no figure where there is none."""
    asked = {str(line.pk): line for line in statement.lines}
    for row in statement.sheet.lines:
        line = asked[row.line.key]
        for cell, column in zip(row.cells, statement.sheet.offers, strict=True):
            offered = cell.offered
            yield (
                row.line.no, row.line.item_code, row.line.description, line.hsn, row.line.need, row.line.unit,
                row.line.last_price, column.supplier_code, column.supplier_name, offered.make if offered else "",
                column.currency, cell.unit_price_quoted, offered.price_basis if offered else None, cell.rate,
                cell.quantity, *(amount(cell, name) for name in AMOUNTS), cell.effective_unit, cell.rank,
                offered.lead_days if offered else None, offered.remarks if offered else "",
                "; ".join(str(FLAGS[flag]) for flag in cell.flags),
            )  # fmt: skip


def amount(cell: comparison.Cell, name: str) -> Decimal | None:
    """One of AMOUNTS of a cell, base currency; None where there is none: freight not stated is no 0."""
    if name == "freight" and Flag.FREIGHT_NOT_STATED in cell.flags:
        return None
    figure: Decimal | None = getattr(cell, name)
    return figure
