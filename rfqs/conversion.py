"""How many of one unit another one holds: by the standard's factors, or by what an item's packs hold."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from rfqs.models import ItemUnit, Unit

ONE = Decimal(1)


class _Packs(NamedTuple):
    """An item's own unit, and how many of it each of its packs holds."""

    unit: Unit
    factors: Mapping[str, Decimal]

    def size(self, unit: Unit) -> Decimal | None:
        """How many of the item's own unit one of `unit` is."""
        return self.factors.get(unit.pk) or standard(unit, self.unit)


class Conversion:
    """Conversions for some items; their packs are read in one statement, when units first differ."""

    def __init__(self, items: Iterable[UUID | None]) -> None:
        self._items = {item for item in items if item is not None}

    def factor(self, item: UUID | None, source: Unit, target: Unit) -> Decimal | None:
        """How many of `target` one of `source` is, for this item; None where nobody knows."""
        if source.pk == target.pk:
            return ONE
        packs = self._packs.get(item) if item is not None else None
        if packs is not None:
            held, size = packs.size(source), packs.size(target)
            if held and size:
                return held / size
        return standard(source, target)

    @cached_property
    def _packs(self) -> dict[UUID, _Packs]:
        rows = ItemUnit.objects.filter(item__in=self._items).select_related("item__unit")
        packs: dict[UUID, dict[str, Decimal]] = {}
        units: dict[UUID, Unit] = {}
        for row in rows:
            units[row.item_id] = row.item.unit
            packs.setdefault(row.item_id, {row.item.unit_id: ONE})[row.unit_id] = row.factor
        return {item: _Packs(units[item], factors) for item, factors in packs.items()}


def standard(source: Unit, target: Unit) -> Decimal | None:
    """The factor by the units themselves; None between dimensions: never 1:1 (COMPARISON 6)."""
    if source.pk == target.pk:
        return ONE
    if not source.dimension or source.dimension != target.dimension:
        return None
    return source.factor / target.factor if source.factor and target.factor else None
