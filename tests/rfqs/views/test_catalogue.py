"""The catalogue: found by its words, paged by code, with what was paid."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from rfqs.models import Item
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, ItemFactory, UnitFactory, UserFactory

CATALOGUE = "/rfqs/catalogue/"


def many(count):
    unit = UnitFactory()
    Item.objects.bulk_create(
        Item(code=f"C-{n:04d}", description=f"Seal {n}", unit=unit) for n in range(1, count + 1)
    )


def codes(response):
    return re.findall(r'<a href="/rfqs/catalogue/[^"]+/">([^<]+)</a>', response.content.decode())


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_two_statements(as_buyer, count):
    many(count)

    with CaptureQueriesContext(connection) as queries:
        response = as_buyer.get(CATALOGUE)

    assert (len(codes(response)), len(queries)) == (count, 2)


def test_pages_go_by_code(as_buyer, htmx):
    many(60)

    first = as_buyer.get(CATALOGUE)
    (later,) = re.findall(r'href="([^"]+)" hx-get="[^"]+" rel="next"', first.content.decode())
    second = as_buyer.get(CATALOGUE + later, headers=htmx)

    assert codes(first) + codes(second) == [f"C-{n:04d}" for n in range(1, 61)]
    assert second.content.decode().lstrip().startswith('<section id="catalogue-results"')


def test_search_category_and_state(as_buyer):
    seal = ItemFactory(code="S-1", description="Oil seal 40x62", category="Seals")
    ItemFactory(code="B-1", description="Bolt", is_active=False)

    assert codes(as_buyer.get(CATALOGUE, {"q": "oil 40x"})) == [seal.code]
    assert codes(as_buyer.get(CATALOGUE, {"category": "Seals"})) == [seal.code]
    assert codes(as_buyer.get(CATALOGUE, {"state": "inactive"})) == ["B-1"]
    assert "No item fits" in as_buyer.get(CATALOGUE, {"q": "gloves"}).content.decode()


def test_suppliers_and_strangers_see_no_last_price(db):
    ItemFactory(code="S-1")
    supplier = signed_in(UserFactory(roles=[Role.SUPPLIER.value]))

    assert codes(supplier.get(CATALOGUE)) == []
    assert supplier.get(CATALOGUE + "S-1/").status_code == 404
    assert Client().get(CATALOGUE).status_code == 302


def test_suggestions_carry_what_a_line_takes_over(as_buyer):
    ItemFactory(
        code="S-1", description='Seal "40"', hsn="40169330", last_price=Decimal("12.5"), last_currency="INR"
    )  # fmt: skip
    ItemFactory(code="S-2", description="Seal", is_active=False)

    html = as_buyer.get(CATALOGUE + "search/", {"q": "seal"}).content.decode()

    (button,) = re.findall(r"<button [^>]+>", html)
    assert dict(re.findall(r'data-([\w-]+)="([^"]*)"', button)) == {
        "code": "S-1",
        "description": "Seal &quot;40&quot;",
        "specification": "",
        "unit": "H87",
        "last-price": "12.5000",
        "hsn": "40169330",
    }
    assert "<button" not in as_buyer.get(CATALOGUE + "search/", {"q": "se"}).content.decode()


def test_suggestions_end_at_twelve(as_buyer):
    many(20)

    html = as_buyer.get(CATALOGUE + "search/", {"q": "seal"}).content.decode()

    assert html.count("<button") == 12


def test_an_item_shows_what_was_paid_where_one_may_see_it(db):
    item = ItemFactory(code="A/B 1")
    story = stories.approved(lines=[stories.GOODS_LINE | {"item_code": item.code}], prices=("10",))
    path = CATALOGUE + "A/B%201/"

    own = signed_in(story.buyer).get(path).content.decode()
    foreign = signed_in(BuyerFactory()).get(path).content.decode()

    assert (own.count(story.rfq.number) > 0, "INR 10.00" in own) == (True, True)
    assert (story.rfq.number in foreign, "No approved award" in foreign) == (False, True)
