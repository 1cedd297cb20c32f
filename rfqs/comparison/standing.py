"""Every offer priced in its own currency, and where it stands before any money is compared."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from rfqs.comparison import goods, service, transport
from rfqs.comparison.answers import Answers
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import ONE, ZERO, Inputs, Kind, Line, Offer, OfferLine, Scheme, Tax
from rfqs.comparison.money import to_step
from rfqs.comparison.priced import (
    Priced,
    PricedLines,
    Prices,
    Quantities,
    Terms,
    is_quoted,
    wanted,
)

UNTAXED = (Scheme.COMPOSITION, Scheme.UNREGISTERED)
# What nearly every answer says of these: then its gross is quantity times price, and no more.
USUAL = {
    "price_basis": ONE,
    "moq": None,
    "order_multiple": None,
    "offered_quantity": None,
    "unit_factor": ONE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One offer with its lines priced; a flag stands where a line has no comparable amount.

    `answers` are by line key, `said` the same in the order of the request's lines.
    """

    offer: Offer
    answers: Mapping[str, OfferLine]
    said: Answers
    priced: Prices
    rate: Decimal | None
    status: Status
    quoted_lines: int
    flags: tuple[Flag, ...]

    @property
    def ranked(self) -> bool:
        """Whether the offer competes for the whole request."""
        return self.status is Status.COMPLETE

    @property
    def in_competition(self) -> bool:
        """Whether the offer competes for the lines it supplies in full."""
        return self.status in (Status.COMPLETE, Status.INCOMPLETE)

    def competes(self, line_key: str) -> bool:
        """Whether the offer competes for one line."""
        priced = self.priced[line_key]
        return self.in_competition and isinstance(priced, Priced) and not priced.is_short


@dataclass(frozen=True, slots=True)
class Prepared:
    """The inputs in a fixed order of lines, with every offer's standing; `numbers` are places of lines.

    `highest_gst` holds, per line for which the request states none, the highest GST percent that a
    ranked offer states.
    """

    inputs: Inputs
    lines: tuple[Line, ...]
    standings: tuple[Standing, ...]
    highest_gst: Mapping[str, Decimal]
    numbers: Mapping[str, int]


class _Asked(NamedTuple):
    """What is wanted, in the order of lines; the places of those that are not plain goods."""

    lines: Sequence[Line]
    keys: Sequence[str]
    numbers: Mapping[str, int]
    wholes: Sequence[Quantities]
    special: frozenset[int]


def prepare(inputs: Inputs) -> Prepared:
    """Price every line of every offer and settle who is comparable with whom."""
    lines = tuple(sorted(inputs.lines, key=lambda line: (line.no, line.key)))
    wholes = [wanted(line.need) for line in lines]
    special = (
        n
        for n, (line, whole) in enumerate(zip(lines, wholes, strict=True))
        if line.kind is not Kind.GOODS or whole.required <= 0
    )
    keys = [line.key for line in lines]
    numbers = {key: n for n, key in enumerate(keys)}
    asked = _Asked(lines, keys, numbers, wholes, frozenset(special))
    standings = tuple(_standing(inputs, asked, offer) for offer in inputs.offers)
    unstated = {line.key for line in lines if line.gst_percent is None}
    highest = _highest_gst(standings, unstated)
    if inputs.policy.tax is Tax.GROSS and unstated:
        standings, highest = _without_unknown_tax(standings, unstated)
    return Prepared(inputs, lines, standings, highest, numbers)


def price(line: Line, offered: OfferLine | None, whole: Quantities, terms: Terms) -> Priced | Flag:
    """Price the `whole` of what is wanted of a line, by its kind; a flag where that fails.

    Amounts are in the offer's currency.
    """
    if offered is None or not is_quoted(offered, whole.required):
        return Flag.NOT_QUOTED
    if line.kind is Kind.GOODS:
        return goods.price(offered, whole, terms)
    if line.kind is Kind.SERVICE:
        return service.price(line, offered, whole, terms)
    return transport.price(line, offered, whole, terms)


def terms_of(inputs: Inputs, offer: Offer) -> Terms:
    """How this offer's lines are priced under the request's policy."""
    return Terms(inputs.step(offer.currency), inputs.policy.quantity)


def gst_rate(
    scheme: Scheme, line: Line, offered: OfferLine, highest: Mapping[str, Decimal]
) -> tuple[Decimal, Flag | None]:
    """The GST percent of an answer: its own, else the request's, else the highest stated.

    Where nobody states one there is no tax, and no figure of it: the cell says so.
    """
    if scheme in UNTAXED:
        return Decimal(0), None
    if offered.gst_percent is not None:
        return offered.gst_percent, None
    if line.gst_percent is not None:
        return line.gst_percent, Flag.GST_FROM_REQUEST
    if line.key in highest:
        return highest[line.key], Flag.GST_LOADED
    return Decimal(0), Flag.GST_NOT_STATED


def _standing(inputs: Inputs, asked: _Asked, offer: Offer) -> Standing:
    answers = Answers.of(offer.lines)
    said = answers.to(asked.keys)
    priced = _prices(asked, said, terms_of(inputs, offer))
    full = priced.in_full
    rate = inputs.rate(offer.currency)
    flags = []
    if rate is None:
        flags.append(Flag.NO_RATE)
    if offer.needs_reconfirmation:
        flags.append(Flag.NEEDS_RECONFIRMATION)
    status = _status(offer, comparable=not flags, complete=0 < full == len(priced))
    return Standing(offer, answers.by_line, said, priced, rate, status, full, tuple(flags))


def _prices(asked: _Asked, said: Answers, terms: Terms) -> Prices:
    """Every line priced. A sheet has thousands of answers: all as if they said what is usual, then the others."""
    prices, special = _usual(asked, said)
    step = terms.step
    grosses = [
        to_step(whole.charged * amount, step)
        for whole, amount in zip(asked.wholes, prices, strict=True)
    ]
    others: dict[int, Priced] = {}
    flags: dict[int, Flag] = {}
    for n in special:
        found = price(asked.lines[n], said[n], asked.wholes[n], terms)
        if isinstance(found, Flag):
            flags[n] = found
        else:
            others[n] = found
    lines = PricedLines(asked.wholes, grosses, prices, {})
    return Prices(asked.numbers, lines.with_others(others) if others else lines, flags)


def _usual(asked: _Asked, said: Answers) -> tuple[Sequence[Decimal], Collection[int]]:
    """The prices, 0 where there is none, and the places of lines that take more than a multiplication."""
    special = set(asked.special)
    prices: Sequence[Decimal] = said.column("unit_price")
    if not all(prices):
        prices = [amount or ZERO for amount in prices]
        special.update(n for n, amount in enumerate(prices) if not amount)
    for name, usual in USUAL.items():
        column = said.column(name)
        if column.count(usual) != len(column):
            special.update(n for n, one in enumerate(column) if one != usual)
    return prices, special


def _status(offer: Offer, *, comparable: bool, complete: bool) -> Status:
    if offer.disqualified:
        return Status.DISQUALIFIED
    if offer.expired:
        return Status.EXPIRED
    if not comparable:
        return Status.NOT_COMPARABLE
    return Status.COMPLETE if complete else Status.INCOMPLETE


def _without_unknown_tax(
    standings: tuple[Standing, ...], unstated: Collection[str]
) -> tuple[tuple[Standing, ...], dict[str, Decimal]]:
    """Compared with GST, an answer that nobody knows the rate of has no cost: never one without tax.

    Whoever loses a line so is no longer ranked, and lends the others no rate: so it goes on until
    nothing changes.
    """
    while True:
        highest = _highest_gst(standings, unstated)
        unknown = [key for key in unstated if key not in highest]
        left = tuple(_without(standing, unknown) for standing in standings)
        if left == standings:
            return standings, highest
        standings = left


def _without(standing: Standing, unknown: Collection[str]) -> Standing:
    """The offer without a cost of those lines that it states no GST for."""
    lost = {
        key
        for key in unknown
        if isinstance(standing.priced[key], Priced) and standing.answers[key].gst_percent is None
    }
    if not lost or standing.offer.scheme in UNTAXED:
        return standing
    priced = standing.priced.without(lost, Flag.GST_NOT_STATED)
    status = Status.INCOMPLETE if standing.ranked else standing.status
    return replace(standing, priced=priced, quoted_lines=priced.in_full, status=status)


def _highest_gst(standings: Iterable[Standing], keys: Collection[str]) -> dict[str, Decimal]:
    highest: dict[str, Decimal] = {}
    for standing in standings if keys else ():
        if not standing.ranked or standing.offer.scheme in UNTAXED:
            continue
        for key, offered in standing.answers.items():
            if offered.gst_percent is not None and key in keys:
                highest[key] = max(offered.gst_percent, highest.get(key, Decimal(0)))
    return highest
