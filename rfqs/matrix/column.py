"""The cells of one offer as HTML, figure by figure over all lines: a sheet has thousands of them.

Everything a person typed goes through `escape`; figures and our own keys need none.
"""

from collections.abc import Collection, Mapping, Sequence

from django.utils.html import escape
from django.utils.translation import gettext as _

from quoteflow.lib.money import (
    amount_texts,
    format_quantity,
    format_rate,
    percent_texts,
    rate_texts,
)
from rfqs.comparison import Cell, ComparisonSheet, Flag, Seen
from rfqs.matrix.picking import is_open
from rfqs.matrix.reader import Reader, Row
from rfqs.matrix.words import FLAGS, flag_text

Texts = Sequence[str]

BEST, PICKED, PICKED_BEST = ' class="qf-best"', ' class="is-picked"', ' class="qf-best is-picked"'


class Column:
    """One offer's cells on some lines; what is the same for all of them is asked once."""

    def __init__(
        self, reader: Reader, sheet: ComparisonSheet, n: int, rows: Mapping[int, Row]
    ) -> None:
        """`n` is the offer's place in the sheet; `rows` are the lines, by theirs."""
        self._reader, self._sheet, self._n, self._rows = reader, sheet, n, rows
        self._column = sheet.offers[n]
        self._seen = Seen(sheet.table, n, rows)
        self._asked = [rows[place] for place in self._seen.rows]
        self._lowest = self._seen.is_lowest()
        self._flags = self._seen.flags()

    def cells(self) -> Texts:
        """The cells in the order of the lines: a price, a link to the working, words below.

        What all cells share is said by the table's class, not by each of them.
        """
        n = str(self._n)
        fronts, behinds, asides = self._figures()
        cells = [
            f'<td{css}>{price}<a href="{address}{n}">{behind}</a>'
            f"<small>{aside}{standing}</small>{notes}</td>"
            for address, css, price, behind, aside, standing, notes in zip(
                [row.address for row in self._asked],
                self._classes(),
                self._prices(fronts),
                behinds,
                asides,
                self._standings(),
                self._notes(),
                strict=True,
            )
        ]
        if len(cells) == len(self._rows):
            return cells
        drawn = dict(zip(self._seen.rows, cells, strict=True))
        return [drawn.get(place) or self._nothing(place) for place in self._rows]

    def _nothing(self, place: int) -> str:
        """Why there is no comparable figure; a price nobody can convert is still shown as quoted."""
        cell, currency = self._sheet.table.cell(place, self._n), self._column.currency
        words = ", ".join(str(FLAGS[flag]) for flag in cell.flags) or _("No quote")
        if cell.unit_price_quoted is not None:
            words = f"{currency} {format_rate(cell.unit_price_quoted, currency)}: {words}"
        return f'<td class="qf-none"><span>{escape(words)}</span></td>'

    def _classes(self) -> Texts:
        """The best of a line is marked; a pick too, where no radio shows it."""
        key, may_pick = self._column.key, self._reader.may_pick
        if not self._reader.picks.count:
            return [BEST if best else "" for best in self._lowest]
        return [
            (PICKED_BEST if best else PICKED)
            if key in row.shares or (row.chosen == key and not may_pick)
            else (BEST if best else "")
            for row, best in zip(self._asked, self._lowest, strict=True)
        ]

    def _prices(self, fronts: Texts) -> Texts:
        """The figure in front, with a radio where it can be picked."""
        n, column, places = self._n, self._column, self._reader.places
        if not self._reader.may_pick or not is_open(column):
            return [f"<b>{front}</b>" for front in fronts]
        return [
            f"<b>{front}</b>"
            if Flag.SHORT in flags
            else f'<label><input type="radio" name="line-{row.number}" value="{column.key}"'
            f' aria-labelledby="i{row.number} s{n} p{row.number}-{n}" data-amount="{int(cost.scaleb(places))}"'
            f' data-supplier="{n}"{" data-lowest" if best else ""}'
            f"{' checked' if row.chosen == column.key else ''}>"
            f'<b id="p{row.number}-{n}">{front}</b></label>'
            for row, front, best, cost, flags in zip(
                self._asked, fronts, self._lowest, self._seen.costs(), self._flags, strict=True
            )
        ]

    def _standings(self) -> Texts:
        """The lowest of a line by a word, the others by how much they are above it."""
        lowest, tie = self._reader.lowest, self._reader.tie
        above = percent_texts(self._seen.above())
        return [
            (tie if row.tied else lowest) if best else ("" if best is None else percent)
            for row, best, percent in zip(self._asked, self._lowest, above, strict=True)
        ]

    def _figures(self) -> tuple[Texts, Texts, Texts]:
        """The figure in front, the one behind it, and the quoted or base one aside, as text."""
        base, view, seen = self._reader.base, self._reader.options.view, self._seen
        currency = self._column.currency
        if currency == base:
            asides: Texts = [""] * len(self._asked)
        elif self._reader.options.currency == "quoted":
            units = rate_texts(seen.quoted_prices(), currency)
            totals = amount_texts(seen.nets(), currency)
            asides = _aside(base, amount_texts(seen.costs(), base))
            return (totals, units, asides) if view == "total" else (units, totals, asides)
        elif view == "unit":
            asides = _aside(currency, rate_texts(seen.quoted_prices(), currency))
        else:
            asides = _aside(currency, amount_texts(seen.nets(), currency))
        landed = view == "landed"
        units = rate_texts(seen.effective_units() if landed else seen.unit_prices(), base)
        totals = amount_texts(seen.costs() if landed else seen.basics(), base)
        return (units, totals, asides) if view == "unit" else (totals, units, asides)

    def _notes(self) -> Texts:
        """What to know beside the figures, in words: flags, parts that are picked, the price before."""
        reader, said = self._reader, self._reader.said[self._n]
        if not (reader.picks.count or reader.before) and all(
            map(said.issuperset, set(self._flags))
        ):
            return [""] * len(self._asked)
        return [
            self._note(row, place, flags) + self._replaced(row, now)
            for row, place, flags, now in zip(
                self._asked, self._seen.rows, self._flags, self._quoted(), strict=True
            )
        ]

    def _quoted(self) -> Texts:
        """The prices as quoted, where there are others of an earlier round to look at beside them."""
        if not self._reader.before:
            return [""] * len(self._asked)
        currency = self._column.currency
        return [f"{currency} {text}" for text in rate_texts(self._seen.quoted_prices(), currency)]

    def _replaced(self, row: Row, now: str) -> str:
        """The price of an earlier round, struck through; where the same one stands there is none."""
        was = self._reader.before.get((self._column.key, row.number), now)
        if was == now:
            return ""
        gone = f'<span class="sr">{escape(_("in an earlier round"))}</span>'
        return f'<span class="qf-note"><del>{was}</del> {gone}</span>'

    def _note(self, row: Row, place: int, flags: Collection[Flag]) -> str:
        key, said = self._column.key, self._reader.said[self._n]
        notes = ""
        if not said.issuperset(flags):
            notes = _words(self._sheet.table.cell(place, self._n), said)
        if key in row.shares:
            words = _("Picked: %(n)s") % {"n": format_quantity(row.shares[key])}
            notes += f'<span class="qf-note qf-share">{escape(words)}</span>'
        return notes


def _words(cell: Cell, said: frozenset[Flag]) -> str:
    return "".join(
        f'<span class="qf-note">{escape(flag_text(flag, cell))}</span>'
        for flag in cell.flags
        if flag not in said
    )


def _aside(currency: str, figures: Texts) -> Texts:
    return [f'<span class="qf-orig">{currency} {figure}</span>' for figure in figures]
