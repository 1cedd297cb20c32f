"""The rows of the sheet: each offer's figures on a line beside the lowest's."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rfqs.comparison import ranking
from rfqs.comparison.cell import Cell
from rfqs.comparison.checking import Outcome, check_total
from rfqs.comparison.computing import Computed, cost_of, freight_missing
from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import Inputs, Line, Offer, Scheme
from rfqs.comparison.landed import Taken
from rfqs.comparison.money import rounded
from rfqs.comparison.sheet import LineRow
from rfqs.comparison.standing import Prepared, Standing


class Places:
    """Where offers stand on one line: their ranks, and the lowest cost."""

    def __init__(self, costs: Mapping[str, Decimal]) -> None:
        self.ranks = ranking.competition(costs)
        self.least = min(costs.values(), default=None)


def rows(
    prepared: Prepared, computed: Sequence[Computed], ranks: Mapping[str, int]
) -> tuple[LineRow, ...]:
    """A row per line; `ranks` are the overall ranks, which settle the suggestion in a tie."""
    offers = {one.standing.offer.key: one.standing.offer for one in computed}
    unstated = {
        one.standing.offer.key: (Flag.FREIGHT_NOT_STATED,)
        for one in computed
        if freight_missing(prepared, one.standing)
    }
    places = [Places(costs) for costs in _costs(prepared, computed)]
    columns = [
        [
            cell_of(prepared.inputs, one, line, place, unstated.get(one.standing.offer.key, ()))
            for line, place in zip(prepared.lines, places, strict=True)
        ]
        for one in computed
    ]
    across = zip(*columns, strict=True) if columns else [()] * len(prepared.lines)
    return tuple(
        _row(line, cells, place, ranks, offers)
        for line, cells, place in zip(prepared.lines, across, places, strict=True)
    )


def cell_of(
    inputs: Inputs, one: Computed, line: Line, places: Places, flags: tuple[Flag, ...] = ()
) -> Cell:
    """One offer's cell on one line; `flags` are the offer's own that touch each of its cells."""
    standing, key = one.standing, one.standing.offer.key
    tax = inputs.policy.tax
    entry = one.entries.get(line.key)
    if entry is None:
        reason = standing.priced[line.key]
        said = (reason,) if isinstance(reason, Flag) else ()
        return Cell(key, line.key, tax, standing.answers.get(line.key), flags=said)
    taken = entry.taken
    suggested: Decimal | None = None
    found: tuple[Flag, ...] = ()
    if taken.offered.stated_total is not None:
        suggested, found = _checked(taken, inputs, standing)
    if one.exchange is None:
        flags = (Flag.NO_RATE,)
    elif taken.flag is not None or standing.offer.scheme == Scheme.IMPORT:
        flags = (*_tax_flags(standing, taken), *flags)
    return Cell(
        key,
        line.key,
        tax,
        taken.offered,
        entry,
        one.exchange,
        places.ranks.get(key),
        places.least,
        suggested,
        (*taken.priced.flags, *found, *flags),
    )


def _costs(prepared: Prepared, computed: Sequence[Computed]) -> list[dict[str, Decimal]]:
    """Line by line, the compared cost of every offer that competes on it."""
    tax = prepared.inputs.policy.tax
    costs: list[dict[str, Decimal]] = [{} for _line in prepared.lines]
    for one in computed:
        key, entries, competes = one.standing.offer.key, one.entries, one.standing.competes
        for line, of_line in zip(prepared.lines, costs, strict=True):
            entry = entries.get(line.key)
            if entry is not None and entry.landed is not None and competes(line.key):
                of_line[key] = cost_of(entry.landed, tax)
    return costs


def _row(
    line: Line,
    cells: tuple[Cell, ...],
    places: Places,
    ranks: Mapping[str, int],
    offers: Mapping[str, Offer],
) -> LineRow:
    lowest = ranking.lowest(places.ranks)
    suggested = ranking.preferred(lowest, ranks, offers) if lowest else None
    return LineRow(line, cells, lowest, suggested)


def _tax_flags(standing: Standing, taken: Taken) -> tuple[Flag, ...]:
    tax = () if taken.flag is None else (taken.flag,)
    if standing.offer.scheme == Scheme.IMPORT and taken.offered.duty_percent is None:
        return (*tax, Flag.DUTY_NOT_STATED)
    return tax


def _checked(
    taken: Taken, inputs: Inputs, standing: Standing
) -> tuple[Decimal | None, tuple[Flag, ...]]:
    """What the supplier's own line total says; it may count the needed or the charged quantity."""
    stated, price = taken.offered.stated_total, taken.offered.unit_price
    if stated is None or price is None:
        return None, ()
    step = inputs.step(standing.offer.currency)
    amounts, gross = taken.priced.quantities, taken.priced.gross
    needed = rounded(gross * amounts.required / amounts.charged, step)
    checks = [check_total(stated, computed, price, step) for computed in (gross, needed)]
    outcomes = [check.outcome for check in checks]
    if Outcome.AGREES in outcomes:
        return None, ()
    if Outcome.ASK in outcomes:
        return checks[outcomes.index(Outcome.ASK)].suggested_price, (Flag.DECIMAL_SLIP,)
    return None, (Flag.CORRECTED,)
