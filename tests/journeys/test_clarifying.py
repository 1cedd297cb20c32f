"""An open request is talked about: a question, an addendum, a longer time, a second round."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from rfqs.importing import units
from tests import pasts, stories
from tests.bids import bid
from tests.doors import invitation_of, link_of
from tests.journeys.conftest import PHONE
from tests.negotiating import opened_again

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def story():
    units.load()
    return stories.opened(suppliers=2)


def enter(someone, story, which=0):
    """Through the door of one supplier."""
    someone.go(link_of(invitation_of(story, which)))
    someone.page.click("main form button")
    someone.page.wait_for_url(f"**/portal/{story.rfq.number}/")
    return someone


def in_days(days):
    """A moment as the field of a closing time takes it."""
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


@SCRIPTS
def test_a_request_is_clarified_changed_extended_and_negotiated(person, story, javascript):
    number, look = story.rfq.number, javascript  # each page is looked at once
    bid(story, 0, price="12")
    buyer = person(story.buyer, javascript=javascript)
    supplier = enter(person(javascript=javascript, size=PHONE), story)
    other = enter(person(javascript=javascript, size=PHONE, scheme="dark"), story, 1)

    clarify(buyer, supplier, other, number, look=look)
    change(buyer, supplier, number, look=look)
    extend(buyer, number)
    pasts.close(story.rfq)
    negotiate(buyer, supplier, number, look=look)
    opened_again(story)

    buyer.go(f"/rfqs/{number}/compare/")
    expect(buyer.page.locator("main td del")).to_have_text("INR 12.00")
    _looked_at(buyer, look)
    buyer.page.click("nav[aria-label=Rounds] >> text=Round 1")
    expect(buyer.page.locator("main")).to_contain_text("An earlier round")


def clarify(buyer, supplier, other, number, *, look):
    """A supplier asks, the buyer answers, another supplier reads it."""
    supplier.go(f"/portal/{number}/questions/")
    supplier.page.fill("[name=text]", "We ask: is a longer bolt fine?")
    supplier.page.click("main form .btn-primary")
    buyer.go(f"/rfqs/{number}/questions/")
    _looked_at(buyer, look)
    buyer.page.fill("[name=wording]", "Is a longer bolt fine?")
    buyer.page.fill("[name=answer]", "Up to 60 mm.")
    buyer.page.click("form[action$='answer/'] button")
    other.go(f"/portal/{number}/questions/")
    expect(other.page.locator("main")).to_contain_text("Up to 60 mm.")
    expect(other.page.locator("main")).not_to_contain_text("We ask")
    _looked_at(other, look)


def change(buyer, supplier, number, *, look):
    """The buyer issues an addendum, the supplier stands by the quotation."""
    buyer.go(f"/rfqs/{number}/amend/")
    buyer.page.fill("[name=text]", "More bolts are needed.")
    buyer.page.fill("[name='l-0-quantity']", "120")
    buyer.page.click("button[value=check]")
    expect(buyer.page.locator("main ins")).to_have_text("120")
    _looked_at(buyer, look)
    buyer.page.click("button[value=issue]")
    buyer.page.wait_for_url("**/addenda/")
    _looked_at(buyer, look)
    supplier.go(f"/portal/{number}/")
    expect(supplier.page.locator("main")).to_contain_text("does not count until you confirm")
    _looked_at(supplier, look)
    supplier.page.click("form[action$='confirm/'] button")
    expect(supplier.page.locator("main")).to_contain_text("Confirmed after addendum 1")


def extend(buyer, number):
    """The buyer gives everybody longer."""
    buyer.go(f"/rfqs/{number}/extend/")
    buyer.page.fill("[name=deadline]", in_days(3))
    buyer.page.fill("[name=reason]", "More bolts take longer to price.")
    buyer.page.click("main form .btn-primary")
    buyer.page.wait_for_url(f"**/rfqs/{number}/")
    expect(buyer.page.locator("body")).to_contain_text("closes later; the suppliers are told")


def negotiate(buyer, supplier, number, *, look):
    """The buyer asks once more, the supplier lowers the price."""
    buyer.go(f"/rfqs/{number}/")
    buyer.page.click("form[action$='evaluate/'] button")
    buyer.page.wait_for_url("**/compare/")
    buyer.go(f"/rfqs/{number}/round/")
    _looked_at(buyer, look)
    buyer.page.fill("[name=deadline]", in_days(2))
    buyer.page.fill("[name=text]", "Your best price for 120, please.")
    buyer.page.click("main form .btn-primary")
    buyer.page.wait_for_url(f"**/rfqs/{number}/")
    supplier.go(f"/portal/{number}/")
    expect(supplier.page.locator("[name='q-0-unit_price']")).to_have_value("12")
    supplier.page.fill("[name='q-0-unit_price']", "11.50")
    day = timezone.localdate() + timedelta(days=30)
    supplier.page.fill("[name=valid_until]", day.isoformat())
    supplier.page.click("button[value=review]")
    supplier.page.click("form[action$='submit/'] button")
    expect(supplier.page.locator("main")).to_contain_text("Your quotation is in")


def _looked_at(someone, look):
    if look:
        someone.looks_right()
