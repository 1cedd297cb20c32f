"""The main job: from an empty form to an approved award, with and without JavaScript."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from rfqs.actions import deciding
from rfqs.importing import units
from rfqs.models import RFQ, Item, PurchaseOrder
from tests import stories
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    ItemFactory,
    RateFactory,
    SiteFactory,
    SupplierFactory,
)
from tests.journeys import steps
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def plant():
    units.load()
    site = SiteFactory(code="A001", minimum_bids=3)
    return {
        "site": site,
        "buyer": BuyerFactory(sites=[site], full_name="Priya Nair"),
        "approver": ApproverFactory(sites=[site], full_name="Ravi Menon"),
        "head": HeadFactory(sites=[site], full_name="Asha Head"),
        "suppliers": SupplierFactory.create_batch(3),
    }


@SCRIPTS
def test_a_goods_request_becomes_an_order_and_the_item_remembers_its_price(
    person, plant, javascript
):
    ItemFactory(code="BRG-6205", description="Ball bearing 6205", gst_percent=Decimal(18))
    buyer = person(plant["buyer"], javascript=javascript)
    number = steps.begin(buyer, "provided_data", "Bearings for the shutdown")
    page = buyer.page
    steps.type_line(
        page, 0, item_code="BRG-6205", description="Ball bearing 6205", quantity="1,200", unit="NOS"
    )
    steps.closing_in_days(page, 3)
    steps.save(page, "suppliers")
    steps.choose(page, plant["suppliers"])
    steps.send(buyer, number, 3)
    for supplier, price in zip(plant["suppliers"], ("101.50", "99.25", "120"), strict=True):
        steps.enter_quotation(buyer, number, supplier, [price])
    page = steps.evaluate(buyer, number)
    steps.pick_lowest(page)
    steps.submit_award(buyer, number)

    approver = person(plant["approver"], javascript=javascript)
    page = steps.open_decision(approver, number)
    steps.decide(page, "approve")

    rfq = RFQ.objects.get(number=number)
    order = PurchaseOrder.objects.get(rfq=rfq)
    item = Item.objects.get(code="BRG-6205")
    assert (rfq.status, order.number, order.cost) == (
        "approved",
        "PO-A001-001",
        Decimal("119100.00"),
    )
    assert (item.last_price, item.last_supplier) == (Decimal("99.2500"), plant["suppliers"][1])
    page = buyer.go(f"/rfqs/{number}/")
    expect(page.locator("main")).to_contain_text("PO-A001-001")
    assert buyer.complaints + approver.complaints == []


@SCRIPTS
def test_a_service_request_is_written_and_quoted(person, plant, javascript):
    buyer = person(plant["buyer"], javascript=javascript)
    number = steps.begin(buyer, "service", "Upkeep of the generator sets")
    page = buyer.page
    steps.type_line(
        page,
        0,
        description="Upkeep of a generator set",
        quantity="4",
        unit="NOS",
        periods="4",
        period_unit="quarter",
    )
    steps.closing_in_days(page, 3)
    steps.save(page, "suppliers")
    steps.choose(page, plant["suppliers"])
    steps.send(buyer, number, 3)
    RateFactory(currency="USD", rate_to_base=Decimal("83.125"))
    steps.enter_quotation(buyer, number, plant["suppliers"][0], ["240"], currency="USD")
    steps.enter_quotation(buyer, number, plant["suppliers"][1], ["21000"])
    page = steps.evaluate(buyer, number)
    expect(page.locator("main")).to_contain_text("3,19,200.00")
    assert RFQ.objects.get(number=number).best_total == Decimal("319200.00")
    assert buyer.complaints == []


@SCRIPTS
def test_a_transport_request_is_written_and_quoted(person, plant, javascript):
    buyer = person(plant["buyer"], javascript=javascript)
    number = steps.begin(buyer, "transport", "Milk run to Hosur")
    page = buyer.page
    steps.type_line(
        page, 0, from_location="Pune", to_location="Hosur", description="Mixed cargo", vehicle_size="14 ft",
        load_t="4", trips_per_month="26", months="12",
    )  # fmt: skip
    steps.closing_in_days(page, 3)
    steps.save(page, "suppliers")
    steps.choose(page, plant["suppliers"][:2])
    steps.send(buyer, number, 2)
    steps.enter_quotation(buyer, number, plant["suppliers"][0], ["18000"])
    steps.enter_quotation(buyer, number, plant["suppliers"][1], ["17500"])
    page = steps.evaluate(buyer, number)
    expect(page.locator("main")).to_contain_text("54,60,000.00")
    assert buyer.complaints == []


def test_forty_lines_pasted_from_a_spreadsheet_are_forty_lines(person, plant):
    buyer = person(plant["buyer"])
    number = steps.begin(buyer, "provided_data", "Forty bolts")
    page = buyer.page
    rows = "\n".join(f"Bolt M{n}\tzinc plated\t1,{n:03d}\tNOS" for n in range(40))
    first = page.locator("[name='l-0-description']")
    first.focus()
    steps.paste(page, rows)
    expect(page.locator("[name='l-39-description']")).to_have_value("Bolt M39")
    steps.closing_in_days(page, 3)
    steps.save(page, "edit")
    lines = RFQ.objects.get(number=number).lines.order_by("position")
    assert [(line.description, line.quantity) for line in lines] == [
        (f"Bolt M{n}", Decimal(1000 + n)) for n in range(40)
    ]
    assert buyer.complaints == []


def test_a_paste_is_undone_at_once(person, plant):
    buyer = person(plant["buyer"])
    steps.begin(buyer, "provided_data", "Undo")
    page = buyer.page
    page.locator("[name='l-0-description']").fill("Typed by hand")
    page.locator("[name='l-0-description']").focus()
    steps.paste(page, "One\ta\t1\tNOS\nTwo\tb\t2\tNOS")
    expect(page.locator("[name='l-1-description']")).to_have_value("Two")
    page.click("[data-qf-status] button:has-text('Undo'), .grid-bar button:has-text('Undo')")
    expect(page.locator("[name='l-0-description']")).to_have_value("Typed by hand")
    expect(page.locator("[name='l-0-quantity']")).to_have_value("")


@SCRIPTS
def test_two_and_a_half_lakh_need_two_people(person, javascript):
    story = stories.submitted(prices=("2500", "2600"))
    approver = person(story.approver, javascript=javascript, size=PHONE)
    page = steps.open_decision(approver, story.rfq.number)
    steps.decide(page, "approve")
    story.rfq.refresh_from_db()
    assert story.rfq.status == "pending"

    head = person(story.head, javascript=javascript, size=PHONE)
    page = steps.open_decision(head, story.rfq.number)
    steps.decide(page, "approve")
    story.rfq.refresh_from_db()
    assert story.rfq.status == "approved"


@SCRIPTS
def test_a_rejection_needs_a_comment_and_keeps_it(person, javascript):
    story = stories.submitted()
    approver = person(story.approver, javascript=javascript)
    page = steps.open_decision(approver, story.rfq.number)
    steps.decide(page, "reject", "too dear")
    expect(page.locator("#decision")).to_contain_text("at least 10 characters")
    expect(page.locator("#decision [name=comment]")).to_have_value("too dear")
    steps.decide(page, "reject", "Twice the price of last year.")
    story.rfq.refresh_from_db()
    assert story.rfq.status == "rejected"
    assert story.request.decisions.get().comment == "Twice the price of last year."


@SCRIPTS
def test_a_returned_award_can_be_submitted_again(person, javascript):
    story = stories.submitted()
    approver = person(story.approver, javascript=javascript)
    page = steps.open_decision(approver, story.rfq.number)
    steps.decide(page, "return", "Ask Supplier two for freight first.")
    story.rfq.refresh_from_db()
    assert story.rfq.status == "evaluation"
    buyer = person(story.buyer, javascript=javascript)
    steps.submit_award(buyer, story.rfq.number)
    page = buyer.go(f"/rfqs/{story.rfq.number}/activity/")
    expect(page.locator("#activity")).to_contain_text("Ask Supplier two for freight first.")
    first, second = story.rfq.approval_requests.order_by("created_at")
    assert (first.status, first.decisions.get().outcome) == ("returned", "returned")
    assert (second.status, second.decisions.count()) == ("pending", 0)


def test_the_requester_cannot_approve_even_with_the_role(person):
    story = stories.picked()
    story.buyer.roles = ["buyer", "approver"]
    story.buyer.save(update_fields=["roles"])
    buyer = person(story.buyer)
    steps.submit_award(buyer, story.rfq.number)
    page = buyer.go(f"/rfqs/inbox/{story.rfq.number}/")
    expect(page.locator("#decision")).to_contain_text("another person decides it")
    expect(page.locator("#decision button[value=approve]")).to_have_count(0)


@SCRIPTS
def test_of_two_approvers_the_second_is_told_who_decided(person, javascript):
    story = stories.submitted()
    second = ApproverFactory(sites=[story.site], full_name="Second Approver")
    slow = person(second, javascript=javascript)
    page = steps.open_decision(slow, story.rfq.number)
    story.decide(deciding.approve, story.approver)
    steps.decide(page, "approve")
    expect(page.locator("main")).to_contain_text(f"{story.approver.full_name} was quicker")
    assert story.request.decisions.count() == 1
