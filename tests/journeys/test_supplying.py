"""The supplier's side in a browser: from the link in the mail to the receipt, without an account."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from rfqs.forms.bidding import VALID_FOR
from rfqs.importing import units
from rfqs.models import Quotation
from tests import pasts, stories
from tests.bids import bid
from tests.doors import invitation_of, link_of
from tests.journeys import steps
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
LOOKS = [
    pytest.param(DESKTOP, "light", id="desk by day"),
    pytest.param(DESKTOP, "dark", id="desk by night"),
    pytest.param(PHONE, "light", id="phone by day"),
    pytest.param(PHONE, "dark", id="phone by night"),
]


@pytest.fixture
def story():
    units.load()
    return stories.opened(suppliers=3, is_sealed=False)


class Hand:
    """A supplier's hand on a phone; every touch is counted."""

    def __init__(self, page):
        self.page = page
        self.touches = 0

    def __getattr__(self, verb):
        def touch(*args, **options):
            self.touches += 1
            return getattr(self.page, verb)(*args, **options)

        return touch


@SCRIPTS
def test_a_quotation_takes_under_a_dozen_touches_of_a_phone(person, story, javascript):
    someone = person(javascript=javascript, size=PHONE)
    hand = Hand(someone.page)

    hand.goto(someone.address + link_of(invitation_of(story)))
    hand.click("main form button")
    expect(someone.page.locator("[name='q-0-unit_price']")).to_be_visible()
    hand.fill("[name='q-0-unit_price']", "1,250.50")
    hand.fill("[name=lead_days]", "14")
    hand.select_option("[name=freight_term]", "included")
    hand.click("button[value=review]")
    expect(someone.page.locator("main")).to_contain_text("INR 1,47,559.00")
    hand.click("form[action$='submit/'] button")

    expect(someone.page.locator("main")).to_contain_text("Your quotation is in")
    assert hand.touches < 12
    assert Quotation.objects.get().lines.get().unit_price == Decimal("1250.5")
    assert "/s/" not in someone.page.url
    assert someone.complaints == []


def test_ten_lines_are_quoted_with_the_keyboard_alone(person):
    units.load()
    story = stories.opened(lines=[stories.GOODS_LINE] * 10, suppliers=1)
    someone = person()
    page = someone.go(link_of(invitation_of(story)))
    page.keyboard.press("Enter")  # the button has the focus
    page.wait_for_url(f"**/portal/{story.rfq.number}/")

    for at in range(10):
        tab_to(page, f"q-{at}-unit_price")
        page.keyboard.type(f"{at + 1}")
    tab_to(page, "lead_days")
    page.keyboard.type("7")
    tab_to(page, "freight_term")
    page.keyboard.type("Incl")
    tab_to(page, "then")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, "form[action$='submit/'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/")

    prices = Quotation.objects.get().lines.order_by("line__position")
    assert [line.unit_price for line in prices] == [Decimal(n) for n in range(1, 11)]


def tab_to(page, control):
    """Press Tab until this control, by its name or a selector, has the focus."""
    selector = control if " " in control else f"[name='{control}']"
    for _ in range(200):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} cannot be reached with Tab")


@SCRIPTS
def test_one_quotes_one_declines_and_the_buyer_compares(person, story, javascript):
    phone = person(javascript=javascript, size=PHONE)
    page = phone.go(link_of(invitation_of(story, 0)))
    page.click("main form button")
    page.fill("[name='q-0-unit_price']", "ten")
    page.click("button[value=save]")
    expect(page.locator("main")).to_contain_text("The draft is saved")
    expect(page.locator("[name='q-0-unit_price']")).to_have_value("ten")
    page.fill("[name='q-0-unit_price']", "10")
    page.fill("[name=lead_days]", "14")
    page.select_option("[name=freight_term]", "included")
    page.click("button[value=review]")
    page.click("form[action$='submit/'] button")
    page.click("a:has-text('See the quotation')")
    page.click("a:has-text('Change the quotation')")
    page.fill("[name='q-0-unit_price']", "9.5")
    page.click("button[value=review]")
    page.click("form[action$='submit/'] button")
    expect(page.locator("main")).to_contain_text("INR 1,121.00")

    desk = person(javascript=javascript)
    page = desk.go(link_of(invitation_of(story, 1)))
    page.click("main form button")
    page.click("a:has-text('Decline to quote')")
    page.fill("[name=reason]", "No capacity before spring")
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("You declined to quote")

    buyer = person(story.buyer, javascript=javascript)
    page = buyer.go(f"/rfqs/{story.rfq.number}/")
    expect(page.locator(".asked")).to_contain_text("No capacity before spring")
    page = steps.evaluate(buyer, story.rfq.number)
    expect(page.locator("main")).to_contain_text("950.00")
    page = phone.go(f"/portal/{story.rfq.number}/")
    expect(page.locator("main")).to_contain_text("the quotations are being compared")
    assert phone.complaints + desk.complaints + buyer.complaints == []


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_suppliers_screens_look_right(person, story, size, scheme):
    bid(story, 1, price="10", valid_until=timezone.localdate() + VALID_FOR)
    closed = stories.opened(site=story.site, suppliers=1)
    bid(closed, 0)
    pasts.close(closed.rfq)
    for which, pages in (
        (0, ("", "quote/", "decline/")),
        (1, ("", "quote/", "receipt/", "withdraw/")),
    ):
        someone = person(size=size, scheme=scheme)
        someone.go(link_of(invitation_of(story, which)))
        someone.looks_right()
        someone.page.click("main form button")
        for name in pages:
            someone.go(f"/portal/{story.rfq.number}/{name}")
            someone.looks_right()
        someone.go("/portal/")
        someone.looks_right()
    page = someone.go(f"/portal/{story.rfq.number}/quote/")
    page.click("button[value=review]")
    page.wait_for_url("**/review/")
    someone.looks_right()
    late = person(size=size, scheme=scheme)
    late.go(link_of(invitation_of(closed)))
    late.page.click("main form button")
    late.looks_right()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_what_is_wrong_and_what_is_no_link_looks_right(person, story, size, scheme):
    someone = person(size=size, scheme=scheme)
    someone.go(link_of(invitation_of(story)))
    someone.page.click("main form button")
    someone.page.click("button[value=review]")
    expect(someone.page.locator(".errsum")).to_be_focused()
    refused(someone)
    someone.looks_right()
    someone.go("/s/no-such-link/")
    refused(someone)
    someone.looks_right()


def refused(someone):
    """The browser says on its console that the answer was a refusal; that is as it should be."""
    someone.complaints[:] = [one for one in someone.complaints if "server responded" not in one]
