"""How long approvals take: what waits for whom now, and how quickly each person decided.

Working time of the sites counts, against the time limit each step had: two working days, four hours where
the work is urgent, or what its policy said.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.workdays import Calendar
from rfqs.models import RFQ, ApprovalStep, Decision, StepStatus, Subject
from rfqs.models.policies import SIGNERS

MOST_WAITING = 200
MOST_DECISIONS = 5_000  # of a period; the newest count
PERIODS = {30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("a year")}
WAITING_FACTS = (
    "request__rfq__number", "request__rfq__title", "request__subject", "role", "person__full_name", "sequence",
    "activated_at", "due_at", "hours", "request__rfq__is_urgent", "site", "site__code", "site__time_zone",
    "is_escalated",
)  # fmt: skip
DECIDED_FACTS = (
    "by", "by__full_name", "at", "step__activated_at", "step__hours", "rfq__is_urgent", "rfq__site",
    "rfq__site__time_zone",
)  # fmt: skip


@dataclass(frozen=True)
class Held:
    """A step that waits: for whom, for how many working hours, of how many."""

    number: str
    title: str
    subject: str
    holder: str
    since: datetime
    hours: Decimal
    limit: int
    is_over: bool


@dataclass(frozen=True)
class Pace:
    """How quickly a group of decisions was made."""

    name: str
    decided: int
    median_hours: Decimal
    slowest_hours: Decimal
    within: int  # of `decided`, how many within their time limit

    @property
    def percent(self) -> int:
        """The share within the time limit, rounded down: 100 only where all are."""
        return self.within * 100 // self.decided


@dataclass(frozen=True)
class Turnaround:
    """The report."""

    waiting: list[Held]
    kinds: list[Pace]  # normal and urgent work, all steps of the period
    people: list[Pace]
    is_cut: bool


def turnaround(user: User, now: datetime, days: int) -> Turnaround:
    """The report of what this person may see, over the last `days`; three statements, however much it is."""
    start = now - timedelta(days=days)
    visible = RFQ.objects.visible_to(user).values("pk")
    steps = ApprovalStep.objects.filter(
        status=StepStatus.ACTIVE, request__status="pending", request__rfq__in=visible
    )
    waiting = _rows(steps.order_by("activated_at", "pk"), WAITING_FACTS, MOST_WAITING)
    decisions = Decision.objects.filter(at__gte=start, rfq__in=visible).order_by("-at", "pk")
    decided = _rows(decisions, DECIDED_FACTS, MOST_DECISIONS + 1)
    zones = {row["site"]: row["site__time_zone"] for row in waiting}
    zones |= {row["rfq__site"]: row["rfq__site__time_zone"] for row in decided}
    begun = [row["step__activated_at"] for row in decided] + [
        row["activated_at"] for row in waiting
    ]
    calendars = Calendar.of_all(zones, min(begun, default=now))
    made = [_made(row, calendars[row["rfq__site"]]) for row in decided[:MOST_DECISIONS]]
    return Turnaround(
        waiting=[_held(row, calendars[row["site"]], now) for row in waiting],
        kinds=_paces((kind, kind, *rest) for _person, _name, kind, *rest in made),
        people=_paces((person, name, *rest) for person, name, _kind, *rest in made),
        is_cut=len(decided) > MOST_DECISIONS,
    )


def _rows(found: Any, names: tuple[str, ...], most: int) -> list[dict[str, Any]]:
    return list(found.values(*names)[:most])


def _held(row: dict[str, Any], calendar: Calendar, now: datetime) -> Held:
    limit = _limit(row["hours"], urgent=row["request__rfq__is_urgent"])
    hours = _hours(calendar.between(row["activated_at"], now))
    holder = row["person__full_name"] or f"{dict(SIGNERS)[row['role']]}, {row['site__code']}"
    if row["is_escalated"]:
        holder = _("%(holder)s, or a head") % {"holder": holder}
    return Held(
        number=row["request__rfq__number"],
        title=row["request__rfq__title"],
        subject=str(Subject(row["request__subject"]).label),
        holder=holder,
        since=row["activated_at"],
        hours=hours,
        limit=limit,
        is_over=hours > limit,
    )


def _made(row: dict[str, Any], calendar: Calendar) -> tuple[UUID, str, str, Decimal, bool]:
    """Who decided, of which kind, after how many working hours, and whether in time."""
    hours = _hours(calendar.between(row["step__activated_at"], row["at"]))
    limit = _limit(row["step__hours"], urgent=row["rfq__is_urgent"])
    kind = "urgent" if row["rfq__is_urgent"] else "normal"
    return row["by"], row["by__full_name"], kind, hours, hours <= limit


def _paces(made: Iterable[tuple[Any, ...]]) -> list[Pace]:
    """One pace per key, those who decided most first; two people may have one name."""
    groups: dict[tuple[Any, str], list[tuple[Decimal, bool]]] = defaultdict(list)
    for key, name, hours, in_time in made:
        groups[key, name].append((hours, in_time))
    paces = [
        Pace(
            name=name,
            decided=len(rows),
            median_hours=round(Decimal(median(hours for hours, _in_time in rows)), 1),
            slowest_hours=max(hours for hours, _in_time in rows),
            within=sum(in_time for _hours, in_time in rows),
        )
        for (_key, name), rows in groups.items()
    ]
    return sorted(paces, key=lambda pace: (-pace.decided, pace.name))


def _limit(hours: int | None, *, urgent: bool) -> int:
    if hours is not None:
        return hours
    limit: int = settings.APPROVAL_HOURS_URGENT if urgent else settings.APPROVAL_HOURS
    return limit


def _hours(passed: timedelta) -> Decimal:
    return round(Decimal(passed // timedelta(seconds=1)) / 3600, 1)
