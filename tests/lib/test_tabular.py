"""Tables from delimited text: encodings, delimiters, line numbers, headings."""

import codecs
import json

import pytest

from quoteflow.lib.tabular import Columns, RowError, UnreadableTable, read
from tests.lib import shared

COLUMNS = Columns(
    required=("item_code", "quantity"),
    optional=("uom", "gstin"),
    aliases={"Unit": "uom", "GST No": "gstin", "Qty": "quantity"},
)


def values(table):
    return [dict(row.values) for row in table]


def refusal(data, **options):
    with pytest.raises(UnreadableTable) as refused:
        read(data, name="items.csv", **options)
    return str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        "code,prix\nÉ1,₹ 5\n".encode(),
        codecs.BOM_UTF8 + "code,prix\nÉ1,₹ 5\n".encode(),
        "code,prix\nÉ1,₹ 5\n".encode("utf-16"),
        "code,prix\nÉ1,₹ 5\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "code,prix\nÉ1,₹ 5\n".encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "utf-16-le without mark", "utf-16-be"],
)
def test_unicode_encodings_are_detected(data):
    assert values(read(data, name="items.csv")) == [{"code": "É1", "prix": "₹ 5"}]


def test_windows_1252_is_the_last_resort():
    data = "code,prix\nÉ1,5 €\n".encode("cp1252")
    assert values(read(data, name="items.csv")) == [{"code": "É1", "prix": "5 €"}]


def test_a_stated_encoding_is_obeyed():
    table = read("code\nÉ\n".encode("mac-roman"), name="items.csv", encoding="mac-roman")
    assert values(table) == [{"code": "É"}]


@pytest.mark.parametrize(
    ("data", "encoding", "sentence"),
    [
        (b"", None, "items.csv is empty."),
        (b" \n\n", None, "items.csv is empty."),
        (b",,\n,,\n", None, "items.csv is empty. The first row must name the columns."),
        (b"a,b\n1,\x002\n", None, "Line 2 contains a NUL character"),
        (b"a\n\xc3\n", "utf-8", "Line 2 has a byte (0xc3) that is not utf-8."),
        (b"a\n\x81\n", None, "Line 2 has a byte (0x81) that is not Windows-1252."),
        ("₹₹\n".encode() + b"\xff\n", None, "Line 2 has a byte (0xff) that is not UTF-8."),
        (b"a\n", "klingon", "“klingon” is not a known text encoding."),
        (b"a\n", "base64", "“base64” is not a known text encoding."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "items.csv is an old or locked workbook."),
    ],
)
def test_what_cannot_be_decoded_is_refused(data, encoding, sentence):
    assert sentence in refusal(data, encoding=encoding)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(delimiter):
    data = f'a{delimiter}b\n"1{delimiter}2"{delimiter}3\n4{delimiter}5.5\n'.encode()
    assert values(read(data, name="items.csv")) == [
        {"a": f"1{delimiter}2", "b": "3"},
        {"a": "4", "b": "5.5"},
    ]


def test_decimal_commas_do_not_pass_for_delimiters():
    data = b"code;price;note\nA;1,5;x\nB;2,5;y\n"
    assert read(data, name="items.csv").headings == ("code", "price", "note")


def test_a_stated_delimiter_and_the_one_excel_states_are_obeyed():
    assert read(b"a,b;c\n1;2\n", name="items.csv", delimiter=";").headings == ("a,b", "c")
    table = read(b"sep=|\na|b\n1,5|2\n", name="items.csv")
    assert [(row.line, row["a"]) for row in table] == [(3, "1,5")]


def test_a_row_knows_the_line_it_starts_on():
    data = b'a,b\r\n\r\n1,"two\r\nlines"\r\n,\r\n3,4\r\n'
    assert [(row.line, row.values["b"]) for row in read(data, name="items.csv")] == [
        (3, "two\r\nlines"),
        (6, "4"),
    ]


def test_cells_are_kept_as_written_and_read_without_surrounding_space():
    (row,) = read(b"a,b\n =1+1 ,\xc2\xa0x\n", name="items.csv")
    assert (row.values["a"], row["a"], row["b"], row["c"], "c" in row) == (
        " =1+1 ",
        "=1+1",
        "x",
        "",
        False,
    )


def test_rows_of_another_length_are_errors_that_name_their_line():
    table = read(b"a,b\n1\n2,3\n4,5,6\n", name="items.csv")
    assert values(table) == [{"a": "2", "b": "3"}]
    assert [(error.line, error.message[:23]) for error in table.errors] == [
        (2, "The row has 1 cells, bu"),
        (4, "The row has 3 cells, bu"),
    ]


def test_a_row_error_says_its_place():
    assert str(RowError(12, "uom", "Unknown.")) == "line 12, column uom: Unknown."
    assert str(RowError(12, "", "Too short.")) == "line 12: Too short."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'a,b\n1,"open\n2,3\n', "A quotation mark opened in the row that starts on line 2"),
        (b'a,b\n1,2\n3,"x "y" z"\n', "The row that starts on line 3 has a quotation mark inside"),
        (b"a,b\n1," + b"x" * 131_073, "The row on line 2 has a cell of more than 131,072"),
    ],
)
def test_broken_quotation_and_endless_cells_are_refused(data, sentence):
    assert sentence in refusal(data)


def test_the_longest_cell_is_read():
    (row,) = read(b"a,b\n1," + b"x" * 131_072, name="items.csv")
    assert len(row["b"]) == 131_072


def test_headings_meet_their_columns_in_any_dress():
    data = b"Item Code*,QTY.,UNIT,gst_no\nA,1,KG,\n"
    table = read(data, name="items.csv", columns=COLUMNS)
    assert values(table) == [{"item_code": "A", "quantity": "1", "uom": "KG", "gstin": ""}]


def test_headings_can_be_renamed_and_columns_left_out():
    data = b"Artikel,Menge,Notiz\nA,1,x\n"
    renames = {"artikel": "item_code", "Menge": "quantity", "Notiz": ""}
    table = read(data, name="items.csv", columns=COLUMNS, renames=renames)
    assert values(table) == [{"item_code": "A", "quantity": "1"}]


def test_every_problem_of_the_headings_is_told_at_once():
    with pytest.raises(UnreadableTable) as refused:
        read(b"item_code,quantty,colour\n", name="items.csv", columns=COLUMNS)
    assert refused.value.problems == [
        "“quantty” is not a column of this import. Did you mean “quantity”?",
        (
            "“colour” is not a column of this import. The columns are: "
            "item_code, quantity, uom, gstin."
        ),
    ]


@pytest.mark.parametrize(
    ("data", "renames", "sentence"),
    [
        (b"item_code\nA\n", {}, "The column “quantity” is missing."),
        (b"a,A\n1,2\n", {}, "More than one column is headed “a”."),
        (
            b"item_code,quantity,uom,Unit\n",
            {},
            "The headings “uom”, “Unit” all mean “uom”. Keep one of them.",
        ),
        (b"item_code,quantity\n", {"x": "uom"}, "There is no column “x” to map."),
        (b"item_code,quantity\n", {"quantity": "uon"}, "“uon” is not a column of this import."),
    ],
)
def test_other_headings_are_refused(data, renames, sentence):
    assert sentence in refusal(data, columns=COLUMNS, renames=renames)


def test_a_column_without_heading_must_be_empty():
    table = read(b"a,,b\n1,,2\n3,x,4\n", name="items.csv")
    assert values(table) == [{"a": "1", "": "", "b": "2"}]
    assert [str(error) for error in table.errors] == [
        "line 3: Column 2 has no heading, but the row has “x” in it."
    ]


def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    assert refusal(tmp_path / "none.csv") == "There is no file items.csv."
    assert refusal(tmp_path).startswith("items.csv is a directory.")


CSV = shared.DATA / "csv"
SPECTRUM = sorted((CSV / "csv-spectrum" / "csvs").glob("*.csv"))
RIGHT = sorted((CSV / "csv-test-data" / "csv").glob("[!b]*.csv"))


def answer(path):
    """The expected records; the line ends of the files were lost on their way here."""
    text = (path.parent.parent / "json" / f"{path.stem}.json").read_text(encoding="utf-8")
    records = json.loads(text.replace("\\r\\n", "\\n"))
    return [records] if isinstance(records, dict) else records


@shared.needs("csv", "csv-spectrum")
@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_csv_spectrum(path):
    rows = values(read(path, name=path.name))
    expected = answer(path)
    if path.stem == "location_coordinates":  # the answer there shows another telephone number
        expected[0]["Contact Phone Number"] = rows[0]["Contact Phone Number"]
    assert [{k: v.replace("\r\n", "\n") for k, v in row.items()} for row in rows] == expected


@shared.needs("csv", "csv-test-data")
@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_csv_test_data(path):
    expected = answer(path)
    if path.stem == "all-empty":  # without headings there is no table
        assert "is empty" in refusal(path)
    elif path.stem in {"empty-one-column", "header-no-rows"}:  # blank rows are no rows
        assert values(read(path, name=path.name)) == []
    elif path.stem == "header-simple":
        assert values(read(path, name=path.name)) == expected
    else:
        table = read(path, name=path.name)
        assert [list(table.headings), *(list(row.values.values()) for row in table)] == expected


@shared.needs("csv", "csv-test-data")
@pytest.mark.parametrize(
    ("stem", "sentence"),
    [
        ("bad-header-no-header", "is empty."),
        ("bad-missing-quote", "A quotation mark opened in the row that starts on line 2"),
        ("bad-quotes-with-unescaped-quote", "has a quotation mark inside a quoted cell"),
    ],
)
def test_csv_test_data_that_cannot_be_read(stem, sentence):
    assert sentence in refusal(CSV / "csv-test-data" / "csv" / f"{stem}.csv")


@shared.needs("csv", "csv-test-data")
@pytest.mark.parametrize("stem", ["bad-header-less-fields", "bad-header-more-fields"])
def test_csv_test_data_with_bad_rows(stem):
    table = read(CSV / "csv-test-data" / "csv" / f"{stem}.csv", name=stem)
    assert (len(table), [error.line for error in table.errors]) == (0, [2])


@shared.needs("procurement", "scms_first_300.csv")
def test_real_files_are_read_whole():
    folder = shared.DATA / "procurement"
    scms = read(folder / "scms_first_300.csv", name="scms")
    assert (len(scms), len(scms.errors), scms.headings[0]) == (300, 0, "ID")
    assert scms.rows[0]["Country"] == "Côte d'Ivoire"
    bids = read(folder / "indot_2026-05-07.csv", name="bids")
    assert (len(bids), len(bids.errors), bids.rows[0]["Unit"]) == (2376, 0, "L.S.")
