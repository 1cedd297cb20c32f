"""The way of an approval: who asked, who decided what, who is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Role, User
from rfqs import policy
from rfqs.models import StepStatus
from rfqs.policy import Asked, Step

ICONS = {
    StepStatus.APPROVED: ("circle-check", "done"),
    StepStatus.REJECTED: ("circle-x", "refused"),
    StepStatus.RETURNED: ("undo-2", "refused"),
    StepStatus.ACTIVE: ("circle-dot", ""),
    StepStatus.WAITING: ("circle", ""),
    StepStatus.SKIPPED: ("circle-minus", ""),
}


@dataclass(frozen=True)
class Stage:
    """One stop of the way, ready to print."""

    icon: str
    css: str
    title: str
    who: str
    at: datetime | None
    comment: str = ""
    is_now: bool = False


def stages(request: Asked, steps: Sequence[Step]) -> list[Stage]:
    """Submission first, then every step; `steps` come with their decisions and deciders."""
    first = Stage(
        "circle-check", "done", _("Submitted"), str(request.requested_by), request.created_at
    )
    return [first, *(_stage(step) for step in steps)]  # fmt: skip


def steps_of(request: Asked) -> list[Any]:
    """The steps in order, each with its decision and who made it, in one statement."""
    return list(
        request.steps.select_related("person", "decision__by", "decision__on_behalf_of").order_by(
            "sequence"
        )
    )


def why_not(user: User, request: Asked, steps: Sequence[Step]) -> str:
    """Why this person cannot decide now; nothing where they can."""
    active = next((step for step in steps if step.status == StepStatus.ACTIVE), None)
    if active is None:
        return _("Nothing waits for a decision here.")
    decided = parties(steps, active)
    if user.pk in decided:
        return _("You decide another step of this request; another person decides this one.")
    if policy.decides_as(user, request, active, decided) is not None:
        return ""
    return _whose_step(user, request, active)


def _whose_step(user: User, request: Asked, active: Step) -> str:
    if policy.can_decide(user, request, active):
        return _("Whom you stand in for decides another step; another person decides this one.")
    if user.pk in request.barred or user.pk == request.requested_by_id:
        return _("You worked on this yourself, so another person decides it.")
    if active.person is not None:
        return _("This step waits for %(name)s.") % {"name": active.person}
    if active.role == Role.HEAD:
        return _("This step waits for a head.")
    if active.site_id is None:
        return _("This step waits for an approver.")
    return _("This step waits for an approver of the site.")


def _stage(step: Step) -> Stage:
    icon, css = ICONS[StepStatus(step.status)]
    names = {
        "n": step.sequence,
        "role": step.person or step.get_role_display(),
        "status": step.get_status_display().lower(),
    }
    title = _("Step %(n)d, %(role)s: %(status)s") % names  # fmt: skip
    decision = getattr(step, "decision", None)
    if decision is None:
        is_now = step.status == StepStatus.ACTIVE
        return Stage(icon, css, title, "", step.activated_at if is_now else None, is_now=is_now)
    return Stage(icon, css, title, decision.signature, decision.at, decision.comment)


def parties(steps: Sequence[Step], active: Step) -> set[UUID]:
    """Who decides no second step: who decided one, for whom it was decided, whom a later one names.

    `steps` come with their decisions.
    """
    decisions = [step.decision for step in steps if hasattr(step, "decision")]
    people = {pk for one in decisions for pk in (one.by_id, one.on_behalf_of_id)}
    people |= {step.person_id for step in steps if step.sequence > active.sequence}
    return {pk for pk in people if pk is not None}
