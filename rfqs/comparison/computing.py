"""One offer computed to its landed lines: the figures that cells, columns and splits share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import ZERO, Freight, Line, Scheme, Tax, Unstated
from rfqs.comparison.landed import (
    Exchange,
    Figures,
    Landed,
    Lot,
    Taken,
    exchange_of,
    land,
    net_amounts,
)
from rfqs.comparison.loading import freight_loading, payable, payment_days, payment_loading
from rfqs.comparison.priced import Priced
from rfqs.comparison.standing import Prepared, Standing
from rfqs.comparison.unstated import duty_percents, freight_missing, gst_rate, payable_unknown

NOTHING = Landed._make([ZERO] * len(Landed._fields))


class Entry(NamedTuple):
    """One priced line: its net in the quote currency, and landed where a rate is known."""

    taken: Taken
    net: Decimal
    landed: Landed | None


@dataclass(frozen=True, slots=True)
class Computed:
    """An offer's priced lines, in the order of line numbers; figures only where a rate is known."""

    standing: Standing
    exchange: Exchange | None
    lot: Lot
    places: Mapping[str, int]  # in the lot, by line key
    nets: Sequence[Decimal]
    figures: Figures | None  # none where the offer has no exchange rate or prices nothing
    sums: Landed  # of the landed lines, figure by figure

    def entry(self, key: str) -> Entry | None:
        """One of the lines; None where the offer does not price it."""
        place = self.places.get(key)
        if place is None:
            return None
        landed = None if self.figures is None else self.figures.landed(place)
        return Entry(self.lot.taken(place), self.nets[place], landed)

    def costs(self, tax: Tax) -> Sequence[Decimal]:
        """The compared cost of every line of the lot; empty where there are no figures."""
        if self.figures is None:
            return ()
        return self.figures.gross_landed if tax == Tax.GROSS else self.figures.net_landed


@dataclass(frozen=True, slots=True)
class Loading:
    """What is added to an offer for comparison, base currency; None where it is not known."""

    days: Decimal
    payment: Decimal | None
    freight: Decimal | None
    flags: tuple[Flag, ...]

    @property
    def total(self) -> Decimal | None:
        """Payment and freight loading together."""
        if self.payment is None or self.freight is None:
            return None
        return self.payment + self.freight


def compute(prepared: Prepared, standing: Standing) -> Computed:
    """Land every line the offer prices."""
    lines: Sequence[Line] = prepared.lines
    offered, priced, without = standing.said, standing.priced.lines, standing.priced.flags
    if without:
        places = [n for n in range(len(lines)) if n not in without]
        lines, offered, priced = [lines[n] for n in places], offered.at(places), priced.at(places)
    percents = offered.column("gst_percent")
    flags: Sequence[Flag | None] = [None] * len(lines)
    if standing.offer.scheme is not Scheme.REGULAR or not all(one is not None for one in percents):
        rates = [
            gst_rate(standing.offer.scheme, line, one, prepared.highest)
            for line, one in zip(lines, offered, strict=True)
        ]
        percents, flags = [rate for rate, _flag in rates], [flag for _rate, flag in rates]
    return land_lot(prepared, standing, Lot(lines, offered, priced, percents, flags))


def land_lines(
    prepared: Prepared, standing: Standing, taken: Sequence[Taken], *, header_discount: bool = True
) -> Computed:
    """Land exactly these lines of an offer, its lump sums shared among them in full."""
    return land_lot(prepared, standing, Lot.of(taken), header_discount=header_discount)


def land_lot(
    prepared: Prepared, standing: Standing, lot: Lot, *, header_discount: bool = True
) -> Computed:
    """The same for lines that are turned on their side already."""
    offer, inputs = standing.offer, prepared.inputs
    nets = net_amounts(offer, lot, inputs.step(offer.currency), header_discount=header_discount)
    exchange, figures, sums = None, None, NOTHING
    if standing.rate is not None:
        exchange = exchange_of(inputs, offer, standing.rate)
        if nets:
            duties = duty_percents(prepared, offer, lot.lines, lot.offered)
            figures, sums = land(offer, lot, nets, exchange, duties)
    places = prepared.numbers
    if len(lot.lines) < len(places):
        places = {line.key: place for place, line in enumerate(lot.lines)}
    return Computed(standing, exchange, lot, places, nets, figures, sums)


def taken_line(prepared: Prepared, standing: Standing, line: Line, priced: Priced) -> Taken:
    """One priced line with the GST rate that applies to it."""
    offered, scheme = standing.answers[line.key], standing.offer.scheme
    if offered.gst_percent is not None and scheme is Scheme.REGULAR:
        return Taken(line, offered, priced, offered.gst_percent)
    percent, flag = gst_rate(scheme, line, offered, prepared.highest)
    return Taken(line, offered, priced, percent, flag)


def cost_of(landed: Landed, tax: Tax) -> Decimal:
    """The compared cost of a line: with GST where the request compares gross."""
    return landed.gross_landed if tax == Tax.GROSS else landed.net_landed


def stated_freights(prepared: Prepared, computed: Sequence[Computed]) -> dict[str, Decimal | None]:
    """Freight per ranked offer that states it, base currency; None where the prices include it."""
    names_nothing = prepared.inputs.policy.unstated is not Unstated.NOTHING
    return {
        one.standing.offer.key: None
        if names_nothing and one.standing.offer.freight == Freight.INCLUDED
        else one.sums.freight
        for one in computed
        if one.standing.ranked and not freight_missing(prepared, one.standing.offer)
    }


def loading_of(prepared: Prepared, one: Computed, stated: Mapping[str, Decimal | None]) -> Loading:
    """Payment and freight loading of one offer; `stated` is the freight of the ranked ones."""
    policy, offer = prepared.inputs.policy, one.standing.offer
    step = prepared.inputs.step(policy.base_currency)
    flags = []
    days = payment_days(offer, policy.credit_days)
    if policy.interest_percent and not offer.tranches:
        flags.append(Flag.TERMS_NOT_STATED)
    freight: Decimal | None = step * 0
    if freight_missing(prepared, offer):
        flags.append(Flag.FREIGHT_NOT_STATED)
        freight = freight_loading(offer.key, stated, step)
        if freight:
            flags.append(Flag.FREIGHT_LOADED)
    if payable_unknown(prepared, one.standing, prepared.highest):
        return Loading(days, None, freight, (*flags, Flag.GST_NOT_STATED))
    payment = payment_loading(payable(offer, one.sums), days, policy, step)
    return Loading(days, payment, freight, tuple(flags))
