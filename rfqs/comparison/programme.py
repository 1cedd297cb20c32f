"""The mixed-integer programme behind the cheapest award, solved by HiGHS.

Only here do figures become floats, and none of them comes back as money: what the solver answers is
who gets which line, and a lower bound that the caller rounds down. Costs enter as what they exceed
the least cost of their line by, so that small differences are not lost beside large amounts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from typing import Any

from rfqs.comparison.costing import Bounds, Shared
from rfqs.comparison.inputs import ZERO
from rfqs.comparison.money import CENT

ONES = 1.0
INTEGRAL = 0.5
LOOSE = 1e-7


@dataclass(frozen=True, slots=True)
class Limits:
    """What every award must keep to: supplier and line keys, shares in percent of its cost."""

    max_suppliers: int | None = None
    least_share: Mapping[str, Decimal] = field(default_factory=dict)
    most_share: Mapping[str, Decimal] = field(default_factory=dict)
    together: Sequence[Sequence[str]] = ()

    @property
    def binds_lines(self) -> bool:
        """Whether who gets one line depends on who gets another."""
        return bool(self.least_share or self.most_share or self.together)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found; `assignment` is None where no award keeps to the limits.

    `bound` is a cost below which there is no award; None where the solver has none yet. It is the
    last word where the answer `is_optimal`, and not where time was up.
    """

    assignment: Mapping[str, str] | None
    bound: Decimal | None
    is_infeasible: bool = False
    is_optimal: bool = False


class Programme:
    """One programme; `solve` may be called again after `forbid` has taken an answer out.

    Only who is opened need be a whole number: each line then goes to its cheapest opened offer. That
    is a far smaller search. Where lines depend on one another (`whole`), they are whole numbers too.
    """

    def __init__(
        self, lines: Sequence[str], offers: Sequence[Bounds], limits: Limits, *, whole: bool
    ) -> None:
        self._lines, self._offers, self._limits = lines, offers, limits
        self._whole = whole or limits.binds_lines or any(one.shared for one in offers)
        self._least = {
            line: min(offer.lines[line] for offer in offers if line in offer.lines)
            for line in lines
        }
        self._costs: list[float] = []
        self._upper: list[float] = []
        self._integer: list[int] = []
        self._rows: list[tuple[float, float, dict[int, float]]] = []
        self._opened = {offer.key: self._variable(float(offer.opening)) for offer in offers}
        self._full: dict[str, int] = {}
        self._given = {
            (offer.key, line): self._variable(float(cost - self._least[line]), integer=self._whole)
            for offer in offers
            for line, cost in offer.lines.items()
        }
        self._build()

    def forbid(self, assignment: Mapping[str, str]) -> None:
        """Leave this one assignment out from now on; needs whole lines."""
        row = {self._given[key, line]: ONES for line, key in assignment.items()}
        self._rows.append((-inf, len(row) - ONES, row))

    def solve(self, seconds: float) -> Answer:
        """The cheapest assignment by the coefficients, and a bound; within about `seconds`."""
        import highspy  # noqa: PLC0415 (a solver nobody needs on the other pages)

        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", max(seconds, 0.1)),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.001),
            ("mip_feasibility_tolerance", 1e-9),
            ("primal_feasibility_tolerance", 1e-9),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(self._model(highspy))
        solver.run()
        status, found = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer(None, None, is_infeasible=True)
        bound = None
        if found.mip_dual_bound > -highspy.kHighsInf:
            # what the solver's own tolerances could hide is taken off
            bound = self._floor() + Decimal(repr(found.mip_dual_bound)) - CENT * CENT * 10
        if found.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer(None, bound)
        is_optimal = status == highspy.HighsModelStatus.kOptimal
        chosen = self._read(solver.getSolution().col_value)
        return Answer(chosen, bound, is_optimal=is_optimal)

    def _floor(self) -> Decimal:
        return sum(self._least.values(), ZERO)

    def _read(self, values: Sequence[float]) -> dict[str, str]:
        if self._whole:
            given = self._given.items()
            return {line: key for (key, line), column in given if values[column] > INTEGRAL}
        opened = [one for one in self._offers if values[self._opened[one.key]] > INTEGRAL]
        chosen = {
            line: min((one for one in opened if line in one.lines), key=_cost_of(line)).key
            for line in self._lines
        }
        for key, column in self._full.items():
            if values[column] > INTEGRAL:
                chosen |= {line: key for other, line in self._given if other == key}
        return chosen

    def _variable(self, cost: float, upper: float = ONES, *, integer: bool = True) -> int:
        self._costs.append(cost)
        self._upper.append(upper)
        self._integer.append(int(integer))
        return len(self._costs) - 1

    def _build(self) -> None:
        for line in self._lines:
            givers = [key for key, other in self._given if other == line]
            self._row(1, 1, ((self._given[key, line], ONES) for key in givers))
        for (key, _line), given in self._given.items():
            self._row(-inf, 0, [(given, ONES), (self._opened[key], -ONES)])
        for offer in self._offers:
            self._open_only_with_lines(offer)
            if offer.rebate:
                self._rebate(offer)
            if offer.shared is not None:
                self._share(offer, offer.shared)
        self._keep_to_limits()

    def _row(self, low: float, high: float, terms: Iterable[tuple[int, float]]) -> None:
        row: dict[int, float] = {}
        for column, factor in terms:
            row[column] = row.get(column, 0.0) + factor
        self._rows.append((low, high, row))

    def _open_only_with_lines(self, offer: Bounds) -> None:
        """Nobody is opened without a line: an opening may cost a little less than nothing."""
        terms = [(self._given[offer.key, line], ONES) for line in offer.lines]
        self._row(0, inf, [*terms, (self._opened[offer.key], -ONES)])

    def _rebate(self, offer: Bounds) -> None:
        full = self._full[offer.key] = self._variable(-float(offer.rebate))
        for line in offer.lines:
            self._row(-inf, 0, [(full, ONES), (self._given[offer.key, line], -ONES)])

    def _share(self, offer: Bounds, shared: Shared) -> None:
        """A lump sum shared by weight: the part of each tax factor, and its products with the lines.

        `part[k] x sum(weight x given) = sum over k's lines of (weight x given)`; the products of a
        continuous part and a binary are exact with four inequalities.
        """
        weights = {line: float(shared.weights[line]) for line in offer.lines}
        whole = sum(weights.values()) or ONES
        least = min(shared.factors.values())
        parts = []
        for factor in sorted(set(shared.factors.values())):
            part = self._variable(float((factor - least) * shared.amount), integer=False)
            parts.append(part)
            balance: list[tuple[int, float]] = []
            for line, weight in weights.items():
                given = self._given[offer.key, line]
                product = self._variable(0.0, integer=False)
                self._row(-inf, 0, [(product, ONES), (part, -ONES)])
                self._row(-inf, 0, [(product, ONES), (given, -ONES)])
                self._row(-1, inf, [(product, ONES), (part, -ONES), (given, -ONES)])
                balance.append((product, weight / whole))
                if shared.factors[line] == factor:
                    balance.append((given, -weight / whole))
            self._row(0, 0, balance)
        opened = self._opened[offer.key]
        self._row(0, 0, [*((part, ONES) for part in parts), (opened, -ONES)])

    def _keep_to_limits(self) -> None:
        if self._limits.max_suppliers is not None:
            self._row(0, self._limits.max_suppliers, ((y, ONES) for y in self._opened.values()))
        for first, *others in self._limits.together:
            for other in others:
                for offer in self._offers:
                    self._same(offer.key, first, other)
        for key, percent in self._limits.least_share.items():
            self._row(-LOOSE, inf, self._share_of(key, percent))
        for key, percent in self._limits.most_share.items():
            self._row(-inf, LOOSE, self._share_of(key, percent))

    def _same(self, key: str, first: str, other: str) -> None:
        """Both lines go to the offer or neither does; one it cannot supply takes the other along."""
        signed = (((key, first), ONES), ((key, other), -ONES))
        terms = [(self._given[place], sign) for place, sign in signed if place in self._given]
        if terms:
            self._row(0, 0, terms)

    def _share_of(self, key: str, percent: Decimal) -> list[tuple[int, float]]:
        """`cost of the offer - percent of the cost of all`, in terms of what is given and opened.

        In parts of the least cost, and loose by a hair: the caller counts shares exactly.
        """
        part, whole = float(percent * CENT), float(self._floor()) or ONES
        terms = []
        for offer in self._offers:
            own = (ONES if offer.key == key else 0.0) - part
            terms.append((self._opened[offer.key], own * float(offer.opening) / whole))
            for line, cost in offer.lines.items():
                terms.append((self._given[offer.key, line], own * float(cost) / whole))
        return terms

    def _model(self, highspy: Any) -> Any:
        model = highspy.HighsLp()
        starts, index, value = [0], list[int](), list[float]()
        for _low, _high, row in self._rows:
            index += row.keys()
            value += row.values()
            starts.append(len(index))
        model.num_col_, model.num_row_ = len(self._costs), len(self._rows)
        model.col_cost_, model.col_lower_ = self._costs, [0.0] * len(self._costs)
        model.col_upper_ = self._upper
        model.row_lower_ = [max(low, -highspy.kHighsInf) for low, _high, _row in self._rows]
        model.row_upper_ = [min(high, highspy.kHighsInf) for _low, high, _row in self._rows]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            starts,
            index,
            value,
        )
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[integer] for integer in self._integer]
        return model


def _cost_of(line: str) -> Callable[[Bounds], Decimal]:
    return lambda offer: offer.lines[line]
