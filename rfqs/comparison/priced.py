"""One line priced in the offer's own currency, before discounts and charges."""

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

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
