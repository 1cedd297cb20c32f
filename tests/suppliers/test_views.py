"""Suppliers, read."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from suppliers.models import Supplier
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, ContactFactory, SupplierFactory, UserFactory

LIST = "/suppliers/"


def names(response):
    return re.findall(r'<a href="/suppliers/[\w-]+/">([^<]+)</a>', response.content.decode())


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_three_statements(as_buyer, count):
    SupplierFactory.create_batch(count)

    with CaptureQueriesContext(connection) as queries:
        response = as_buyer.get(LIST)

    assert (len(names(response)), len(queries)) == (count, 3)


def test_suppliers_go_by_name_whatever_the_case_and_page_on(as_buyer, htmx):
    Supplier.objects.bulk_create(
        Supplier(code=f"V{n}", name=f"{'ab'[n % 2]}{'Xx'[n // 50]}~{n:02d}") for n in range(60)
    )

    first = as_buyer.get(LIST)
    (later,) = re.findall(r'href="([^"]+)" hx-get="[^"]+" rel="next"', first.content.decode())
    second = as_buyer.get(LIST + later.replace("&amp;", "&"), headers=htmx)

    shown = names(first) + names(second)
    assert shown == sorted(shown, key=str.upper)
    assert (len(shown), len(set(shown))) == (60, 60)
    assert second.content.decode().lstrip().startswith('<section id="results"')


def test_search_and_filters(as_buyer):
    SupplierFactory(name="Kaveri Bearings", category="Bearings", state="Karnataka")
    SupplierFactory(name="Deccan Tools", category="Tools", state="Telangana", status="suspended")

    assert names(as_buyer.get(LIST, {"q": "kaveri bear"})) == ["Kaveri Bearings"]
    assert names(as_buyer.get(LIST, {"category": "bearing"})) == ["Kaveri Bearings"]
    assert names(as_buyer.get(LIST, {"state": "telangana"})) == ["Deccan Tools"]
    assert names(as_buyer.get(LIST, {"status": "suspended"})) == ["Deccan Tools"]
    assert names(as_buyer.get(LIST, {"status": "odd"})) == ["Deccan Tools", "Kaveri Bearings"]
    assert 'value="kaveri bear"' in as_buyer.get(LIST, {"q": "kaveri bear"}).content.decode()
    assert "No supplier fits" in as_buyer.get(LIST, {"q": "nobody"}).content.decode()


def test_open_requests_are_counted_where_one_works(db):
    story = stories.opened(suppliers=1)

    def counts(user):
        html = signed_in(user).get(LIST).content.decode()
        return re.findall(r'data-l="Open requests">(\d+)<', html)

    assert (counts(story.buyer), counts(BuyerFactory())) == (["1"], ["0"])
    assert counts(UserFactory(roles=[Role.AUDITOR.value])) == ["1"]


def test_a_company_shows_its_people_quotations_and_orders(db):
    story = stories.approved(prices=("10",))
    contact = ContactFactory(supplier=story.suppliers[0])
    path = f"{LIST}{story.suppliers[0].pk}/"

    html = signed_in(story.buyer).get(path).content.decode()
    foreign = signed_in(BuyerFactory()).get(path).content.decode()

    order = story.rfq.orders.get()
    assert [contact.email in html, story.rfq.number in html, order.number in html] == [True] * 3
    assert [contact.email in foreign, story.rfq.number in foreign] == [True, False]


def test_a_sealed_quotation_is_not_listed_before_its_opening(db):
    story = stories.quoted(is_sealed=True)

    html = signed_in(story.buyer).get(f"{LIST}{story.suppliers[0].pk}/").content.decode()

    assert "No quotation that you may see." in html


def test_a_supplier_sees_their_own_company_alone(db):
    own, other = SupplierFactory(), SupplierFactory()
    person = UserFactory(roles=[Role.SUPPLIER.value])
    ContactFactory(supplier=own, user=person)
    client = signed_in(person)

    assert names(client.get(LIST)) == [own.name]
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert Client().get(LIST).status_code == 302


def test_the_search_suggests_up_to_twelve(as_buyer):
    SupplierFactory.create_batch(14, name="Sri Balaji")

    html = as_buyer.get(f"{LIST}search/", {"q": "bala"}).content.decode()

    assert (
        names_in(html),
        "<a" in as_buyer.get(f"{LIST}search/", {"q": "b"}).content.decode(),
    ) == (
        12,
        False,
    )


def names_in(html):
    return html.count("<strong>Sri Balaji</strong>")
