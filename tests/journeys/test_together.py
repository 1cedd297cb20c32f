"""Two buyers at the same comparison: nobody's picks are lost unseen."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from rfqs.models import RFQ, AwardLine
from tests import stories
from tests.factories import BuyerFactory
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = [stories.GOODS_LINE | {"description": f"Bolt {n}"} for n in (1, 2, 3)]

WHILE = 700  # milliseconds: longer than the page waits for another pick


def radio(page, line, supplier):
    return page.locator(f"tbody input[name=line-{line}]").nth(supplier)


def stored():
    rows = AwardLine.objects.order_by("rfq_line__position")
    return list(rows.values_list("rfq_line__position", "supplier__name"))


def name(story, supplier):
    return story.suppliers[supplier].name


def test_quick_picks_of_one_person_are_no_conflict(person):
    story = stories.evaluated(lines=LINES)
    buyer = person(story.buyer)
    buyer.page.clock.install()
    page = buyer.go(f"/rfqs/{story.rfq.number}/compare/")

    with transaction.atomic():
        RFQ.objects.lock(story.rfq.pk)  # the first save cannot end yet
        with page.expect_request(lambda sent: sent.method == "POST"):
            radio(page, 1, 0).check()
            page.clock.run_for(WHILE)
        radio(page, 2, 0).check()
        page.clock.run_for(WHILE)

    expect(page.locator("#picks")).to_contain_text("2 lines picked.")
    expect(page.locator("#picks input[name=version]")).to_have_value("2")
    assert stored() == [(1, name(story, 0)), (2, name(story, 0))]
    assert buyer.complaints == []


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_picks_of_another_buyer_are_shown_and_mine_stay_marked(person, size, scheme):
    story = stories.evaluated(lines=LINES)
    other = BuyerFactory(sites=[story.site], full_name="Meera Joshi")
    address = f"/rfqs/{story.rfq.number}/compare/"
    mine = person(story.buyer, size=size, scheme=scheme)
    mine.go(address)
    theirs = person(other).go(address)
    radio(theirs, 1, 1).check()
    expect(theirs.locator("#picks")).to_contain_text("1 line picked.")

    page = mine.page
    radio(page, 1, 0).check()
    conflict = page.locator("#picks .conflict")
    expect(conflict).to_contain_text("Meera Joshi saved other picks in the meantime")
    expect(conflict.locator("tbody tr")).to_have_count(1)
    expect(radio(page, 1, 0)).to_be_checked()
    assert stored() == [(1, name(story, 1))]
    mine.complaints = [one for one in mine.complaints if "409" not in one]
    mine.looks_right()

    conflict.get_by_role("button", name="Store yours").click()
    expect(page.locator("#picks .conflict")).to_have_count(0)
    assert stored() == [(1, name(story, 0))]


def test_without_scripts_both_versions_are_on_the_page_and_saving_again_stores_mine(person):
    story = stories.evaluated(lines=LINES)
    other = BuyerFactory(sites=[story.site], full_name="Meera Joshi")
    address = f"/rfqs/{story.rfq.number}/compare/"
    page = person(story.buyer, javascript=False).go(address)
    theirs = person(other, javascript=False).go(address)
    radio(theirs, 1, 1).check()
    theirs.click("button:has-text('Save picks')")

    radio(page, 1, 0).check()
    page.click("button:has-text('Save picks')")
    expect(page.locator(".conflict")).to_contain_text("Meera Joshi saved other picks")
    expect(radio(page, 1, 0)).to_be_checked()
    page.click("button:has-text('Save picks')")

    expect(page.locator(".conflict")).to_have_count(0)
    assert stored() == [(1, name(story, 0))]
