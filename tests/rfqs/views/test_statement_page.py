"""What stands under the comparison, and in its foot: the figures of the statement, in words and digits."""

import re
from decimal import Decimal

import pytest

from quoteflow.lib.money import format_money
from rfqs import comparison, reports
from rfqs.actions import opening
from tests import stories
from tests.conftest import signed_in
from tests.rfqs.views.test_comparing import read, url

pytestmark = pytest.mark.django_db


def test_what_the_lowest_saves_is_said_against_all_that_is_known():
    story = stories.evaluated(prices=("10", "11"))
    _status, page = read(signed_in(story.buyer), url("compare", story))

    said = page.partition("What the lowest full quote saves")[2].partition("</ul>")[0]
    assert re.findall("<li>(.*?)</li>", said) == [
        "Against the mean of 2 complete offers: INR 50.00 less (4.76%).",
        "L1 against L2: INR 100.00 less (9.09%).",
    ]


def test_last_prices_are_said_with_how_many_lines_have_one():
    lines = [stories.GOODS_LINE | {"last_price": Decimal("9.50")}, stories.GOODS_LINE]
    story = stories.evaluated(lines=lines, prices=("10",))

    assert (
        "Against last prices, 1 of 2 lines: INR 50.00 more (5.26%)."
        in read(signed_in(story.buyer), url("compare", story))[1]
    )


def test_the_foot_of_the_page_says_the_figures_of_the_statement():
    story = stories.opened(lines=[stories.GOODS_LINE] * 2, suppliers=2)
    charges = {"freight_term": "amount", "freight_amount": Decimal("950.55")}
    stories.quote(story, story.suppliers[0], "10.25", pf_percent=Decimal("1.5"), **charges)
    stories.quote(story, story.suppliers[1], "1234.56")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    _status, page = read(signed_in(story.buyer), url("compare", story))

    row = r'<tr[^>]*><th scope="row" class="qf-s1">([^<]*)</th>(.*?)</tr>'
    rows = re.findall(row, page.partition("<tfoot>")[2])
    foot = {label: re.findall(r'<td class="num [^"]*">([^<]*)', cells) for label, cells in rows}
    story.rfq.refresh_from_db()
    offers = comparison.as_json(reports.comparison_sheet(story.rfq))["offers"]
    names = {
        "Basic": "basic", "Packing and forwarding": "packing", "Insurance": "insurance", "GST": "gst",
        "Net landed": "net_landed", "Gross landed": "gross_landed", "Loading": "loading",
        "Evaluated, INR": "evaluated",
    }  # fmt: skip
    assert {label: foot[label] for label in names} == {
        label: [format_money(Decimal(offer[name]), "INR") for offer in offers]
        for label, name in names.items()
    }
    assert foot["Rank"] == [f"L{offer['rank']}" for offer in offers]
