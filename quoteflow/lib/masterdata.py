"""Master data from a file: one object a row, known by its key, written in bulk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _

from quoteflow.lib import copying
from quoteflow.lib.fields import follow
from quoteflow.lib.imports import ImportOptions, ImportReport, clean_row
from quoteflow.lib.progress import track
from quoteflow.lib.tabular import Row, RowError, Table

# Rows written or looked up by one statement.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Record:
    """A row whose cells were understood."""

    row: Row
    values: dict[str, Any]


def records(
    table: Table, fields: Mapping[str, forms.Field], options: ImportOptions, errors: list[RowError]
) -> Iterator[Record]:
    """Yield the rows that `fields` can read, in the file's own way of writing; the rest are errors."""
    follow(fields.values(), decimal_mark=options.decimal_mark, order=options.date_order)
    for row in track(table, _("rows"), total=len(table), shown=options.progress):
        values, problems = clean_row(row, fields)
        errors.extend(problems)
        if not problems:
            yield Record(row, values)


def by_key(
    found: Iterable[Record], columns: Sequence[str], errors: list[RowError]
) -> dict[Any, Record]:
    """Return the records by the values of `columns`; a key that comes twice is an error."""
    keyed: dict[Any, Record] = {}
    for record in found:
        parts = tuple(record.values[column] for column in columns)
        key = parts[0] if len(parts) == 1 else parts
        if key in keyed:
            errors.append(
                RowError(
                    record.row.line,
                    columns[0],
                    _("“%(key)s” stands on line %(line)d already. Keep one of the two rows.")
                    % {"key": " ".join(map(str, parts)), "line": keyed[key].row.line},
                )
            )
        else:
            keyed[key] = record
    return keyed


def store(
    model: type[models.Model],
    wanted: Mapping[Any, Mapping[str, Any]],
    keys: Sequence[str],
    report: ImportReport,
) -> list[Any]:
    """Create or update one object per key, in a few statements; return the keys that changed.

    `wanted` maps a value of the `keys` columns (a tuple where there are several) to the values of
    other columns, the same columns for every key. Objects that are as wanted are left alone.
    """
    changed: list[Any] = []
    remaining = iter(wanted.items())
    while batch := dict(islice(remaining, BATCH)):
        changed += _store_batch(model, batch, keys, report)
    return changed


def _store_batch(
    model: type[models.Model],
    batch: Mapping[Any, Mapping[str, Any]],
    keys: Sequence[str],
    report: ImportReport,
) -> list[Any]:
    columns = list(next(iter(batch.values())))
    stored = _stored(model, batch, keys, columns)
    changed = [
        key for key, values in batch.items() if stored.get(key) != tuple(values[c] for c in columns)
    ]
    updated = sum(key in stored for key in changed)
    report.created += len(changed) - updated
    report.updated += updated
    report.unchanged += len(batch) - len(changed)
    copying.upsert(model, keys, [_named(keys, key) | dict(batch[key]) for key in changed])
    return changed


def _stored(
    model: type[models.Model], batch: Iterable[Any], keys: Sequence[str], columns: Sequence[str]
) -> dict[Any, tuple[Any, ...]]:
    """Return what is stored under the keys; with several key columns the first narrows it down."""
    first = [key if len(keys) == 1 else key[0] for key in batch]
    rows = model._default_manager.filter(**{f"{keys[0]}__in": first})  # noqa: SLF001
    width = len(keys)
    return {
        (row[0] if width == 1 else row[:width]): row[width:]
        for row in rows.values_list(*keys, *columns)
    }


def _named(keys: Sequence[str], key: Any) -> dict[str, Any]:
    return dict(zip(keys, [key] if len(keys) == 1 else key, strict=True))
