"""Rows as a CSV file that spreadsheets open without harm."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | Decimal | date | datetime | None

BOM = "\ufeff"  # Excel reads UTF-8 only where it sees this
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(text: str) -> str:
    """The text with a leading ' where a spreadsheet would take it for a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain(cell: Cell) -> str:
    """A cell as text: numbers with a dot, moments in ISO form to the minute, nothing for None."""
    match cell:
        case None:
            return ""
        case str():
            return neutral(cell)
        case datetime():
            return cell.isoformat(sep=" ", timespec="minutes")
        case _:
            return str(cell)


def document(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The whole file: UTF-8 with a byte order mark, CRLF, commas, quotes where needed."""
    lines = io.StringIO(newline="")
    lines.write(BOM)
    writer = csv.writer(lines)
    writer.writerow(header)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8")
