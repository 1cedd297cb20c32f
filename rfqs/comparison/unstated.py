"""What an offer does not state: taken from the request, lent by the ranked others, or not known at all.

Where nobody states it, it is no zero (docs/adr/0035): a line whose compared cost needs it has none, and
an offer whose total alone needs it has no rank.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import (
    ZERO,
    Freight,
    Inputs,
    Kind,
    Line,
    Offer,
    OfferLine,
    Policy,
    Scheme,
    Tax,
    Unstated,
)
from rfqs.comparison.loading import payment_days
from rfqs.comparison.priced import Priced
from rfqs.comparison.standing import Lent, Prepared, Standing, prepared_by_price

UNTAXED = (Scheme.COMPOSITION, Scheme.UNREGISTERED)
NOBODY = Lent({}, {})


def prepare(inputs: Inputs) -> Prepared:
    """Price every line of every offer and settle who is comparable with whom."""
    prepared = prepared_by_price(inputs)
    silent = _silent(prepared)
    if not (silent.gst or silent.duty):
        return replace(prepared, standings=_evaluated(prepared, NOBODY))
    return _settled(prepared, silent)


def gst_rate(
    scheme: Scheme, line: Line, offered: OfferLine, highest: Lent
) -> tuple[Decimal, Flag | None]:
    """The GST percent of an answer: its own, else the request's, else the highest stated.

    Where nobody states one there is no tax, and no figure of it: the cell says so.
    """
    if scheme in UNTAXED:
        return ZERO, None
    if offered.gst_percent is not None:
        return offered.gst_percent, None
    if line.gst_percent is not None:
        return line.gst_percent, Flag.GST_FROM_REQUEST
    if line.key in highest.gst:
        return highest.gst[line.key], Flag.GST_LOADED
    return ZERO, Flag.GST_NOT_STATED


def duty_rate(
    policy: Policy, line: Line, offered: OfferLine, highest: Lent
) -> tuple[Decimal, Flag | None]:
    """The customs duty percent of an import's answer, from where its GST would be; only goods bear any.

    Where nobody states one, the line is not landed, but by the rules of an older statement.
    """
    if offered.duty_percent is not None:
        return offered.duty_percent, None
    if policy.unstated is Unstated.NOTHING:
        return ZERO, Flag.DUTY_NOT_STATED
    if line.kind is not Kind.GOODS:
        return ZERO, None
    if line.duty_percent is not None:
        return line.duty_percent, Flag.DUTY_FROM_REQUEST
    if line.key in highest.duty:
        return highest.duty[line.key], Flag.DUTY_LOADED
    return ZERO, Flag.DUTY_NOT_STATED


def duty_percents(
    prepared: Prepared, offer: Offer, lines: Sequence[Line], offered: Sequence[OfferLine]
) -> Sequence[Decimal]:
    """The duty percent of each line of an import; empty for what is none."""
    if offer.scheme is not Scheme.IMPORT:
        return ()
    policy, highest = prepared.inputs.policy, prepared.highest
    return [
        duty_rate(policy, line, one, highest)[0] for line, one in zip(lines, offered, strict=True)
    ]


def freight_missing(prepared: Prepared, offer: Offer) -> bool:
    """True for goods whose offer says nothing of freight (services and lanes have none)."""
    goods = any(line.kind == Kind.GOODS for line in prepared.lines)
    return goods and offer.freight == Freight.NOT_STATED


def payable_unknown(prepared: Prepared, standing: Standing, lent: Lent) -> bool:
    """Whether interest falls due on an amount with GST that nobody knows the rate of."""
    policy, offer = prepared.inputs.policy, standing.offer
    if policy.unstated is Unstated.NOTHING:
        return False
    if not policy.interest_percent or offer.scheme is not Scheme.REGULAR:
        return False
    if payment_days(offer, policy.credit_days) <= 0:
        return False
    return any(
        gst_rate(offer.scheme, line, standing.answers[line.key], lent)[1] is Flag.GST_NOT_STATED
        for line in prepared.lines
        if isinstance(standing.priced[line.key], Priced)
    )


class _Silent:
    """The keys of lines for which the request states no percentage."""

    def __init__(self, gst: Collection[str], duty: Collection[str]) -> None:
        self.gst, self.duty = gst, duty


def _silent(prepared: Prepared) -> _Silent:
    lines, duty = prepared.lines, frozenset[str]()
    if prepared.inputs.policy.unstated is not Unstated.NOTHING and any(
        one.offer.scheme is Scheme.IMPORT for one in prepared.standings
    ):
        duty = frozenset(
            one.key for one in lines if one.duty_percent is None and one.kind is Kind.GOODS
        )
    return _Silent({line.key for line in lines if line.gst_percent is None}, duty)


def _settled(prepared: Prepared, silent: _Silent) -> Prepared:
    """Without the lines whose cost nobody knows, and with the percentages that are lent.

    Whoever loses a line or its rank so lends the others nothing: so it goes on until nothing changes.
    """
    standings = prepared.standings
    while True:
        lent = Lent(_highest_gst(standings, silent.gst), _highest_duty(standings, silent.duty))
        gst = [key for key in silent.gst if key not in lent.gst]
        duty = [key for key in silent.duty if key not in lent.duty]
        counts = prepared.inputs.policy.tax is Tax.GROSS
        left = tuple(_without(one, gst if counts else (), duty) for one in standings)
        if left == standings:
            left = _evaluated(replace(prepared, standings=standings), lent)
        if left == standings:
            return replace(prepared, standings=standings, highest=lent)
        standings = left


def _without(standing: Standing, gst: Collection[str], duty: Collection[str]) -> Standing:
    """The offer without a cost of those lines that it states no GST, or no duty, for."""
    lost = {
        Flag.GST_NOT_STATED: () if standing.offer.scheme in UNTAXED else gst,
        Flag.DUTY_NOT_STATED: duty if standing.offer.scheme is Scheme.IMPORT else (),
    }
    priced = standing.priced
    for (flag, keys), name in zip(lost.items(), ("gst_percent", "duty_percent"), strict=True):
        bare = {
            key
            for key in keys
            if isinstance(priced[key], Priced) and getattr(standing.answers[key], name) is None
        }
        priced = priced.without(bare, flag) if bare else priced
    if priced is standing.priced:
        return standing
    status = Status.INCOMPLETE if standing.ranked else standing.status
    return replace(standing, priced=priced, quoted_lines=priced.in_full, status=status)


def _evaluated(prepared: Prepared, lent: Lent) -> tuple[Standing, ...]:
    """The offers, without a rank those whose total needs what nobody states."""
    standings = prepared.standings
    if prepared.inputs.policy.unstated is Unstated.NOTHING:
        return standings
    paid = tuple(
        _not_evaluated(one) if one.ranked and payable_unknown(prepared, one, lent) else one
        for one in standings
    )
    said = [one.offer.freight for one in paid if one.ranked and not _is_silent(prepared, one)]
    if not said or any(isinstance(freight, Decimal) for freight in said):
        return paid
    return tuple(
        _not_evaluated(one) if one.ranked and _is_silent(prepared, one) else one for one in paid
    )


def _is_silent(prepared: Prepared, standing: Standing) -> bool:
    return freight_missing(prepared, standing.offer)


def _not_evaluated(standing: Standing) -> Standing:
    return replace(standing, status=Status.NOT_EVALUATED)


def _highest_gst(standings: Iterable[Standing], keys: Collection[str]) -> dict[str, Decimal]:
    charged = [one for one in standings if one.ranked and one.offer.scheme not in UNTAXED]
    return _highest(charged, keys, "gst_percent")


def _highest_duty(standings: Iterable[Standing], keys: Collection[str]) -> dict[str, Decimal]:
    imports = [one for one in standings if one.ranked and one.offer.scheme is Scheme.IMPORT]
    return _highest(imports, keys, "duty_percent")


def _highest(standings: Iterable[Standing], keys: Collection[str], name: str) -> dict[str, Decimal]:
    highest: dict[str, Decimal] = {}
    for standing in standings if keys else ():
        for key, offered in standing.answers.items():
            percent = getattr(offered, name)
            if percent is not None and key in keys:
                highest[key] = max(percent, highest.get(key, ZERO))
    return highest
