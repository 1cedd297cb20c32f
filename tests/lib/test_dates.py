"""Days and moments from files and forms."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from quoteflow.lib.dates import parse_date, parse_datetime

KOLKATA, BERLIN = ZoneInfo("Asia/Kolkata"), ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-11-25", None),
        (" 2026-11-25\u00a0", None),
        ("2026-11-25 00:00:00", None),
        ("2026-11-25T00:00:00.000", None),
        ("25 Nov 2026", None),
        ("25-november-2026", None),
        ("2026-11-25", "mdy"),
        ("25/11/2026", "dmy"),
        ("25.11.26", "dmy"),
        ("25-Nov-26", "dmy"),
        ("11/25/2026", "mdy"),
    ],
)
def test_days_are_read_in_the_stated_order(text, order):
    assert parse_date(text, order) == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "order", "sentence"),
    [
        ("", None, "A date is missing here."),
        ("tomorrow", None, "“tomorrow” is not a date. Write it like 2026-11-25."),
        ("20261125", None, "“20261125” is not a date."),
        ("2026-2-3", None, "“2026-2-3” is not a date."),
        ("05/06/2026", None, "“05/06/2026” can be read in two ways."),
        ("02-Jun-06", None, "The year of “02-Jun-06” has two digits."),
        ("2026-02-30", None, "There is no day “2026-02-30” in the calendar."),
        ("25/11/2026", "mdy", "There is no day “25/11/2026” in the calendar."),
        ("0026-11-25", None, "The year of “0026-11-25” is outside 1900 to 2199."),
        ("2026-11-25 17:00", None, "“2026-11-25 17:00” has a time of day"),
        ("45986", None, "“45986” is not a date."),
    ],
)
def test_other_days_are_refused_with_a_sentence(text, order, sentence):
    with pytest.raises(ValueError, match=r"\S") as refused:
        parse_date(text, order)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-11-25 17:00", None),
        ("2026-11-25T17:00:00", None),
        ("2026-11-25 5:00 pm", None),
        ("25 Nov 2026, 17:00", None),
        ("25/11/2026 17:00", "dmy"),
        ("2026-11-25T11:30:00Z", None),
        ("2026-11-25 12:30+01:00", None),
    ],
)
def test_moments_are_in_the_zone_unless_they_carry_an_offset(text, order):
    moment = parse_datetime(text, KOLKATA, order)
    assert (moment, moment.tzinfo) == (datetime(2026, 11, 25, 11, 30, tzinfo=UTC), KOLKATA)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-11-25", "“2026-11-25” has no time of day. Write it like 2026-11-25 17:00."),
        ("2026-02-30", "There is no day “2026-02-30” in the calendar."),
        ("2026-11-25 25:00", "There is no time of day like the one in “2026-11-25 25:00”"),
        ("2026-11-25 13:00 pm", "There is no time of day like the one in “2026-11-25 13:00 pm”"),
        ("2026-11-25 17:00 IST", "The time in “2026-11-25 17:00 IST” is not understood."),
        ("2026-11-25 17:00+19:00", "The offset +19:00 of “2026-11-25 17:00+19:00” does not exist"),
        ("2026-03-29 02:30", "“2026-03-29 02:30” does not exist: the clocks are put forward"),
    ],
)
def test_other_moments_are_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=r"\S") as refused:
        parse_datetime(text, BERLIN)
    assert sentence in str(refused.value)


def test_of_a_moment_that_comes_twice_the_earlier_is_meant():
    twice = parse_datetime("2026-10-25 02:30", BERLIN)
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
