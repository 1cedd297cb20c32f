"""Workbooks: exact text out of cells, and no way in for hostile archives."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
import xlsxwriter

from quoteflow.lib.tabular import UnreadableTable, read
from tests.lib import shared


def workbook(*sheets):
    """A workbook with one sheet per list of rows; a callable row entry writes a cell itself."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for line, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date | time):
                        sheet.write_datetime(line, column, cell)
                    elif cell is not None:
                        sheet.write(line, column, cell)
    return file.getvalue()


def repacked(data, *, add=None, change=None):
    """The same archive with a part added or a part's bytes replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if change else content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return file.getvalue()


def refusal(data):
    with pytest.raises(UnreadableTable) as refused:
        read(data, name="items.xlsx")
    return str(refused.value)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (11.4, "11.4"),
        (100.0, "100"),
        (0.1 + 0.2, "0.3"),
        (0.00001, "0.00001"),
        (1e-7, "0.0000001"),
        (-2.50, "-2.5"),
        (123456789012.25, "123456789012.25"),
        (1e15, "1000000000000000"),
        (1e20, "100000000000000000000"),
        (date(2026, 5, 7), "2026-05-07"),
        (datetime(2026, 5, 7, 17, 30), "2026-05-07 17:30:00"),  # noqa: DTZ001 - sheets know no zone
        (True, "yes"),
        (False, "no"),
        ("1,23,456.50", "1,23,456.50"),
        (" 007 ", " 007 "),
    ],
)
def test_cells_come_out_as_exact_text(cell, text):
    (row,) = read(workbook([["a", "b"], [cell, "x"]]), name="items.xlsx")
    assert row.values["a"] == text


def test_rows_know_their_number_in_the_sheet_and_blank_ones_are_skipped():
    data = workbook([[], ["", "a", "b"], [], ["", 1, None], ["", 2, "x"]])
    table = read(data, name="items.xlsx")
    assert table.headings == ("a", "b")
    assert [(row.line, row["a"], row["b"]) for row in table] == [(4, "1", ""), (5, "2", "x")]


def test_the_first_visible_sheet_is_read():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        hidden, shown = book.add_worksheet(), book.add_worksheet()
        hidden.write(0, 0, "hidden")
        shown.write(0, 0, "shown")
        hidden.very_hidden()
        shown.activate()
    assert read(file.getvalue(), name="items.xlsx").headings == ("shown",)


def test_a_row_with_a_formula_error_is_refused_rather_than_read_as_empty():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "unit_price")
        sheet.write_formula(1, 0, "=NA()", None, "#N/A")
        sheet.write(2, 0, 5)
        book.add_worksheet().write_formula(2, 0, "=1/0", None, "#DIV/0!")
    table = read(file.getvalue(), name="items.xlsx")
    assert [str(error) for error in table.errors] == [
        "line 2: Cell A2 holds an error such as #N/A. Correct its formula or type the value."
    ]
    assert [row["unit_price"] for row in table] == ["5"]


def test_a_cell_far_away_does_not_take_all_memory():
    data = workbook([["a"], [1]])
    far = repacked(data, change=lambda part: part.replace(b'r="A2"', b'r="XFD1048576"'))
    assert refusal(far).startswith("The sheet reaches to row 1048576 and column 16384.")


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"../evil.xml": b"x"}, "The workbook contains a path that leads out of it."),
        ({"/etc/evil.xml": b"x"}, "The workbook contains a path that leads out of it."),
        ({"..\\evil.xml": b"x"}, "The workbook contains a path that leads out of it."),
        ({"xl/vbaProject.bin": b"x"}, "The workbook contains macros."),
        ({f"xl/{n}.xml": b"x" for n in range(200)}, "The workbook has 2"),
        ({"xl/big.xml": b" " * 2_000_000}, "The workbook would unpack into 1 MB."),
    ],
    ids=["parent", "absolute", "backslash", "macros", "many", "bomb"],
)
def test_hostile_archives_are_refused(parts, sentence):
    assert refusal(repacked(workbook([["a"], [1]]), add=parts)).startswith(sentence)


def test_a_link_in_the_archive_is_refused():
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    data = repacked(workbook([["a"]]), add={link: "/etc/passwd"})
    assert refusal(data) == "The workbook contains a path that leads out of it."


def test_a_size_stated_falsely_is_found_out():
    data = bytearray(repacked(workbook([["a"]]), add={"xl/lie.xml": b" " * 50_000}))
    for place in range(len(data) - 4):
        if data[place : place + 4] == (50_000).to_bytes(4, "little"):
            data[place : place + 4] = (10).to_bytes(4, "little")
    assert refusal(bytes(data)).startswith("The workbook is broken")


@pytest.mark.parametrize("length", [10, 500, 3000])
def test_a_torn_workbook_is_refused(length):
    assert refusal(workbook([["a"], [1]])[:length]).startswith("The workbook is broken")


def test_an_archive_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(file.getvalue()).startswith("The workbook is broken")


def test_an_empty_sheet_is_refused():
    assert refusal(workbook([[]])) == ("items.xlsx is empty. The first row must name the columns.")


@shared.needs("codes", "HSN_SAC.xlsx")
def test_a_real_workbook_is_read_whole():
    table = read(shared.DATA / "codes" / "HSN_SAC.xlsx", name="HSN_SAC.xlsx")
    assert len(table) > 20_000
    assert {error.message[:4] for error in table.errors} == {"Cell"}
