"""What lump sums cost at least whose shares are taxed at different rates, for a known set of suppliers.

The tax on a lump sum follows the average rate of the lines that share it, weighed by their value: a
quotient of two sums, which no linear programme holds. But every award below a known cost keeps weight
and average between two ends, which linear programmes find; between them the quotient lies above
straight lines (McCormick, 1976), and the closer the ends, the closer the lines. Narrowed a few
times, what is left open is no more than the rounding of the lines.

Floats as in `programme`, and as there none of them comes back but a bound and who gets which line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rfqs.comparison.costing import Bounds
from rfqs.comparison.inputs import ZERO
from rfqs.comparison.money import CENT

ROUNDS = 6
STEPS = 3  # of Newton's method towards the end of an average
HAIR = 1e-7  # what the solver's tolerances could hide of a weight or an average
COIN = 0.01
HIDDEN = CENT * CENT * 10  # and of a cost
Row = tuple[float, float, dict[int, float]]
Assignment = dict[str, str]


class NoAward(Exception):
    """No award to these offers costs less than what is known."""


@dataclass(slots=True)
class Lump:
    """A lump sum in the programme: its tax above the least rate, and between which ends it is sought.

    `weights` add up to 1, `rates` are those above the least one; by column of the line given.
    """

    amount: float
    column: int
    weights: dict[int, float]
    rates: dict[int, float]
    weight: tuple[float, float]
    average: tuple[float, float]

    def above(self, average: float) -> dict[int, float]:
        """`sum of weight x (rate - average)` by column: 0 where the average is that of the lines given."""
        return {key: part * (self.rates[key] - average) for key, part in self.weights.items()}

    def tax_above(self, end: float, weight: float) -> dict[int, float]:
        """The tax less what the lines exceed the average `end` by, which is at least the amount at that end."""
        slope = {key: -self.amount * part / weight for key, part in self.above(end).items()}
        return slope | {self.column: 1.0}


def narrowed(
    lines: Sequence[str], offers: Sequence[Bounds], most: Decimal
) -> tuple[Decimal, list[Assignment]]:
    """A cost that no award to exactly these offers undercuts, or `most`, and assignments worth counting."""
    return Narrowing(lines, offers, most).run()


class Narrowing:
    """One set of offers, all of them opened."""

    steps, hair = STEPS, HAIR

    def __init__(self, lines: Sequence[str], offers: Sequence[Bounds], most: Decimal) -> None:
        self._lines, self._most = lines, most
        self._least = {
            line: min(one.lines[line] for one in offers if line in one.lines) for line in lines
        }
        self._floor = sum(self._least.values(), self._least_opening(offers))
        self._costs: list[float] = []
        room = most - self._floor
        self._given: dict[tuple[str, str], int] = {
            (one.key, line): self._variable(cost - self._least[line])
            for one in offers
            for line, cost in one.lines.items()
            if line in self._least and cost - self._least[line] <= room
        }
        self._lumps = [lump for one in offers if (lump := self._lump(one)) is not None]

    def run(self) -> tuple[Decimal, list[Assignment]]:
        """Bound, narrow, and again, until it does not help any more."""
        bound, found = self._floor, list[Assignment]()
        try:
            for _round in range(ROUNDS):
                solver = self._solver()
                values = solved(solver)
                if values is None:
                    break
                found.append(self._read(values))
                lowest = self._floor + Decimal(repr(self._cost(values))) - HIDDEN
                helped, bound = lowest - bound > CENT, max(bound, lowest)
                if bound >= self._most or not helped:
                    break
                self._narrow(solver)
        except NoAward:
            return self._most, found
        return min(bound, self._most), found

    def _least_opening(self, offers: Sequence[Bounds]) -> Decimal:
        """What is paid in any case beside the lines."""
        return sum((one.opening for one in offers), ZERO)

    def _variable(self, cost: Decimal) -> int:
        self._costs.append(float(cost))
        return len(self._costs) - 1

    def _lump(self, offer: Bounds) -> Lump | None:
        """None where its tax is the same whoever shares it, or a share has no weight to go by."""
        shared = offer.shared
        columns = {line: self._given.get((offer.key, line)) for line in offer.lines}
        known = {line: column for line, column in columns.items() if column is not None}
        if shared is None or not known or not all(shared.weights[line] > 0 for line in known):
            return None
        whole, least = sum(shared.weights.values(), ZERO), min(shared.factors.values())
        weights = {known[line]: float(shared.weights[line] / whole) for line in known}
        rates = {known[line]: float(shared.factors[line] - least) for line in known}
        return Lump(
            float(shared.amount), self._variable(Decimal(1)), weights, rates,
            (min(weights.values()), 1.0), (min(rates.values()), max(rates.values())),
        )  # fmt: skip

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for line in self._lines:
            givers = {column: 1.0 for (_key, other), column in self._given.items() if other == line}
            rows.append((1.0, 1.0, givers))
        for lump in self._lumps:
            (light, heavy), (low, high) = lump.weight, lump.average
            for end, weight in ((low, heavy), (high, light)):
                rows.append((lump.amount * end, float("inf"), lump.tax_above(end, weight)))
            rows.append((0.0, float("inf"), lump.above(low)))
            rows.append((float("-inf"), 0.0, lump.above(high)))
            rows.append((light, heavy, dict(lump.weights)))
        return rows

    def _solver(self) -> Any:
        lumps = {lump.column for lump in self._lumps}
        most = [float("inf") if one in lumps else 1.0 for one in range(len(self._costs))]
        return solver_of(self._costs, most, self._rows())

    def _narrow(self, solver: Any) -> None:
        """Find the ends of every weight and average among the awards below `most`."""
        room = float(self._most - self._floor) + COIN
        costs = {column: cost for column, cost in enumerate(self._costs) if cost}
        solver.addRow(float("-inf"), room, len(costs), list(costs), list(costs.values()))
        ends = [self._ends(solver, lump) for lump in self._lumps]
        for lump, (weight, average) in zip(self._lumps, ends, strict=True):
            lump.weight, lump.average = weight, average

    def _ends(self, solver: Any, lump: Lump) -> tuple[tuple[float, float], tuple[float, float]]:
        """Least and most weight, lowest and highest average."""
        light, heavy = lump.weight
        light = max(light, self._extreme(solver, lump.weights, 1, light) - self.hair)
        heavy = min(heavy, self._extreme(solver, lump.weights, -1, heavy) + self.hair)
        low, high = lump.average
        for _step in range(self.steps):
            low += max(0.0, self._extreme(solver, lump.above(low), 1, 0.0) - self.hair) / heavy
            high += min(0.0, self._extreme(solver, lump.above(high), -1, 0.0) + self.hair) / heavy
        return (light, heavy), (low, high)

    def _extreme(self, solver: Any, terms: Mapping[int, float], sense: int, known: float) -> float:
        """The least (sense 1) or greatest (-1) value of a sum over lines; `known` where none was found."""
        costs = [sense * terms.get(column, 0.0) for column in range(len(self._costs))]
        solver.changeColsCost(len(costs), list(range(len(costs))), costs)
        values = solved(solver)
        if values is None:
            return known
        return sum(part * values[column] for column, part in terms.items())

    def _cost(self, values: Sequence[float]) -> float:
        return sum(cost * values[column] for column, cost in enumerate(self._costs))

    def _read(self, values: Sequence[float]) -> Assignment:
        """Each line to whom the most of it is given."""
        best: dict[str, tuple[float, str]] = {}
        for (key, line), column in self._given.items():
            best[line] = max(best.get(line, (-1.0, "")), (values[column], key))
        return {line: key for line, (_part, key) in best.items()}


def solver_of(costs: Sequence[float], most: Sequence[float], rows: Sequence[Row]) -> Any:
    """A solver for the least of these costs; every column is at least 0."""
    import highspy  # noqa: PLC0415 (a solver nobody needs on the other pages)

    model, starts, index, value = highspy.HighsLp(), [0], list[int](), list[float]()
    for _low, _high, row in rows:
        index += row.keys()
        value += row.values()
        starts.append(len(index))
    model.num_col_, model.num_row_ = len(costs), len(rows)
    model.col_cost_, model.col_lower_ = list(costs), [0.0] * len(costs)
    model.col_upper_ = [min(one, highspy.kHighsInf) for one in most]
    model.row_lower_ = [max(low, -highspy.kHighsInf) for low, _high, _row in rows]
    model.row_upper_ = [min(high, highspy.kHighsInf) for _low, high, _row in rows]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = starts, index
    model.a_matrix_.value_ = value
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, wanted in (
        ("output_flag", False), ("threads", 1),
        ("primal_feasibility_tolerance", 1e-9), ("dual_feasibility_tolerance", 1e-9),
    ):  # fmt: skip
        solver.setOptionValue(name, wanted)
    solver.passModel(model)
    return solver


def solved(solver: Any) -> Sequence[float] | None:
    """The columns of the optimal solution; None where it was not found. Raises NoAward: there is none."""
    import highspy  # noqa: PLC0415 (see above)

    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise NoAward
    if status != highspy.HighsModelStatus.kOptimal:
        return None
    values: Sequence[float] = solver.getSolution().col_value
    return values
