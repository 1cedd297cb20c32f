"""Services: every quote brought to the contract period before it is compared."""

from decimal import Decimal

from rfqs.comparison import goods
from rfqs.comparison.flags import Flag, Step
from rfqs.comparison.inputs import ONE, Line, OfferLine, Period
from rfqs.comparison.priced import Priced, Quantities, Terms

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def price(line: Line, offered: OfferLine, whole: Quantities, terms: Terms) -> Priced | Flag:
    """Price a service over its contract: 240 a quarter, four sets, one year is 240 x 4 x 4.

    A rate quoted once is for the whole contract; a rate per month for a job asked once has no
    known number of months and is not compared.
    """
    times = rate_periods(line, offered.rate_period or line.period_unit)
    if times is None:
        return Flag.PERIOD
    priced = goods.price(offered, whole, terms, times)
    if isinstance(priced, Flag) or times == ONE:
        return priced
    in_full = times == times.to_integral_value()
    return priced._replace(
        workings=(Step("periods", times),),
        flags=priced.flags if in_full else (*priced.flags, Flag.PART_PERIOD),
    )


def rate_periods(line: Line, quoted: Period) -> Decimal | None:
    """How often a rate per `quoted` period falls due over the line's contract; None if unknown."""
    if line.period_unit == Period.ONCE:
        return line.periods if quoted == Period.ONCE else None
    if quoted == Period.ONCE:
        return ONE
    return line.periods * MONTHS[line.period_unit] / MONTHS[quoted]
