"""What is unusual about an award, each with its edge (DOMAIN 5)."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from rfqs import reports
from rfqs.actions import awarding, opening, quoting
from rfqs.actions.awarding import Pick
from rfqs.models import CommodityType
from tests import stories
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db

LINE = stories.GOODS_LINE


def held(*picks, prices=("10", "11"), spoil=lambda story: None, heads=None, **options):
    """The exceptions of an award of these (line, supplier[, quantity]) at these prices."""
    story = stories.opened(suppliers=len(prices), **options)
    for number, price in enumerate(prices):
        stories.quote(story, story.suppliers[number], price, **(heads or {}).get(number, {}))
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    spoil(story)
    chosen = [pick(story, *one) for one in picks or ((1, 0),)]
    award = awarding.save_draft(rfq_id=story.rfq.pk, picks=chosen, by=story.buyer)
    return awarding.exceptions(story.rfq, award, reports.comparison_sheet(story.rfq))


def pick(story, line, supplier, quantity=None):
    quotation = story.rfq.quotations.get(supplier=story.suppliers[supplier])
    number = None if quantity is None else Decimal(quantity)
    return Pick(story.rfq.lines.get(position=line).pk, quotation.pk, number)


def test_everything_to_the_lowest_is_usual():
    assert held() == []


def test_not_the_lowest():
    assert held((1, 1)) == ["not_lowest"]
    assert held((1, 1), prices=("10", "10.0001")) == ["not_lowest"]


def test_the_lowest_of_the_whole_may_be_dearer_on_a_line():
    lines, prices = [LINE, LINE], (["10", "30"], ["11", "20"], ["9", "40"])

    assert held((1, 1), (2, 1), lines=lines, prices=prices) == []
    assert held((1, 2), (2, 1), lines=lines, prices=prices) == []
    assert held((1, 0), (2, 1), lines=lines, prices=prices) == ["not_lowest"]


def test_the_lowest_of_the_whole_is_not_the_lowest_of_the_one_line_it_gets():
    lines, prices = [LINE, LINE], (["10", "20"], ["9", "40"])

    assert held((1, 0), lines=lines, prices=prices) == ["not_lowest", "partial"]


def test_tie_for_the_whole():
    assert held(prices=("10", "10")) == ["tie"]
    assert held(prices=("10", "10", "9.99")) == ["not_lowest"]


def test_tie_for_a_line():
    lines, prices = [LINE, LINE], (["10", "20"], ["10", "30"], ["30", "10"])

    assert held((1, 0), (2, 2), lines=lines, prices=prices) == ["tie"]


def test_a_tie_proposes_nobody():
    story = stories.evaluated(prices=("10", "10"))

    sheet = reports.comparison_sheet(story.rfq)

    assert (sheet.proposed, len(sheet.lowest)) == (None, 2)


def test_single_bid():
    assert held(prices=("10",)) == ["single_bid"]


def test_single_bid_of_a_line():
    lines, prices = [LINE, LINE], (["10", "20"], ["11", None])

    assert held((1, 0), (2, 0), lines=lines, prices=prices) == ["single_bid"]


def test_a_disqualified_bid_is_none():
    lines, prices = [LINE, LINE], (["10", "20"], ["11", None], ["12", "22"])

    found = held((1, 0), (2, 0), lines=lines, prices=prices, spoil=disqualify_last)

    assert found == ["single_bid"]


@pytest.mark.parametrize(("last", "found"), [("10.0000", []), ("9.9999", ["above_last"])])
def test_above_the_last_price(last, found):
    assert held(lines=[LINE | {"last_price": Decimal(last)}]) == found


@pytest.mark.parametrize(("target", "found"), [("10.0000", []), ("9.9999", ["above_estimate"])])
def test_above_the_estimate(target, found):
    assert held(lines=[LINE | {"target_price": Decimal(target)}]) == found


def test_the_same_price_is_not_above_itself_however_it_rounds():
    line = LINE | {"quantity": Decimal(1), "last_price": Decimal("0.125")}

    assert held(lines=[line], prices=("0.125", "1")) == []


@pytest.mark.parametrize(("price", "found"), [("10", []), ("10.01", ["above_last"])])
def test_a_services_last_price_is_for_each_period(price, found):
    visit = LINE | {"periods": 4, "period_unit": "quarter", "last_price": Decimal(10)}

    result = held(lines=[visit], prices=(price, "20"), commodity_type=CommodityType.SERVICE)

    assert result == found


def test_the_discount_counts_when_the_last_price_is_met():
    discount = {0: {"header_discount_percent": Decimal(10)}}

    assert held(lines=[LINE | {"last_price": Decimal(9)}], heads=discount) == []


@pytest.mark.parametrize(("days", "found"), [(0, []), (-1, ["expired"])])
def test_expired(days, found):
    today = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")).date()
    until = {"valid_until": today + timedelta(days=days)}

    assert held(heads={0: until}, prices=("10", "10.5"))[-1:] == found


@pytest.mark.parametrize(("minimum", "found"), [(2, []), (3, ["few_bids"])])
def test_fewer_bids_than_the_site_asks_for(minimum, found):
    assert held(site=SiteFactory(minimum_bids=minimum)) == found


def test_a_disqualified_bid_does_not_count_for_the_minimum():
    found = held(prices=("10", "11", "12"), site=SiteFactory(minimum_bids=3), spoil=disqualify_last)

    assert found == ["few_bids"]


def test_partial():
    assert held((1, 0, "99.999")) == ["partial"]
    assert held((1, 0), lines=[LINE, LINE]) == ["partial"]
    assert held((1, 0, "60"), (1, 1, "40")) == ["not_lowest"]


def disqualify_last(story):
    quotation = story.rfq.quotations.get(supplier=story.suppliers[-1])
    quoting.disqualify(quotation_id=quotation.pk, by=story.buyer, reason="wrong grade")
