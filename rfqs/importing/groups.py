"""Rows that belong together: one request or quotation, its head repeated on every row."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import DecimalException
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError
from quoteflow.lib.masterdata import Record
from quoteflow.lib.tabular import RowError


@dataclass
class Group:
    """The rows of one key, by line number; the head is read from the first of them."""

    key: tuple[Any, ...]
    records: list[Record] = field(default_factory=list)

    @property
    def head(self) -> dict[str, Any]:
        """The values of the first row."""
        return self.records[0].values

    @property
    def line(self) -> int:
        """The line of the file on which the group begins."""
        return self.records[0].row.line


def grouped(
    found: Iterable[Record], keys: Sequence[str], head: Collection[str], errors: list[RowError]
) -> list[Group]:
    """Return the groups in the order of the file.

    Rows whose `head` columns disagree with the first of their group are errors naming both lines,
    and so are rows whose line_no comes twice.
    """
    groups: dict[tuple[Any, ...], Group] = {}
    for record in found:
        key = tuple(record.values.get(column) for column in keys)
        groups.setdefault(key, Group(key)).records.append(record)
    for group in groups.values():
        _check_agreement(group, head, errors)
        _check_line_numbers(group, errors)
    return list(groups.values())


@contextmanager
def refusals_at(line: int, errors: list[RowError]) -> Iterator[None]:
    """Undo what happens inside when an action refuses it, and note its sentence at `line`."""
    try:
        with transaction.atomic():
            yield
    except DomainError as refusal:
        errors.append(RowError(line, "", str(refusal)))
    except IntegrityError:
        problem = _("These rows collide with what someone else stored meanwhile. Import again.")
        errors.append(RowError(line, "", problem))
    except (DataError, DecimalException):
        problem = _("A total of these rows is too large to be stored. Check quantities and prices.")
        errors.append(RowError(line, "", problem))


def _check_agreement(group: Group, head: Collection[str], errors: list[RowError]) -> None:
    first = group.records[0]
    for record in group.records[1:]:
        for column in head:
            if record.values.get(column) != first.values.get(column):
                problem = _(
                    "“%(text)s” disagrees with “%(first)s” on line %(line)d, which is of the same "
                    "document. Write the same on both lines."
                ) % {
                    "text": record.row[column],
                    "first": first.row[column],
                    "line": first.row.line,
                }
                errors.append(RowError(record.row.line, column, problem))


def _check_line_numbers(group: Group, errors: list[RowError]) -> None:
    seen: dict[int, int] = {}
    for record in group.records:
        number = record.values["line_no"]
        if number in seen:
            problem = _("Line %(number)d stands on line %(line)d of the file already.") % {
                "number": number,
                "line": seen[number],
            }
            errors.append(RowError(record.row.line, "line_no", problem))
        seen.setdefault(number, record.row.line)
