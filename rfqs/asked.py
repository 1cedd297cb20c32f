"""The lines of a request as a comparison reads them: rows first, models where somebody wants them.

Whoever looks at hundreds of lines wants a few facts of each; and most looks find the rows of the last one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any, overload

from django.db.models import CharField, Value
from django.db.models.functions import Coalesce, NullIf

from quoteflow.lib.composed import Composed, Values
from quoteflow.lib.recent import Recent
from rfqs import comparison, versions
from rfqs.models import RFQ, RFQLine, Unit

COLUMNS = tuple(one.attname for one in RFQLine._meta.concrete_fields)  # noqa: SLF001 (public, Django says)
UNIT_COLUMNS = tuple(one.attname for one in Unit._meta.concrete_fields)  # noqa: SLF001
OF_A_REQUEST = RFQLine._meta.get_field("rfq")  # noqa: SLF001
OF_UNIT = tuple(f"unit__{name}" for name in UNIT_COLUMNS)
NUMBER = {name: n for n, name in enumerate((*COLUMNS, *OF_UNIT, "unit"))}
FACTS = (
    "id", "position", "kind", "item_code", "description", "unit_id", "quantity", "gst_percent", "last_price",
    "target_price", "periods", "period_unit", "trips_per_month", "months", "load_t", "distance_km",
)  # fmt: skip
KINDS = {kind.value: kind for kind in comparison.Kind}
PERIODS = {period.value: period for period in comparison.Period}
ONE = Decimal(1)

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Known:
    """What follows from the rows alone: the comparison's lines, and texts that pages drew of them."""

    inputs: tuple[comparison.Line, ...]
    drawn: dict[Any, Any] = field(default_factory=dict)


class Asked(Sequence[RFQLine]):
    """The lines of a request in their order; a model is made of its row when it is looked at."""

    def __init__(self, rfq: RFQ, rows: Sequence[Row], known: Known) -> None:
        self._rfq, self._rows, self.known = rfq, rows, known

    @classmethod
    def of(cls, rfq: RFQ) -> "Asked":
        """Those of a request, or of the version it reads as; with their units, in one statement."""
        if not rfq.read_as:
            rows = _ROWS.fetch((), {"rfq": rfq.pk})
            return cls(rfq, rows, LINES(rfq.pk, rows))
        lines = versions.lines_read(rfq)
        asked = cls(rfq, (), Known(tuple(map(line_input, lines))))
        asked._models = _with(rfq, lines)
        return asked

    def told(self, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """These columns of each line; "unit" is its unit as people write it."""
        if self._rfq.read_as:
            return list(map(attrgetter(*names), self._models))
        return list(map(itemgetter(*[NUMBER[name] for name in names]), self._rows))

    @cached_property
    def _models(self) -> list[RFQLine]:
        units: dict[str, Unit] = {}
        lines = []
        for row in self._rows:
            line = RFQLine.from_db("default", COLUMNS, row[: len(COLUMNS)])
            if line.unit_id not in units:
                units[line.unit_id] = Unit.from_db("default", UNIT_COLUMNS, row[len(COLUMNS) : -1])
            line.unit = units[line.unit_id]
            lines.append(line)
        return _with(self._rfq, lines)

    def __len__(self) -> int:
        return len(self.known.inputs)

    @overload
    def __getitem__(self, at: int) -> RFQLine: ...
    @overload
    def __getitem__(self, at: slice) -> list[RFQLine]: ...
    def __getitem__(self, at: int | slice) -> RFQLine | list[RFQLine]:
        return self._models[at]

    def __iter__(self) -> Iterator[RFQLine]:
        return iter(self._models)


def line_input(line: RFQLine) -> comparison.Line:
    """A line of a request as the comparison reads it."""
    return _input(_FACTS_OF(line))


def _input(facts: tuple[Any, ...]) -> comparison.Line:
    """The same by its `FACTS`."""
    (
        pk, position, kind, item_code, description, unit, quantity, gst_percent, last_price,
        target_price, periods, period_unit, trips_per_month, months, load_t, distance_km,
    ) = facts  # fmt: skip
    return comparison.Line(
        key=str(pk),
        no=position,
        kind=KINDS[kind],
        item_code=item_code,
        description=description,
        unit=unit,
        quantity=quantity,
        gst_percent=gst_percent,
        last_price=last_price,
        target_price=target_price,
        periods=ONE if periods in (None, 1) else Decimal(periods),
        period_unit=PERIODS[period_unit or "once"],
        trips_per_month=_decimal(trips_per_month),
        months=_decimal(months),
        load_t=load_t,
        distance_km=distance_km,
    )


_FACTS_OF = attrgetter(*FACTS)
_FACTS_IN = itemgetter(*[NUMBER[name] for name in FACTS])


def _rows(shape: Any, values: Values) -> Any:
    del shape
    rows = RFQLine.objects.filter(rfq=values["rfq"]).order_by("position")
    unit = Coalesce(NullIf("unit__symbol", Value("")), "unit_id", output_field=CharField())
    return rows.values_list(*COLUMNS, *OF_UNIT, unit)


_ROWS = Composed(_rows)

# The lines that a process read last, found again by their rows, which are read anew each time.
LINES: Recent[Sequence[Row], Known] = Recent(
    lambda rows: Known(tuple(map(_input, map(_FACTS_IN, rows)))),
    lambda known: len(known.inputs),
    least=1,
    most=400,
)


def _with(rfq: RFQ, lines: list[RFQLine]) -> list[RFQLine]:
    for line in lines:
        OF_A_REQUEST.set_cached_value(line, rfq)
    return lines


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
