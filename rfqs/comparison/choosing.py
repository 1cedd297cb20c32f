"""Which suppliers can be in a cheaper award at all, where there are too many sets of them to list.

Lump sums whose shares are taxed at different rates, as in `narrowing`, but with a column for who is
opened: what holds of weight and average holds of those who are. Between the ends that linear programmes
find, a supplier turns out to be in every cheaper award, or in none; soon few sets are left, and
`narrowing` takes those one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product
from time import monotonic
from typing import Any

from rfqs.comparison.costing import Bounds
from rfqs.comparison.inputs import ZERO
from rfqs.comparison.money import CENT
from rfqs.comparison.narrowing import (
    COIN,
    HIDDEN,
    Assignment,
    Lump,
    Narrowing,
    NoAward,
    Row,
    solved,
)

ROUNDS = 12
FEW = 5  # suppliers that are left open, so that at most 32 sets are looked at
IDLE = 1  # rounds that do not help, before it is left
OPENED = 0.5
PART = 4  # one search among whole openings takes this part of the time that is left at most


def worth_opening(
    lines: Sequence[str],
    offers: Sequence[Bounds],
    most_suppliers: int | None,
    count: Callable[[Assignment], Decimal],
    until: float,
) -> tuple[Decimal, list[tuple[Bounds, ...]] | None]:
    """A cost that no award undercuts, and the sets that a cheaper one could be given to; None where they are many.

    `count` counts an assignment and returns the total of the best award so far. Discounts for a full
    order, and conditions beside the number of suppliers, are not looked at.
    """
    return _Choosing(lines, offers, most_suppliers, count).run(until)


class _Choosing(Narrowing):
    """Offers of which some are opened; their states narrow to opened, to closed, or stay open."""

    steps = 1  # the ends come again in the next round, from a better bound
    hair = 1e-5  # a search among whole numbers takes narrower bands for empty ones

    def __init__(
        self,
        lines: Sequence[str],
        offers: Sequence[Bounds],
        most_suppliers: int | None,
        count: Callable[[Assignment], Decimal],
    ) -> None:
        self._offers, self._most_suppliers, self._count = offers, most_suppliers, count
        super().__init__(lines, offers, count({}))
        self._floor = sum(self._least.values(), ZERO)  # the openings have their columns
        self._opened = {one.key: self._variable(one.opening) for one in offers}
        self._ends_of = dict.fromkeys(self._opened, (0.0, 1.0))
        self._key_of = {
            lump.column: key
            for lump in self._lumps
            for (key, _line), column in self._given.items()
            if column in lump.weights
        }

    def _least_opening(self, offers: Sequence[Bounds]) -> Decimal:
        return sum((min(ZERO, one.opening) for one in offers), ZERO)

    def run(self, until: float) -> tuple[Decimal, list[tuple[Bounds, ...]] | None]:  # type: ignore[override]
        """Bound, narrow, and again, until few sets are left, it does not help or time is up."""
        bound, idle = sum(self._least.values(), self._least_opening(self._offers)), 0
        try:
            for _round in range(ROUNDS):
                lowest = self._whole_openings(until)
                idle = 0 if lowest - bound > CENT else idle + 1
                bound = max(bound, lowest)
                if bound >= self._most or idle > IDLE or monotonic() > until:
                    break
                if self._left_open <= FEW:
                    break
                self._narrow_openings(until)
        except NoAward:
            return self._most, []
        sets = list(self._sets()) if self._left_open <= FEW else None
        return min(bound, self._most), sets

    @property
    def _left_open(self) -> int:
        return sum(low != high for low, high in self._ends_of.values())

    def _sets(self) -> Iterator[tuple[Bounds, ...]]:
        choices = [sorted(set(self._ends_of[one.key])) for one in self._offers]
        for states in product(*choices):
            taken = tuple(
                one for one, state in zip(self._offers, states, strict=True) if state > OPENED
            )
            if taken and len(taken) <= (self._most_suppliers or len(taken)):
                yield taken

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for line in self._lines:
            givers = {column: 1.0 for (_key, other), column in self._given.items() if other == line}
            rows.append((1.0, 1.0, givers))
        for (key, _line), column in self._given.items():
            rows.append((float("-inf"), 0.0, {column: 1.0, self._opened[key]: -1.0}))
        for key, opened in self._opened.items():
            own = {column: 1.0 for (other, _line), column in self._given.items() if other == key}
            rows.append((0.0, float("inf"), own | {opened: -1.0}))
            low, high = self._ends_of[key]
            rows.append((low, high, {opened: 1.0}))
        if self._most_suppliers is not None:
            rows.append((0.0, self._most_suppliers, dict.fromkeys(self._opened.values(), 1.0)))
        return [*rows, *(row for lump in self._lumps for row in self._rows_of(lump))]

    def _rows_of(self, lump: Lump) -> Iterator[Row]:
        """What holds between the ends where the supplier is opened, and is nothing where it is not."""
        (light, heavy), (low, high) = lump.weight, lump.average
        opened = self._opened[self._key_of[lump.column]]
        for end, weight in ((low, heavy), (high, light)):
            yield 0.0, float("inf"), lump.tax_above(end, weight) | {opened: -lump.amount * end}
        yield 0.0, float("inf"), lump.above(low)
        yield float("-inf"), 0.0, lump.above(high)
        yield 0.0, float("inf"), lump.weights | {opened: -light}
        yield float("-inf"), 0.0, lump.weights | {opened: -heavy}

    def _whole_openings(self, until: float) -> Decimal:
        """The least cost with every supplier opened or not; what it found is counted."""
        import highspy  # noqa: PLC0415 (a solver nobody needs on the other pages)

        solver = self._solver()
        whole = highspy.HighsVarType.kInteger
        columns = list(self._opened.values())
        solver.changeColsIntegrality(len(columns), columns, [whole] * len(columns))
        limit = max((until - monotonic()) / PART, 0.1)
        for name, wanted in (
            ("time_limit", limit),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", COIN),
            ("mip_feasibility_tolerance", 1e-9),
        ):
            solver.setOptionValue(name, wanted)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise NoAward
        found = solver.getInfo()
        if found.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            self._most = self._count(self._read(solver.getSolution().col_value))
        lowest = max(found.mip_dual_bound, -1e15)
        return self._floor + Decimal(repr(lowest)) - HIDDEN

    def _narrow_openings(self, until: float) -> None:
        """Of every supplier still open: can a cheaper award be without it, or with it, and with what ends."""
        solver = self._solver()
        room = float(self._most - self._floor) + COIN
        costs = {column: cost for column, cost in enumerate(self._costs) if cost}
        solver.addRow(float("-inf"), room, len(costs), list(costs), list(costs.values()))
        lumps = {self._key_of[lump.column]: lump for lump in self._lumps}
        for key, column in self._opened.items():
            low, high = self._ends_of[key]
            if not high or monotonic() > until:
                continue
            if not low and self._is_impossible(solver, column, 0.0):
                low = 1.0
            solver.changeColBounds(column, 1.0, 1.0)
            try:
                if key in lumps:
                    lumps[key].weight, lumps[key].average = self._ends(solver, lumps[key])
            except NoAward:
                high = 0.0
            if low > high:
                raise NoAward
            self._ends_of[key] = low, high
            solver.changeColBounds(column, low, high)

    def _is_impossible(self, solver: Any, column: int, state: float) -> bool:
        """Whether no cheaper award has the supplier so; the solver stays with it."""
        solver.changeColBounds(column, state, state)
        nothing = [0.0] * len(self._costs)
        solver.changeColsCost(len(nothing), list(range(len(nothing))), nothing)
        try:
            solved(solver)
        except NoAward:
            return True
        return False
