"""Time limits of approvals: a reminder at half of the time, one more approver when it is over.

Nothing is decided here. Working time counts, of the site; of the house where a supplier waits, which is of no
site (accounts.workdays).
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
from rfqs.models import RFQ, ActivationStep, ApprovalStep, RequestStatus, StepStatus
from rfqs.policy import Step
from suppliers.models import Supplier

HALF = 2
MOST_AT_ONCE = 500  # of each kind; the next run goes on


def watch(now: datetime) -> dict[str, int]:
    """Look after every step that waits for a decision; how many were timed, reminded, escalated.

    Each step is its own transaction. Running it again, or twice at once, changes nothing more.
    """
    untimed = Q(due_at=None)
    half_over = Q(reminded_at=None, remind_at__lte=now)
    over = Q(overdue_at=None, due_at__lte=now)
    done = {"timed": 0, "reminded": 0, "escalated": 0}
    for name, due, act in (
        ("timed", untimed, set_limit),
        ("escalated", over, escalate),
        ("reminded", half_over, remind),
    ):
        for pk in [*_found(ApprovalStep, due), *_found(ActivationStep, due)]:
            done[name] += act(step_id=pk, now=now)
    return done


def _found(steps: type[Step], due: Q) -> list[UUID]:
    active = steps.objects.filter(due, status=StepStatus.ACTIVE)
    return list(active.order_by("activated_at", "pk").values_list("pk", flat=True)[:MOST_AT_ONCE])


def limit(rfq: RFQ, start: datetime, hours: int | None = None) -> dict[str, datetime]:
    """When a step that begins at `start` is reminded of, and when its time is over.

    `hours` of working time, or None for the usual.
    """
    if hours is None:
        hours = settings.APPROVAL_HOURS_URGENT if rfq.is_urgent else settings.APPROVAL_HOURS
    return _moments(Calendar.of(rfq.site, start), start, hours)


def activation_limit(start: datetime, hours: int | None = None) -> dict[str, datetime]:
    """As `limit`, of a step at which a supplier waits."""
    return _moments(Calendar.of_house(start), start, hours or settings.APPROVAL_HOURS)


def _moments(calendar: Calendar, start: datetime, hours: int) -> dict[str, datetime]:
    working = timedelta(hours=hours)
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
    if isinstance(step, ActivationStep):
        moments = activation_limit(step.activated_at, step.hours)
    else:
        moments = limit(step.request.rfq, step.activated_at, step.hours)
    for name, moment in moments.items():
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
    _record("reminded", step, {"step": step.sequence})
    if isinstance(step, ActivationStep):
        notices.activation_reminded(step)
    else:
        notices.step_reminded(step.request.rfq, step)
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
    added = [Role.HEAD.value] if step.is_escalated else []
    _record("escalated", step, {"step": step.sequence, "added": added})
    if isinstance(step, ActivationStep):
        notices.activation_overdue(step)
    else:
        notices.step_overdue(step.request.rfq, step)
    return True


def _record(what: str, step: Step, after: dict[str, object]) -> None:
    """An event in the story of the request, or of the supplier; nobody's."""
    if isinstance(step, ActivationStep):
        verb, stream = f"supplier.activation_{what}", step.activation.supplier_id
    else:
        verb, stream = f"award.{what}", step.request.rfq_id
    journal.record(verb, step, by=None, stream=stream, after=after)


def _can_spare_a_head(step: Step) -> bool:
    """Whether enough heads are left for the later steps if one of them decides this one."""
    asks_a_head = {"sequence__gt": step.sequence, "role": Role.HEAD}
    if isinstance(step, ActivationStep):
        later = step.activation.steps.filter(**asks_a_head).count()
        by_a_head = ActivationStep(
            activation=step.activation, role=Role.HEAD, sequence=step.sequence
        )
        return bool(policy.activators(step.activation, by_a_head).count() > later)
    later = step.request.steps.filter(**asks_a_head).count()
    as_head = ApprovalStep(request=step.request, role=Role.HEAD, site_id=step.site_id)
    return bool(policy.deciders(step.request, as_head).count() > later)


def _lock(step_id: UUID) -> Step | None:
    """The active step of a pending approval under its request's lock; None when that is over."""
    rfq = RFQ.objects.filter(approval_requests__steps=step_id).values_list("pk", flat=True).first()
    if rfq is None:
        return _lock_activation(step_id)
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


def _lock_activation(step_id: UUID) -> ActivationStep | None:
    """The active step of a pending activation under its supplier's lock; None when that is over."""
    supplier = Supplier.objects.filter(activations__steps=step_id)
    supplier.select_for_update(of=("self",), no_key=True).first()
    steps = ActivationStep.objects.select_for_update(of=("self",), no_key=True)
    waits = {"status": StepStatus.ACTIVE, "activation__status": RequestStatus.PENDING}
    return steps.filter(pk=step_id, **waits).select_related("activation__supplier").first()
