"""Pages of an ordered list that cost the same however deep they are: no OFFSET, only "after this row".

A list is ordered by keys, the last of which is unique. A cursor is the text of a row's keys; the next
page holds the rows beyond it. Empty values come last in either direction, as readers expect.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

Row = TypeVar("Row")
AnyModel = TypeVar("AnyModel", bound=Model)

NOTHING = Q(pk__in=[])
SEPARATOR = "~"


@dataclass(frozen=True)
class Key:
    """One column of an order. `read` turns a cursor's text back into a value (ValueError if it cannot)."""

    column: str
    read: Callable[[str], Any]
    descending: bool = False
    nullable: bool = False

    def flipped(self) -> "Key":
        """The same column the other way round."""
        return Key(self.column, self.read, not self.descending, self.nullable)

    def order(self, *, backward: bool) -> OrderBy:
        """How to sort by it, towards the end of the list or back to its beginning."""
        nulls = {"nulls_first": True} if backward else {"nulls_last": True}
        options = nulls if self.nullable else {}
        column = F(self.column)
        return column.desc(**options) if self.descending != backward else column.asc(**options)

    def same(self, value: Any) -> Q:
        """Rows with this value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def beyond(self, value: Any, *, backward: bool) -> Q:
        """Rows that come after this value (before it, when going `backward`)."""
        if value is None:
            return Q(**{f"{self.column}__isnull": False}) if backward else NOTHING
        side = "lt" if self.descending != backward else "gt"
        beyond = Q(**{f"{self.column}__{side}": value})
        if self.nullable and not backward:
            beyond |= Q(**{f"{self.column}__isnull": True})
        return beyond


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some rows of a list, and the cursors of its neighbours; "" where there is none."""

    rows: list[Row]
    before: str = ""
    after: str = ""


def moment(text: str) -> datetime:
    """Read an aware datetime in ISO form; ValueError otherwise."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def amount(text: str) -> Decimal:
    """Read a finite Decimal; ValueError or ArithmeticError otherwise."""
    found = Decimal(text)
    if not found.is_finite():
        raise ValueError(text)
    return found


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: the keys of the row before it (after it, when going `backward`), or None."""

    keys: tuple[Any, ...] | None
    backward: bool


def page(
    rows: "QuerySet[AnyModel, Any]",
    keys: Sequence[Key],
    *,
    size: int,
    after: str = "",
    before: str = "",
    columns: Sequence[str] = (),
) -> Slice[Any]:
    """At most `size` rows after (or just before) a cursor, by `keys`, in one statement.

    `rows` yields instances, or tuples of `columns` (`.values_list(*columns)`), the keys among them. A
    cursor that cannot be read is as none.
    """
    cursor = read(keys, after=after, before=before)
    return cut(list(beyond(rows, keys, cursor, size=size)), keys, cursor, size, columns)


def read(keys: Sequence[Key], *, after: str, before: str) -> Cursor:
    """The cursor of an address; one that cannot be read is as none."""
    found = _read(keys, before or after)
    return Cursor(None if found is None else tuple(found), bool(before) and found is not None)


def beyond(
    rows: "QuerySet[AnyModel, Any]", keys: Sequence[Key], cursor: Cursor, *, size: int
) -> "QuerySet[AnyModel, Any]":
    """The rows of a page in their order, read backwards when going back, and one more for a look ahead."""
    if cursor.keys is not None:
        rows = rows.filter(_beyond(keys, cursor.keys, backward=cursor.backward))
    return rows.order_by(*(key.order(backward=cursor.backward) for key in keys))[: size + 1]


def cut(
    found: list[Any], keys: Sequence[Key], cursor: Cursor, size: int, columns: Sequence[str] = ()
) -> Slice[Any]:
    """What `beyond` found as a page of `size`, with the cursors of its neighbours."""
    more = len(found) > size
    found = found[:size]
    if cursor.backward:
        found.reverse()
    has_before, has_after = (more, True) if cursor.backward else (cursor.keys is not None, more)
    return Slice(
        found,
        before=_write(keys, found[0], columns) if found and has_before else "",
        after=_write(keys, found[-1], columns) if found and has_after else "",
    )


def capped_count(rows: "QuerySet[AnyModel, Any]", most: int) -> int:
    """How many rows there are, but never counting beyond `most` + 1 of them."""
    return rows.order_by()[: most + 1].count()


def _beyond(keys: Sequence[Key], cursor: Sequence[Any], *, backward: bool) -> Q:
    """Lexicographic comparison; the first key alone bounds the index range."""
    beyond, equal = NOTHING, Q()
    for key, value in zip(keys, cursor, strict=True):
        beyond |= equal & key.beyond(value, backward=backward)
        equal &= key.same(value)
    first, value = keys[0], cursor[0]
    if first.nullable or len(keys) == 1:
        return beyond
    side = "lte" if first.descending != backward else "gte"
    return Q(**{f"{first.column}__{side}": value}) & beyond


def _read(keys: Sequence[Key], cursor: str) -> list[Any] | None:
    texts = cursor.rsplit(SEPARATOR, len(keys) - 1)  # a name in front may hold the separator
    if not cursor or "\0" in cursor or len(texts) != len(keys):
        return None
    try:
        return [
            None if key.nullable and not text else key.read(text)
            for key, text in zip(keys, texts, strict=True)
        ]
    except (ValueError, ArithmeticError):
        return None


def _write(keys: Sequence[Key], row: Any, columns: Sequence[str]) -> str:
    values = (
        row[columns.index(key.column)] if columns else getattr(row, key.column) for key in keys
    )
    return SEPARATOR.join(_text(value) for value in values)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value.isoformat() if hasattr(value, "isoformat") else value)
