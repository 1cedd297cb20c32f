"""Goods: quantity times unit price, with units, least orders and price bases."""

from decimal import Decimal

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ONE, ZERO, OfferLine
from rfqs.comparison.money import to_step
from rfqs.comparison.priced import Priced, Quantities, Terms, quantities


def price(
    offered: OfferLine, whole: Quantities, terms: Terms, times: Decimal = ONE
) -> Priced | Flag:
    """`gross = R(quantity x unit price x times / price basis)`; a flag where units differ.

    `times` is how often the price falls due over the contract (services); 1 for goods.
    """
    factor, unit_price = offered.unit_factor, offered.unit_price or ZERO
    if factor is None or (factor is not ONE and factor <= 0):
        return Flag.UNIT
    amounts = quantities(offered, whole, factor, terms)
    divisor = offered.price_basis if factor is ONE else offered.price_basis * factor
    gross = amounts.charged * unit_price
    if times is not ONE:
        gross *= times
    if divisor is not ONE and divisor != ONE:
        gross /= divisor
        unit_price /= divisor
    flags = amounts.flags if unit_price else (*amounts.flags, Flag.FREE)
    return Priced(amounts, to_step(gross, terms.step), unit_price, (), flags)
