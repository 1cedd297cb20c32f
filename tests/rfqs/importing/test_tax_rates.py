"""GST rates: by code and day, imported, and taken by lines that leave their percent open."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from rfqs.models import TaxRate
from tests import stories
from tests.factories import ItemFactory, TaxRateFactory
from tests.running import bring_in, refused

DAY = date(2025, 9, 22)


@pytest.fixture
def file(tmp_path):
    def write(rows):
        path = tmp_path / "taxes.csv"
        path.write_text("HSN/SAC,valid_from,GST %,source\n" + rows, encoding="utf-8")
        return path

    return write


def percent(code, day=DAY):
    return TaxRate.objects.on(day, [code]).get(code)


@pytest.mark.django_db
def test_the_rate_of_the_day_is_the_latest_that_holds():
    TaxRateFactory(hsn="9965", valid_from="2017-07-01", gst_percent=12)
    TaxRateFactory(hsn="9965", valid_from=DAY, gst_percent=18)

    days = (date(2017, 6, 30), DAY - timedelta(1), DAY, date(2030, 1, 1))
    assert [percent("996511", day) for day in days] == [None, 12, 18, 18]


@pytest.mark.django_db
def test_the_longest_code_decides_however_old_it_is():
    TaxRateFactory(hsn="73", valid_from=DAY, gst_percent=18)
    TaxRateFactory(hsn="7323", valid_from="2017-07-01", gst_percent=5)
    TaxRateFactory(hsn="71", gst_percent=0)

    codes = ("7318", "73231000", "7323", "71", "7", "8482")
    assert [percent(code) for code in codes] == [18, 5, 5, 0, None, None]


def test_rates_are_created_corrected_and_left_alone(file):
    path = file("7318,2017-07-01,18,1/2017\n9965,2025-09-22,18,15/2025\n")

    assert bring_in("import_tax_rates", path).counts == (2, 0, 0)
    assert bring_in("import_tax_rates", path).counts == (0, 0, 2)
    assert bring_in("import_tax_rates", file("7318,2017-07-01,12,1/2017\n")).counts == (0, 1, 0)
    assert list(TaxRate.objects.order_by("hsn").values_list("hsn", "gst_percent", "source")) == [
        ("7318", 12, "1/2017"),
        ("9965", 18, "15/2025"),
    ]


@pytest.mark.parametrize(
    "row", ["7318,2017-07-01,,x", "7318,2017-07-01,101,x", "73x,2017-07-01,5,x", "7318,,5,x"]
)
def test_a_bad_row_writes_nothing_and_nothing_is_not_zero(file, row):
    assert len(refused("import_tax_rates", file(f"9965,2025-09-22,18,x\n{row}\n"))) == 1
    assert TaxRate.objects.count() == 0


@pytest.mark.django_db
def test_a_line_takes_the_rate_of_its_code_where_nobody_says_one():
    TaxRateFactory(hsn="7318")
    TaxRateFactory(hsn="7318", valid_from=timezone.localdate() + timedelta(1), gst_percent=28)
    ItemFactory(code="OWN", hsn="7318", gst_percent=Decimal(12))
    lines = [
        stories.GOODS_LINE | {"hsn": hsn, "gst_percent": said, "item_code": item}
        for hsn, said, item in (
            ("73181500", None, ""), ("73181500", Decimal(0), ""), ("", None, "OWN"), ("8482", None, ""),
        )
    ]  # fmt: skip

    story = stories.drafted(lines=lines)

    taken = list(story.rfq.lines.order_by("position").values_list("gst_percent", flat=True))
    assert taken == [18, 0, 12, None]
