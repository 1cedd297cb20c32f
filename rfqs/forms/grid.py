"""A table of inputs: columns declared once, rows read from a form or from what is stored.

The names are a Django formset's (`l-TOTAL_FORMS`, `l-0-quantity`, `l-0-DELETE`), so that the script of
the page and a browser without scripts mean the same. It is no Django formset because 500 lines of 15
fields would cost seconds there; a cell here is its text and its error.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quoteflow.lib.numbers import small_count
from rfqs.forms.cells import cell_markup, control_markup
from rfqs.forms.fields import Reader

MOST_ROWS = 500
SPARE_ROWS = 5
UNFILLED = (
    "decimal",
    "percent",
    "count",
    "date",
    "unit",
)  # kinds whose empty value is None, not a text


@dataclass(frozen=True)
class Column:
    """One column: what it is called, how its text is read, and how its input looks.

    `kind` is text, item, decimal, percent, count, date, select, unit, check (a box to tick) or shown
    (printed, never read).
    `read` turns a text into the stored value or raises ValueError; columns of kind unit are read for
    all rows at once. `marks` names the attribute by which the page's script adds up while typing.
    """

    name: str
    label: Any
    kind: str = "text"
    read: Reader | None = None
    required: Any = ""  # the sentence when it is empty
    css: str = ""
    choices: Sequence[tuple[str, Any]] = ()
    marks: str = ""

    @property
    def is_number(self) -> bool:
        """Right aligned, typed with the number keys."""
        return self.kind in ("decimal", "percent", "count")


@dataclass
class Cell:
    """The text of one input and what is wrong with it."""

    column: Column
    name: str
    text: Any = ""
    error: str = ""


@dataclass
class Row:
    """One line: its number for people, its cells, and what was read from them."""

    index: int | str
    number: int | str
    cells: list[Cell]
    key: str = ""
    deleted: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    shown: Any = None  # what the page prints beside the inputs

    @property
    def is_blank(self) -> bool:
        """Nothing was typed into it."""
        return not any(
            str(cell.text).strip()
            for cell in self.cells
            if cell.column.kind not in ("select", "shown")
        )

    @property
    def has_errors(self) -> bool:
        """Some cell of it cannot be read."""
        return any(cell.error for cell in self.cells)

    def in_parts(self, front: int) -> "Parts":
        """The first cells and the others apart, for a page that folds the others away."""
        return Parts(self, self.cells[:front], self.cells[front:])

    @property
    def markup(self) -> list[SafeString]:
        """The finished table cells."""
        return [cell_markup(cell, self.number) for cell in self.cells]

    def cell(self, name: str) -> Cell:
        """The cell of this column."""
        return next(cell for cell in self.cells if cell.column.name == name)


class Parts(NamedTuple):
    """A row whose later cells are folded away, unless something is wrong with one."""

    row: Row
    front: list[Cell]
    more: list[Cell]

    @property
    def markup(self) -> list[SafeString]:
        """The finished table cells in front."""
        return [cell_markup(cell, self.row.number) for cell in self.front]

    @property
    def folded(self) -> list[tuple[Cell, SafeString]]:
        """The other cells with their controls."""
        return [(cell, control_markup(cell, self.row.number)) for cell in self.more]

    @property
    def is_open(self) -> bool:
        """Something is wrong in the fold, or it says more than it did at the beginning."""
        return any(cell.error for cell in self.more)


class Link(NamedTuple):
    """A sentence of the error summary and the field it leads to."""

    anchor: str
    sentence: str


class Grid:
    """The rows of one table of inputs."""

    def __init__(self, columns: Sequence[Column], *, prefix: str = "l") -> None:
        self.columns = list(columns)
        self.prefix = prefix
        self.rows: list[Row] = []
        self.most = MOST_ROWS

    @property
    def total(self) -> int:
        """How many rows the counter of the form says."""
        return len(self.rows)

    @property
    def blank(self) -> Row:
        """The row the page's script copies."""
        return self._row("__prefix__", "__line__", _nothing)

    def fill(self, stored: Iterable[tuple[str, Callable[[str], Any]]]) -> "Grid":
        """Add a row per stored line: its key, and a function from a column's name to its text."""
        for key, text in stored:
            self.rows.append(self._row(len(self.rows), len(self.rows) + 1, text, key=key))
        return self

    def spare(self, count: int = SPARE_ROWS) -> "Grid":
        """Add empty rows, for browsers without scripts and for the eye."""
        for _n in range(min(count, self.most - len(self.rows))):
            self.rows.append(self._row(len(self.rows), len(self.rows) + 1, _nothing))
        return self

    def take(self, data: Mapping[str, Any]) -> "Grid":
        """Read the texts of a posted form; `check` then reads the values."""
        count = small_count(str(data.get(f"{self.prefix}-TOTAL_FORMS", "0")))
        for index in range(min(count, self.most)):
            start = f"{self.prefix}-{index}-"
            texts = partial(_posted, data, start)
            row = self._row(index, index + 1, texts, key=str(data.get(f"{start}id", "")))
            row.deleted = bool(data.get(f"{start}DELETE"))
            self.rows.append(row)
        return self

    def check(
        self, units: Callable[[Iterable[str]], Mapping[str, str | ValueError]] | None = None
    ) -> bool:
        """Read every row that is written in; each bad cell gets its sentence. True without any."""
        used = self.used
        written = {
            str(cell.text).strip()
            for row in used
            for cell in row.cells
            if cell.column.kind == "unit"
        }
        known = units(written) if units and written else {}
        for row in used:
            for cell in row.cells:
                _read_cell(row, cell, known)
        return not any(row.has_errors for row in used)

    @property
    def used(self) -> list[Row]:
        """The rows that count: not removed, not blank."""
        return [row for row in self.rows if not row.deleted and not row.is_blank]

    @property
    def links(self) -> list[Link]:
        """Every error, for the summary."""
        return [
            Link(
                f"id_{cell.name}",
                _("Line %(n)s, %(label)s: %(error)s")
                % {"n": row.number, "label": cell.column.label, "error": cell.error},
            )
            for row in self.rows
            for cell in row.cells
            if cell.error
        ]

    def errors(self) -> dict[str, list[str]]:
        """Every error by the name of its input."""
        return {cell.name: [cell.error] for row in self.rows for cell in row.cells if cell.error}

    def _row(
        self, index: int | str, number: int | str, text: Callable[[str], Any], *, key: str = ""
    ) -> Row:
        cells = [
            Cell(column, f"{self.prefix}-{index}-{column.name}", text(column.name) or "")
            for column in self.columns
        ]
        return Row(index, number, cells, key=key)


def _nothing(_name: str) -> str:
    """The text of every cell of an empty row."""
    return ""


def _posted(data: Mapping[str, Any], start: str, name: str) -> Any:
    return data.get(start + name, "")


def _read_cell(row: Row, cell: Cell, units: Mapping[str, str | ValueError]) -> None:
    column, text = cell.column, str(cell.text).strip()
    if column.kind == "shown":
        return
    if not text:
        cell.error = str(column.required)
        row.values[column.name] = None if column.kind in UNFILLED else ""
        return
    try:
        value = _value(column, text, units)
    except ValueError as refusal:
        cell.error = str(refusal)
    else:
        row.values[column.name] = value


def _value(column: Column, text: str, units: Mapping[str, str | ValueError]) -> Any:
    if column.kind == "unit":
        found = units.get(text, text)
        if isinstance(found, ValueError):
            raise found
        return found
    return column.read(text) if column.read else text
