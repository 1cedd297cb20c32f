"""Rounding and sharing of money (rules 1, 2 and 4 of the comparison's money rules)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)

HUNDRED = Decimal(100)
ONE = Decimal(1)
CENT = Decimal("0.01")
UNIT_RATE = Decimal("0.0001")

EXACT = Context(prec=50, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

to_step = EXACT.quantize  # what `rounded` does, for those who do it thousands of times


def exact() -> AbstractContextManager[Context]:
    """Fifty digits whatever the caller's decimal context is, so a figure never depends on it."""
    return localcontext(EXACT)


def rounded(amount: Decimal, step: Decimal) -> Decimal:
    """`amount` to a multiple of `step` (a power of ten), halves away from zero."""
    return to_step(amount, step)


def percent_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` in percent of `whole`, two decimals; None where there is nothing to compare with."""
    return rounded(part * HUNDRED / whole, CENT) if whole else None


def above_percent(amount: Decimal, least: Decimal) -> Decimal | None:
    """Percent that `amount` is above `least`, two decimals; None where it is above nothing."""
    above = EXACT.subtract(amount, least)
    if not above or not least:
        return None if above else to_step(above, CENT)
    return to_step(EXACT.divide(EXACT.multiply(above, HUNDRED), least), CENT)


class Weights:
    """Weights prepared once, to share several lump sums by the largest remainder.

    The shares add up to the lump sum exactly; left-over steps go to the largest fractions, then
    to the earliest weight. Weights that are all 0 share equally.
    """

    def __init__(self, weights: Sequence[Decimal], step: Decimal) -> None:
        """Weights are multiples of `step`, a power of ten."""
        steps = ONE / step
        whole = [int(weight * steps) for weight in weights]
        self._weights = whole if any(whole) else [1] * len(whole)
        self._sum = sum(self._weights)

    def share(self, lump_sum: Decimal, step: Decimal) -> list[Decimal]:
        """One share per weight. `lump_sum` is a multiple of `step`; needs at least one weight."""
        if not lump_sum:
            return [step * 0] * len(self._weights)
        steps, whole = int(lump_sum / step), self._sum
        products = [steps * weight for weight in self._weights]
        shares = [product // whole for product in products]
        left = steps - sum(shares)
        if left:
            fractions = [product % whole for product in products]
            # a stable sort keeps equal fractions in order, in reverse too
            largest = sorted(range(len(shares)), key=fractions.__getitem__, reverse=True)
            for index in largest[:left]:
                shares[index] += 1
        return [step * share for share in shares]


def apportion(lump_sum: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Share one lump sum; see `Weights`."""
    with exact():
        places = min((int(weight.as_tuple().exponent) for weight in weights), default=0)
        return Weights(weights, Decimal(1).scaleb(places)).share(lump_sum, step)
