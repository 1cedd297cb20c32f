"""One offer on one line: every figure on the way to its landed cost, read from where it arose.

A sheet has thousands of cells and a page shows a few figures of each, so a cell holds its line's
computed parts and names their figures, instead of copying them all.
"""

from decimal import Decimal
from typing import NamedTuple

from rfqs.comparison.computing import Entry, cost_of
from rfqs.comparison.flags import Flag, Step
from rfqs.comparison.inputs import OfferLine, Tax
from rfqs.comparison.landed import Exchange, Landed
from rfqs.comparison.money import EXACT, UNIT_RATE, above_percent, exact, rounded
from rfqs.comparison.priced import Quantities

AFTER_PRICING = ("gross_quoted", "discount_quoted", "net_quoted")
IN_BASE = (
    "basic",
    "packing",
    "freight",
    "insurance",
    "duty",
    "surcharge",
    "other",
    "clearing",
    "net_landed",
    "gst",
    "gross_landed",
    "effective_unit",
)


class _Landed:
    """A figure of the landed line, base currency; None where there is none."""

    def __init__(self, name: str) -> None:
        self._at = Landed._fields.index(name)

    def __get__(self, cell: "Cell | None", owner: type["Cell"]) -> Decimal | None:
        entry = None if cell is None else cell.entry
        return None if entry is None or entry.landed is None else entry.landed[self._at]


class _Quantity:
    """A quantity in requested units; None where the line has no comparable amount."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, cell: "Cell | None", owner: type["Cell"]) -> Decimal | None:
        quantities = None if cell is None else cell.quantities
        if quantities is None:
            return None
        amount: Decimal = getattr(quantities, self._name)
        return amount


class _Parts(NamedTuple):
    """What a cell is made of."""

    offer_key: str
    line_key: str
    tax: Tax
    offered: OfferLine | None = None
    entry: Entry | None = None
    exchange: Exchange | None = None
    rank: int | None = None
    lowest_cost: Decimal | None = None
    suggested_price: Decimal | None = None
    flags: tuple[Flag, ...] = ()


class Cell(_Parts):
    """What one offer says to one line; amounts are None where there is no such figure.

    `required` is the need the cell answers (less where the offer is short), `ordered` what must
    be bought for it, `quantity` what is charged under the policy. `offered` is the supplier's
    own words (price, basis, discount, lead days, make, remarks), None where he said nothing.
    """

    __slots__ = ()

    required = _Quantity("required")
    ordered = _Quantity("ordered")
    quantity = _Quantity("charged")

    basic = _Landed("basic")
    packing = _Landed("packing")
    freight = _Landed("freight")
    insurance = _Landed("insurance")
    other = _Landed("other")
    clearing = _Landed("clearing")
    duty = _Landed("duty")
    surcharge = _Landed("surcharge")
    net_landed = _Landed("net_landed")
    _gst = _Landed("gst")
    _gross_landed = _Landed("gross_landed")

    @property
    def gst(self) -> Decimal | None:
        """The tax, base currency; None where nobody states its rate."""
        return None if self._is_tax_unknown else self._gst

    @property
    def gross_landed(self) -> Decimal | None:
        """Landed cost with GST, base currency; None where nobody states the rate."""
        return None if self._is_tax_unknown else self._gross_landed

    @property
    def _is_tax_unknown(self) -> bool:
        return self.entry is not None and self.entry.taken.flag is Flag.GST_NOT_STATED

    @property
    def is_lowest(self) -> bool:
        """Whether nobody who competes on the line costs less."""
        return self.rank == 1

    @property
    def difference_percent(self) -> Decimal | None:
        """Percent above the line's lowest; None outside the competition or above a free offer."""
        cost, least = self.cost, self.lowest_cost
        if self.rank is None or cost is None or least is None:
            return None
        return above_percent(cost, least)

    @property
    def quantities(self) -> Quantities | None:
        """Needed, ordered and charged quantity together."""
        return None if self.entry is None else self.entry.taken.priced.quantities

    @property
    def cost(self) -> Decimal | None:
        """The compared cost of the line, on the request's tax basis."""
        if self.entry is None or self.entry.landed is None:
            return None
        return cost_of(self.entry.landed, self.tax)

    @property
    def rate(self) -> Decimal | None:
        """Base units per one unit of the quote currency."""
        return None if self.exchange is None else self.exchange.rate

    @property
    def gst_percent(self) -> Decimal | None:
        """The GST percent applied, stated or taken from elsewhere as the flags say."""
        if self.entry is None or self._is_tax_unknown:
            return None
        return self.entry.taken.gst_percent

    @property
    def unit_price_quoted(self) -> Decimal | None:
        """The price as quoted: offered unit, own price basis, own currency."""
        return None if self.offered is None else self.offered.unit_price

    @property
    def gross_quoted(self) -> Decimal | None:
        """Quantity times price, quote currency."""
        return None if self.entry is None else self.entry.taken.priced.gross

    @property
    def discount_quoted(self) -> Decimal | None:
        """Line discount and share of the header's, quote currency."""
        return None if self.entry is None else self.entry.taken.priced.gross - self.entry.net

    @property
    def net_quoted(self) -> Decimal | None:
        """The amount after discounts, quote currency."""
        return None if self.entry is None else self.entry.net

    @property
    def unit_price(self) -> Decimal | None:
        """Price before discount per requested unit in base currency, four decimals."""
        if self.entry is None or self.exchange is None:
            return None
        price = EXACT.multiply(self.entry.taken.priced.unit_price, self.exchange.rate)
        return rounded(price, UNIT_RATE)

    @property
    def effective_unit(self) -> Decimal | None:
        """Net landed cost per needed unit, four decimals: an excess to be bought shows here."""
        if self.net_landed is None or self.required is None:
            return None
        with exact():
            return rounded(self.net_landed / self.required, UNIT_RATE)

    @property
    def excess(self) -> Decimal | None:
        """What is charged beyond the need, in requested units."""
        quantities = self.quantities
        return None if quantities is None else quantities.charged - quantities.required

    @property
    def excess_value(self) -> Decimal | None:
        """The part of basic that pays for the excess."""
        if self.basic is None or self.quantity is None or self.excess is None:
            return None
        if self.exchange is None:
            return None
        with exact():
            return rounded(self.basic * self.excess / self.quantity, self.exchange.base_step)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The arithmetic in the order it was done, for "why is this cell so"."""
        if self.entry is None:
            return ()
        figures = [
            ("quantity", self.quantity, ""),
            ("unit_price_quoted", self.unit_price_quoted, "quoted"),
            *self.entry.taken.priced.workings,
            *((name, getattr(self, name), "quoted") for name in AFTER_PRICING),
            ("rate", self.rate, ""),
            *((name, getattr(self, name), "base") for name in IN_BASE),
        ]
        unsaid = ("freight",) if Flag.FREIGHT_NOT_STATED in self.flags else ()
        return tuple(
            Step(name, figure, money)
            for name, figure, money in figures
            if figure is not None and name not in unsaid
        )
