"""Purchase orders, read."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rfqs.models import PurchaseOrder
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, SupplierFactory

ORDERS = "/rfqs/orders/"


def numbers(response):
    return re.findall(r'<a href="/rfqs/orders/(PO-[\w-]+)/">', response.content.decode())


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_three_statements(db, count):
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

    assert (len(numbers(response)), len(queries)) == (count, 3)


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


def test_strangers_see_no_order(db):
    order = stories.approved().rfq.orders.get()
    stranger = signed_in(BuyerFactory())

    assert numbers(stranger.get(ORDERS)) == []
    assert stranger.get(f"{ORDERS}{order.number}/").status_code == 404
    assert Client().get(ORDERS).status_code == 302
