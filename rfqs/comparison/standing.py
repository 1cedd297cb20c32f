"""Every offer priced in its own currency, and where it stands before any money is compared."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rfqs.comparison import goods, service, transport
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import Inputs, Kind, Line, Offer, OfferLine, Scheme
from rfqs.comparison.priced import Priced, Quantities, Terms, is_quoted, wanted

UNTAXED = (Scheme.COMPOSITION, Scheme.UNREGISTERED)


@dataclass(frozen=True, slots=True)
class Standing:
    """One offer with its lines priced; a flag stands where a line has no comparable amount."""

    offer: Offer
    answers: Mapping[str, OfferLine]
    priced: Mapping[str, Priced | Flag]
    rate: Decimal | None
    status: Status
    quoted_lines: int
    flags: tuple[Flag, ...]

    @property
    def ranked(self) -> bool:
        """Whether the offer competes for the whole request."""
        return self.status is Status.COMPLETE

    def competes(self, line_key: str) -> bool:
        """Whether the offer competes for one line."""
        if self.status not in (Status.COMPLETE, Status.INCOMPLETE):
            return False
        priced = self.priced[line_key]
        return isinstance(priced, Priced) and not priced.is_short


@dataclass(frozen=True, slots=True)
class Prepared:
    """The inputs in a fixed order of lines, with every offer's standing.

    `highest_gst` holds, per line, the highest GST percent that a ranked offer states.
    """

    inputs: Inputs
    lines: tuple[Line, ...]
    standings: tuple[Standing, ...]
    highest_gst: Mapping[str, Decimal]


def prepare(inputs: Inputs) -> Prepared:
    """Price every line of every offer and settle who is comparable with whom."""
    lines = tuple(sorted(inputs.lines, key=lambda line: (line.no, line.key)))
    wholes = [wanted(line.need) for line in lines]
    standings = tuple(_standing(inputs, lines, wholes, offer) for offer in inputs.offers)
    return Prepared(inputs, lines, standings, _highest_gst(standings))


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

    Where nobody states one, tax is left out of every offer alike and the cell says so.
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


def _standing(
    inputs: Inputs, lines: Sequence[Line], wholes: Sequence[Quantities], offer: Offer
) -> Standing:
    answers = {offered.line_key: offered for offered in offer.lines}
    terms = terms_of(inputs, offer)
    priced = {
        line.key: price(line, answers.get(line.key), whole, terms)
        for line, whole in zip(lines, wholes, strict=True)
    }
    short = [line for line in priced.values() if not isinstance(line, Priced) or line.is_short]
    full = len(lines) - len(short)
    rate = inputs.rate(offer.currency)
    flags = []
    if rate is None:
        flags.append(Flag.NO_RATE)
    if offer.needs_reconfirmation:
        flags.append(Flag.NEEDS_RECONFIRMATION)
    status = _status(offer, comparable=not flags, complete=0 < full == len(lines))
    return Standing(offer, answers, priced, rate, status, full, tuple(flags))


def _status(offer: Offer, *, comparable: bool, complete: bool) -> Status:
    if offer.disqualified:
        return Status.DISQUALIFIED
    if offer.expired:
        return Status.EXPIRED
    if not comparable:
        return Status.NOT_COMPARABLE
    return Status.COMPLETE if complete else Status.INCOMPLETE


def _highest_gst(standings: Iterable[Standing]) -> dict[str, Decimal]:
    highest: dict[str, Decimal] = {}
    for standing in standings:
        if not standing.ranked or standing.offer.scheme in UNTAXED:
            continue
        for key, offered in standing.answers.items():
            if offered.gst_percent is not None:
                highest[key] = max(offered.gst_percent, highest.get(key, Decimal(0)))
    return highest
