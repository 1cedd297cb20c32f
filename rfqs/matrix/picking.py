"""Which cells can be picked, and the picks behind the two quick buttons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from quoteflow.lib.composed import Composed, Values
from rfqs.actions.awarding import Pick
from rfqs.comparison import Cell, ComparisonSheet, Flag, OfferColumn, Status
from rfqs.models import LIVE_AWARDS, RFQ, Award

OPEN_TO_AWARD = (Status.COMPLETE, Status.INCOMPLETE, Status.NOT_EVALUATED, Status.EXPIRED)


class Picked(NamedTuple):
    """What the picks of one column add up to, shares of lump sums included."""

    place: int
    total: str
    lines: int


@dataclass(frozen=True)
class Picks:
    """The stored picks of a request: quantity of the need by line and quotation."""

    by_line: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    needs: Mapping[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None  # as the award counts it: lump sums in full, base currency
    version: int = 0  # of the award they are stored in; 0 where there is none

    @classmethod
    def stored(cls, rfq: RFQ, sheet: ComparisonSheet) -> "Picks":
        """What the living award of the request holds, in one statement."""
        rows = _STORED.fetch((), {"rfq": rfq.pk})
        held = [row[1:] for row in rows if row[1] is not None]
        picks = cls.of([Pick(*row[:3]) for row in held], sheet)
        total = sum((row[3] for row in held), Decimal(0))
        return replace(picks, total=total, version=rows[0][0] if rows else 0)

    @classmethod
    def of(cls, picks: Iterable[Pick], sheet: ComparisonSheet) -> "Picks":
        """These picks; without a quantity a pick is all that the line needs."""
        needs = {row.line.key: row.line.need for row in sheet.lines}
        by_line: dict[str, dict[str, Decimal]] = {}
        for pick in picks:
            line = str(pick.line_id)
            quantity = needs.get(line, Decimal(0)) if pick.quantity is None else pick.quantity
            by_line.setdefault(line, {})[str(pick.quotation_id)] = quantity
        return cls(by_line, needs)

    def whole(self, line: str) -> str | None:
        """The quotation that has all of the line; None where nobody has, or several share it."""
        held = self.by_line.get(line, {})
        if len(held) != 1:
            return None
        [(offer, quantity)] = held.items()
        return offer if quantity == self.needs.get(line) else None

    def shares(self, line: str) -> Mapping[str, Decimal]:
        """Quantity by quotation of a line that is split or picked in part; else empty."""
        return {} if self.whole(line) is not None else self.by_line.get(line, {})

    @property
    def count(self) -> int:
        """How many lines have a pick."""
        return len(self.by_line)

    def of_line(self, line: str) -> list[Pick]:
        """The stored picks of a line as they are."""
        held = self.by_line.get(line, {})
        return [Pick(UUID(line), UUID(offer), quantity) for offer, quantity in held.items()]


def _stored(shape: Any, values: Values) -> Any:
    del shape
    return Award.objects.filter(rfq=values["rfq"], status__in=LIVE_AWARDS).values_list(
        "version", "lines__rfq_line_id", "lines__quotation_line__quotation_id", "lines__quantity",
        "lines__cost",
    )  # fmt: skip


_STORED = Composed(_stored)


def is_pickable(cell: Cell, column: OfferColumn) -> bool:
    """Whether the whole need of the line can go to this offer."""
    return is_open(column) and cell.cost is not None and Flag.SHORT not in cell.flags


def is_open(column: OfferColumn) -> bool:
    """Whether anything can go to this offer."""
    return column.status in OPEN_TO_AWARD and Flag.NEEDS_RECONFIRMATION not in column.flags


def lowest_per_line(sheet: ComparisonSheet, stored: Picks) -> tuple[list[Pick], int]:
    """A pick for each line with one lowest offer; a tie keeps what a person picked. And the ties."""
    picks: list[Pick] = []
    ties = 0
    for row in sheet.lines:
        if len(row.lowest) == 1:
            picks.append(Pick(UUID(row.line.key), UUID(row.lowest[0])))
        elif row.lowest:
            ties += 1
            picks += stored.of_line(row.line.key)
    return picks, ties


def all_to(sheet: ComparisonSheet, offer_key: str) -> list[Pick]:
    """A pick for each line that this offer can supply in full; none where there is no such offer."""
    columns = {column.key: column for column in sheet.offers}
    return [
        Pick(UUID(row.line.key), UUID(offer_key))
        for row in sheet.lines
        for cell in row.cells
        if cell.offer_key == offer_key and is_pickable(cell, columns[offer_key])
    ]
