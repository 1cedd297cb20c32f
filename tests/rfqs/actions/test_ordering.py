"""What an approved award turns into."""

from decimal import Decimal

import pytest

from rfqs.actions import awarding, deciding, opening, ordering
from rfqs.models import Award, PurchaseOrder
from tests import stories
from tests.factories import ItemFactory, RateFactory

pytestmark = pytest.mark.django_db

LINE = stories.GOODS_LINE


def approved(*picks, prices, heads=None, answers=None, **options):
    """Approved with these (line, supplier, quantity) at these prices; `answers` change quoted lines."""
    story = stories.opened(suppliers=len(prices), **options)
    for number, price in enumerate(prices):
        quotation = stories.quote(story, story.suppliers[number], price, **(heads or {}))
        quotation.lines.update(**(answers or {}))
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    chosen = [
        awarding.Pick(
            story.rfq.lines.get(position=line).pk,
            story.rfq.quotations.get(supplier=story.suppliers[supplier]).pk,
            Decimal(quantity),
        )
        for line, supplier, quantity in picks
    ]
    gaps = {line.pk: "the rest comes from the store" for line in story.rfq.lines.all()}
    awarding.save_draft(rfq_id=story.rfq.pk, picks=chosen, by=story.buyer, gaps=gaps)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)
    for step in story.request.steps.order_by("sequence"):
        person = story.approver if step.role == "approver" else story.head
        story.decide(deciding.approve, person)
    return story


@pytest.mark.parametrize("basis", ["committed", "required"])
def test_an_order_says_what_the_award_says(basis):
    answers = {"moq": Decimal(150), "price_basis": 100}

    story = approved((1, 0, "100"), prices=("950",), answers=answers, quantity_basis=basis)

    order = PurchaseOrder.objects.get()
    assert (order.number, order.supplier, order.currency, order.status, order.cost) == (
        f"PO-{story.site.code}-001",
        story.suppliers[0],
        "INR",
        "draft",
        Decimal("1425.00"),
    )
    assert [
        (row.position, row.quantity, row.unit_price, row.price_basis) for row in order.lines.all()
    ] == [(1, Decimal(150), Decimal(950), 100)]


def test_each_supplier_gets_one_order_in_their_currency():
    RateFactory()

    story = approved(
        (1, 0, "60"), (1, 1, "40"), (2, 0, "100"),
        prices=("10", "11"), heads={"currency": "EUR"}, lines=[LINE, LINE],
    )  # fmt: skip

    orders = PurchaseOrder.objects.order_by("number")
    assert [(one.supplier, one.currency, one.lines.count(), one.cost) for one in orders] == [
        (story.suppliers[0], "EUR", 2, Decimal("144000.00")),
        (story.suppliers[1], "EUR", 1, Decimal("39600.00")),
    ]


def test_orders_are_numbered_by_their_suppliers_not_by_their_lines():
    story = approved((1, 1, "100"), (2, 0, "100"), prices=("10", "11"), lines=[LINE, LINE])

    orders = PurchaseOrder.objects.order_by("number")
    assert [one.supplier for one in orders] == story.suppliers


def test_the_outcomes_say_who_got_all_some_and_nothing():
    story = approved((1, 1, "100"), prices=("10", "11", "12"))

    statuses = story.rfq.quotations.order_by("supplier__code").values_list("status", flat=True)
    assert list(statuses) == ["not_awarded", "awarded", "not_awarded"]


def test_an_outcome_counts_what_is_needed_and_not_what_a_least_order_adds():
    """Half of the line is half of the request, though the whole packs hold more than all of it."""
    story = approved((1, 0, "50"), prices=("10", "11"), answers={"moq": Decimal(150)})

    outcomes = story.rfq.quotations.order_by("supplier__code").values_list("status", flat=True)
    assert list(outcomes) == ["partly_awarded", "not_awarded"]


def test_the_catalogue_remembers_what_a_unit_cost_in_base_currency():
    RateFactory()
    item = ItemFactory()
    line = LINE | {"item_code": item.code, "quantity": Decimal(7)}
    heads = {"currency": "EUR", "header_discount_percent": Decimal(10)}

    story = approved((1, 0, "7"), prices=("1.11",), heads=heads, lines=[line])

    item.refresh_from_db()
    assert (item.last_price, item.last_currency, item.last_supplier) == (
        Decimal("89.8714"),
        "INR",
        story.suppliers[0],
    )


def test_asking_again_returns_the_same_orders():
    story = stories.approved()
    orders = list(PurchaseOrder.objects.all())

    assert ordering.fulfil(story.rfq, Award.objects.get()) == orders
    assert PurchaseOrder.objects.count() == 1
