"""Working time of a site, by hand."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Holiday
from accounts.workdays import Calendar
from tests.factories import SiteFactory

KOLKATA = ZoneInfo("Asia/Kolkata")
DIWALI = date(2026, 11, 9)  # a Monday


def at(day, hour, minute=0, zone=KOLKATA):
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2, 10), 4, at(2, 14)),  # within a Monday
        (at(2, 9), 9, at(2, 18)),  # the whole day
        (at(2, 16), 4, at(3, 11)),  # over night
        (at(2, 7), 1, at(2, 10)),  # before the day begins
        (at(2, 22), 1, at(3, 10)),  # after it
        (at(6, 15), 18, at(9, 15)),  # Friday, Saturday works, Sunday does not
        (at(7, 12), 9, at(9, 12)),  # over a Sunday
        (at(8, 12), 4, at(9, 13)),  # from a Sunday on
        (at(2, 10), 18, at(4, 10)),  # two working days
    ],
)
def test_working_time_passes_from_nine_to_six_but_not_on_sundays(start, hours, end):
    assert Calendar(KOLKATA).after(start, timedelta(hours=hours)) == end


def test_holidays_do_not_count():
    calendar = Calendar(KOLKATA, frozenset({DIWALI}))

    assert calendar.after(at(7, 12), timedelta(hours=9)) == at(10, 12)
    assert calendar.after(at(9, 12), timedelta(hours=1)) == at(10, 10)


def test_the_zone_is_the_sites():
    assert Calendar(ZoneInfo("Europe/Berlin")).after(at(2, 10), timedelta(hours=1)) == at(
        2, 10, zone=ZoneInfo("Europe/Berlin")
    )


def test_the_hour_that_a_clock_skips_is_not_waited_for():
    berlin = ZoneInfo("Europe/Berlin")  # summer time ends on 25 October 2026
    start = datetime(2026, 10, 24, 12, tzinfo=berlin)

    end = Calendar(berlin).after(start, timedelta(hours=9))

    assert end == datetime(2026, 10, 26, 12, tzinfo=berlin)


def test_a_site_has_its_own_holidays_and_everybodys(db):
    here, there = SiteFactory(), SiteFactory()
    Holiday.objects.create(on=DIWALI, name="Diwali")
    Holiday.objects.create(on=date(2026, 11, 10), name="Founder's day", site=here)

    days = {site: Calendar.of(site, at(2, 9)).holidays for site in (here, there)}

    assert days == {here: {DIWALI, date(2026, 11, 10)}, there: {DIWALI}}


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(2, 10), at(2, 14), 4),
        (at(2, 16), at(3, 11), 4),  # over night
        (at(7, 12), at(9, 12), 9),  # over a Sunday
        (at(2, 20), at(3, 8), 0),  # while nobody works
        (at(3, 12), at(2, 12), 0),  # backwards
    ],
)
def test_working_time_between_two_moments(start, end, hours):
    assert Calendar(KOLKATA).between(start, end) == timedelta(hours=hours)


def test_many_calendars_are_one_statement(db, django_assert_num_queries):
    sites = SiteFactory.create_batch(2)
    Holiday.objects.create(site=sites[0], on=DIWALI, name="Diwali")
    Holiday.objects.create(site=None, on=date(2026, 11, 10), name="Everywhere")
    zones = {site.pk: site.time_zone for site in sites}

    with django_assert_num_queries(1):
        calendars = Calendar.of_all(zones, at(2, 9))

    assert calendars == {site.pk: Calendar.of(site, at(2, 9)) for site in sites}
