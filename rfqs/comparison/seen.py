"""One offer's figures by the column, for those who write thousands of cells."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ONE
from rfqs.comparison.money import CENT, HUNDRED, UNIT_RATE, above_percent, exact, rounded, to_step
from rfqs.comparison.table import Table


class Seen:
    """One offer's figures on some of the lines it is landed on, each the same as the cell's.

    A page writes thousands of them, so they come by the column, in the order of `rows`: the lines'
    places in the sheet.
    """

    def __init__(self, table: Table, offer: int, lines: Collection[int]) -> None:
        """The offer at this place of the sheet, on the lines at those."""
        self._table, self._offer, self._one = table, offer, table.computed[offer]
        landed = self._one.places if self._one.figures is not None else ()
        held = [
            (at, n) for at, n in enumerate(map(table.numbers.__getitem__, landed)) if n in lines
        ]
        self.rows = [row for _at, row in held]
        self._at = [at for at, _row in held]
        self._places = [table.places[row] for row in self.rows]
        self._costs = self._of(self._one.costs(table.inputs.policy.tax))

    def flags(self) -> list[tuple[Flag, ...]]:
        """What to know beside the figures of each cell."""
        flags = self._table.flags(self._offer)
        return [flags[at] for at in self._at]

    def ranks(self) -> list[int | None]:
        """Rank on the line; None outside the competition."""
        key = self._one.standing.offer.key
        return [places.ranks.get(key) for places in self._places]

    def costs(self) -> list[Decimal]:
        """The compared cost, base currency."""
        return self._costs

    def above(self) -> list[Decimal | None]:
        """Percent above the line's lowest; None outside the competition, or above nothing."""
        key = self._one.standing.offer.key
        leasts = [places.least if key in places.ranks else None for places in self._places]
        with exact():
            return [
                to_step((cost - least) * HUNDRED / least, CENT)
                if least
                else (None if least is None else above_percent(cost, least))
                for cost, least in zip(self._costs, leasts, strict=True)
            ]

    def basics(self) -> list[Decimal]:
        """Basic, base currency."""
        return self._of(self._one.figures.basic if self._one.figures else ())

    def nets(self) -> list[Decimal]:
        """The amount after discounts, quote currency."""
        return self._of(self._one.nets)

    def quoted_prices(self) -> list[Decimal | None]:
        """The price as quoted: offered unit, own price basis, own currency."""
        offered = self._one.lot.offered
        return [offered[place].unit_price for place in self._at]

    def unit_prices(self) -> list[Decimal]:
        """Price before discount per requested unit in base currency, four decimals."""
        rate, priced = self._one.standing.rate or ONE, self._one.lot.priced
        prices = [priced[place].unit_price for place in self._at]
        with exact():
            if rate != ONE:
                prices = [price * rate for price in prices]
            return [to_step(price, UNIT_RATE) for price in prices]

    def effective_units(self) -> list[Decimal]:
        """Landed cost without GST per needed unit, four decimals."""
        priced = self._one.lot.priced
        landed = self._of(self._one.figures.net_landed if self._one.figures else ())
        with exact():
            return [
                rounded(amount / priced[place].quantities.required, UNIT_RATE)
                for amount, place in zip(landed, self._at, strict=True)
            ]

    def _of(self, column: Sequence[Decimal]) -> list[Decimal]:
        return [column[at] for at in self._at]
