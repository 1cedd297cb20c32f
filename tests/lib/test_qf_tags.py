"""Figures and moments as the pages print them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils import timezone
from django.utils.safestring import mark_safe

from quoteflow.lib.money import (
    amount_texts,
    format_money,
    format_percent,
    format_rate,
    percent_texts,
    rate_texts,
    round_half_up,
)
from quoteflow.lib.templatetags import qf

AT = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "places", "expected"),
    [
        ("746.875", 2, "746.88"),
        ("259.4699", 2, "259.47"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("2.5", 0, "3"),
        ("12345678901234567890.125", 2, "12345678901234567890.13"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount, places, expected):
    assert str(round_half_up(Decimal(amount), places)) == expected


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("12345678.5", "INR", "1,23,45,678.50"),
        ("200000", "INR", "2,00,000.00"),
        ("-1234.5", "INR", "-1,234.50"),
        ("999.995", "INR", "1,000.00"),
        ("0", "INR", "0.00"),
        ("12345678.5", "USD", "12,345,678.50"),
        ("1234.5", "JPY", "1,235"),
        ("1.0005", "KWD", "1.001"),
        (None, "INR", "—"),
    ],
)
def test_money_follows_its_currency(amount, currency, expected):
    value = None if amount is None else Decimal(amount)

    assert format_money(value, currency) == expected
    assert rendered("{{ value|money:currency }}", value=value, currency=currency) == expected


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        ("176", "176.00"),
        ("176.5", "176.50"),
        ("0.1234", "0.1234"),
        ("1234567.1250", "12,34,567.125"),
    ],
)
def test_a_unit_price_keeps_what_is_significant(rate, expected):
    assert rendered("{{ rate|rate4 }}", rate=Decimal(rate)) == expected


@pytest.mark.parametrize("currency", ["INR", "USD", "JPY", "KWD"])
@pytest.mark.parametrize(
    "units", ["0", "-0", "-5", "99999", "100000", "9999999", "10000000", "1E+5"]
)
@pytest.mark.parametrize("places", [0, 1, 2, 3, 4, 6])
def test_the_short_way_of_writing_a_figure_is_no_other(currency, units, places):
    figure = Decimal(units).scaleb(-places)
    longer = figure + Decimal("0E-12")  # the same, but too long for the short way

    assert format_money(figure, currency) == format_money(longer, currency)
    assert format_rate(figure, currency) == format_rate(longer, currency)
    assert amount_texts([figure, longer], currency) == [format_money(longer, currency)] * 2
    assert rate_texts([figure, longer], currency) == [format_rate(longer, currency)] * 2
    assert percent_texts([figure, longer]) == [format_percent(longer, signed=True)] * 2


def test_where_there_is_no_figure_there_is_a_dash():
    assert rate_texts([None, Decimal("1.5")], "INR") == ["—", "1.50"]
    assert percent_texts([None, Decimal("0.00")]) == ["—", "0.00%"]


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("120.000", "120"), ("2500", "2,500"), ("0.250", "0.25"), ("100000.5", "1,00,000.5")],
)
def test_a_quantity_loses_its_trailing_zeros(quantity, expected):
    assert rendered("{{ quantity|qty }}", quantity=Decimal(quantity)) == expected


def test_a_percentage_may_carry_its_sign():
    assert format_percent(Decimal("3.825")) == "3.83%"
    assert rendered('{{ up|percent:"+" }}', up=Decimal("3.83")) == "+3.83%"
    assert rendered('{{ down|percent:"+" }}', down=Decimal("-1.2")) == "-1.20%"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Asia/Kolkata", "25 Nov 2026, 17:00 IST"),
        ("Europe/Berlin", "25 Nov 2026, 12:30 CET"),
        ("Asia/Dubai", "25 Nov 2026, 15:30 GMT+4"),
        ("Asia/Kathmandu", "25 Nov 2026, 17:15 GMT+5:45"),
    ],
)
def test_a_moment_names_its_zone(zone, expected):
    assert rendered("{{ at|when:zone }}", at=AT, zone=zone) == expected
    with timezone.override(zone):
        assert rendered("{{ at|when }}", at=AT) == expected


def test_a_moment_for_machines_stands_in_a_time_element():
    html = rendered('{% moment at "Asia/Kolkata" %}', at=AT)

    assert html == '<time datetime="2026-11-25T11:30:00+00:00">25 Nov 2026, 17:00 IST</time>'


def test_a_day_is_the_day_where_the_reader_is():
    late = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)
    with timezone.override("Asia/Kolkata"):
        assert qf.day(late) == "26 Nov 2026"
    assert qf.day(date(2026, 11, 5)) == "5 Nov 2026"


@pytest.mark.parametrize(
    ("distance", "expected"),
    [
        (timedelta(days=2, minutes=1), "in 2 days"),
        (timedelta(hours=4, minutes=1), "in 4 hours"),
        (timedelta(minutes=1, seconds=30), "in 1 minute"),
        (timedelta(days=-3, minutes=-1), "3 days ago"),
    ],
)
def test_distance_in_time_is_told_in_its_largest_unit(distance, expected):
    assert qf.fromnow(timezone.now() + distance) == expected


def test_in_a_narrow_cell_a_moment_breaks_after_the_day_alone():
    parts = ['<span class="nowrap">25 Nov 2026, </span>', '<span class="nowrap">17:00 IST</span>']

    with timezone.override("Asia/Kolkata"):
        assert rendered("{{ at|folded }}", at=AT) == " ".join(parts)


@pytest.mark.parametrize(
    "filter_name", ["money", "rate4", "qty", "percent", "when", "day", "fromnow"]
)
def test_nothing_is_a_dash(filter_name):
    assert rendered(f"{{{{ nothing|{filter_name} }}}}", nothing=None) == "—"


def test_an_icon_is_silent_unless_it_is_the_label():
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')
    assert 'role="img" aria-label="Close &lt;it&gt;"' in rendered(
        '{% icon "x" "" label %}', label="Close <it>"
    )


def test_a_pager_leaves_out_the_middle():
    page = Paginator(range(200), 10).get_page(8)

    assert list(qf.page_numbers(page)) == [1, "…", 6, 7, 8, 9, 10, "…", 20]


def test_a_stencil_fills_its_holes_escaped_and_renders_once():
    words = {"signed_in": True, "buys": True, "approves": False, "area": "", "here": "x"}

    first, second = (
        qf.stencil("components/_topbar.html", "account_menu", account_menu=menu, **words)
        for menu in ("<b>", mark_safe("<i>"))
    )

    assert first.replace("&lt;b&gt;", "<i>") == second
    assert first.count("&lt;b&gt;") == 1


def test_a_hole_that_is_not_filled_is_empty():
    assert "\ue000" not in qf.stencil("rfqs/_exports.html", "query")
