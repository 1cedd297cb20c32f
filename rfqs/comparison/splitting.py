"""Awards over several suppliers: the best offer per line, and what a given award costs.

A line's share of a lump sum is a way of comparing, not of paying: whoever wins one line of five
still charges the whole freight. So an award is always recomputed, supplier by supplier, with
only the awarded lines and the lump sums in full.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rfqs.comparison.cell import Cell
from rfqs.comparison.computing import Computed, cost_of, land_lines, land_lot, taken_line
from rfqs.comparison.flags import Flag, Status
from rfqs.comparison.inputs import ZERO, Inputs, Line, LumpSums, Quantity
from rfqs.comparison.money import exact
from rfqs.comparison.priced import Priced, wanted
from rfqs.comparison.ranking import Places
from rfqs.comparison.sheet import LineRow, Split
from rfqs.comparison.standing import Prepared, Standing, price, terms_of
from rfqs.comparison.table import Table, cell_of
from rfqs.comparison.unstated import prepare


@dataclass(frozen=True, slots=True)
class Pick:
    """A quantity of one line given to one offer, in requested units (trips for a lane)."""

    line_key: str
    offer_key: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One pick costed, base currency. `ordered` exceeds `needed` where a least order says so."""

    pick: Pick
    needed: Decimal
    ordered: Decimal
    basic: Decimal
    charges: Decimal
    net_landed: Decimal
    gst: Decimal
    gross_landed: Decimal
    cost: Decimal
    cell: Cell


@dataclass(frozen=True, slots=True)
class AwardTotal:
    """An award costed: `total` is the sum of its lines' costs on the compared tax basis."""

    lines: tuple[AwardLine, ...]
    by_offer: Mapping[str, Decimal]
    total: Decimal


class Refusal(ValueError):
    """An award that cannot be costed; `reason` is a machine word, the caller has the sentence.

    Words: unknown, twice, quantity, over_need, not_quoted, unit, no_rate, disqualified, ...
    """

    def __init__(self, reason: str, pick: Pick) -> None:
        super().__init__(f"{reason}: line {pick.line_key}, offer {pick.offer_key}")
        self.reason = reason
        self.pick = pick


def award_total(inputs: Inputs, picks: Sequence[Pick]) -> AwardTotal:
    """What an award costs in base currency, with each supplier's lump sums in full.

    What is ordered respects the least order and the multiple, and is what is paid for, also where
    offers are compared by the required quantity (DOMAIN 6, W1). Quantities of one line may be split
    over offers, up to its need. Raises `Refusal` for a pick that names nothing, repeats itself,
    exceeds the need or the offered quantity, or falls on an offer without a comparable price. An
    expired offer may be awarded, a disqualified one not.
    """
    with exact():
        return award(prepare(as_ordered(inputs)), picks)


def as_ordered(inputs: Inputs) -> Inputs:
    """The same request with everybody charged what is ordered, as an award costs it."""
    return replace(inputs, policy=replace(inputs.policy, quantity=Quantity.COMMITTED))


def award(prepared: Prepared, picks: Sequence[Pick]) -> AwardTotal:
    """The same for inputs that are prepared already, by the quantities these are compared by."""
    lines = {line.key: line for line in prepared.lines}
    computed = _landed(prepared, lines, picks)
    number = {key: position for position, key in enumerate(lines)}
    awarded = tuple(
        _award_line(prepared, computed[pick.offer_key], lines[pick.line_key], pick)
        for pick in sorted(picks, key=lambda pick: number[pick.line_key])
    )
    by_offer: dict[str, Decimal] = {}
    for line in awarded:
        by_offer[line.pick.offer_key] = by_offer.get(line.pick.offer_key, ZERO) + line.cost
    return AwardTotal(awarded, by_offer, sum(by_offer.values(), ZERO))


def total_of(prepared: Prepared, picks: Sequence[Pick]) -> Decimal:
    """What `award` comes to, without a word on its lines."""
    lines = {line.key: line for line in prepared.lines}
    tax = prepared.inputs.policy.tax
    computed = _landed(prepared, lines, picks)
    return sum((cost_of(one.sums, tax) for one in computed.values()), ZERO)


def _landed(
    prepared: Prepared, lines: Mapping[str, Line], picks: Sequence[Pick]
) -> dict[str, Computed]:
    """The awarded lines of every supplier, landed by themselves, in the order of line numbers."""
    standings = {standing.offer.key: standing for standing in prepared.standings}
    _insist(lines, standings, picks)
    number = {key: position for position, key in enumerate(lines)}
    by_offer: dict[str, list[Pick]] = {}
    for pick in sorted(picks, key=lambda pick: number[pick.line_key]):
        by_offer.setdefault(pick.offer_key, []).append(pick)
    return {key: _computed(prepared, standings[key], lines, own) for key, own in by_offer.items()}


def split_of(prepared: Prepared, rows: Sequence[LineRow], table: Table) -> Split:
    """The best offer for each line, with both totals of that mix."""
    suggested = {row.line.key: row.suggested for row in rows if row.suggested is not None}
    apportioned = full = None
    if suggested:
        apportioned = sum(
            (places.least for places in table.places if places.least is not None), ZERO
        )
        full = _total_of_suggested(prepared, table, suggested)
    in_full = prepared.inputs.policy.lump_sums_in_split == LumpSums.FULL
    return Split(
        winners={row.line.key: row.lowest for row in rows},
        suggested=suggested,
        unquoted=tuple(row.line.key for row in rows if not row.lowest),
        apportioned_total=apportioned,
        full_total=full,
        total=full if in_full else apportioned,
    )


def _total_of_suggested(prepared: Prepared, table: Table, suggested: Mapping[str, str]) -> Decimal:
    """What `award` comes to where each line goes whole to its suggested offer, which prices it so already."""
    if prepared.inputs.policy.quantity != Quantity.COMMITTED:
        picks = [
            Pick(line.key, suggested[line.key], line.need)
            for line in prepared.lines
            if line.key in suggested
        ]
        return total_of(prepare(as_ordered(prepared.inputs)), picks)
    lines_of: dict[str, list[str]] = {}
    for line, offer in suggested.items():
        lines_of.setdefault(offer, []).append(line)
    total = ZERO
    for one in table.computed:
        lines = lines_of.get(one.standing.offer.key)
        if lines is not None:
            lot = one.lot.at([one.places[line] for line in lines])
            whole = not one.standing.offer.discount_on_full_order_only or len(lines) == len(
                one.lot.lines
            )
            landed = land_lot(prepared, one.standing, lot, header_discount=whole)
            total += cost_of(landed.sums, prepared.inputs.policy.tax)
    return total


def _insist(
    lines: Mapping[str, Line], standings: Mapping[str, Standing], picks: Sequence[Pick]
) -> None:
    """Raise `Refusal` for the first pick that cannot be."""
    seen = set()
    given: dict[str, Decimal] = {}
    for pick in picks:
        if pick.line_key not in lines or pick.offer_key not in standings:
            raise Refusal("unknown", pick)
        if (pick.line_key, pick.offer_key) in seen:
            raise Refusal("twice", pick)
        seen.add((pick.line_key, pick.offer_key))
        if pick.quantity <= 0:
            raise Refusal("quantity", pick)
        given[pick.line_key] = given.get(pick.line_key, ZERO) + pick.quantity
        if given[pick.line_key] > lines[pick.line_key].need:
            raise Refusal("over_need", pick)
        _insist_on_offer(standings[pick.offer_key], pick)


def _insist_on_offer(standing: Standing, pick: Pick) -> None:
    if standing.status is Status.DISQUALIFIED:
        raise Refusal("disqualified", pick)
    if standing.flags:
        raise Refusal(standing.flags[0].value, pick)
    priced = standing.priced[pick.line_key]
    if isinstance(priced, Flag):
        raise Refusal(priced.value, pick)
    if pick.quantity > priced.quantities.required:
        raise Refusal("short", pick)


def _computed(
    prepared: Prepared, standing: Standing, lines: Mapping[str, Line], picks: Sequence[Pick]
) -> Computed:
    """One supplier's awarded lines, landed by themselves."""
    taken = [
        taken_line(
            prepared, standing, lines[pick.line_key], _priced(prepared, standing, lines, pick)
        )
        for pick in picks
    ]
    whole = not standing.offer.discount_on_full_order_only or _is_full_order(standing, picks)
    return land_lines(prepared, standing, taken, header_discount=whole)


def _priced(
    prepared: Prepared, standing: Standing, lines: Mapping[str, Line], pick: Pick
) -> Priced:
    """The line priced for the awarded quantity, least order and multiple applied anew."""
    stored = standing.priced[pick.line_key]
    if isinstance(stored, Priced) and stored.quantities.required == pick.quantity:
        return stored
    terms = terms_of(prepared.inputs, standing.offer)
    answer = standing.answers[pick.line_key]
    priced = price(lines[pick.line_key], answer, wanted(pick.quantity), terms)
    if isinstance(priced, Flag):
        raise Refusal(priced.value, pick)
    return priced


def _is_full_order(standing: Standing, picks: Sequence[Pick]) -> bool:
    """Whether every line the offer prices is awarded in its whole quantity."""
    given = {pick.line_key: pick.quantity for pick in picks}
    return all(
        given.get(key) == priced.quantities.required
        for key, priced in standing.priced.items()
        if isinstance(priced, Priced)
    )


def _award_line(prepared: Prepared, one: Computed, line: Line, pick: Pick) -> AwardLine:
    entry = one.entry(line.key)
    landed = None if entry is None else entry.landed
    if entry is None or landed is None:  # _insist let no offer without a rate through
        raise Refusal(Flag.NO_RATE.value, pick)
    return AwardLine(
        pick=pick,
        needed=pick.quantity,
        ordered=entry.taken.priced.quantities.charged,
        basic=landed.basic,
        charges=landed.net_landed - landed.basic,
        net_landed=landed.net_landed,
        gst=landed.gst,
        gross_landed=landed.gross_landed,
        cost=cost_of(landed, prepared.inputs.policy.tax),
        cell=cell_of(prepared, one, line, Places((), ())),
    )
