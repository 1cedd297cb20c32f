"""Time limits of approvals: a reminder at half of the time, one more approver when it is over.

Nothing is decided here. Working time counts, of the site (accounts.workdays).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from accounts.models import Role
from accounts.workdays import Calendar
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from rfqs import notices, policy
from rfqs.models import RFQ, ApprovalStep, RequestStatus, StepStatus

HALF = 2
MOST_AT_ONCE = 500  # of each kind; the next run goes on


def watch(now: datetime) -> dict[str, int]:
    """Look after every step that waits for a decision; how many were timed, reminded, escalated.

    Each step is its own transaction. Running it again, or twice at once, changes nothing more.
    """
    active = ApprovalStep.objects.filter(status=StepStatus.ACTIVE)
    untimed = Q(due_at=None)
    half_over = Q(reminded_at=None, remind_at__lte=now)
    over = Q(overdue_at=None, due_at__lte=now)
    done = {"timed": 0, "reminded": 0, "escalated": 0}
    for name, due, act in (
        ("timed", untimed, set_limit),
        ("escalated", over, escalate),
        ("reminded", half_over, remind),
    ):
        steps = active.filter(due).order_by("activated_at", "pk").values_list("pk", flat=True)
        for pk in list(steps[:MOST_AT_ONCE]):
            done[name] += act(step_id=pk, now=now)
    return done


def limit(rfq: RFQ, start: datetime, hours: int | None = None) -> dict[str, datetime]:
    """When a step that begins at `start` is reminded of, and when its time is over.

    `hours` of working time, or None for the usual.
    """
    if hours is None:
        hours = settings.APPROVAL_HOURS_URGENT if rfq.is_urgent else settings.APPROVAL_HOURS
    calendar, working = Calendar.of(rfq.site, start), timedelta(hours=hours)
    return {
        "remind_at": calendar.after(start, working / HALF),
        "due_at": calendar.after(start, working),
    }


@action
def set_limit(*, step_id: UUID, now: datetime) -> bool:
    """Give a step its time limit, from the moment it became active."""
    step = _lock(step_id)
    if step is None or step.due_at is not None or step.activated_at is None:
        return False
    for name, moment in limit(step.request.rfq, step.activated_at, step.hours).items():
        setattr(step, name, moment)
    step.save(update_fields=["remind_at", "due_at"])
    return True


@action
def remind(*, step_id: UUID, now: datetime) -> bool:
    """Ask everyone who can decide the step once more."""
    step = _lock(step_id)
    if (
        step is None
        or step.reminded_at is not None
        or step.remind_at is None
        or step.remind_at > now
    ):
        return False
    step.reminded_at = now
    step.save(update_fields=["reminded_at"])
    rfq = step.request.rfq
    journal.record("award.reminded", step, by=None, stream=rfq.pk, after={"step": step.sequence})
    notices.step_reminded(rfq, step)
    return True


@action
def escalate(*, step_id: UUID, now: datetime) -> bool:
    """The time is over: the heads may decide the step too, unless a later step would miss them (A3)."""
    step = _lock(step_id)
    if step is None or step.overdue_at is not None or step.due_at is None or step.due_at > now:
        return False
    step.overdue_at = now
    step.reminded_at = step.reminded_at or now  # a reminder after this would say less
    step.is_escalated = step.role != Role.HEAD and _can_spare_a_head(step)
    step.save(update_fields=["overdue_at", "reminded_at", "is_escalated"])
    rfq = step.request.rfq
    after = {"step": step.sequence, "added": [Role.HEAD.value] if step.is_escalated else []}
    journal.record("award.escalated", step, by=None, stream=rfq.pk, after=after)
    notices.step_overdue(rfq, step)
    return True


def _can_spare_a_head(step: ApprovalStep) -> bool:
    """Whether enough heads are left for the later steps if one of them decides this one."""
    later = step.request.steps.filter(sequence__gt=step.sequence, role=Role.HEAD)
    as_head = ApprovalStep(request=step.request, role=Role.HEAD, site_id=step.site_id)
    heads: int = policy.deciders(step.request, as_head).count()
    return heads > later.count()


def _lock(step_id: UUID) -> ApprovalStep | None:
    """The active step of a pending approval under its request's lock; None when that is over."""
    rfq = RFQ.objects.filter(approval_requests__steps=step_id).values_list("pk", flat=True).first()
    if rfq is None:
        return None
    locked = RFQ.objects.lock(rfq)
    steps = ApprovalStep.objects.select_for_update(of=("self",), no_key=True)
    step = (
        steps.filter(pk=step_id, status=StepStatus.ACTIVE, request__status=RequestStatus.PENDING)
        .select_related("request")
        .first()
    )
    if step is not None:
        step.request.rfq = locked
    return step
