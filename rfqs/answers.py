"""What suppliers answer line by line, read by the column.

A large request has thousands of answers, each of twenty fields. PostgreSQL hands over a row a quotation, with one
text for each field of all its answers: none where nobody says anything, and equal texts are read once.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Aggregate, TextField, Value

from quoteflow.lib.composed import Composed, Values
from quoteflow.lib.recent import Recent
from rfqs import comparison
from rfqs.comparison import Answers, Period, RateBasis
from rfqs.conversion import Conversion
from rfqs.models import RFQ, CommodityType, Quotation, QuotationLine, RFQLine, Unit

ZERO, ONE = Decimal(0), Decimal(1)
PER_TRIP = RateBasis.PER_TRIP

Row = tuple[Any, ...]
Factors = dict[tuple[str, str], Decimal | None]
Column = Sequence[Any]


class _Array(Aggregate):
    """The values of a column as the text of an array, as many as there are; NULL where there is none."""

    said = "%(expressions)s IS NOT NULL"
    template = f"(array_agg(%(expressions)s) FILTER (WHERE {said}))::text"
    output_field = TextField()


class _Words(Aggregate):
    """The words of a column as the text of a JSON list, as many as there are; NULL where nobody says any."""

    said = "%(expressions)s <> ''"
    template = f"to_json(array_agg(%(expressions)s) FILTER (WHERE {said}))::text"
    output_field = TextField()


class _Where(Aggregate):
    """The lines of those values or words as the text of an array; NULL where every line has one."""

    template = (
        "CASE WHEN cardinality(array_agg(%(expressions)s) FILTER (WHERE {said})) < count(*) THEN"
        " (array_agg(rfqs_quotationline.line_id) FILTER (WHERE {said}))::text END"
    )
    output_field = TextField()

    def __init__(self, column: str, *, of: type[_Array | _Words]) -> None:
        super().__init__(column)
        self.template = _Where.template.format(said=of.said)


class _Units(Aggregate):
    """Dimension and factor of each unit that is named, by its code, as JSON; NULL where none is.

    Without a join, which would have PostgreSQL sort all answers.
    """

    template = (
        "(SELECT json_object_agg(code, json_build_array(dimension, factor::text)) FROM rfqs_unit"
        " WHERE code = ANY(array_agg(%(expressions)s)))::text"
    )
    output_field = TextField()


class Field(NamedTuple):
    """Where a field of an `OfferLine` is stored, how its value there is read, and its texts of all answers."""

    column: str
    value: Callable[[Any], Any]
    aggregate: type[_Array | _Words]
    texts: Callable[[str], Column]


def _same(value: Any) -> Any:
    return value


def _number(value: Decimal | None) -> Decimal:
    return value or ZERO


def _basis(value: int) -> Decimal:
    return ONE if value == 1 else Decimal(value)


def _items(text: str) -> list[str]:
    """The elements of an array of numbers or keys, whose text has no quotes."""
    return text[1:-1].split(",")


def _numbers(text: str) -> Column:
    """Numbers; where many are equal, equal ones are one object."""
    items = _items(text)
    different = set(items)
    if len(different) > len(items) // 2:
        return list(map(Decimal, items))
    known = {one: Decimal(one) for one in different}
    return [known[one] for one in items]


def _whole(text: str) -> Column:
    return list(map(int, _items(text)))


def _word(value: str | None) -> str:
    return value or ""


def _period(value: str | None) -> Period | None:
    return Period(value) if value else None


def _rate_basis(value: str | None) -> RateBasis:
    return RateBasis(value) if value else PER_TRIP


# Every field of an answer but its line and the factor of its unit; those that goods do not have come last.
FIELDS = {
    "unit_price": Field("unit_price", _same, _Array, _numbers),
    "price_basis": Field("price_basis", _basis, _Array, _whole),
    "discount_percent": Field("discount_percent", _number, _Array, _numbers),
    "moq": Field("moq", _same, _Array, _numbers),
    "order_multiple": Field("order_multiple", _same, _Array, _numbers),
    "offered_quantity": Field("offered_quantity", _same, _Array, _numbers),
    "unit": Field("unit_id", _word, _Words, json.loads),
    "gst_percent": Field("gst_percent", _same, _Array, _numbers),
    "duty_percent": Field("duty_percent", _same, _Array, _numbers),
    "lead_days": Field("lead_days", _same, _Array, _whole),
    "make": Field("make", _word, _Words, json.loads),
    "remarks": Field("remarks", _word, _Words, json.loads),
    "stated_total": Field("stated_total", _same, _Array, _numbers),
    "rate_period": Field("rate_period", _period, _Words, json.loads),
    "rate_basis": Field("rate_basis", _rate_basis, _Words, json.loads),
    "minimum_weight_t": Field("minimum_weight_t", _same, _Array, _numbers),
    "fuel_percent": Field("fuel_percent", _number, _Array, _numbers),
    "toll": Field("toll", _number, _Array, _numbers),
    "loading": Field("loading", _number, _Array, _numbers),
    "capacity_t": Field("capacity_t", _same, _Array, _numbers),
}
OF_GOODS = list(FIELDS).index("rate_period")  # so many
UNIT = list(FIELDS).index("unit") + 2  # behind quotation and lines
_THEN = "as it was then"


def read(rfq: RFQ, quotations: Sequence[Quotation], lines: Sequence[RFQLine]) -> dict[str, Answers]:
    """The answers of each of these quotations of a request, by its key; `lines` are those it asks for.

    One statement; a second one where an item's own packs are needed to convert a unit.
    """
    asked: Values = {"quotations": [one.pk for one in quotations]}
    if rfq.read_as:  # lines that were asked for then, whatever removed them later
        asked = {**asked, "lines": [line.pk for line in lines]}
    width = OF_GOODS if rfq.commodity_type == CommodityType.GOODS else len(FIELDS)
    rows = _ROWS.fetch((width, _THEN if rfq.read_as else bool(rfq.addendum_count)), asked)
    return ANSWERS(rfq.pk, (rows, _factors(rows, lines)))


def answer_input(key: str, row: Mapping[str, Any], factor: Decimal | None) -> comparison.OfferLine:
    """An answer to the line `key`, by its columns, as the comparison reads it; `factor` converts its unit."""
    fields = {name: field.value(row.get(field.column)) for name, field in FIELDS.items()}
    return comparison.OfferLine(line_key=key, unit_factor=factor, **fields)


def _rows(shape: Any, values: Values) -> Any:
    width, has_addenda = shape
    rows = QuotationLine.objects.filter(quotation__in=values["quotations"])
    if has_addenda == _THEN:
        rows = rows.filter(line__in=values["lines"])
    elif has_addenda:  # which may have removed lines that were priced
        rows = rows.filter(line__dropped_by=None)
    fields = list(FIELDS.items())[:width]
    texts = {f"all_{name}": field.aggregate(field.column) for name, field in fields}
    where = {f"where_{name}": _where(field) for name, field in fields}
    every = {"all_lines": _Array("line_id"), **texts, **where, "all_units": _Units("unit_id")}
    return (
        rows.order_by().values("quotation_id").annotate(**every).values_list("quotation_id", *every)
    )


def _where(field: Field) -> Aggregate | Value:
    """Nothing to ask of a column that every line has."""
    if field.aggregate is _Array and not QuotationLine._meta.get_field(field.column).null:  # noqa: SLF001
        return Value(None, output_field=TextField())
    return _Where(field.column, of=field.aggregate)


_ROWS = Composed(_rows)


def _factors(rows: Sequence[Row], lines: Sequence[RFQLine]) -> Factors:
    """How many of the asked unit an offered one holds, by line and unit, where they differ."""
    factors: Factors = {}
    with_units = [row for row in rows if row[UNIT] is not None]
    if not with_units:
        return factors
    by_key = {str(line.pk): line for line in lines}
    conversion = Conversion(line.item_id for line in lines)
    for row in with_units:
        facts = json.loads(row[-1])
        where = row[UNIT + _width(row)] or row[1]
        for key, unit in zip(_items(where), json.loads(row[UNIT]), strict=True):
            line = by_key[key]
            if unit != line.unit_id and (key, unit) not in factors:
                dimension, factor = facts[unit]
                held = None if factor is None else Decimal(factor)
                offered = Unit(code=unit, dimension=dimension, factor=held)
                factors[key, unit] = conversion.factor(line.item_id, offered, line.unit)
    return factors


def _answers(read: tuple[Sequence[Row], Factors]) -> dict[str, Answers]:
    """The answers of each quotation, from its row and the factors of units that differ."""
    rows, factors = read
    known: dict[tuple[str | None, ...], Column] = {}
    return {str(row[0]): _of_quotation(row, factors, known) for row in rows}


def _of_quotation(
    row: Row, factors: Factors, known: dict[tuple[str | None, ...], Column]
) -> Answers:
    """The answers of one row; `known` are the columns that were read already."""
    lines = _items(row[1])
    columns: dict[str, Column] = {"line_key": lines}
    width = _width(row)
    none = (None,) * (len(FIELDS) - width)
    texts, where = (*row[2 : 2 + width], *none), (*row[2 + width : -1], *none)
    for (name, field), *facts in zip(FIELDS.items(), texts, where, strict=True):
        found = known.get((name, *facts, row[1]))
        if found is None:
            found = _column(field, lines, *facts)
            known[name, *facts, row[1]] = found
        columns[name] = found
    columns["unit_factor"] = [ONE] * len(lines)
    if factors:
        places = zip(lines, columns["unit"], strict=True)
        columns["unit_factor"] = [factors.get(place, ONE) for place in places]
    return Answers([columns[name] for name in comparison.OfferLine._fields])


def _width(row: Row) -> int:
    """How many fields of answers a row tells of: twice, between quotation, lines and units."""
    return (len(row) - 3) // 2


def _column(field: Field, lines: Sequence[str], text: str | None, where: str | None) -> Column:
    """One field of the answers to these lines, of the texts of its values and of the lines that have one."""
    values: Column = () if text is None else field.texts(text)
    if len(values) < len(lines):
        said = dict(zip(_items(where) if where else (), values, strict=True))
        values = [said.get(line) for line in lines]
    return values if field.value is _same else list(map(field.value, values))


ANSWERS: Recent[tuple[Sequence[Row], Factors], dict[str, Answers]] = Recent(
    _answers,
    lambda answers: sum(map(len, answers.values())),
    least=200,
    most=10_000,
)
