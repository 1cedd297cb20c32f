"""INSERT ... SELECT for a model: columns that are not named get the model's own defaults."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, LiteralString

from django.db import connection
from django.db.models import AutoField, Field, Model
from psycopg import sql


def insert(model: type[Model], source: LiteralString, **values: LiteralString) -> sql.Composed:
    """The statement that fills `model` from the SQL `source` (what follows FROM).

    `values` are SQL expressions by column; every other column gets the default of its field, so a
    new column with a default needs no change here.
    """
    fields = [field for field in model._meta.local_concrete_fields if _is_written(field)]  # noqa: SLF001
    unknown = values.keys() - {field.column for field in fields}
    if unknown:
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    return sql.SQL("INSERT INTO {table} ({columns}) SELECT {values} FROM {source}").format(
        table=sql.Identifier(model._meta.db_table),  # noqa: SLF001
        columns=sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        values=sql.SQL(", ").join(_value(field, values) for field in fields),
        source=sql.SQL(source),
    )


def _is_written(field: "Field[Any, Any]") -> bool:
    return not field.generated and not isinstance(field, AutoField)


def _value(field: "Field[Any, Any]", values: Mapping[str, LiteralString]) -> sql.Composable:
    if str(field.column) in values:
        return sql.SQL(values[str(field.column)])
    default = field.get_default()
    plain = default.value if isinstance(default, Enum) else default
    return sql.Literal(field.get_db_prep_save(plain, connection))
