"""Every offer on every line: columns of figures, of which a cell is put together when it is looked at."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import overload

from rfqs.comparison import ranking
from rfqs.comparison.cell import Cell
from rfqs.comparison.checking import Outcome, check_total
from rfqs.comparison.computing import Computed
from rfqs.comparison.flags import Flag
from rfqs.comparison.inputs import Inputs, Line, Scheme
from rfqs.comparison.landed import Taken
from rfqs.comparison.money import exact, rounded
from rfqs.comparison.standing import Prepared, Standing
from rfqs.comparison.unstated import duty_rate, freight_missing


class Table:
    """The cells of a sheet: thousands, of which a page shows a few figures each, and few whole."""

    def __init__(self, prepared: Prepared, computed: Sequence[Computed]) -> None:
        self.inputs, self.lines, self.computed = prepared.inputs, prepared.lines, computed
        self._prepared = prepared
        self.numbers = prepared.numbers
        self.places = _places(prepared, computed)
        self.leasts = [places.least for places in self.places]
        self._told: dict[int, list[tuple[Flag, ...]]] = {}
        self._flags: list[tuple[Flag, ...]] = [
            (Flag.FREIGHT_NOT_STATED,) if freight_missing(prepared, one.standing.offer) else ()
            for one in computed
        ]

    @property
    def width(self) -> int:
        """How many offers there are."""
        return len(self.computed)

    def cell(self, line: int, offer: int) -> Cell:
        """What the offer says to the line; both by their places in the sheet."""
        one, flags = self.computed[offer], self._flags[offer]
        return cell_of(self._prepared, one, self.lines[line], self.places[line], flags)

    def flags(self, offer: int) -> list[tuple[Flag, ...]]:
        """Those of the offer's cells on the lines it is landed on, in their order."""
        if offer not in self._told:  # by head, cells and foot alike
            self._told[offer] = self._flags_of(offer)
        return self._told[offer]

    def _flags_of(self, offer: int) -> list[tuple[Flag, ...]]:
        one, common = self.computed[offer], self._flags[offer]
        if one.figures is None:
            return []
        lot, stated = one.lot, one.lot.offered.column("stated_total")
        said: set[int] = set()
        for column in (stated, lot.flags):
            if column.count(None) < len(column):
                said.update(place for place, one in enumerate(column) if one is not None)
        said.update(place for place, priced in lot.priced.others.items() if priced.flags)
        if one.standing.offer.scheme is Scheme.IMPORT:
            said.update(range(len(stated)))
        flags = [common] * len(stated)
        for place in said:
            flags[place] = self.cell(self.numbers[lot.lines[place].key], offer).flags
        return flags


class Across(Sequence[Cell]):
    """The cells of one line, in the order of the sheet's offers."""

    __slots__ = ("_line", "_table")

    def __init__(self, table: Table, line: int) -> None:
        self._table, self._line = table, line

    def __len__(self) -> int:
        return self._table.width

    @overload
    def __getitem__(self, at: int) -> Cell: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Cell, ...]: ...
    def __getitem__(self, at: int | slice) -> Cell | tuple[Cell, ...]:
        places = range(self._table.width)[at]
        if isinstance(places, int):
            return self._table.cell(self._line, places)
        return tuple(self._table.cell(self._line, place) for place in places)

    def __iter__(self) -> Iterator[Cell]:
        return (self._table.cell(self._line, place) for place in range(self._table.width))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Across | tuple) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def cell_of(
    prepared: Prepared,
    one: Computed,
    line: Line,
    places: ranking.Places,
    flags: tuple[Flag, ...] = (),
) -> Cell:
    """One offer's cell on one line; `flags` are the offer's own that touch each of its cells."""
    standing, key, inputs = one.standing, one.standing.offer.key, prepared.inputs
    tax = inputs.policy.tax
    entry = one.entry(line.key)
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
        flags = (*_tax_flags(prepared, standing, taken), *flags)
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


def _places(prepared: Prepared, computed: Sequence[Computed]) -> list[ranking.Places]:
    """Line by line, where every offer stands that competes on it."""
    tax = prepared.inputs.policy.tax
    competing = [one for one in computed if one.standing.in_competition and one.figures]
    keys = [one.standing.offer.key for one in competing]
    if all(one.standing.ranked for one in competing):  # every one of all lines
        across = zip(*[one.costs(tax) for one in competing], strict=True)
        return [ranking.Places(keys, on_line) for on_line in across] or [
            ranking.Places((), ()) for _line in prepared.lines
        ]
    costs: list[dict[str, Decimal]] = [{} for _line in prepared.lines]
    for key, one in zip(keys, competing, strict=True):
        short = one.lot.priced.short
        for place, (line, cost) in enumerate(zip(one.places, one.costs(tax), strict=True)):
            if place not in short:
                costs[prepared.numbers[line]][key] = cost
    return [ranking.Places(tuple(on_line), tuple(on_line.values())) for on_line in costs]


def _tax_flags(prepared: Prepared, standing: Standing, taken: Taken) -> tuple[Flag, ...]:
    tax = () if taken.flag is None else (taken.flag,)
    if standing.offer.scheme is not Scheme.IMPORT:
        return tax
    policy = prepared.inputs.policy
    _percent, duty = duty_rate(policy, taken.line, taken.offered, prepared.highest)
    return tax if duty is None else (*tax, duty)


def _checked(
    taken: Taken, inputs: Inputs, standing: Standing
) -> tuple[Decimal | None, tuple[Flag, ...]]:
    """What the supplier's own line total says; it may count the needed or the charged quantity."""
    stated, price = taken.offered.stated_total, taken.offered.unit_price
    if stated is None or price is None:
        return None, ()
    step = inputs.step(standing.offer.currency)
    amounts, gross = taken.priced.quantities, taken.priced.gross
    with exact():
        needed = rounded(gross * amounts.required / amounts.charged, step)
    checks = [check_total(stated, computed, price, step) for computed in (gross, needed)]
    outcomes = [check.outcome for check in checks]
    if Outcome.AGREES in outcomes:
        return None, ()
    if Outcome.ASK in outcomes:
        return checks[outcomes.index(Outcome.ASK)].suggested_price, (Flag.DECIMAL_SLIP,)
    return None, (Flag.CORRECTED,)
