"""One offer's figures by the column, for those who write thousands of cells."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from operator import eq
from typing import TypeVar, cast

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ONE
from rfqs.comparison.money import CENT, HUNDRED, UNIT_RATE, above_percent, exact, rounded, to_step
from rfqs.comparison.table import Table

T = TypeVar("T")


class Seen:
    """One offer's figures on some of the lines it is landed on, each the same as the cell's.

    A page writes thousands of them, so they come by the column, in the order of `rows`: the lines'
    places in the sheet.
    """

    def __init__(self, table: Table, offer: int, lines: Collection[int]) -> None:
        """The offer at this place of the sheet, on the lines at those, each of which there is."""
        self._table, self._offer, self._one = table, offer, table.computed[offer]
        landed = self._one.places if self._one.figures is not None else {}
        self.rows: Sequence[int] = range(len(table.lines))
        self._at: Sequence[int] = self.rows
        if len(landed) < len(table.lines) or len(lines) < len(table.lines):
            rows = map(table.numbers.__getitem__, landed)
            held = [(at, n) for at, n in enumerate(rows) if n in lines]
            self.rows = [row for _at, row in held]
            self._at = [at for at, _row in held]
        self._whole = len(self._at) == len(self._one.places)
        self._leasts = self._among(table.leasts)
        self._costs = self._of(self._one.costs(table.inputs.policy.tax))
        self._lowest = self._is_lowest()

    def flags(self) -> Sequence[tuple[Flag, ...]]:
        """What to know beside the figures of each cell."""
        return self._of(self._table.flags(self._offer))

    def ranks(self) -> list[int | None]:
        """Rank on the line; None outside the competition."""
        key = self._one.standing.offer.key
        return [self._table.places[row].ranks.get(key) for row in self.rows]

    def is_lowest(self) -> Sequence[bool | None]:
        """Whether nobody who competes on the line costs less; None outside the competition."""
        return self._lowest

    def costs(self) -> Sequence[Decimal]:
        """The compared cost, base currency."""
        return self._costs

    def above(self) -> list[Decimal | None]:
        """Percent above the line's lowest; None outside the competition, or above nothing."""
        with exact():
            if None not in self._lowest and all(self._leasts):  # nearly every offer
                pairs = zip(self._costs, cast("Sequence[Decimal]", self._leasts), strict=True)
                return [to_step((cost - least) * HUNDRED / least, CENT) for cost, least in pairs]
            return [
                None
                if lowest is None or least is None
                else to_step((cost - least) * HUNDRED / least, CENT)
                if least
                else above_percent(cost, least)
                for cost, least, lowest in zip(self._costs, self._leasts, self._lowest, strict=True)
            ]

    def basics(self) -> Sequence[Decimal]:
        """Basic, base currency."""
        return self._of(self._one.figures.basic if self._one.figures else ())

    def nets(self) -> Sequence[Decimal]:
        """The amount after discounts, quote currency."""
        return self._of(self._one.nets)

    def quoted_prices(self) -> Sequence[Decimal | None]:
        """The price as quoted: offered unit, own price basis, own currency."""
        return self._of(self._one.lot.offered.column("unit_price"))

    def unit_prices(self) -> Sequence[Decimal]:
        """Price before discount per requested unit in base currency, four decimals."""
        rate = self._one.standing.rate or ONE
        prices = self._of(self._one.lot.priced.unit_prices)
        with exact():
            if rate != ONE:
                prices = [price * rate for price in prices]
            elif _have_no_more_decimals(prices, UNIT_RATE):  # as nearly every supplier writes them
                return prices
            return [to_step(price, UNIT_RATE) for price in prices]

    def effective_units(self) -> Sequence[Decimal]:
        """Landed cost without GST per needed unit, four decimals."""
        wholes = self._of(self._one.lot.priced.wholes)
        landed = self._of(self._one.figures.net_landed if self._one.figures else ())
        with exact():
            return [
                rounded(amount / whole.required, UNIT_RATE)
                for amount, whole in zip(landed, wholes, strict=True)
            ]

    def _is_lowest(self) -> Sequence[bool | None]:
        if not self._one.standing.in_competition:
            return [None] * len(self.rows)
        lowest: list[bool | None] = list(map(eq, self._costs, self._leasts))
        short = self._one.lot.priced.short
        if short:
            lowest = [
                None if at in short else one for at, one in zip(self._at, lowest, strict=True)
            ]
        return lowest

    def _of(self, column: Sequence[T]) -> Sequence[T]:
        """Of the offer's own lines those that are looked at."""
        return column if self._whole else [column[at] for at in self._at]

    def _among(self, column: Sequence[T]) -> Sequence[T]:
        """Of all lines of the sheet those that are looked at."""
        return column if len(self.rows) == len(column) else [column[row] for row in self.rows]


def _have_no_more_decimals(amounts: Sequence[Decimal], step: Decimal) -> bool:
    """Whether none has more than the step: their sum has as many as the one with most."""
    return sum(amounts, step).same_quantum(step)
