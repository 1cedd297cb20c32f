"""A sealed request in a browser: one quotes by spreadsheet, one on a phone, one declines; two buyers open it."""

from decimal import Decimal

import openpyxl
import pytest
from playwright.sync_api import expect

from rfqs.importing import units
from rfqs.models import Opening, Quotation
from tests import pasts, stories
from tests.bids import bid
from tests.doors import invitation_of, link_of
from tests.factories import BuyerFactory
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOLTS = [stories.GOODS_LINE | {"description": f"Hex bolt M{size} x 50"} for size in (12, 16, 20)]
FOREIGN_EYES = ("4711", "4,711")  # the price of the phone, and how pages write it


@pytest.fixture
def story():
    units.load()
    return stories.opened(lines=BOLTS, suppliers=3, is_sealed=True)


def test_a_price_sheet_is_filled_in_offline_and_sent(person, story, tmp_path):
    someone = person()
    page = someone.go(link_of(invitation_of(story)))
    page.click("main form button")
    page.click("summary:has-text('Fill in a spreadsheet instead')")
    with page.expect_download() as saved:
        page.click("a:has-text('Save the price sheet')")
    sheet = tmp_path / saved.value.suggested_filename
    saved.value.save_as(sheet)
    fill(sheet, {"Hex bolt M12 x 50": 12.5, "Hex bolt M16 x 50": 1250, "Hex bolt M20 x 50": None})

    page.set_input_files("[name=sheet]", sheet)
    page.fill("[name=lead_days]", "14")
    page.select_option("[name=freight_term]", "included")
    page.click("button[value=sheet]")

    expect(page.locator("main")).to_contain_text("2 prices are in the draft")
    expect(page.locator("[name='q-1-unit_price']")).to_have_value("1250")
    expect(page.locator("[name='q-2-not_quoted']")).to_be_checked()
    assert Quotation.objects.get().status == "draft"
    page.click("button[value=review]")
    page.click("form[action$='submit/'] button")
    expect(page.locator("main")).to_contain_text("Your quotation is in")
    prices = Quotation.objects.get(status="submitted").lines.order_by("line__position")
    assert [line.unit_price for line in prices] == [Decimal("12.5"), Decimal(1250), None]
    assert someone.complaints == []


def fill(path, prices):
    """Write prices, or "not quoted", beside the descriptions, into cells that a spreadsheet lets one change."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.protection.sheet
    for row in range(2, sheet.max_row + 1):
        price = prices[sheet.cell(row, heads["Description"]).value]
        column = "Unit price" if price is not None else "Not quoted"
        cell = sheet.cell(row, heads[column])
        assert not cell.protection.locked
        cell.value = price if price is not None else "yes"
    book.save(path)


def test_the_first_price_is_one_tap_behind_the_link(person, story):
    someone = person(size=PHONE)
    page = someone.go(link_of(invitation_of(story)))

    page.click("main form button")

    price = page.locator("[name='q-0-unit_price']")
    expect(price).to_be_editable()
    expect(price).to_be_in_viewport()


def test_two_buyers_open_what_nobody_could_read_before(person, story):
    bid(story, 0, price=["4711", "10", "10"])
    refusing = person(size=PHONE)
    page = refusing.go(link_of(invitation_of(story, 1)))
    page.click("main form button")
    page.click("a:has-text('Decline to quote')")
    page.fill("[name=reason]", "No capacity before spring")
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("You declined to quote")
    first = person(story.buyer)
    second = person(BuyerFactory(sites=[story.site]))

    page = first.go(f"/rfqs/{story.rfq.number}/compare/")
    expect(page.locator("main")).to_contain_text("1 quotation is in")
    expect(page.locator("button:has-text('Open the quotations')")).to_have_count(0)
    pasts.close(story.rfq)
    page.reload()
    page.click("button:has-text('Open the quotations')")
    expect(page.locator("main")).to_contain_text("asked for the opening")
    sealed(page)
    first.looks_right()

    page = second.go(f"/rfqs/{story.rfq.number}/compare/")
    expect(page.locator("main")).to_contain_text(f"{story.buyer.full_name} asked for the opening")
    sealed(page)
    page.click("button:has-text('Open the quotations')")
    expect(page.locator("main")).to_contain_text("4,711.00")
    opened = Opening.objects.get()
    assert (opened.count, opened.witness) == (1, story.buyer)
    assert first.complaints + second.complaints + refusing.complaints == []


def sealed(page):
    """No price of the phone's is anywhere in the page."""
    text = page.content()
    assert [price for price in FOREIGN_EYES if price in text] == []
