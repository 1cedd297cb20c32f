"""Competition ranking (1, 1, 3) on rounded costs, and the stable order behind a suggestion."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from rfqs.comparison.inputs import Offer


def competition(costs: Mapping[str, Decimal]) -> dict[str, int]:
    """Rank per key: 1 + the number of strictly lower costs."""
    ranks: dict[str, int] = {}
    previous: Decimal | None = None
    rank = 0
    for position, key in enumerate(sorted(costs, key=costs.__getitem__), start=1):
        if costs[key] != previous:
            rank, previous = position, costs[key]
        ranks[key] = rank
    return ranks


def lowest(ranks: Mapping[str, int]) -> tuple[str, ...]:
    """Everyone at rank 1, in the order of `ranks`."""
    return tuple(key for key, rank in ranks.items() if rank == 1)


def preferred(keys: Iterable[str], ranks: Mapping[str, int], offers: Mapping[str, Offer]) -> str:
    """The default among equals: better overall rank, then earlier, then supplier code."""
    unranked = len(offers) + 1

    def order(key: str) -> tuple[int, int, str, str]:
        offer = offers[key]
        return ranks.get(key, unranked), offer.submitted_order, offer.supplier_code, key

    return min(keys, key=order)


class Places:
    """Where offers stand on one line: the lowest of them, the lowest cost, and the ranks, counted when asked."""

    def __init__(self, keys: Sequence[str], costs: Sequence[Decimal]) -> None:
        """The offers that compete on the line, and what each of them costs."""
        self._keys, self._costs = keys, costs
        self.least = least = min(costs, default=None)
        self.lowest = tuple([key for key, cost in zip(keys, costs, strict=True) if cost == least])

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Rank by offer; offers outside the competition have none."""
        return competition(dict(zip(self._keys, self._costs, strict=True)))
