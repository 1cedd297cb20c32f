"""From quoted amounts to landed cost: discounts, exchange, charges, duty, tax.

The order of steps and every rounding is the one of the comparison's goods formula; services and
transport join it at their gross amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ZERO, Freight, Inputs, Line, Offer, OfferLine, Scheme
from rfqs.comparison.money import CENT, Weights, rounded
from rfqs.comparison.priced import Priced


class Taken(NamedTuple):
    """A line that takes part in an offer's sums, priced, with its GST percent."""

    line: Line
    offered: OfferLine
    priced: Priced
    gst_percent: Decimal
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """The frozen rate of an offer and the smallest amounts of both currencies."""

    rate: Decimal
    quote_step: Decimal
    base_step: Decimal
    duty_surcharge_percent: Decimal

    @property
    def nothing(self) -> Decimal:
        """Zero with the decimals of base currency."""
        return self.base_step * 0


class Landed(NamedTuple):
    """The figures of one line, base currency, every one rounded."""

    basic: Decimal
    packing: Decimal
    freight: Decimal
    insurance: Decimal
    other: Decimal
    clearing: Decimal
    duty: Decimal
    surcharge: Decimal
    gst: Decimal
    net_landed: Decimal
    gross_landed: Decimal


def exchange_of(inputs: Inputs, offer: Offer, rate: Decimal) -> Exchange:
    """How this offer's money becomes base currency."""
    return Exchange(
        rate,
        inputs.step(offer.currency),
        inputs.step(inputs.policy.base_currency),
        inputs.policy.duty_surcharge_percent,
    )


def net_amounts(
    offer: Offer, taken: Sequence[Taken], step: Decimal, *, header_discount: bool = True
) -> list[Decimal]:
    """Quoted amounts after line and header discounts, in the quote currency.

    A discount is an amount, rounded, then subtracted; the header's is shared by the net amounts.
    """
    nets = []
    for item in taken:
        gross, percent = item.priced.gross, item.offered.discount_percent
        nets.append(gross - rounded(gross * percent * CENT, step) if percent else gross)
    if not (nets and header_discount and offer.header_discount_percent):
        return nets
    amount = rounded(sum(nets, ZERO) * offer.header_discount_percent * CENT, step)
    shares = Weights(nets).share(amount, step)
    return [net - share for net, share in zip(nets, shares, strict=True)]


def land(
    offer: Offer, taken: Sequence[Taken], nets: Sequence[Decimal], exchange: Exchange
) -> list[Landed]:
    """Landed figures of the lines taken together; lump sums are shared among exactly these.

    `taken` is in the order of line numbers, which decides who gets a left-over step; `nets` are
    theirs in the quote currency.
    """
    if not taken:
        return []
    step, rate = exchange.base_step, exchange.rate
    basics = [rounded(net * rate, step) for net in nets]
    weights = Weights(basics)
    freight = ZERO if isinstance(offer.freight, Freight) else offer.freight
    lump_sums = (offer.pf_amount, freight, offer.insurance, offer.other, offer.clearing)
    shares = [weights.share(rounded(amount * rate, step), step) for amount in lump_sums]
    return [
        _landed(offer, item, exchange, figures)
        for item, *figures in zip(taken, basics, *shares, strict=True)
    ]


def _landed(offer: Offer, item: Taken, exchange: Exchange, figures: Sequence[Decimal]) -> Landed:
    basic, packing, freight, insurance, other, clearing = figures
    step = exchange.base_step
    if offer.pf_percent:
        packing += rounded(basic * offer.pf_percent * CENT, step)
    supply = basic + packing + freight + insurance
    duty = surcharge = exchange.nothing
    if offer.scheme == Scheme.IMPORT and item.offered.duty_percent:
        duty = rounded(supply * item.offered.duty_percent * CENT, step)
        surcharge = rounded(duty * exchange.duty_surcharge_percent * CENT, step)
    assessed = supply + duty + surcharge
    gst = rounded(assessed * item.gst_percent * CENT, step)
    net = assessed + other + clearing
    return Landed(
        basic, packing, freight, insurance, other, clearing, duty, surcharge, gst, net, net + gst
    )
