"""The line grid in a browser: keys, paste with one undo, removal, amounts."""

import pytest

pytestmark = pytest.mark.browser

ROW = """
<tr><td data-qf-lineno></td>
<td><input name="l-{n}-code" aria-label="Code"></td>
<td><input name="l-{n}-quantity" inputmode="decimal" aria-label="Quantity" data-qf-quantity></td>
<td><select name="l-{n}-unit" aria-label="Unit"><option value="H87">Nos</option>
<option value="KGM">kg</option></select></td>
<td><input name="l-{n}-price" inputmode="decimal" aria-label="Price" data-qf-price></td>
<td data-qf-total></td>
<td><label data-qf-delete><input type="checkbox" name="l-{n}-DELETE">Remove</label>
<button type="button" data-qf-remove>x</button></td></tr>"""
GRID = f"""
<qf-grid data-lakh>
<input type="hidden" name="l-TOTAL_FORMS" value="2">
<input type="hidden" name="l-MAX_NUM_FORMS" value="5">
<table><thead><tr><th>#</th><th>Code</th><th>Quantity</th><th>Unit</th><th>Price</th></tr></thead>
<tbody>{ROW.format(n=0)}{ROW.format(n=1)}</tbody></table>
<button data-qf-add>Add</button><p data-qf-status></p><output data-qf-sum></output>
<template data-qf-row>{ROW.format(n="__prefix__")}</template>
</qf-grid>"""
PASTE = """text => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""
VALUES = """() => [...document.querySelectorAll("tbody tr")].map(row =>
  [...row.querySelectorAll("input:not([type=checkbox]), select")].map(cell => cell.value))"""
EMPTY = ["", "", "H87", ""]


@pytest.fixture
def grid(load):
    page = load(GRID, "grid")
    page.focus("[name=l-0-code]")
    return page


def focused(page):
    return page.evaluate("document.activeElement.name")


def test_a_paste_fills_rows_adds_what_is_missing_and_reads_numbers(grid):
    grid.evaluate(
        PASTE,
        "A-1\t1,23,456.50\tkg\t₹ 1,200\r\nA-2\t(12.50)\tH87\t1\u00a0200.5\r\nA-3\t7\tNos\t.5\r\n",
    )

    assert grid.evaluate(VALUES) == [
        ["A-1", "123456.50", "KGM", "1200"],
        ["A-2", "-12.50", "H87", "1200.5"],
        ["A-3", "7", "H87", ".5"],
    ]
    assert grid.input_value("[name=l-TOTAL_FORMS]") == "3"
    assert grid.text_content("tbody tr:first-child [data-qf-total]") == "14,81,47,800.00"


def test_one_undo_takes_the_whole_paste_back(grid):
    grid.evaluate(PASTE, "A-1\t1\nA-2\t2\nA-3\t3\n")

    grid.keyboard.press("Control+z")

    assert grid.evaluate(VALUES) == [EMPTY, EMPTY]
    assert grid.input_value("[name=l-TOTAL_FORMS]") == "2"


def test_a_heading_is_skipped_after_asking(grid):
    grid.evaluate(PASTE, "Code\tQuantity\nA-1\t1\n")
    assert grid.evaluate(VALUES)[0][0] == "Code"

    grid.click("text=Skip the first row")

    assert grid.evaluate(VALUES) == [["A-1", "1", "H87", ""], EMPTY]


def test_what_does_not_fit_stays_is_marked_and_counted(grid):
    grid.evaluate(PASTE, "A-1\t12,34\ttonne\tabc\n\t1\n")

    assert grid.evaluate(VALUES)[0] == ["A-1", "12,34", "H87", "abc"]
    assert grid.locator("[aria-invalid=true]").count() == 3
    assert "3 cells need attention" in grid.text_content("[data-qf-status]")


def test_no_more_rows_than_the_formset_takes(grid):
    grid.evaluate(PASTE, "\n".join(f"A-{n}\t1" for n in range(9)))

    assert len(grid.evaluate(VALUES)) == 5


def test_keys_move_copy_append_and_restore(grid):
    grid.keyboard.type("A-1")
    grid.keyboard.press("Enter")
    grid.keyboard.press("Control+d")
    assert (focused(grid), grid.input_value("[name=l-1-code]")) == ("l-1-code", "A-1")
    grid.keyboard.press("Enter")
    assert focused(grid) == "l-2-code"
    grid.keyboard.press("Shift+Enter")
    grid.keyboard.press("ArrowRight")
    grid.keyboard.type("9")
    grid.keyboard.press("Escape")
    assert (focused(grid), grid.input_value("[name=l-1-quantity]")) == ("l-1-quantity", "")


def test_a_removed_line_can_be_taken_back(grid):
    grid.keyboard.press("Control+Delete")
    assert grid.is_checked("[name=l-0-DELETE]")

    grid.click("tr.is-deleted [data-qf-remove]")

    assert not grid.is_checked("[name=l-0-DELETE]")


def test_a_line_amount_is_exact(grid):
    grid.fill("[name=l-0-quantity]", "3")
    grid.fill("[name=l-0-price]", "0.335")

    assert grid.text_content("tbody tr:first-child [data-qf-total]") == "1.01"
    assert grid.text_content("[data-qf-sum]") == "1.01"


def test_a_percentage_may_carry_its_sign_and_a_quantity_may_not(load):
    body = GRID.replace("data-qf-price>", "data-qf-price data-qf-percent>")
    grid = load(body, "grid")
    grid.focus("[name=l-0-quantity]")

    grid.evaluate(PASTE, "5%\tkg\t18 %\n6\tkg\t5%")

    assert grid.evaluate(VALUES) == [["", "5%", "KGM", "18"], ["", "6", "KGM", "5"]]
    assert grid.locator("[aria-invalid=true]").count() == 1


def test_an_item_of_the_catalogue_fills_the_first_empty_row(load):
    item = '<ul class="results"><li><button type="button" data-code="B-1" data-unit="KGM">B-1</button></li></ul>'
    grid = load(item + GRID.replace('-code"', '-item_code"'), "grid")
    grid.fill("[name=l-0-item_code]", "A-1")

    grid.click(".results button")

    assert grid.evaluate(VALUES) == [["A-1", "", "H87", ""], ["B-1", "", "KGM", ""]]
    assert focused(grid) == "l-1-quantity"
