"""Money added for comparison only: worse payment terms, and freight nobody stated."""

from collections.abc import Mapping
from decimal import Decimal

from rfqs.comparison.inputs import ZERO, Offer, Policy, Scheme
from rfqs.comparison.landed import Landed
from rfqs.comparison.money import HUNDRED, rounded

DAYS_OF_YEAR = 365


def payment_days(offer: Offer, credit_days: int) -> Decimal:
    """Days the buyer pays earlier than standard, weighted by the shares; negative when later.

    A share nobody stated terms for counts as paid on the standard day.
    """
    return sum(
        (part.share_percent * (credit_days - part.day) for part in offer.tranches), ZERO
    ) / Decimal(100)


def payable(offer: Offer, sums: Landed) -> Decimal:
    """What the supplier is paid: without clearing, duty and taxes the buyer pays himself."""
    total = sums.basic + sums.packing + sums.freight + sums.insurance + sums.other
    return total + sums.gst if offer.scheme == Scheme.REGULAR else total


def payment_loading(amount: Decimal, days: Decimal, policy: Policy, step: Decimal) -> Decimal:
    """Interest on `amount` for the days lost; better terms than standard give nothing back."""
    interest = amount * policy.interest_percent * days / (HUNDRED * DAYS_OF_YEAR)
    return max(step * 0, rounded(interest, step))


def freight_loading(
    key: str, stated: Mapping[str, Decimal | None], step: Decimal
) -> Decimal | None:
    """The highest freight the other ranked offers name, base currency.

    None where none of them names an amount but some include it in their prices; 0 where all are silent,
    and so are compared alike.
    """
    others = [amount for other, amount in stated.items() if other != key]
    named = [amount for amount in others if amount is not None]
    if others and not named:
        return None
    return max(named, default=step * 0)
