"""The cheapest award there is: lump sums in full, under the buyer's conditions, and how sure that is.

A solver proposes, `splitting.award` counts: no figure of the solver's is ever shown. Every line goes
to one offer whole; a line that nobody who competes can supply stays out, as in the split per line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations
from math import comb
from time import monotonic
from typing import Any

from rfqs.comparison.choosing import worth_opening
from rfqs.comparison.costing import Bounds, bounds_of
from rfqs.comparison.inputs import ZERO, Inputs
from rfqs.comparison.money import CENT, exact, rounded
from rfqs.comparison.narrowing import narrowed
from rfqs.comparison.priced import Priced
from rfqs.comparison.programme import Limits, Programme
from rfqs.comparison.sheet import Cheapest, ComparisonSheet
from rfqs.comparison.splitting import AwardTotal, Pick, as_ordered, award
from rfqs.comparison.standing import Prepared, Standing
from rfqs.comparison.unstated import prepare

NEVER = Decimal("Infinity")
MOST_SETS = 1400  # twenty offers: every pair and every three
MANY = 40  # lines from which on a gap of mere rounding has too many answers to take them out
ROUNDS = 40  # answers that are taken out, one after the other, to close a gap of mere rounding


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the buyer wants of the award; offer and line keys, shares in percent of its cost.

    `excluded` offers get nothing, lines of one group in `together` go to one offer, and with
    `without_excess` nobody is taken whose least order or whole packs exceed the need of a line.
    """

    max_suppliers: int | None = None
    excluded: tuple[str, ...] = ()
    least_share: Mapping[str, Decimal] = field(default_factory=dict)
    most_share: Mapping[str, Decimal] = field(default_factory=dict)
    together: tuple[tuple[str, ...], ...] = ()
    without_excess: bool = False


@dataclass(frozen=True, slots=True)
class Optimum:
    """The cheapest award found, or None where the conditions leave none.

    `gap` is what another award could cost less at most, base currency: 0 where it is `proven` that
    none does, None where nothing is known. Lines nobody can supply are in `unquoted`.
    """

    award: AwardTotal | None
    gap: Decimal | None
    proven: bool
    unquoted: tuple[str, ...]

    @property
    def assignment(self) -> dict[str, str]:
        """Line key to offer key."""
        lines = self.award.lines if self.award else ()
        return {line.pick.line_key: line.pick.offer_key for line in lines}


def cheapest(inputs: Inputs, conditions: Conditions | None = None, *, seconds: float) -> Optimum:
    """Find the cheapest award within about `seconds`; the order of lines and offers is no matter."""
    with exact():
        return _Search(
            prepare(as_ordered(inputs)), conditions or Conditions(), monotonic() + seconds
        ).run()


def with_cheapest(sheet: ComparisonSheet, optimum: Optimum) -> ComparisonSheet:
    """The sheet with its cheapest award, which `build` leaves out: a solver takes its time."""
    if optimum.award is None:
        return sheet
    found = Cheapest(optimum.assignment, optimum.award.total, optimum.proven, optimum.gap)
    return replace(sheet, split=replace(sheet.split, cheapest=found))


def as_answer(optimum: Optimum) -> dict[str, Any]:
    """What was found, as plain data and without any cost."""
    return {
        "assignment": optimum.assignment,
        "gap": None if optimum.gap is None else str(optimum.gap),
        "proven": optimum.proven,
        "unquoted": optimum.unquoted,
    }


def optimum_of(inputs: Inputs, answer: Mapping[str, Any]) -> Optimum:
    """An answer that was found elsewhere (`as_answer`), counted here exactly."""
    with exact():
        prepared = prepare(as_ordered(inputs))
        chosen, gap = answer["assignment"], answer["gap"]
        picks = [
            Pick(line.key, chosen[line.key], line.need)
            for line in prepared.lines
            if line.key in chosen
        ]
        return Optimum(
            award(prepared, picks) if picks else None,
            None if gap is None else Decimal(gap),
            proven=answer["proven"],
            unquoted=tuple(answer["unquoted"]),
        )


class _Search:
    """Candidates, the programme, and the best award so far."""

    def __init__(self, prepared: Prepared, conditions: Conditions, until: float) -> None:
        self._prepared, self._conditions, self._until = prepared, conditions, until
        self._step = prepared.inputs.step(prepared.inputs.policy.base_currency)
        ordered = sorted(
            prepared.standings, key=lambda one: (one.offer.supplier_code, one.offer.key)
        )
        bounds = (bounds_of(prepared, one, self._eligible(one)) for one in ordered)
        self._offers = [offer for offer in bounds if offer is not None]
        supplied = {line for offer in self._offers for line in offer.lines}
        self._lines = [line.key for line in prepared.lines if line.key in supplied]
        self._needs = {line.key: line.need for line in prepared.lines}
        self._best: AwardTotal | None = None
        self._least: Decimal | None = None
        self._sets: list[tuple[Decimal, tuple[Bounds, ...]]] = []
        self._is_impossible = False

    def run(self) -> Optimum:
        """Solve, count exactly, and go on until nothing cheaper is possible or time is up."""
        for candidate in self._candidates():
            self._try(candidate)
        bound = self._bound() if self._lines else None
        unquoted = tuple(line.key for line in self._prepared.lines if line.key not in self._lines)
        if self._best is None:
            return Optimum(None, None, proven=self._is_impossible, unquoted=unquoted)
        gap = None if bound is None else max(self._step * 0, self._best.total - bound)
        proven = gap is not None and gap < self._step
        gap = None if gap is None else self._step * 0 if proven else rounded(gap, self._step)
        return Optimum(self._best, gap, proven, unquoted)

    def _bound(self) -> Decimal | None:
        """A cost that no award undercuts, as high as could be shown; None where nothing was."""
        offers = self._worthwhile()
        if offers is None:
            return None if self._best is None else self._best.total
        bound = self._least if not self._has_mixed_tax else self._narrowed()
        if bound is not None and self._has_mixed_tax and len(self._lines) > MANY:
            return bound
        if not self._is_closed(bound):
            plain = [replace(offer, shared=None) for offer in offers]
            programme = Programme(self._lines, plain, self._limits(), whole=False)
            bound = self._close(programme, rounds=1, bound=bound)
        if self._has_mixed_tax and len(self._lines) > MANY and self._has_time:
            return self._choose(bound)
        if not self._is_closed(bound) and self._has_time:
            again = self._worthwhile()
            if again is None:
                return self._best.total if self._best else None
            programme = Programme(self._lines, again, self._limits(), whole=True)
            bound = self._close(programme, rounds=ROUNDS, bound=bound)
        return None if self._is_rough(offers) else bound

    @property
    def _has_mixed_tax(self) -> bool:
        return any(offer.shared for offer in self._offers)

    def _narrowed(self) -> Decimal | None:
        """The bound of every set that could be cheaper, one after the other; None where no set is known."""
        lowest: Decimal | None = None
        for cost, chosen in sorted(self._sets, key=lambda one: one[0]):
            best = self._best
            if best is None or self._is_closed(cost) or not self._has_time:
                return cost if lowest is None else min(lowest, cost)
            found, worth = narrowed(self._lines, chosen, best.total)
            for assignment in worth:
                self._try(assignment)
            lowest = max(cost, found) if lowest is None else min(lowest, max(cost, found))
        return lowest

    def _choose(self, bound: Decimal | None) -> Decimal | None:
        """The bound where there are too many sets to list: first who can be in a cheaper award at all."""
        offers = self._worthwhile()
        if offers is None or bound is None or any(offer.rebate for offer in offers):
            return bound if offers is not None or self._best is None else self._best.total
        most = self._conditions.max_suppliers
        found, sets = worth_opening(self._lines, offers, most, self._counted, self._until)
        bound = max(bound, found)
        if sets is None or self._best is None or self._is_closed(bound):
            return bound
        costs = [(self._least_of(one), one) for one in sets]
        self._sets = [(cost, one) for cost, one in costs if cost < NEVER]
        narrowest = self._narrowed()
        return self._best.total if narrowest is None else max(bound, narrowest)

    def _counted(self, assignment: Mapping[str, str]) -> Decimal:
        """Count an assignment; the total of the best award so far."""
        self._try(assignment)
        return self._best.total if self._best else NEVER

    def _close(
        self, programme: Programme, *, rounds: int, bound: Decimal | None = None
    ) -> Decimal | None:
        """The highest bound after so many answers, each counted and then taken out."""
        for left in reversed(range(rounds)):
            answer = programme.solve(self._until - monotonic())
            if answer.is_infeasible:
                self._is_impossible = self._best is None
                return None if self._best is None else self._best.total
            if answer.bound is not None:
                bound = answer.bound if bound is None else max(bound, answer.bound)
            if answer.assignment is not None:
                self._try(answer.assignment)
            if not answer.is_optimal or self._is_closed(bound) or not self._has_time:
                break
            if left and answer.assignment is not None:
                programme.forbid(answer.assignment)
        return bound

    @property
    def _has_time(self) -> bool:
        return monotonic() < self._until

    def _is_closed(self, bound: Decimal | None) -> bool:
        """Whether nothing between the bound and the best award is a multiple of the step."""
        best = self._best
        return best is not None and bound is not None and best.total - bound < self._step

    def _is_rough(self, offers: Sequence[Bounds]) -> bool:
        """Whether shares were asked for that the coefficients do not hold exactly."""
        shares = self._conditions.least_share or self._conditions.most_share
        return bool(shares) and any(offer.rebate or not offer.is_exact for offer in offers)

    def _eligible(self, standing: Standing) -> frozenset[str]:
        """The lines that may go to the offer."""
        if standing.offer.key in self._conditions.excluded:
            return frozenset()
        return frozenset(
            key
            for key, priced in standing.priced.items()
            if standing.competes(key)
            and isinstance(priced, Priced)
            and not (self._conditions.without_excess and _has_excess(priced))
        )

    def _candidates(self) -> Iterable[dict[str, str]]:
        """Awards that need no solver, by their coefficients: one alone, all together, small sets.

        Where at most two or three suppliers are wanted, or no more than ten quote, every set of them
        can be looked at, which also shows what none undercuts.
        """
        most = min(self._conditions.max_suppliers or len(self._offers), len(self._offers))
        singles: list[tuple[Bounds, ...]] = [(offer,) for offer in self._offers]
        sets = list(singles)
        is_whole = self._number_of_sets(most) <= MOST_SETS
        if is_whole:
            groups = (combinations(self._offers, size) for size in range(2, most + 1))
            sets += [chosen for group in groups for chosen in group]
        elif self._conditions.max_suppliers is None:
            sets.append(tuple(self._offers))
        costs = [self._least_of(chosen) for chosen in sets]
        if sets and is_whole and not any(offer.rebate for offer in self._offers):
            self._least = min(costs)
            self._sets = [
                (one, chosen) for one, chosen in zip(costs, sets, strict=True) if one < NEVER
            ]
        best = sets[costs.index(min(costs))] if sets else ()
        for chosen in (*singles, best):
            if chosen and self._least_of(chosen) < NEVER:
                yield {line: _cheapest_of(chosen, line).key for line in self._lines}

    def _number_of_sets(self, most: int) -> int:
        return sum(comb(len(self._offers), size) for size in range(2, most + 1))

    def _least_of(self, chosen: Sequence[Bounds]) -> Decimal:
        """What a set of offers costs by its coefficients; NEVER where they leave a line out."""
        total = sum((offer.opening for offer in chosen), ZERO)
        for line in self._lines:
            costs = [offer.lines[line] for offer in chosen if line in offer.lines]
            if not costs:
                return NEVER
            total += min(costs)
        return total

    def _try(self, assignment: Mapping[str, str]) -> None:
        """Count an assignment exactly, and keep it where it is the best that is allowed."""
        if not assignment:
            return
        picks = [Pick(line, assignment[line], self._needs[line]) for line in self._lines]
        counted = award(self._prepared, picks)
        cheaper = self._best is None or counted.total < self._best.total
        if cheaper and self._keeps(assignment, counted):
            self._best = counted

    def _keeps(self, assignment: Mapping[str, str], counted: AwardTotal) -> bool:
        """Whether an award keeps to the conditions, its shares counted exactly."""
        wanted, spent = self._conditions, counted.by_offer
        if wanted.max_suppliers is not None and len(spent) > wanted.max_suppliers:
            return False
        if any(len({assignment.get(line) for line in group}) > 1 for group in wanted.together):
            return False
        parts = {
            key: spent.get(key, ZERO) / CENT for key in (*wanted.least_share, *wanted.most_share)
        }
        total = counted.total
        return all(
            parts[key] >= percent * total for key, percent in wanted.least_share.items()
        ) and all(parts[key] <= percent * total for key, percent in wanted.most_share.items())

    def _limits(self) -> Limits:
        wanted = self._conditions
        return Limits(wanted.max_suppliers, wanted.least_share, wanted.most_share, wanted.together)

    def _worthwhile(self) -> list[Bounds] | None:
        """The offers without the lines that can be in no cheaper award; None where a line is bare."""
        if self._best is None:
            return self._offers
        least = {
            line: min(offer.lines[line] for offer in self._offers if line in offer.lines)
            for line in self._lines
        }
        floor = sum(least.values(), ZERO)
        floor += sum((min(ZERO, offer.opening) - offer.rebate for offer in self._offers), ZERO)
        room = self._best.total - floor
        kept = [self._without_dear(offer, least, room) for offer in self._offers]
        offers = [offer for offer in kept if offer.lines]
        bare = set(self._lines) - {line for offer in offers for line in offer.lines}
        return None if bare else offers

    def _without_dear(self, offer: Bounds, least: Mapping[str, Decimal], room: Decimal) -> Bounds:
        """The offer without lines that alone use up the room; one with a rebate stays whole."""
        if offer.rebate:
            return offer
        room -= max(ZERO, offer.opening)
        lines = {key: cost for key, cost in offer.lines.items() if cost - least[key] < room}
        return replace(offer, lines=lines)


def _has_excess(priced: Priced) -> bool:
    return priced.quantities.ordered > priced.quantities.required


def _cheapest_of(offers: Iterable[Bounds], line: str) -> Bounds:
    return min((offer for offer in offers if line in offer.lines), key=lambda one: one.lines[line])
