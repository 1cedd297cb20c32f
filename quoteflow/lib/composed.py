"""Queries composed once: the ORM writes the SQL of each shape, later calls only fill their values in.

For the few statements that every page runs, where composing costs several times the answer. A shape is
whatever changes the SQL: which filters there are, the order, the size of the page. Values change nothing
but themselves: while the SQL is composed, stand-ins are in their places and mark where they go.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
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

    Django has no name for a queryset that is compiled already, so this hands it its own compiler back
    with other parameters (docs/adr/0018); a test compares the two for each use.
    """

    def __init__(self, build: "Callable[[Any, Values], QuerySet[AnyModel]]", *, shapes: int = 64):
        self._build = build
        self._kept = lru_cache(shapes)(self._compiled)

    def fetch(self, shape: Hashable, values: Values) -> list[AnyModel]:
        """Run the statement of this shape with these values."""
        kept = self._kept(shape, tuple(map(_kind, values.items())))
        if kept is None:
            return []
        if kept.rows.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked inside a transaction.")
        compiler = copy(kept.compiler)
        compiler.connection = connection
        parameters = [_filled(place, values) for place in kept.places]
        compiler.as_sql = lambda *_words, **_options: (kept.sql, parameters)
        compiler.get_converters = lambda _columns: kept.converters
        rows = kept.rows.all()
        rows.query.get_compiler = lambda *_words, **_options: compiler  # type: ignore[method-assign]
        return list(rows)

    def _compiled(self, shape: Hashable, kinds: tuple[Kind, ...]) -> "_Kept | None":
        stand_ins, marks = _stand_ins(kinds)
        rows = self._build(shape, stand_ins)
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = [_place(one, marks) for one in parameters]
        columns = [expression for expression, _sql, _name in compiler.select]
        return _Kept(rows, compiler, sql, places, compiler.get_converters(columns))


class _Kept(NamedTuple):
    """A queryset of stand-ins, and what became of it."""

    rows: "QuerySet[Any]"
    compiler: Any
    sql: str
    places: list[Place]
    converters: dict[int, Any]  # how the values of a column become Python's, where they are not yet


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
