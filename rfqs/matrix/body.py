"""The rows of the matrix as HTML, joined in Python: a sheet has thousands of cells.

Everything a person typed goes through `escape`; figures and our own keys need none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quoteflow.lib.currencies import MINOR_UNITS
from quoteflow.lib.money import format_money, format_percent, format_quantity, format_rate
from rfqs.comparison import Cell, ComparisonSheet, Flag, LineRow, OfferColumn
from rfqs.matrix.lines import line_html
from rfqs.matrix.options import Options
from rfqs.matrix.picking import Picks, is_pickable
from rfqs.matrix.words import FLAGS, OF_THE_OFFER, TAX_FLAGS, flag_text
from rfqs.reports import Statement

ZERO = Decimal(0)
MOST_DRAWN = 4  # kinds of wishes whose cells a kept sheet carries along
MOST_KINDS = 3  # and for each of them, on average, as many picks of a line


@dataclass(frozen=True)
class Reader:
    """What does not change from cell to cell: the shown columns, the wishes, the words."""

    base: str
    places: int
    options: Options
    picks: Picks
    may_pick: bool
    columns: Sequence[tuple[int, OfferColumn]]
    said: Sequence[frozenset[Flag]]
    lowest: str
    tie: str
    before: Mapping[tuple[str, int], str]  # by offer and line number: the price of the round before

    @classmethod
    def of(
        cls,
        sheet: ComparisonSheet,
        options: Options,
        picks: Picks,
        *,
        may_pick: bool,
        before: Mapping[tuple[str, int], str] | None = None,
    ) -> "Reader":
        """The reader of one sheet."""
        icon = f'<svg class="icon" aria-hidden="true"><use href="{static("icons.svg")}#check"></use></svg>'
        shown = [
            (n, column)
            for n, column in enumerate(sheet.offers)
            if options.shows(column.supplier_code)
        ]
        return cls(
            sheet.base_currency,
            MINOR_UNITS.get(sheet.base_currency, 2),
            options,
            picks,
            may_pick,
            shown,
            [said_once(sheet, n) for n in range(len(sheet.offers))],
            f'<span class="qf-low">{icon}{escape(_("Lowest"))}</span>',
            f'<span class="qf-low">{icon}{escape(_("Lowest, tie"))}</span>',
            before or {},
        )  # fmt: skip


def said_once(sheet: ComparisonSheet, column: int) -> frozenset[Flag]:
    """Flags the head or foot of a column says: the offer's own, and taxes where all cells agree."""
    common = set(TAX_FLAGS)
    counted = False
    for row in sheet.lines:
        cell = row.cells[column]
        if cell.cost is not None:
            counted = True
            common.intersection_update(cell.flags)
            if not common:
                break
    return OF_THE_OFFER | common if counted else OF_THE_OFFER


class Marks(NamedTuple):
    """What a cell does not know itself: whether it is picked, its share of a split line, a tie.

    `column` is its place in the sheet, `place` its "line-column".
    """

    picked: bool
    share: Decimal | None
    tied: bool
    column: int
    place: str


def rows_html(reader: Reader, statement: Statement) -> SafeString:
    """The body of the table: a row per line, a cell per shown offer.

    Cells that were drawn before, of this very sheet, for the same wishes and picks, are taken again.
    """
    lines = {str(line.pk): line for line in statement.lines}
    drawn = _drawn(reader, statement)
    parts: list[str] = []
    for row in statement.sheet.lines:
        picks = (reader.picks.whole(row.line.key), reader.picks.shares(row.line.key))
        key = (row.line.no, picks[0], *picks[1].items())
        cells = drawn.get(key)
        if cells is None:
            cells = drawn[key] = _cells(reader, row, *picks)
        line = line_html(lines[row.line.key], row.line, reader.base)
        if picks[1] and reader.may_pick:
            keep = f'<input type="hidden" name="keep" value="{row.line.no}"></th>'
            line = line.replace("</th>", keep, 1)
        parts += ("<tr>", line, cells, "</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 (escaped below)


def _drawn(reader: Reader, statement: Statement) -> dict[Any, str]:
    """The cells drawn so far for the reader's wishes; a few kinds of wishes are kept.

    Other threads read and write them too: what is full is left to them and begun anew, never emptied.
    """
    if reader.before:  # prices of another round are no part of the sheet that is kept
        return {}
    wishes = (reader.options, reader.may_pick, get_language())
    if wishes not in statement.drawn and len(statement.drawn) >= MOST_DRAWN:
        statement.drawn.clear()
    drawn = statement.drawn.setdefault(wishes, {})
    if len(drawn) > MOST_KINDS * len(statement.sheet.lines):
        drawn = statement.drawn[wishes] = {}
    return drawn


def _cells(reader: Reader, row: LineRow, chosen: str | None, shares: Mapping[str, Decimal]) -> str:
    tied = len(row.lowest) > 1
    parts: list[str] = []
    for n, column in reader.columns:
        cell = row.cells[n]
        if cell.entry is None or cell.entry.landed is None:
            parts.append(_nothing(cell, column))
            continue
        share = shares.get(cell.offer_key) if shares else None
        marks = Marks(cell.offer_key == chosen, share, tied, n, f"{row.line.no}-{n}")
        parts.append(_cell(reader, cell, column, marks))
    return "".join(parts)


def _nothing(cell: Cell, column: OfferColumn) -> str:
    """Why there is no comparable figure; a price nobody can convert is still shown as quoted."""
    words = ", ".join(str(FLAGS[flag]) for flag in cell.flags) or _("No quote")
    if cell.unit_price_quoted is not None:
        words = f"{column.currency} {format_rate(cell.unit_price_quoted, column.currency)}: {words}"
    return f'<td class="qf-none"><span>{escape(words)}</span></td>'


def _cell(reader: Reader, cell: Cell, column: OfferColumn, marks: Marks) -> str:
    front, behind, aside = _figures(reader, cell, column)
    is_lowest, place, may_pick = cell.rank == 1, marks.place, reader.may_pick
    css = "qf-cell qf-best" if is_lowest else "qf-cell"
    if marks.share is not None or (marks.picked and not may_pick):
        css += " is-picked"
    price = f'<span class="qf-price" id="p{place}">{front}</span>'
    if may_pick and is_pickable(cell, column):
        price = f'<label class="qf-pick">{_radio(reader, cell, marks)}{price}</label>'
    else:
        price = f'<span class="qf-pick">{price}</span>'
    standing = ""
    if is_lowest:
        standing = reader.tie if marks.tied else reader.lowest
    elif cell.rank is not None:
        percent = format_percent(cell.difference_percent, signed=True)
        standing = f'<span class="qf-hi">{percent}</span>'
    notes, said = "", reader.said[marks.column]
    if marks.share is not None or (cell.flags and not said.issuperset(cell.flags)):
        notes = _notes(cell, marks.share, said)
    if reader.before and (was := reader.before.get((cell.offer_key, int(place.partition("-")[0])))):
        gone = escape(_("in the round before"))
        notes += f'<span class="qf-note"><del>{was}</del> <span class="sr">{gone}</span></span>'
    query = f"?round={reader.options.round}&amp;cell=" if reader.options.round else "?cell="
    return (
        f'<td class="{css}">{price}<a class="qf-line" href="{query}{place}">{behind}</a>'
        f'<span class="qf-tagline">{aside}{standing}</span>{notes}</td>'
    )


def _radio(reader: Reader, cell: Cell, marks: Marks) -> str:
    position, cost = marks.place.partition("-")[0], cell.cost or ZERO
    return (
        f'<input type="radio" name="line-{position}" value="{cell.offer_key}"'
        f' aria-labelledby="i{position} s{marks.column} p{marks.place}"'
        f' data-amount="{int(cost.scaleb(reader.places))}" data-supplier="{marks.column}"'
        f"{' data-lowest' if cell.rank == 1 else ''}{' checked' if marks.picked else ''}>"
    )


def _figures(reader: Reader, cell: Cell, column: OfferColumn) -> tuple[str, str, str]:
    """The figure in front, the one behind it, and the quoted or base one aside, as text."""
    base, view = reader.base, reader.options.view
    foreign = column.currency != base
    if reader.options.currency == "quoted" and foreign:
        unit = format_rate(cell.unit_price_quoted, column.currency)
        total = format_money(cell.net_quoted, column.currency)
        front, behind = (total, unit) if view == "total" else (unit, total)
        landed = format_money(cell.cost, base)
        return (front, behind, f'<span class="qf-orig">{base} {landed}</span>')
    unit = format_rate(cell.effective_unit if view == "landed" else cell.unit_price, base)
    total = format_money(cell.cost if view == "landed" else cell.basic, base)
    aside = ""
    if foreign:
        quoted = (
            format_rate(cell.unit_price_quoted, column.currency)
            if view == "unit"
            else format_money(cell.net_quoted, column.currency)
        )
        aside = f'<span class="qf-orig">{column.currency} {quoted}</span>'
    return (unit, total, aside) if view == "unit" else (total, unit, aside)


def _notes(cell: Cell, share: Decimal | None, said: frozenset[Flag]) -> str:
    """What to know beside the figures, in words."""
    notes = [
        f'<span class="qf-note">{escape(flag_text(flag, cell))}</span>'
        for flag in cell.flags
        if flag not in said
    ]
    if share is not None:
        words = _("Picked: %(n)s") % {"n": format_quantity(share)}
        notes.append(f'<span class="qf-note qf-share">{escape(words)}</span>')
    return "".join(notes)
