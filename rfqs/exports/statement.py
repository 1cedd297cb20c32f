"""The comparative statement as facts of a paper: texts as the page shows them, cut into printable parts."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib.money import NONE, format_money, format_quantity, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs.comparison import Cell, ComparisonSheet, OfferColumn
from rfqs.endorsement import Endorsement
from rfqs.matrix.foot import FootRow, foot_rows
from rfqs.matrix.head import head_of
from rfqs.matrix.savings import savings
from rfqs.matrix.table import basis, kpis
from rfqs.matrix.words import FLAGS, OF_THE_OFFER, flag_text
from rfqs.models import RFQ, RFQLine
from rfqs.reports import Statement

SIDE_BY_SIDE = 4  # suppliers across a page
LINES_A_PAGE = 14
LONGEST = 90  # letters of a description; the spreadsheet has all of it


def paper(rfq: RFQ, statement: Statement, endorsed: Endorsement, now: datetime) -> dict[str, Any]:
    """Everything the template prints; `now` is the moment it is printed."""
    sheet, here = statement.sheet, now.astimezone(rfq.site.zone)
    digest = _("statement %(digest)s") % {"digest": endorsed.digest[:16]} if endorsed.digest else ""
    printed = _("Printed %(when)s") % {"when": f"{day(here.date())} {here:%H:%M}"}
    columns = list(enumerate(sheet.offers))
    groups = [columns[at : at + SIDE_BY_SIDE] for at in range(0, len(columns), SIDE_BY_SIDE)]
    return {
        "heading": _("Comparative statement"),
        "number": rfq.number,
        "title": rfq.title,
        "facts": _facts(rfq, sheet),
        "printed": ", ".join(part for part in (printed, digest) if part),
        "words": {
            "page": _("Page"), "item": _("Item"), "quantity": _("Quantity"), "last": _("Last price"),
            "rate": _("rate, quoted below"), "landed": _("landed"), "basis": _("How this compares"),
            "recommendation": _("Recommendation"),
        },
        "groups": [_group(statement, group, n, here) for n, group in enumerate(groups)],
        "basis": basis(sheet),
        "savings": [
            {"label": kpi.label, "figure": kpi.figure, "note": kpi.note} for kpi in kpis(sheet)
        ],
        "saved": savings(sheet),
        "recommendation": endorsed.recommendation,
        "reasons": [list(reason) for reason in endorsed.reasons],
        "signatures": [
            {
                "role": one.role,
                "name": one.name,
                "at": day(one.at.astimezone(rfq.site.zone).date()) if one.at else "",
            }
            for one in endorsed.signatures
        ],
    }  # fmt: skip


def words_of(line: RFQLine) -> str:
    """What is asked for, with where from and where to for a lane."""
    lane = f"{line.from_location} → {line.to_location}: " if line.from_location else ""
    return f"{lane}{line.description}"


def _facts(rfq: RFQ, sheet: ComparisonSheet) -> str:
    opened = [f"{rfq.site}", rfq.get_commodity_type_display()]
    if rfq.rates_on:
        opened.append(_("opened %(day)s") % {"day": day(rfq.rates_on)})
    opened.append(_("amounts in %(base)s") % {"base": sheet.base_currency})
    return ", ".join(str(part) for part in opened)


def _group(
    statement: Statement, columns: Sequence[tuple[int, OfferColumn]], index: int, here: datetime
) -> dict[str, Any]:
    """Up to four suppliers: their heads, the lines in parts, and their foot."""
    quotations = {str(one.pk): one for one in statement.quotations}
    pairs = [(column, quotations[column.key]) for _n, column in columns]
    told = statement.sheet.rates_on
    day_of_rates = None if told is None else date.fromisoformat(told)
    places = [n for n, _column in columns]
    heads = [head_of(n, column, quotations[column.key], day_of_rates) for n, column in columns]
    return {
        "index": index,
        "heads": [
            {"name": head.name, "note": ", ".join([head.code, *(b.text for b in head.badges)])}
            for head in heads
        ],
        "parts": _parts(statement, places),
        "foot": [_foot(row) for row in foot_rows(statement.sheet, pairs, here.date())],
    }


def _parts(statement: Statement, places: Sequence[int]) -> list[dict[str, Any]]:
    """The lines, so many to a page, each page with its own sum and what was carried to it."""
    sheet = statement.sheet
    asked = {str(line.pk): line for line in statement.lines}
    carried = {n: Decimal(0) for n in places}
    parts = []
    for start in range(0, len(sheet.lines), LINES_A_PAGE):
        chunk = sheet.lines[start : start + LINES_A_PAGE]
        rows = [
            _row(sheet, asked[row.line.key], [row.cells[n] for n in places], str(row.line.no))
            for row in chunk
        ]
        sums = {
            n: sum((row.cells[n].cost or Decimal(0) for row in chunk), Decimal(0)) for n in places
        }
        carried = {n: carried[n] + sums[n] for n in places}
        span = {"first": chunk[0].line.no, "last": chunk[-1].line.no}
        totals = [_total(_("Page total, lines %(first)s to %(last)s") % span, sums, sheet)]
        if start:
            totals.append(_total(_("Total to line %(last)s") % span, carried, sheet))
        parts.append({"rows": rows, "totals": totals})
    return parts


def _total(label: str, sums: dict[int, Decimal], sheet: ComparisonSheet) -> dict[str, Any]:
    return {
        "label": label,
        "cells": [format_money(amount, sheet.base_currency) for amount in sums.values()],
    }


def _row(
    sheet: ComparisonSheet, line: RFQLine, cells: Sequence[Cell], number: str
) -> dict[str, Any]:
    title = words_of(line)
    codes = (line.item_code, f"HSN/SAC {line.hsn}" if line.hsn else "")
    unit = line.unit.symbol or line.unit.name
    return {
        "no": number,
        "title": title if len(title) <= LONGEST else f"{title[:LONGEST]}…",
        "note": ", ".join(part for part in codes if part),
        "quantity": f"{format_quantity(line.quantity)} {unit}",
        "last": format_rate(line.last_price, sheet.base_currency),
        "cells": [_cell(sheet, cell) for cell in cells],
    }


def _cell(sheet: ComparisonSheet, cell: Cell) -> dict[str, Any]:
    """The rate in base currency with the quoted one below, and the landed cost with its notes."""
    base = sheet.base_currency
    quoted = ""
    if cell.unit_price_quoted is not None and (cell.rate != 1 or cell.cost is None):
        column = next(one for one in sheet.offers if one.key == cell.offer_key)
        quoted = f"{column.currency} {format_rate(cell.unit_price_quoted, column.currency)}"
    if cell.cost is None:
        words = ", ".join(str(FLAGS[flag]) for flag in cell.flags) or str(_("No quote"))
        return {"rate": {"text": NONE, "sub": quoted}, "cost": {"text": NONE, "sub": words}}
    notes = [flag_text(flag, cell) for flag in cell.flags if flag not in OF_THE_OFFER]
    if cell.is_lowest:
        notes.insert(0, _("Lowest"))
    rate = {"text": format_rate(cell.unit_price, base), "sub": quoted}
    cost = {"text": format_money(cell.cost, base), "sub": ", ".join(notes), "best": cell.is_lowest}
    return {"rate": rate, "cost": cost}


def _foot(row: FootRow) -> dict[str, Any]:
    return {
        "label": row.label,
        "strong": "qf-tot" in row.css,
        "cells": [
            {"text": str(cell.text), "sub": str(cell.sub), "best": "qf-best" in cell.css}
            for cell in row.cells
        ],
    }
