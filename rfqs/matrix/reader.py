"""Who reads the matrix and how: the shown columns, the wishes, and the words of every cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.translation import gettext as _

from quoteflow.lib.currencies import MINOR_UNITS
from rfqs.comparison import ComparisonSheet, Flag, LineRow, OfferColumn
from rfqs.matrix.options import Options
from rfqs.matrix.picking import Picks
from rfqs.matrix.words import OF_THE_OFFER, TAX_FLAGS


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

    @property
    def query(self) -> str:
        """What every address of a cell's working begins with."""
        wished = self.options.round
        return f"?round={wished}&amp;cell=" if wished else "?cell="

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
    flags = sheet.table.flags(column)
    common = TAX_FLAGS if flags else frozenset[Flag]()
    for of_cell in flags:
        common = common.intersection(of_cell)
        if not common:
            break
    return OF_THE_OFFER | common


class Row(NamedTuple):
    """A line as it is picked: its number, who has all of it, who has parts of it; whether there is a tie.

    `address` leads to the working of a cell, but for the place of its column.
    """

    number: int
    address: str
    chosen: str | None
    shares: Mapping[str, Decimal]
    tied: bool

    @classmethod
    def of(cls, row: LineRow, reader: Reader) -> "Row":
        """The line under the picks that are shown."""
        key, number, picks = row.line.key, row.line.no, reader.picks
        address, tied = f"{reader.query}{number}-", len(row.lowest) > 1
        return cls(number, address, picks.whole(key), picks.shares(key), tied)

    @property
    def key(self) -> tuple[Any, ...]:
        """What the text of its cells depends on beside the sheet and the wishes."""
        return (self.number, self.chosen, *self.shares.items())
