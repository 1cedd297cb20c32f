"""What a table file is once read: headings, rows with their line numbers, bad rows."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from quoteflow.lib.errors import Incomplete


class UnreadableTable(Incomplete):
    """A file cannot be read as a table (422); `problems` has one sentence per reason."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems), list(problems))


@dataclass(frozen=True, slots=True, order=True)
class RowError:
    """A sentence about one line of a file; `column` is "" where the whole row is meant."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is where it starts in the file (for a workbook, the row of the sheet)."""

    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell without surrounding space; "" also when the file has no such column."""
        return self.values.get(column, "").strip()

    def __contains__(self, column: str) -> bool:
        return column in self.values


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns an import knows; `aliases` maps other headings to them."""

    required: Sequence[str]
    optional: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    def known(self) -> dict[str, str]:
        """Return every accepted heading, normalised, with the column it means."""
        known = {normalised(alias): column for alias, column in self.aliases.items()}
        return known | {normalised(name): name for name in (*self.required, *self.optional)}


@dataclass(frozen=True, slots=True)
class Table:
    """A file as rows. `errors` are the rows that could not be read and are not among `rows`."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def matched(self, columns: Columns, renames: Mapping[str, str] | None = None) -> "Table":
        """Return the table under the import's own column names.

        `renames` maps headings of the file to columns, or to "" to leave a column out.
        UnreadableTable tells every unknown, doubled or missing heading at once.
        """
        meanings = _meanings(self.headings, columns, _renames(self.headings, renames or {}))
        names = {heading: name for heading, name in meanings.items() if name}
        rows = tuple(
            Row(row.line, {name: row.values[heading] for heading, name in names.items()})
            for row in self.rows
        )
        return Table(self.name, tuple(names.values()), rows, self.errors)


def normalised(heading: str) -> str:
    """Return a heading without case, spaces, dots, hyphens, underscores and a `*` for required."""
    return re.sub(r"[\s._*-]+", "", unicodedata.normalize("NFKC", heading)).casefold()


def build(
    name: str,
    records: Iterable[tuple[int, Sequence[str]]],
    spoilt: Mapping[int, str] | None = None,
) -> Table:
    """Make a table of records with line numbers; the first that is not blank has the headings.

    Blank records are skipped; one of another length than the headings becomes a RowError, and
    so does one whose line is in `spoilt`, with the sentence there.
    """
    spoilt = spoilt or {}
    full = (
        (line, cells)
        for line, cells in records
        if line in spoilt or any(cell.strip() for cell in cells)
    )
    first = next(full, None)
    if first is None:
        raise UnreadableTable(
            _("%(name)s is empty. The first row must name the columns.") % {"name": name}
        )
    headings = [re.sub(r"\s+", " ", heading).strip() for heading in first[1]]
    rows: list[Row] = []
    errors: list[RowError] = []
    blank = {position for position, heading in enumerate(headings) if not heading}
    for line, cells in full:
        problem = (
            spoilt.get(line) or _length_problem(headings, cells) or _unnamed_problem(blank, cells)
        )
        if problem:
            errors.append(RowError(line, "", problem))
        else:
            rows.append(Row(line, dict(zip(headings, cells, strict=True))))
    _refuse_doubles(headings)
    return Table(
        name, tuple(heading for heading in headings if heading), tuple(rows), tuple(errors)
    )


def _length_problem(headings: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) == len(headings):
        return ""
    return _(
        "The row has %(found)d cells, but there are %(wanted)d columns. Check the delimiters, and "
        "put quotation marks around texts that contain one."
    ) % {"found": len(cells), "wanted": len(headings)}


def _unnamed_problem(blank: set[int], cells: Sequence[str]) -> str:
    for position in sorted(blank):
        if cells[position].strip():
            return _("Column %(position)d has no heading, but the row has “%(text)s” in it.") % {
                "position": position + 1,
                "text": cells[position].strip()[:40],
            }
    return ""


def _refuse_doubles(headings: Sequence[str]) -> None:
    counted = Counter(normalised(heading) for heading in headings if heading)
    doubles = [heading for heading in headings if counted[normalised(heading)] > 1]
    if doubles:
        raise UnreadableTable(
            _("More than one column is headed “%(heading)s”. Remove or rename all but one.")
            % {"heading": doubles[0]}
        )


def _renames(headings: Sequence[str], renames: Mapping[str, str]) -> dict[str, str]:
    """Return normalised heading to column; a renamed heading the file lacks is a mistake."""
    present = {normalised(heading) for heading in headings}
    problems = [
        _("There is no column “%(heading)s” to map. The columns are: %(columns)s.")
        % {"heading": old, "columns": ", ".join(headings)}
        for old in renames
        if normalised(old) not in present
    ]
    if problems:
        raise UnreadableTable(*problems)
    return {normalised(old): new for old, new in renames.items()}


def _meanings(
    headings: Sequence[str], columns: Columns, renames: Mapping[str, str]
) -> dict[str, str]:
    """Return what column each heading means, "" for one left out; every problem in one refusal."""
    known = columns.known()
    problems: list[str] = []
    meanings: dict[str, str] = {}
    for heading in headings:
        target = renames.get(normalised(heading), heading)
        column = known.get(normalised(target), "") if target else ""
        if target and not column:
            problems.append(_unknown_problem(target, known, columns))
        meanings[heading] = column
    problems += _doubled_problems(meanings)
    if not any(problems):
        problems += _missing_problems(columns, meanings)
    if problems:
        raise UnreadableTable(*problems)
    return meanings


def _unknown_problem(heading: str, known: Mapping[str, str], columns: Columns) -> str:
    near = difflib.get_close_matches(normalised(heading), known, n=1, cutoff=0.7)
    if near:
        return _("“%(heading)s” is not a column of this import. Did you mean “%(near)s”?") % {
            "heading": heading,
            "near": known[near[0]],
        }
    return _("“%(heading)s” is not a column of this import. The columns are: %(columns)s.") % {
        "heading": heading,
        "columns": ", ".join([*columns.required, *columns.optional]),
    }


def _doubled_problems(meanings: Mapping[str, str]) -> list[str]:
    problems = []
    for column, count in Counter(column for column in meanings.values() if column).items():
        if count > 1:
            same = [heading for heading, meaning in meanings.items() if meaning == column]
            problems.append(
                _("The headings %(headings)s all mean “%(column)s”. Keep one of them.")
                % {"headings": ", ".join(f"“{heading}”" for heading in same), "column": column}
            )
    return problems


def _missing_problems(columns: Columns, meanings: Mapping[str, str]) -> list[str]:
    return [
        _("The column “%(column)s” is missing.") % {"column": column}
        for column in columns.required
        if column not in meanings.values()
    ]
