"""Picks in the comparison: what they add up to, and ties."""

import pytest

pytestmark = pytest.mark.browser

TABLE = """
<button data-qf-lowest data-qf-key="l">Lowest</button><span data-qf-picked-status></span>
<table data-qf-matrix data-lakh><tbody>
<tr><td><input type="radio" name="a" data-amount="20000000" data-supplier="1" data-lowest></td>
<td><input type="radio" name="a" data-amount="30000001" data-supplier="2"></td></tr>
<tr><td><input type="radio" name="b" data-amount="500" data-supplier="1" data-lowest></td>
<td><input type="radio" name="b" data-amount="500" data-supplier="2" data-lowest></td></tr>
</tbody><tfoot><tr><td data-qf-picked="1"></td><td data-qf-picked="2"></td>
<td data-qf-picked-total></td><td data-qf-picked-count></td></tr></tfoot></table>"""


def foot(page):
    return page.locator("tfoot td").all_text_contents()


def test_picks_are_added_up_per_supplier(load):
    page = load(TABLE, "matrix")
    assert foot(page) == ["—", "—", "0.00", "0 of 2"]

    page.click("[name=a] >> nth=1")
    page.click("[name=b] >> nth=0")

    assert foot(page) == ["5.00", "3,00,000.01", "3,00,005.01", "2 of 2"]


def test_the_key_l_picks_the_lowest_and_leaves_ties_to_a_person(load):
    page = load(TABLE, "matrix")

    page.keyboard.press("l")

    assert foot(page) == ["2,00,000.00", "—", "2,00,000.00", "1 of 2"]
    assert page.text_content("[data-qf-picked-status]").endswith("Ties left for you to decide: 1.")
