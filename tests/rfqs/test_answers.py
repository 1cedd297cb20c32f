"""Answers are read by the column, and are those of the rows one by one."""

from decimal import Decimal

import pytest

from rfqs import answers, reports
from rfqs.comparison import OfferLine, Period, RateBasis
from rfqs.models import CommodityType, QuotationLine
from tests import stories
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db

PERIOD = {"periods": 4, "period_unit": "quarter"}
LINES = [stories.GOODS_LINE | {"description": f"Bolt {n}"} for n in range(1, 4)]
SAID = {
    "moq": Decimal("12.500"),
    "order_multiple": Decimal(6),
    "offered_quantity": Decimal(90),
    "discount_percent": Decimal("2.50"),
    "gst_percent": Decimal("18.00"),
    "duty_percent": Decimal("7.50"),
    "lead_days": 14,
    "make": 'Ä "quoted", {braced}\\ NULL',
    "remarks": "two\nlines, and a tab\t",
    "stated_total": Decimal("1000.00"),
    "price_basis": 100,
    "rate_period": "quarter",
    "rate_basis": "per_km",
    "minimum_weight_t": Decimal("9.000"),
    "fuel_percent": Decimal("3.00"),
    "toll": Decimal("120.0000"),
    "loading": Decimal("600.0000"),
    "capacity_t": Decimal("4.000"),
}


def by_row(rfq):
    """Every answer as it is read by itself, by quotation and line; without the factor of its unit."""
    return {
        (str(row["quotation_id"]), str(row["line_id"])): answers.answer_input(
            str(row["line_id"]), row, Decimal(1)
        )
        for row in QuotationLine.objects.filter(quotation__rfq=rfq).values()
    }


def by_column(rfq):
    return {
        (offer.key, one.line_key): one
        for offer in reports.comparison_inputs(rfq).offers
        for one in offer.lines
    }


@pytest.mark.parametrize("position", [None, 2, 3])
def test_what_is_read_by_the_column_is_what_is_read_by_the_row(position):
    lines = [line | PERIOD for line in LINES]
    story = stories.quoted(
        commodity_type=CommodityType.SERVICE, lines=lines, prices=("10", "11.2500")
    )
    first = story.rfq.quotations.order_by("submitted_at")[0]
    lines = first.lines.all() if position is None else first.lines.filter(line__position=position)

    lines.update(**SAID)

    found = by_column(story.rfq)
    assert found == by_row(story.rfq)
    assert len(found) == 2 * len(LINES)
    said = [one for one in found.values() if one.make]
    assert len(said) == (1 if position else len(LINES))
    assert said[0]._replace(line_key="", unit_price=None) == OfferLine(
        "",
        **SAID
        | {
            "price_basis": Decimal(100),
            "rate_period": Period.QUARTER,
            "rate_basis": RateBasis.PER_KM,
        },
    )


def test_of_goods_what_they_do_not_have_is_not_read():
    story = stories.quoted(lines=LINES, prices=("10", "11.2500"))
    first = story.rfq.quotations.order_by("submitted_at")[0]

    first.lines.update(**SAID)

    nothing = OfferLine("")
    usual = {
        "rate_period": nothing.rate_period, "rate_basis": nothing.rate_basis,
        "minimum_weight_t": None, "fuel_percent": 0, "toll": 0, "loading": 0, "capacity_t": None,
    }  # fmt: skip
    assert by_column(story.rfq) == {
        key: one._replace(**usual) for key, one in by_row(story.rfq).items()
    }


def test_a_unit_is_converted_where_it_differs_line_by_line():
    UnitFactory(code="KGM", name="kilogram", dimension="mass", factor=Decimal(1))
    UnitFactory(code="TNE", name="tonne", dimension="mass", factor=Decimal(1000))
    line = stories.GOODS_LINE | {"unit_id": "KGM"}
    story = stories.quoted(
        prices=("2000", "7"), lines=[line | {"description": str(n)} for n in range(3)]
    )
    first, second = story.rfq.quotations.order_by("submitted_at")
    first.lines.filter(line__position=2).update(unit="TNE")
    second.lines.filter(line__position=1).update(unit="KGM")
    second.lines.filter(line__position=3).update(unit="H87")

    offers = reports.comparison_inputs(story.rfq).offers

    assert [
        [
            (one.unit, one.unit_factor)
            for one in sorted(offer.lines, key=lambda one: order(story, one))
        ]
        for offer in offers
    ] == [
        [("", 1), ("TNE", 1000), ("", 1)],
        [("KGM", 1), ("", 1), ("H87", None)],
    ]


def order(story, one):
    return [
        str(pk) for pk in story.rfq.lines.order_by("position").values_list("pk", flat=True)
    ].index(one.line_key)
