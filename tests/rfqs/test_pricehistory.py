"""What was paid for an item, as a chart, and prices far from it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from rfqs import charts
from rfqs.models import Award, RFQLine
from rfqs.pricehistory import Memory, median, purchases
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, ItemFactory

D = Decimal


@pytest.mark.parametrize(
    ("prices", "middle"),
    [
        (["3"], "3"),
        (["3", "1", "2"], "2"),
        (["1", "2.0001"], "1.5001"),
        (["4", "1", "2", "3"], "2.5"),
    ],
)
def test_the_median_is_the_middle_price(prices, middle):
    assert median([D(price) for price in prices]) == D(middle)


def bought(price, item, site=None):
    line = stories.GOODS_LINE | {"item_code": item.code}
    return stories.approved(lines=[line], prices=(price, "99"), **({"site": site} if site else {}))


@pytest.fixture
def item(db):
    return ItemFactory(unit_id=stories.drafted().rfq.lines.get().unit_id)


def test_a_price_far_from_the_median_of_twelve_months_is_told_with_its_numbers(item):
    first = bought("10", item)
    bought("12", item, first.site)
    line = RFQLine.objects.select_related("unit").filter(item=item).first()
    memory = Memory(first.buyer, [line])

    assert memory.remark(line, D("14.31")) == (
        "14.31 is 30.09% above the median of the last 12 months, 11.00 (2 purchases)."
    )
    assert memory.remark(line, D("7.69")).startswith("7.69 is 30.09% below the median")
    assert [memory.remark(line, price) for price in (D("14.30"), D("7.70"), None)] == ["", "", ""]


def test_older_purchases_and_those_of_others_do_not_count(item):
    story = bought("10", item)
    line = RFQLine.objects.select_related("unit").filter(item=item).first()
    stranger = BuyerFactory()
    assert Memory(stranger, [line]).remark(line, D(99)) == ""

    Award.objects.update(approved_at=timezone.now() - timedelta(days=366))
    assert Memory(story.buyer, [line]).remark(line, D(99)) == ""
    [one] = purchases(story.buyer, [item.pk], most=5)[item.pk]
    assert (one.price, one.line.supplier) == (D("10.0000"), story.suppliers[0])


def test_the_chart_has_a_point_for_every_price_and_none_for_one():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    points = [(start + timedelta(days=n), D(price)) for n, price in enumerate(["10", "20", "15"])]
    chart = charts.price_line(points, "INR")

    assert [mark.label for mark in chart.points] == [
        "1 Jan 2026: 10.00", "2 Jan 2026: 20.00", "3 Jan 2026: 15.00",
    ]  # fmt: skip
    assert (chart.points[0].x, chart.points[-1].x) == (chart.left, chart.right)
    assert [mark.label for mark in chart.grid] == ["0.00", "5.00", "10.00", "15.00", "20.00"]
    assert chart.points[1].y == chart.grid[-1].y < chart.points[0].y
    assert charts.price_line(points[:1], "INR") is None


def test_the_page_of_an_item_shows_the_chart_and_the_table(item):
    first = bought("10", item)
    bought("12", item, first.site)

    page = signed_in(first.buyer).get(f"/rfqs/catalogue/{item.code}/").content.decode()

    assert page.count('class="ch-dot"') == 2
    assert page.count('data-l="Basic per unit"') == 2


def test_the_working_of_a_cell_and_the_quotations_page_say_so(item):
    old = bought("10", item)
    line = stories.GOODS_LINE | {"item_code": item.code}
    new = stories.evaluated(lines=[line], prices=("20",), site=old.site)
    browser = signed_in(new.buyer)
    said = "20.00 is 100.00% above the median of the last 12 months, 10.00 (1 purchase)."

    working = browser.get(f"/rfqs/{new.rfq.number}/compare/", {"cell": "1-0"}).content.decode()
    quotation = new.rfq.quotations.get()
    page = browser.get(f"/rfqs/{new.rfq.number}/quotations/{quotation.pk}/").content.decode()

    assert (said in working, f"Line 1: {said}" in page) == (True, True)
