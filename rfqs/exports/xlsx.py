"""Rows as an Excel workbook: texts stay texts, numbers are numbers, moments are local."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

from rfqs.exports.csv import Cell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXACT_DIGITS = 15  # what a spreadsheet's number keeps; longer ones are written as text
_WIDTHS = (10, 60)


def workbook(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a fixed heading row and filters. Nothing in it is a formula."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        widths = [len(head) for head in header]
        sheet.write_row(0, 0, header, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                widths[column] = max(widths[column], len(str(cell or "")))
                _write(sheet, last, column, cell, moment if isinstance(cell, datetime) else day)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, _WIDTHS[0]), _WIDTHS[1]))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(header) - 1)
    return target.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, style: object
) -> None:
    match cell:
        case None:
            return
        case datetime():
            sheet.write_datetime(
                row, column, cell.replace(tzinfo=None, second=0, microsecond=0), style
            )
        case date():
            sheet.write_datetime(row, column, cell, style)
        case Decimal() | int() if len(Decimal(cell).as_tuple().digits) <= EXACT_DIGITS:
            sheet.write_number(row, column, cell)
        case _:
            sheet.write_string(row, column, str(cell))
