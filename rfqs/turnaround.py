"""How long approvals take: what waits for whom now, and how quickly each person decided.

Working time of the sites counts, and of the house where a supplier waits to be activated, against the time
limit each step had: two working days, four hours where the work is urgent, or what its policy said.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from operator import itemgetter
from statistics import median
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.workdays import Calendar
from rfqs.models import (
    RFQ,
    ActivationDecision,
    ActivationStep,
    ApprovalStep,
    Decision,
    StepStatus,
    Subject,
)
from rfqs.models.policies import SIGNERS

MOST_WAITING = 200
MOST_DECISIONS = 5_000  # of a period; the newest count
PERIODS = {30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("a year")}
SHARED = ("role", "person__full_name", "activated_at", "hours", "is_escalated")
OF_THE_HOUSE = {"site": None, "is_urgent": False}  # a supplier is of no site


@dataclass(frozen=True)
class Held:
    """A step that waits: for whom, for how many working hours, of how many."""

    link: str
    number: str  # of a supplier its code
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
    kinds: list[Pace]  # normal and urgent work, and suppliers: all steps of the period
    people: list[Pace]
    is_cut: bool


def turnaround(user: User, now: datetime, days: int) -> Turnaround:
    """The report of what this person may see, over the last `days`; five statements, however much it is.

    Heads and auditors see every supplier.
    """
    start = now - timedelta(days=days)
    waiting = [*_waiting(user), *_activations_waiting()]
    waiting = sorted(waiting, key=itemgetter("activated_at"))[:MOST_WAITING]
    decided = [*_decided(user, start), *_activations_decided(start)]
    decided.sort(key=itemgetter("at"), reverse=True)
    zones = {row["site"]: row["zone"] for row in (*waiting, *decided)}
    begun = [row["activated_at"] for row in (*waiting, *decided)]
    calendars = Calendar.of_all(zones, min(begun, default=now))
    made = [_made(row, calendars[row["site"]]) for row in decided[:MOST_DECISIONS]]
    return Turnaround(
        waiting=[_held(row, calendars[row["site"]], now) for row in waiting],
        kinds=_paces((kind, kind, *rest) for _person, _name, kind, *rest in made),
        people=_paces((person, name, *rest) for person, name, _kind, *rest in made),
        is_cut=len(decided) > MOST_DECISIONS,
    )


def _waiting(user: User) -> list[dict[str, Any]]:
    steps = ApprovalStep.objects.filter(
        status=StepStatus.ACTIVE,
        request__status="pending",
        request__rfq__in=RFQ.objects.visible_to(user).values("pk"),
    )
    found = steps.values(
        *SHARED, "site", number=F("request__rfq__number"), title=F("request__rfq__title"),
        subject=F("request__subject"), is_urgent=F("request__rfq__is_urgent"), code=F("site__code"),
        zone=F("site__time_zone"),
    )  # fmt: skip
    return list(found.order_by("activated_at", "pk")[:MOST_WAITING])


def _activations_waiting() -> list[dict[str, Any]]:
    steps = ActivationStep.objects.filter(status=StepStatus.ACTIVE, activation__status="pending")
    found = steps.values(
        *SHARED, number=F("activation__supplier__code"), title=F("activation__supplier__name"),
        supplier=F("activation__supplier"), subject=Value(Subject.ACTIVATION.value),
    )  # fmt: skip
    rows = found.order_by("activated_at", "pk")[:MOST_WAITING]
    return [row | OF_THE_HOUSE | {"zone": settings.TIME_ZONE} for row in rows]


def _decided(user: User, start: datetime) -> list[dict[str, Any]]:
    made = Decision.objects.filter(at__gte=start, rfq__in=RFQ.objects.visible_to(user).values("pk"))
    found = made.values(
        "by", "by__full_name", "at", activated_at=F("step__activated_at"), hours=F("step__hours"),
        is_urgent=F("rfq__is_urgent"), site=F("rfq__site"), zone=F("rfq__site__time_zone"),
    )  # fmt: skip
    return [dict(row) for row in found.order_by("-at", "pk")[: MOST_DECISIONS + 1]]


def _activations_decided(start: datetime) -> list[dict[str, Any]]:
    found = ActivationDecision.objects.filter(at__gte=start).values(
        "by", "by__full_name", "at", activated_at=F("step__activated_at"), hours=F("step__hours")
    )
    rows = found.order_by("-at", "pk")[: MOST_DECISIONS + 1]
    return [row | OF_THE_HOUSE | {"zone": settings.TIME_ZONE} for row in rows]


def _held(row: dict[str, Any], calendar: Calendar, now: datetime) -> Held:
    limit = _limit(row["hours"], urgent=row["is_urgent"])
    hours = _hours(calendar.between(row["activated_at"], now))
    supplier = row.get("supplier")
    role = str(dict(SIGNERS)[row["role"]])
    holder = row["person__full_name"] or (role if supplier else f"{role}, {row['code']}")
    if row["is_escalated"]:
        holder = _("%(holder)s, or a head") % {"holder": holder}
    page = ("rfqs:activation", supplier) if supplier else ("rfqs:detail", row["number"])
    return Held(
        link=reverse(page[0], args=[page[1]]),
        number=row["number"],
        title=row["title"],
        subject=str(Subject(row["subject"]).label),
        holder=holder,
        since=row["activated_at"],
        hours=hours,
        limit=limit,
        is_over=hours > limit,
    )


def _made(row: dict[str, Any], calendar: Calendar) -> tuple[UUID, str, str, Decimal, bool]:
    """Who decided, of which kind, after how many working hours, and whether in time."""
    hours = _hours(calendar.between(row["activated_at"], row["at"]))
    limit = _limit(row["hours"], urgent=row["is_urgent"])
    kind = "urgent" if row["is_urgent"] else "normal" if row["site"] else "supplier"
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
