"""Purchase orders, read."""

import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from rfqs.models import PurchaseOrder
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, RateFactory, SupplierFactory

ORDERS = "/rfqs/orders/"


def numbers(response):
    return re.findall(r'<a href="/rfqs/orders/(PO-[\w-]+)/">', response.content.decode())


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_two_statements(db, count):
    story = stories.approved()
    order = story.rfq.orders.get()
    PurchaseOrder.objects.bulk_create(
        PurchaseOrder(
            number=f"PO-X01-{n:03d}", award=order.award, rfq=order.rfq, currency="INR", cost=1,
            supplier=SupplierFactory(),
        )
        for n in range(1, count)
    )  # fmt: skip
    client = signed_in(story.buyer)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(ORDERS)

    assert (len(numbers(response)), len(queries)) == (count, 2)


def test_orders_are_found_by_number_and_status(db, htmx):
    story = stories.approved()
    order = story.rfq.orders.get()
    client = signed_in(story.buyer)

    assert numbers(client.get(ORDERS, {"q": order.number[-7:].lower()})) == [order.number]
    assert numbers(client.get(ORDERS, {"status": "draft"}, headers=htmx)) == [order.number]
    assert numbers(client.get(ORDERS, {"status": "issued"})) == []


def test_an_order_prints_its_lines_and_parties(db):
    story = stories.approved(prices=("10.25",))
    order = story.rfq.orders.get()

    html = signed_in(story.buyer).get(f"{ORDERS}{order.number}/").content.decode()

    assert (story.suppliers[0].name in html, "data-qf-print" in html) == (True, True)
    assert re.findall(r'data-l="Quantity">([^<]+)<', html) == ["100 pc"]
    assert re.findall(r'data-l="Unit price">([\d.]+)', html) == ["10.25"]


def test_an_order_adds_up_in_the_suppliers_currency_on_the_page_and_in_the_pdf(db):
    RateFactory()
    story = stories.opened(suppliers=2)
    head = {
        "currency": "EUR", "header_discount_percent": Decimal("2.5"), "pf_percent": Decimal(1),
        "freight_term": "amount", "freight_amount": Decimal("40.00"),
    }  # fmt: skip
    stories.quote(story, story.suppliers[0], "10.25", **head)
    stories.quote(story, story.suppliers[1], "99", currency="EUR")
    order = stories.decided(story).rfq.orders.get()
    client = signed_in(story.buyer)

    page = client.get(f"{ORDERS}{order.number}/").content.decode()
    paper = client.get(f"{ORDERS}{order.number}/pdf/")

    text = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert paper["Content-Disposition"] == f'attachment; filename="{order.number}-0.pdf"'
    for figure in ("25.63", "999.37", "9.99", "40.00", "1,049.36"):  # 1,025.00 less 2.5 %, + 1 %
        assert figure in page
        assert figure in text
    assert "DRAFT" in text


def test_a_refused_step_shows_why_and_keeps_what_was_typed(db):
    story = stories.approved()
    order = story.rfq.orders.get()
    client = signed_in(story.buyer)
    address = f"{ORDERS}{order.number}"

    assert client.post(f"{address}/issue/", {"remarks": "Gate 2"}).status_code == 302
    empty = client.post(f"{address}/acknowledge/", {"how": ""})
    long = client.post(f"{address}/cancel/", {"reason": "x" * 501})
    wrong = client.post(f"{address}/close/")

    assert [one.status_code for one in (empty, long, wrong)] == [422, 422, 409]
    assert "x" * 501 in long.content.decode()
    assert signed_in(story.approver).post(f"{address}/cancel/", {"reason": "no"}).status_code == 403
    reader = signed_in(story.approver).get(f"{address}/").content.decode()
    assert "Issue and send" not in reader


def test_strangers_see_no_order(db):
    order = stories.approved().rfq.orders.get()
    stranger = signed_in(BuyerFactory())

    assert numbers(stranger.get(ORDERS)) == []
    assert stranger.get(f"{ORDERS}{order.number}/").status_code == 404
    assert Client().get(ORDERS).status_code == 302
