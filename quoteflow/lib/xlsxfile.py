"""Excel workbooks: guarded against hostile archives, then read as exact text."""

import io
import re
import stat
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePosixPath
from typing import IO

import python_calamine
from django.utils.translation import gettext as _

from quoteflow.lib.tablerows import UnreadableTable

# Limits of the archive (GUARANTEES 2.10).
MOST_ENTRIES = 200
MOST_UNPACKED = 100 * 1024 * 1024
MOST_RATIO = 100
# A sheet is held in memory as a full rectangle up to its last cell.
MOST_CELLS = 5_000_000

_SMALL = 1024 * 1024
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*)")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_SHEET = re.compile(rb"""<(?:\w+:)?sheet\b[^>]*?\w+:id=["']([^"']+)["']""")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*")
_TARGET = re.compile(rb"""\bTarget=["']([^"']+)["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
# Excel shows and keeps 15 significant digits; the binary noise behind them is not what was typed.
_EXCEL_DIGITS = ".15g"


def is_archive(data: bytes) -> bool:
    """True when the bytes begin like a zip archive, as every .xlsx does."""
    return data.startswith(b"PK\x03\x04")


def is_old_workbook(data: bytes) -> bool:
    """True for .xls and for workbooks locked with a password."""
    return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def check_archive(file: IO[bytes]) -> None:
    """Refuse an archive that is broken, hides code or would unpack into too much; of it only the index is read.

    At most 200 entries, 100 MiB unpacked, 100 times its packed size, no path out of the archive, no
    link, no macros. UnreadableTable with a sentence.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            for entry in entries:
                _check_entry(entry)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise UnreadableTable(_broken()) from None


def sheet(data: bytes) -> tuple[list[tuple[int, list[str]]], dict[int, str]]:
    """Return the rows of the first visible sheet with their numbers, every cell as exact text.

    Numbers lose nothing (11.4, 100, never an exponent), days are ISO, truth is yes or no. The
    second value has a sentence for each row with a cell that holds an error such as #N/A.
    UnreadableTable for a broken or hostile workbook.
    """
    check_archive(io.BytesIO(data))
    errors = _walk_sheets(data)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        position = _first_visible(book)
        cells = book.get_sheet_by_index(position).to_python(skip_empty_area=False)
        part = _part_of_sheet(data, position)
    except (python_calamine.CalamineError, IndexError, KeyError):
        raise UnreadableTable(_broken()) from None
    rows = [(number, [_text(cell) for cell in row]) for number, row in enumerate(cells, start=1)]
    return rows, errors.get(part, {})


def _first_visible(book: python_calamine.CalamineWorkbook) -> int:
    for position, known in enumerate(book.sheets_metadata):
        if (
            known.visible == python_calamine.SheetVisibleEnum.Visible
            and known.typ == python_calamine.SheetTypeEnum.WorkSheet
        ):
            return position
    return 0


def _part_of_sheet(data: bytes, position: int) -> str:
    """Return the path in the archive of the sheet at `position` of the workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        named = _SHEET.findall(archive.read("xl/workbook.xml"))
        links = archive.read("xl/_rels/workbook.xml.rels")
    wanted = re.escape(named[position])
    for link in _LINK.findall(links):
        if re.search(rb"""\bId=["']""" + wanted + rb"""["']""", link):
            target = _TARGET.search(link)
            path = target[1].decode() if target else ""
            return path.removeprefix("/") if path.startswith("/") else f"xl/{path}"
    return ""


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES:
        raise UnreadableTable(
            _("The workbook has %(count)d parts; at most %(most)d are read. Save only the sheet.")
            % {"count": len(entries), "most": MOST_ENTRIES}
        )
    if unpacked > MOST_UNPACKED or (unpacked > _SMALL and unpacked > packed * MOST_RATIO):
        raise UnreadableTable(
            _("The workbook would unpack into %(size)d MB. Save the sheet as CSV instead.")
            % {"size": unpacked // _SMALL}
        )


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
        raise UnreadableTable(_("The workbook contains a path that leads out of it."))
    if path.name.lower().startswith("vbaproject"):
        raise UnreadableTable(_("The workbook contains macros. Save it as .xlsx without macros."))


def _walk_sheets(data: bytes) -> dict[str, dict[int, str]]:
    """Look at every part before parsing: sizes as stated, no huge rectangle.

    Returns the sentences about error cells by part and row.
    """
    errors: dict[str, dict[int, str]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                content = archive.read(entry)  # also proves the stated size and the checksum
                if b"<sheetData" in content or b":sheetData" in content:
                    errors[entry.filename] = _walk_cells(content)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError):
        raise UnreadableTable(_broken()) from None
    return errors


def _walk_cells(content: bytes) -> dict[int, str]:
    widest = tallest = 1
    errors: dict[int, str] = {}
    for cell in _CELL.finditer(content):
        reference = _REFERENCE.search(cell[1])
        if not reference:
            continue
        tallest = max(tallest, int(reference[2]))
        widest = max(widest, _column_number(reference[1]))
        if _ERROR.search(cell[1]):
            errors[int(reference[2])] = _(
                "Cell %(cell)s holds an error such as #N/A. Correct its formula or type the value."
            ) % {"cell": (reference[1] + reference[2]).decode()}
    if widest * tallest > MOST_CELLS:
        raise UnreadableTable(
            _(
                "The sheet reaches to row %(row)d and column %(column)d. Delete what stands far "
                "outside the table."
            )
            % {"row": tallest, "column": widest}
        )
    return errors


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(cell: object) -> str:
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float():
            return _plain(cell)
        case datetime():
            return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return _plain(cell / timedelta(hours=1))
        case _:
            return str(cell)


def _plain(number: float) -> str:
    """Write a float as a person would: all its digits, no exponent, no trailing zeros."""
    if number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    text = format(Decimal(format(number, _EXCEL_DIGITS)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _broken() -> str:
    return _("The workbook is broken or not an .xlsx file. Open it in Excel and save it again.")
