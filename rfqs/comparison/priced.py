"""One line priced in the offer's own currency, before discounts and charges."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple, overload

from rfqs.comparison.flags import Flag, Step
from rfqs.comparison.inputs import OfferLine, Quantity


class Terms(NamedTuple):
    """What pricing needs besides the line: the quote currency's step and the quantity policy."""

    step: Decimal
    quantity: Quantity


class Quantities(NamedTuple):
    """In requested units: what is needed, what must be bought for it, what is charged."""

    required: Decimal
    ordered: Decimal
    charged: Decimal
    flags: tuple[Flag, ...] = ()

    @property
    def short(self) -> bool:
        """True where the supplier offers less than is needed."""
        return bool(self.flags) and Flag.SHORT in self.flags


class Priced(NamedTuple):
    """The gross amount of a line and how it came about; `unit_price` is per requested unit."""

    quantities: Quantities
    gross: Decimal
    unit_price: Decimal
    workings: tuple[Step, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def is_short(self) -> bool:
        """True where the supplier offers less than is needed."""
        return bool(self.flags) and Flag.SHORT in self.flags


class PricedLines(Sequence[Priced]):
    """Priced lines by the column; a `Priced` is put together when it is looked at.

    `others` are those that say more than quantity, gross and price, whole, by their places; the
    columns hold their figures all the same.
    """

    def __init__(
        self,
        wholes: Sequence[Quantities],
        grosses: Sequence[Decimal],
        unit_prices: Sequence[Decimal],
        others: Mapping[int, Priced],
    ) -> None:
        self.wholes, self.grosses, self.unit_prices = wholes, grosses, unit_prices
        self.others = others

    @classmethod
    def of(cls, lines: Sequence[Priced]) -> "PricedLines":
        """The same lines by the column."""
        return cls(
            [one.quantities for one in lines],
            [one.gross for one in lines],
            [one.unit_price for one in lines],
            dict(enumerate(lines)),
        )

    def with_others(self, others: Mapping[int, Priced]) -> "PricedLines":
        """The same with these in their places."""
        wholes, grosses, prices = list(self.wholes), list(self.grosses), list(self.unit_prices)
        for place, one in others.items():
            wholes[place], grosses[place], prices[place] = one.quantities, one.gross, one.unit_price
        return PricedLines(wholes, grosses, prices, others)

    def at(self, places: Sequence[int]) -> "PricedLines":
        """Those at these places."""
        return PricedLines(
            [self.wholes[place] for place in places],
            [self.grosses[place] for place in places],
            [self.unit_prices[place] for place in places],
            {n: self.others[place] for n, place in enumerate(places) if place in self.others},
        )

    @property
    def short(self) -> frozenset[int]:
        """The places of those that offer less than is needed."""
        return frozenset(place for place, one in self.others.items() if one.is_short)

    def __len__(self) -> int:
        return len(self.grosses)

    @overload
    def __getitem__(self, at: int) -> Priced: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Priced, ...]: ...
    def __getitem__(self, at: int | slice) -> Priced | tuple[Priced, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        other = self.others.get(at)
        return other or Priced(self.wholes[at], self.grosses[at], self.unit_prices[at])


class Prices(Mapping[str, Priced | Flag]):
    """What an offer's answer to each line comes to, by line key; a flag where it is not comparable."""

    def __init__(
        self, numbers: Mapping[str, int], lines: PricedLines, flags: Mapping[int, Flag]
    ) -> None:
        """`numbers` are the places of the lines; what `lines` holds at a flag's place means nothing."""
        self._numbers, self.lines, self.flags = numbers, lines, flags

    @property
    def in_full(self) -> int:
        """How many lines are priced for at least the need."""
        return len(self) - len(self.flags) - len(self.lines.short - self.flags.keys())

    def without(self, lost: Collection[str], flag: Flag) -> "Prices":
        """The same without a comparable amount for the lines in `lost`."""
        flags = dict.fromkeys([self._numbers[key] for key in lost], flag)
        return Prices(self._numbers, self.lines, {**self.flags, **flags})

    def __getitem__(self, key: str) -> Priced | Flag:
        place = self._numbers[key]
        return self.flags.get(place) or self.lines[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


def wanted(need: Decimal) -> Quantities:
    """What an offer that sets no terms to the quantity comes to."""
    return Quantities(need, need, need)


def quantities(offered: OfferLine, whole: Quantities, factor: Decimal, terms: Terms) -> Quantities:
    """Apply what is offered, the least order and the order multiple to the `whole` need.

    `ordered = ceil(max(need, MOQ) / multiple) x multiple`, without a multiple `max(need, MOQ)`.
    """
    if offered.moq is None and offered.order_multiple is None and offered.offered_quantity is None:
        return whole
    need = whole.required
    flags: list[Flag] = []
    required = need
    if offered.offered_quantity is not None and offered.offered_quantity * factor < need:
        required = offered.offered_quantity * factor
        flags.append(Flag.SHORT)
    ordered = required
    if offered.moq is not None and offered.moq * factor > required:
        ordered = offered.moq * factor
        flags.append(Flag.MOQ)
    if offered.order_multiple is not None and offered.order_multiple > 0:
        packs = ceiling_multiple(ordered, offered.order_multiple * factor)
        if packs != ordered:
            ordered = packs
            flags.append(Flag.MULTIPLE)
    charged = ordered if terms.quantity == Quantity.COMMITTED else required
    return Quantities(required, ordered, charged, tuple(flags))


def ceiling_multiple(amount: Decimal, multiple: Decimal) -> Decimal:
    """The least multiple of `multiple` (> 0) that is not below `amount`."""
    return (amount / multiple).to_integral_value(ROUND_CEILING) * multiple


def is_quoted(offered: OfferLine, need: Decimal) -> bool:
    """Whether an offer names a price for a line, and offers any quantity of it."""
    if offered.unit_price is None or need <= 0:
        return False
    return offered.offered_quantity is None or offered.offered_quantity > 0
