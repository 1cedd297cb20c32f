"""Arithmetic the supplier wrote, against ours: unit price times quantity beats a stated total.

Source: Manual for Procurement of Goods, para 7.3.2. What looks like a slipped decimal mark in
the unit price is a person's to decide, so it is only pointed out.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rfqs.comparison.money import exact, rounded

SLIPS = (Decimal(10), Decimal(100), Decimal(1000))


class Outcome(StrEnum):
    """What a stated total comes to."""

    AGREES = "agrees"
    CORRECTED = "corrected"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Checked:
    """The stated and the computed total, and the unit price that would explain a slip."""

    outcome: Outcome
    stated: Decimal
    computed: Decimal
    suggested_price: Decimal | None = None


def check_total(stated: Decimal, computed: Decimal, unit_price: Decimal, step: Decimal) -> Checked:
    """Compare a stated line total with the computed one, both in the quote currency."""
    with exact():
        if rounded(stated, step) == computed:
            return Checked(Outcome.AGREES, stated, computed)
        for factor in SLIPS:
            if rounded(computed / factor, step) == stated:
                return Checked(Outcome.ASK, stated, computed, unit_price / factor)
            if rounded(computed * factor, step) == stated:
                return Checked(Outcome.ASK, stated, computed, unit_price * factor)
        return Checked(Outcome.CORRECTED, stated, computed)
