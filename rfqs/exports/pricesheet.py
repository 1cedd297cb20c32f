"""A supplier's price sheet: a row per line of the request, to be filled in offline and uploaded again.

What is asked is locked, what is answered is not. Nothing in it is a formula.
"""

import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _

from rfqs.exports.xlsx import EXACT_DIGITS

ASKED = 4  # columns in front: line, description, quantity, unit


class Answer(NamedTuple):
    """A column to fill in: its heading, and the words to choose from where there are any."""

    heading: str
    choices: Sequence[str] = ()


def headings() -> list[str]:
    """The headings of what is asked; "Line" tells which line a row answers."""
    return [_("Line"), _("Description"), _("Quantity"), _("Unit asked")]


def workbook(
    title: str, answers: Sequence[Answer], rows: Sequence[tuple[Sequence[str], Sequence[str]]]
) -> bytes:
    """One sheet; each row is the texts of what is asked and of what is answered so far."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(title[:31])
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        locked = book.add_format({"bg_color": "#F1F3F5", "text_wrap": True, "valign": "top"})
        free = book.add_format({"locked": False, "valign": "top"})
        sheet.write_row(0, 0, [*headings(), *(one.heading for one in answers)], head)
        for at, (asked, answered) in enumerate(rows, start=1):
            for column, text in enumerate(asked):
                _write(sheet, at, column, text, locked)
            for column, text in enumerate(answered, start=ASKED):
                _write(sheet, at, column, text, free)
        for column, one in enumerate(answers, start=ASKED):
            if one.choices and rows:
                rule = {"validate": "list", "source": list(one.choices)}
                sheet.data_validation(1, column, len(rows), column, rule)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, ASKED + len(answers), 13)
        sheet.freeze_panes(1, 2)
        sheet.protect("", {"format_columns": True, "format_rows": True})
    return target.getvalue()


def _write(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, text: str, style: object
) -> None:
    """A number as a number where a spreadsheet keeps all its digits, anything else as text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    exact = (
        number is not None and number.is_finite() and len(number.as_tuple().digits) <= EXACT_DIGITS
    )
    if not text:
        sheet.write_blank(row, column, None, style)
    elif exact and number is not None:
        sheet.write_number(row, column, float(number), style)
    else:
        sheet.write_string(row, column, text, style)
