"""Prices and quantities of an item in other units than its own: never 1:1 (COMPARISON 6)."""

from decimal import Decimal

import pytest
from django.utils import timezone

from rfqs.actions import drafting, quoting
from rfqs.models import ItemUnit
from tests import stories
from tests.factories import ItemFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    """An item counted in pieces; a box holds twelve, and so does a dozen. A kilogram is no count."""
    UnitFactory(code="DZN", name="dozen", symbol="doz", factor=Decimal(12))
    UnitFactory(code="XBX", name="box", symbol="box", dimension="", factor=None)
    UnitFactory(code="KGM", name="kilogram", symbol="kg", dimension="mass", factor=Decimal(1))
    made = ItemFactory()
    ItemUnit.objects.create(item=made, unit_id="XBX", factor=Decimal(12))
    return made


def line(item, unit, quantity=10):
    return stories.GOODS_LINE | {
        "item_code": item.code, "unit_id": unit, "quantity": Decimal(quantity)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "offered", "price", "total"),
    [
        ("H87", "XBX", 120, "100.00"),
        ("DZN", "XBX", 120, "1200.00"),
        ("XBX", "H87", 10, "1200.00"),
        ("XBX", "DZN", 120, "1200.00"),
        ("XBX", "XBX", 120, "1200.00"),
        ("KGM", "XBX", 120, None),
    ],
)
def test_an_offer_is_compared_in_the_unit_asked_for(item, asked, offered, price, total):
    story = stories.opened(lines=[line(item, asked)])

    quoting.capture(
        rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer,
        head={"currency": "INR", "freight_term": "included"},
        lines={story.rfq.lines.get().pk: {"unit_price": Decimal(price), "unit_id": offered}},
        receipt=quoting.Receipt("mail", timezone.now(), no_source_reason="on the phone"),
    )  # fmt: skip

    story.rfq.refresh_from_db()
    assert story.rfq.best_total == (None if total is None else Decimal(total))


@pytest.mark.parametrize(
    ("unit", "price", "remembered"),
    [("H87", "10", "10"), ("DZN", "120", "10"), ("XBX", "120", "10"), ("KGM", "99", None)],
)
def test_the_catalogue_remembers_the_price_of_its_own_unit(item, unit, price, remembered):
    stories.approved(lines=[line(item, unit)], prices=(price, "500"))

    item.refresh_from_db()
    assert item.last_price == (None if remembered is None else Decimal(remembered))


@pytest.mark.parametrize(
    ("unit", "last"), [("H87", "10"), ("DZN", "120"), ("XBX", "120"), ("KGM", None)]
)
def test_a_line_starts_with_the_last_price_of_its_own_unit(item, unit, last):
    item.last_price, item.last_currency = Decimal(10), "INR"
    item.save()

    story = stories.drafted(lines=[line(item, unit)])

    assert story.rfq.lines.get().last_price == (None if last is None else Decimal(last))


def test_another_unit_asks_for_the_last_price_anew(item):
    item.last_price, item.last_currency = Decimal(10), "INR"
    item.save()
    story = stories.drafted(lines=[line(item, "H87")])
    stored = story.rfq.lines.get()

    drafting.revise(
        rfq_id=story.rfq.pk, version=None, by=story.buyer,
        lines=[line(item, "DZN") | {"id": stored.pk}],
    )  # fmt: skip

    stored.refresh_from_db()
    assert stored.last_price == Decimal(120)
