"""Every offer priced in its own currency, and where it stands before any money is compared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import mul
from typing import NamedTuple

from rfqs.comparison import goods, service, transport
from rfqs.comparison.answers import Answers
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import ONE, ZERO, Inputs, Kind, Line, Offer, OfferLine
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

COMPETING = (Status.COMPLETE, Status.INCOMPLETE, Status.NOT_EVALUATED)
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
        return self.status in COMPETING

    def competes(self, line_key: str) -> bool:
        """Whether the offer competes for one line."""
        priced = self.priced[line_key]
        return self.in_competition and isinstance(priced, Priced) and not priced.is_short


@dataclass(frozen=True, slots=True)
class Prepared:
    """The inputs in a fixed order of lines, with every offer's standing; `numbers` are places of lines.

    `highest` are the percentages that ranked offers lend to those who state none.
    """

    inputs: Inputs
    lines: tuple[Line, ...]
    standings: tuple[Standing, ...]
    highest: "Lent"
    numbers: Mapping[str, int]


class Lent(NamedTuple):
    """Per line for which the request states none, the highest GST and duty percent that a ranked offer states."""

    gst: Mapping[str, Decimal]
    duty: Mapping[str, Decimal]


class _Asked(NamedTuple):
    """What is wanted, in the order of lines; the places of those that are not plain goods."""

    lines: Sequence[Line]
    keys: Sequence[str]
    numbers: Mapping[str, int]
    wholes: Sequence[Quantities]
    charged: Sequence[Decimal]
    special: frozenset[int]


def prepared_by_price(inputs: Inputs) -> Prepared:
    """Price every line of every offer; what nobody states is not settled yet (`unstated.prepare`)."""
    lines = tuple(sorted(inputs.lines, key=lambda line: (line.no, line.key)))
    wholes = [wanted(line.need) for line in lines]
    special = (
        n
        for n, (line, whole) in enumerate(zip(lines, wholes, strict=True))
        if line.kind is not Kind.GOODS or whole.required <= 0
    )
    keys = [line.key for line in lines]
    numbers = {key: n for n, key in enumerate(keys)}
    charged = [whole.charged for whole in wholes]
    asked = _Asked(lines, keys, numbers, wholes, charged, frozenset(special))
    standings = tuple(_standing(inputs, asked, offer) for offer in inputs.offers)
    return Prepared(inputs, lines, standings, Lent({}, {}), numbers)


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
    grosses = [to_step(amount, step) for amount in map(mul, asked.charged, prices)]
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
