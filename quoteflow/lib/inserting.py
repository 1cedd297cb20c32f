"""New rows in one short statement: they go as one JSON parameter, which PostgreSQL takes apart.

Django's own INSERT prepares every value of every row in Python, several calls each; for a request of ten
lines that costs more than all the rest of making it. Here the statement of a model is written once, and
the values leave in one piece (docs/adr/0025).
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, BigAutoField, Field, Model

_SIZE = re.compile(r"\([^)]*\)")  # of varchar(200): the column itself refuses what is too long


class _Statement(NamedTuple):
    """The INSERT of a model; the attributes of its columns; the fields that set themselves on saving."""

    sql: str
    names: tuple[str, ...]
    moved: tuple["Field[Any, Any]", ...]


def insert(rows: Sequence[Model], *, skip_existing: bool = False) -> None:
    """Store new instances of one model, one statement however many there are.

    What `save(force_insert=True)` stores, it stores; keys that the database gives are not read back.
    With `skip_existing` rows that meet a unique constraint are left out. Raises IntegrityError and
    DataError as saving does.
    """
    if not rows:
        return
    statement = _statement(type(rows[0]))
    for row in rows:
        for field in statement.moved:
            field.pre_save(row, add=True)
    names = statement.names
    values = [{name: row.__dict__[name] for name in names} for row in rows]
    tail = " ON CONFLICT DO NOTHING" if skip_existing else ""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql + tail, [_dump(values)])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 (as Django does)


@lru_cache
def _statement(model: type[Model]) -> _Statement:
    fields = [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 (Django's own public name)
        if not isinstance(field, AutoField | BigAutoField) and not field.generated
    ]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column or "") for field in fields)
    record = ", ".join(f"{quote(field.attname)} {_type(field)}" for field in fields)
    taken = ", ".join(f"r.{quote(field.attname)}" for field in fields)
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: S608, SLF001 (names of ours)
        f" SELECT {taken} FROM json_to_recordset(%s::json) AS r({record})"
    )
    moved = [
        field
        for field in fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    return _Statement(sql, tuple(field.attname for field in fields), tuple(moved))


def _type(field: "Field[Any, Any]") -> str:
    return _SIZE.sub("", field.db_type(connection) or "")


def _plain(value: Any) -> str:
    if isinstance(value, UUID | Decimal | date):  # a datetime is a date
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a column.")


_dump = partial(json.dumps, default=_plain, separators=(",", ":"))
