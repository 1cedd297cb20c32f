"""The rows of the matrix as HTML, joined in Python: a sheet has thousands of cells."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from rfqs.matrix.column import Column
from rfqs.matrix.lines import lines_html
from rfqs.matrix.reader import Reader, Row
from rfqs.reports import Statement

MOST_DRAWN = 4  # kinds of wishes whose cells a kept sheet carries along
MOST_KINDS = 3  # and for each of them, on average, as many picks of a line


def rows_html(reader: Reader, statement: Statement) -> SafeString:
    """The body of the table: a row per line, a cell per shown offer.

    Cells that were drawn before, of this very sheet, for the same wishes and picks, are taken again.
    """
    lines = lines_html(statement.lines, reader.base)
    sheet, drawn = statement.sheet, _drawn(reader, statement)
    rows = [Row.of(row, reader) for row in sheet.lines]
    new = {n: row for n, row in enumerate(rows) if row.key not in drawn}
    if new:
        columns = [Column(reader, sheet, n, new).cells() for n, _column in reader.columns]
        for row, *cells in zip(new.values(), *columns, strict=True):
            drawn[row.key] = "".join(cells)
    parts: list[str] = []
    for row, of_sheet in zip(rows, sheet.lines, strict=True):
        line = lines[of_sheet.line.key]
        if row.shares and reader.may_pick:
            keep = f'<input type="hidden" name="keep" value="{row.number}"></th>'
            line = line.replace("</th>", keep, 1)
        parts += ("<tr>", line, drawn[row.key], "</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308 (escaped where it was written)


def _drawn(reader: Reader, statement: Statement) -> dict[Any, str]:
    """The cells drawn so far for the reader's wishes; a few kinds of wishes are kept.

    Other threads read and write them too: what is full is left to them and begun anew, never emptied.
    """
    if reader.before:  # prices of another round are no part of the sheet that is kept
        return {}
    wishes = (reader.options, reader.may_pick, get_language())
    if wishes not in statement.drawn and len(statement.drawn) >= MOST_DRAWN:
        statement.drawn.clear()
    drawn = statement.drawn.setdefault(wishes, {})
    if len(drawn) > MOST_KINDS * len(statement.sheet.lines):
        drawn = statement.drawn[wishes] = {}
    return drawn
