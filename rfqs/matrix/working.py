"""Why a cell is so: its arithmetic, step by step, as it was done."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.lib.money import format_money, format_quantity, format_rate
from rfqs.comparison import Cell, OfferColumn, Step
from rfqs.matrix.lines import title_of
from rfqs.matrix.words import STEPS, flag_text
from rfqs.pricehistory import Memory
from rfqs.reports import Statement

RATES = ("unit_price_quoted", "effective_unit")
COUNTS = ("quantity", "periods", "charged_for", "vehicles", "months")


@dataclass(frozen=True)
class Working:
    """The steps of one cell as (words, figure, currency), and what to know about them."""

    title: str
    supplier: str
    steps: list[tuple[str, str, str]]
    notes: list[str]
    memory: str
    standing: str


def working_of(statement: Statement, place: str, user: User) -> Working | None:
    """The working of the cell at `place` ("line-column"); None where there is no such cell.

    The price is held against what `user` may see of the item's history.
    """
    position, _dash, number = place.partition("-")
    sheet = statement.sheet
    line = next((line for line in statement.lines if str(line.position) == position), None)
    if line is None or number not in map(str, range(len(sheet.offers))):
        return None
    row = next(row for row in sheet.lines if row.line.key == str(line.pk))
    cell, column = row.cells[int(number)], sheet.offers[int(number)]
    return Working(
        f"{position}. {title_of(line)}",
        column.supplier_name,
        [_step(step, column, sheet.base_currency) for step in cell.steps],
        [flag_text(flag, cell) for flag in cell.flags],
        Memory(user, [line]).remark(line, cell.unit_price),
        _standing(cell),
    )


def _step(step: Step, column: OfferColumn, base: str) -> tuple[str, str, str]:
    currency = {"quoted": column.currency, "base": base}.get(step.money, "")
    if step.name in COUNTS:
        figure = format_quantity(step.figure)
    elif step.name in RATES:
        figure = format_rate(step.figure, currency)
    elif step.name == "rate":
        figure = f"{step.figure:f}"
    else:
        figure = format_money(step.figure, currency or base)
    words = STEPS.get(step.name)
    return (str(words) if words is not None else step.name, figure, currency)


def _standing(cell: Cell) -> str:
    if cell.rank is None:
        return _("Not in the competition for this line.")
    return _("Rank %(n)d on this line.") % {"n": cell.rank}
