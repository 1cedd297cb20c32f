"""Texts as people write them, read into values."""

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from rfqs.forms import fields


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (fields.DecimalText(places=4), "₹ 1,23,456.50", Decimal("123456.50")),
        (fields.DecimalText(required=False), "", None),
        (fields.PercentText(), "18 %", Decimal(18)),
        (fields.DayText(), "25 Nov 2026", date(2026, 11, 25)),
    ],
)
def test_a_field_reads_what_people_write(field, text, value):
    assert field.clean(text) == value


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (fields.DecimalText(), "1e5", "is not a number"),
        (fields.DecimalText(whole=3), "1000", "At most 3 digits"),
        (fields.DecimalText(), "1.234", "at most 2 are allowed"),
        (fields.PercentText(), "101", "from 0 to 100"),
        (fields.DayText(), "25/11/2026", "two ways"),
        (fields.MomentText(zone=ZoneInfo("Europe/Berlin")), "2026-03-29T02:30", "put forward"),
    ],
)
def test_a_field_says_what_it_cannot_read(field, text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        field.clean(text)


def test_a_moment_is_the_sites_time_both_ways():
    field = fields.MomentText(zone=ZoneInfo("Asia/Kolkata"))

    moment = field.clean("2026-11-25T17:00")

    assert moment.isoformat() == "2026-11-25T17:00:00+05:30"
    assert field.prepare_value(moment.astimezone(ZoneInfo("UTC"))) == "2026-11-25T17:00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("12.5000"), "12.5"),
        (Decimal("1200"), "1200"),
        (Decimal("1E+3"), "1000"),
        (None, ""),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_a_stored_value_is_shown_plainly(value, text):
    assert fields.plain(value) == text


def test_a_choice_is_read_by_its_word_or_its_label():
    read = fields.choice_reader({"half_year": "Half-year"})

    assert (read("half_year"), read("HALF-YEAR")) == ("half_year", "half_year")
    with pytest.raises(ValueError, match="Choose one of: Half-year"):
        read("week")
