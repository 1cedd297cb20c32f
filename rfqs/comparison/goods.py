"""Goods: quantity times unit price, with units, least orders and price bases."""

from decimal import Decimal

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ONE, OfferLine
from rfqs.comparison.money import rounded
from rfqs.comparison.priced import Priced, Terms, quantities


def price(
    offered: OfferLine, unit_price: Decimal, need: Decimal, terms: Terms, times: Decimal = ONE
) -> Priced | Flag:
    """`gross = R(quantity x unit price x times / price basis)`; a flag where units differ.

    `times` is how often the price falls due over the contract (services); 1 for goods.
    """
    if offered.unit_factor is None or offered.unit_factor <= 0:
        return Flag.UNIT
    amounts = quantities(offered, need, offered.unit_factor, terms)
    divisor = offered.price_basis * offered.unit_factor
    gross = amounts.charged * unit_price
    if times is not ONE:
        gross *= times
    if divisor != ONE:
        gross /= divisor
    return Priced(
        amounts,
        rounded(gross, terms.step),
        unit_price if divisor == ONE else unit_price / divisor,
        (),
        amounts.flags if unit_price else (*amounts.flags, Flag.FREE),
    )
