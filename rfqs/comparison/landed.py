"""From quoted amounts to landed cost: discounts, exchange, charges, duty, tax.

The order of steps and every rounding is the one of the comparison's goods formula; services and
transport join it at their gross amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import add
from typing import NamedTuple

from rfqs.comparison.answers import Answers
from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ONE, ZERO, Freight, Inputs, Line, Offer, OfferLine
from rfqs.comparison.money import CENT, EXACT, Weights, rounded, to_step
from rfqs.comparison.priced import Priced, PricedLines


class Taken(NamedTuple):
    """A line that takes part in an offer's sums, priced, with its GST percent."""

    line: Line
    offered: OfferLine
    priced: Priced
    gst_percent: Decimal
    flag: Flag | None = None


class Lot(NamedTuple):
    """Lines that an offer supplies together, in the order of their numbers: `Taken`, turned on its side.

    Lump sums are shared among exactly these.
    """

    lines: Sequence[Line]
    offered: Answers
    priced: PricedLines
    gst_percents: Sequence[Decimal]
    flags: Sequence[Flag | None]

    @classmethod
    def of(cls, taken: Sequence[Taken]) -> "Lot":
        """The same lines, figure by figure."""
        if not taken:
            return cls((), Answers.of(()), PricedLines.of(()), (), ())
        lines, offered, priced, percents, flags = zip(*taken, strict=True)
        return cls(lines, Answers.of(offered), PricedLines.of(priced), percents, flags)

    def at(self, places: Sequence[int]) -> "Lot":
        """Those at these places."""
        return Lot(
            [self.lines[place] for place in places],
            self.offered.at(places),
            self.priced.at(places),
            [self.gst_percents[place] for place in places],
            [self.flags[place] for place in places],
        )

    def taken(self, place: int) -> Taken:
        """One of the lines."""
        return Taken(
            self.lines[place],
            self.offered[place],
            self.priced[place],
            self.gst_percents[place],
            self.flags[place],
        )


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


class Figures(NamedTuple):
    """The figures of `Landed` for all lines of a lot, in its order; with GST they are added up when asked for."""

    basic: Sequence[Decimal]
    packing: Sequence[Decimal]
    freight: Sequence[Decimal]
    insurance: Sequence[Decimal]
    other: Sequence[Decimal]
    clearing: Sequence[Decimal]
    duty: Sequence[Decimal]
    surcharge: Sequence[Decimal]
    gst: Sequence[Decimal]
    net_landed: Sequence[Decimal]

    @property
    def gross_landed(self) -> Sequence[Decimal]:
        """What the lines cost with GST."""
        return list(map(EXACT.add, self.net_landed, self.gst))

    def landed(self, place: int) -> Landed:
        """Those of one line."""
        found = [column[place] for column in self]
        return Landed._make((*found, EXACT.add(self.net_landed[place], self.gst[place])))


def exchange_of(inputs: Inputs, offer: Offer, rate: Decimal) -> Exchange:
    """How this offer's money becomes base currency."""
    return Exchange(
        rate,
        inputs.step(offer.currency),
        inputs.step(inputs.policy.base_currency),
        inputs.policy.duty_surcharge_percent,
    )


def net_amounts(
    offer: Offer, lot: Lot, step: Decimal, *, header_discount: bool = True
) -> Sequence[Decimal]:
    """Quoted amounts after line and header discounts, in the quote currency.

    A discount is an amount, rounded, then subtracted; the header's is shared by the net amounts.
    """
    nets = lot.priced.grosses
    percents = lot.offered.column("discount_percent")
    if any(percents):
        nets = [
            gross - rounded(gross * percent * CENT, step) if percent else gross
            for gross, percent in zip(nets, percents, strict=True)
        ]
    if not (nets and header_discount and offer.header_discount_percent):
        return nets
    amount = rounded(sum(nets, ZERO) * offer.header_discount_percent * CENT, step)
    shares = Weights(nets, step).share(amount, step)
    return [net - share for net, share in zip(nets, shares, strict=True)]


def land(
    offer: Offer,
    lot: Lot,
    nets: Sequence[Decimal],
    exchange: Exchange,
    duty_percents: Sequence[Decimal] = (),
) -> tuple[Figures, Landed]:
    """Landed figures of the lot, which has at least one line, and their sums.

    `nets` are the lot's own in the quote currency; `duty_percents` are those of an import. Figure by
    figure over all lines: a sheet has thousands of them.
    """
    step, rate = exchange.base_step, exchange.rate
    basics = nets
    if rate != ONE or exchange.quote_step != step:
        basics = [to_step(net * rate, step) for net in nets]
    packings, freights, insurances, others, clearings = _lump_sums(offer, basics, exchange)
    if offer.pf_percent:
        percent = offer.pf_percent * CENT
        own = [to_step(basic * percent, step) for basic in basics]
        packings = _added(own, packings)
    assessed = _added(basics, packings, freights, insurances)
    duties, surcharges = _duties(assessed, duty_percents, exchange)
    assessed = _added(assessed, duties, surcharges)
    taxes = _taxes(assessed, lot.gst_percents, step)
    landed = _added(assessed, others, clearings)
    columns = (basics, packings, freights, insurances, others, clearings, duties, surcharges)
    zero = exchange.nothing
    sums = [sum(column, ZERO) if column else zero for column in columns]
    net, tax = sum(sums, ZERO), sum(taxes, ZERO)
    nothing = [zero] * len(nets)
    figures = [column or nothing for column in columns]
    return (
        Figures._make((*figures, taxes, landed)),
        Landed._make((*sums, tax, net, net + tax)),
    )


def _taxes(
    amounts: Sequence[Decimal], percents: Sequence[Decimal], step: Decimal
) -> Sequence[Decimal]:
    """GST by line; most offers have one percentage for all."""
    if percents.count(percents[0]) == len(percents):
        percent = percents[0] * CENT
        return [to_step(amount * percent, step) for amount in amounts]
    return [
        to_step(amount * percent * CENT, step)
        for amount, percent in zip(amounts, percents, strict=True)
    ]


def _lump_sums(
    offer: Offer, basics: Sequence[Decimal], exchange: Exchange
) -> list[Sequence[Decimal]]:
    """Packing, freight, insurance, other and clearing by line; empty where nothing is charged."""
    step = exchange.base_step
    freight = ZERO if isinstance(offer.freight, Freight) else offer.freight
    amounts = (offer.pf_amount, freight, offer.insurance, offer.other, offer.clearing)
    if not any(amounts):
        return [()] * len(amounts)
    weights = Weights(basics, step)
    converted = [rounded(amount * exchange.rate, step) for amount in amounts]
    return [weights.share(amount, step) if amount else () for amount in converted]


def _duties(
    supplies: Sequence[Decimal], percents: Sequence[Decimal], exchange: Exchange
) -> tuple[Sequence[Decimal], Sequence[Decimal]]:
    """Customs duty on the value of each import, and the surcharge on it; empty for what is none."""
    step = exchange.base_step
    if not percents:
        return (), ()
    duties = [
        rounded(supply * percent * CENT, step)
        for supply, percent in zip(supplies, percents, strict=True)
    ]
    surcharge = exchange.duty_surcharge_percent * CENT
    return duties, [rounded(duty * surcharge, step) for duty in duties]


def _added(amounts: Sequence[Decimal], *more: Sequence[Decimal]) -> Sequence[Decimal]:
    """The sums line by line; what is empty adds nothing."""
    for others in more:
        if others:
            amounts = list(map(add, amounts, others))
    return amounts
