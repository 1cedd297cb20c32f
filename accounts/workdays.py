"""Working time of a site: Monday to Saturday, 9 to 18 in its zone, without its holidays (DOMAIN 9).

What is of no site goes by the house: its time zone, and the holidays of all sites.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from accounts.models import Holiday, Site

OPENS, CLOSES = time(9), time(18)
SUNDAY = 6
HOURS_A_DAY = 9
HORIZON = timedelta(days=400)  # further than any time limit reaches


@dataclass(frozen=True)
class Calendar:
    """When a site works."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, site: Site, start: datetime) -> "Calendar":
        """The calendar of a site from `start` on: its own holidays and those of all sites; one statement."""
        own = Holiday.objects.filter(Q(site=site) | Q(site=None))
        reach = own.filter(on__range=(start.date() - timedelta(1), start.date() + HORIZON))
        return cls(site.zone, frozenset(reach.values_list("on", flat=True)))

    @classmethod
    def of_house(cls, start: datetime) -> "Calendar":
        """The calendar of what is of no site, from `start` on; one statement."""
        return cls.of_all({None: settings.TIME_ZONE}, start)[None]

    @classmethod
    def of_all(
        cls, zones: Mapping[UUID | None, str], start: datetime
    ) -> "dict[UUID | None, Calendar]":
        """The calendars of many sites from `start` on; `zones` maps their ids to zones; one statement.

        None is the house.
        """
        reach = Holiday.objects.filter(
            on__range=(start.date() - timedelta(1), start.date() + HORIZON)
        )
        days = list(reach.values_list("site", "on"))
        return {
            site: cls(ZoneInfo(zone), frozenset(on for own, on in days if own in (None, site)))
            for site, zone in zones.items()
        }

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`, as `after` counts it; nothing where it ends before."""
        passed = timedelta()
        for opens, closes in self._days(start):
            if opens >= end:
                break
            passed += max(min(closes, end) - max(opens, start), timedelta())
        return passed

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The moment at which `working` time has passed since `start`, in the site's zone.

        Hours are those of the clock on the wall, also on a day when clocks are changed.
        """
        left = working
        for opens, closes in self._days(start):
            begin = max(opens, start)
            if left <= closes - begin:
                return begin + left
            left -= closes - begin
        raise ValueError(working)  # more than HORIZON holds

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing of every working day that ends after `start`."""
        first = start.astimezone(self.zone).date()
        for number in range(HORIZON.days):
            day = first + timedelta(days=number)
            closes = datetime.combine(day, CLOSES, tzinfo=self.zone)
            if day.weekday() != SUNDAY and day not in self.holidays and closes > start:
                yield datetime.combine(day, OPENS, tzinfo=self.zone), closes
