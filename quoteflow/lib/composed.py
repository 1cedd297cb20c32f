"""Queries composed once: the ORM writes the SQL of each shape, later calls only fill their values in.

For the few statements that every page runs, where composing costs several times the answer. A shape is
whatever changes the SQL: which filters there are, the order, the size of the page. Values change nothing
but themselves: while the SQL is composed, stand-ins are in their places and mark where they go.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet, prefetch_related_objects
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError

AnyModel = TypeVar("AnyModel", bound=Model)
Values = Mapping[str, Any]  # str, UUID, datetime, Decimal, or a list of one of them
Build = Callable[[Any, Values], "QuerySet[Any, Any]"]
Kind = tuple[str, type, int | None]  # name, type of one value, how many where it is a list


class Place(NamedTuple):
    """Where a parameter comes from: a value by its name, one of a list, or a constant of the SQL."""

    name: str
    nth: int | None
    constant: Any
    around: tuple[str, str] | None  # what stands around a text inside a LIKE pattern


class Composed:
    """Rows of `build(shape, values)`, a queryset of tuples whose SQL depends on the shape alone.

    `build` puts each value into a filter as it is; what it derives (now plus a week) is a value of its
    own. `wrap` may put more SQL around the query, as "SELECT count(*) FROM ({})".
    """

    def __init__(self, build: Build, *, wrap: str = "{}", shapes: int = 512) -> None:
        self._build, self._wrap = build, wrap
        self._statement = lru_cache(shapes)(self._composed)

    def fetch(self, shape: Hashable, values: Values) -> list[tuple[Any, ...]]:
        """Run the statement of this shape with these values; nothing where it can find nothing."""
        sql, places = self._statement(shape, tuple(map(_kind, values.items())))
        if not sql:
            return []
        return _rows(sql, [_filled(place, values) for place in places])

    def afresh(self, shape: Hashable, values: Values) -> list[tuple[Any, ...]]:
        """The same for values that no stand-in can stand for: composed for this once."""
        try:
            sql, parameters = self._build(shape, values).query.sql_with_params()
        except EmptyResultSet:
            return []
        return _rows(self._wrap.format(sql), parameters)

    def _composed(self, shape: Hashable, kinds: tuple[Kind, ...]) -> tuple[str, list[Place]]:
        stand_ins, marks = _stand_ins(kinds)
        try:
            sql, parameters = self._build(shape, stand_ins).query.sql_with_params()
        except EmptyResultSet:
            return "", []
        return self._wrap.format(sql), [_place(one, marks) for one in parameters]


class ComposedModels(Generic[AnyModel]):
    """Instances of `build(shape, values)`, with what it selects along; else like `Composed`.

    Making instances of rows is Django's own work, prepared once: which columns are whose, and what turns a
    column into a value of Python (docs/adr/0018). A test compares it with the queryset.
    """

    def __init__(self, build: "Callable[[Any, Values], QuerySet[AnyModel]]", *, shapes: int = 64):
        self._build = build
        self._kept = lru_cache(shapes)(self._compiled)

    def fetch(self, shape: Hashable, values: Values) -> list[AnyModel]:
        """Run the statement of this shape with these values."""
        kept = self._kept(shape, tuple(map(_kind, values.items())))
        if kept is None:
            return []
        if kept.locks and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked inside a transaction.")
        rows = _rows(kept.sql, [_filled(place, values) for place in kept.places])
        found: list[AnyModel] = [kept.instance(row) for row in rows]
        if kept.prefetched:
            prefetch_related_objects(found, *kept.prefetched)
        return found

    def _compiled(self, shape: Hashable, kinds: tuple[Kind, ...]) -> "_Kept | None":
        stand_ins, marks = _stand_ins(kinds)
        rows: Any = self._build(shape, stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [expression for expression, _sql, _name in compiler.select]
        own = compiler.klass_info["select_fields"]
        return _Kept(
            sql=sql,
            places=[_place(one, marks) for one in parameters],
            locks=rows.query.select_for_update,
            prefetched=rows._prefetch_related_lookups,  # noqa: SLF001
            model=compiler.klass_info["model"],
            names=[columns[index].target.attname for index in own],
            own=slice(own[0], own[-1] + 1),
            related=get_related_populators(compiler.klass_info, compiler.select, rows.db),  # type: ignore[call-arg]
            annotated=list(compiler.annotation_col_map.items()),
            converters=list(compiler.get_converters(columns).items()),
        )


@dataclass(frozen=True)
class _Kept:
    """A statement, and how one of its rows becomes an instance."""

    sql: str
    places: list[Place]
    locks: bool
    prefetched: Sequence[Any]
    model: type[Model]
    names: list[str]  # of the model's columns, which stand together
    own: slice
    related: list[Any]
    annotated: list[tuple[str, int]]  # name, position
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]

    def instance(self, row: Sequence[Any]) -> Any:
        """The instance of a row, with those of its relations and with its annotations."""
        if self.converters:
            row = list(row)
            for index, (steps, expression) in self.converters:
                for step in steps:
                    row[index] = step(row[index], expression, connection)
        made = self.model.from_db(connection.alias, self.names, row[self.own])
        for relation in self.related:
            relation.populate(row, made)
        for name, index in self.annotated:
            setattr(made, name, row[index])
        return made


def _rows(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _kind(item: tuple[str, Any]) -> Kind:
    name, value = item
    if isinstance(value, list):
        return name, type(value[0]) if value else str, len(value)
    return name, type(value), None


def _stand_ins(kinds: Sequence[Kind]) -> tuple[dict[str, Any], dict[Any, tuple[str, int | None]]]:
    """A value for each place that nobody else will ever use, and which place each stands for."""
    values: dict[str, Any] = {}
    marks: dict[Any, tuple[str, int | None]] = {}
    for name, kind, length in kinds:
        made = []
        for index in range(1 if length is None else length):
            mark = _MAKERS[kind](len(marks))
            marks[mark] = name, None if length is None else index
            made.append(mark)
        values[name] = made[0] if length is None else made
    return values, marks


# The last years of the calendar, the highest UUIDs, a character of no language.
_MAKERS: dict[type, Callable[[int], Any]] = {
    str: lambda n: f"\ue000{n}\ue001",
    UUID: lambda n: UUID(int=2**128 - 1 - n),
    datetime: lambda n: datetime(9999, 12, 31, tzinfo=UTC) - timedelta(seconds=n),
    Decimal: lambda n: Decimal(-9_999_999_999) - n,
}


def _place(parameter: Any, marks: Mapping[Any, tuple[str, int | None]]) -> Place:
    if isinstance(parameter, str):
        for mark, (name, index) in marks.items():
            if isinstance(mark, str) and mark in parameter:
                before, after = parameter.split(mark)
                return Place(name, index, None, (before, after) if before or after else None)
    elif isinstance(parameter, Hashable) and parameter in marks:
        return Place(*marks[parameter], None, None)
    return Place("", None, parameter, None)


def _filled(place: Place, values: Values) -> Any:
    if not place.name:
        return place.constant
    value = values[place.name] if place.nth is None else values[place.name][place.nth]
    if place.around is None:
        return value
    return f"{place.around[0]}{connection.ops.prep_for_like_query(value)}{place.around[1]}"
