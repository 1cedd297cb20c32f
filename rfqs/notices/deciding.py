"""To the people of the house: what waits for them, and what was decided."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from rfqs import policy
from rfqs.content import Change
from rfqs.models import (
    RFQ,
    ActivationStep,
    ApprovalRequest,
    ApprovalStep,
    Decision,
    StepStatus,
)
from rfqs.notices.post import local, to_people


def step_activated(
    rfq: RFQ, request: ApprovalRequest, step: ApprovalStep, addresses: list[str] | None = None
) -> None:
    """Ask everyone who may decide this step; `addresses` are theirs, where the caller has them."""
    if addresses is None:
        addresses = _asked_for(step)
    context = {"rfq": rfq, "request": request, "step": step}
    _to_deciders("approval_asked", step, addresses, context)


def step_reminded(rfq: RFQ, step: ApprovalStep) -> None:
    """Half of the time is over: ask everyone who may decide once more."""
    context = {"rfq": rfq, "step": step, "due": local(step.due_at, rfq)}
    _to_deciders("approval_reminder", step, _asked_for(step), context)


def step_overdue(rfq: RFQ, step: ApprovalStep) -> None:
    """The time is over: tell everyone who may decide, those who may from now on included."""
    context = {"rfq": rfq, "step": step, "due": local(step.due_at, rfq)}
    _to_deciders("approval_overdue", step, _asked_for(step), context)


def award_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell what was decided about an award."""
    _decided("award_decided", rfq, request, decision)


def cancellation_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell what became of the cancellation of an award."""
    _decided("cancellation_decided", rfq, request, decision)


def review_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell whether suppliers are asked now."""
    _decided("review_decided", rfq, request, decision)


def late_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell whether a late quotation may be entered."""
    supplier = request.admission().invitation.supplier
    _decided("late_decided", rfq, request, decision, supplier=supplier)


def approval_voided(rfq: RFQ, request: ApprovalRequest, changes: Sequence[Change]) -> None:
    """Tell the people who asked for an approval that it is void, and what had changed."""
    context = {"rfq": rfq, "request": request, "changes": changes}
    to_people("approval_voided", str(request.pk), _authors(rfq, request), context)


def settled(steps: Collection[UUID]) -> set[UUID]:
    """Which of these steps, of requests or of suppliers, wait for nobody any more."""
    ids = Q(pk__in=steps)
    active = ApprovalStep.objects.filter(ids, status=StepStatus.ACTIVE).values_list("pk")
    more = ActivationStep.objects.filter(ids, status=StepStatus.ACTIVE).values_list("pk")
    return set(steps) - {pk for (pk,) in active.union(more, all=True)}


def _decided(
    kind: str, rfq: RFQ, request: ApprovalRequest, decision: Decision, **more: Any
) -> None:
    """To who wrote the request or asked, who decided an earlier step, and in whose name anybody did."""
    told = Q(pk__in=[rfq.requester_id, request.requested_by_id, decision.on_behalf_of_id])
    earlier = request.decisions.exclude(pk=decision.pk)
    told |= Q(pk__in=earlier.values("by")) | Q(pk__in=earlier.values("on_behalf_of"))
    people = User.objects.get_queryset().active().filter(told).order_by("email")
    addresses = list(people.values_list("email", flat=True))
    context = {"rfq": rfq, "request": request, "decision": decision, "by": decision.signature}
    to_people(kind, str(decision.pk), addresses, context | more)


def _to_deciders(
    kind: str, step: ApprovalStep, addresses: list[str], context: dict[str, Any]
) -> None:
    """Of several late quotations of one request, each letter leads to its own."""
    query = f"?approval={step.request_id}" if step.request.late_id else ""
    to_people(kind, str(step.pk), addresses, context, query, about=step.pk)


def _asked_for(step: ApprovalStep) -> list[str]:
    """The addresses of everyone who can decide this step now, deputies included."""
    steps = ApprovalStep.objects.filter(pk=step.pk)
    found: list[str] = steps.values_list(policy.addresses_of_deciders(), flat=True).get()
    return found


def _authors(rfq: RFQ, request: ApprovalRequest) -> list[str]:
    """The addresses of who wrote the request, and of who asked for its approval."""
    wrote = [rfq.requester_id, request.requested_by_id]
    people = User.objects.get_queryset().active().filter(pk__in=wrote)
    return list(people.values_list("email", flat=True).order_by("email"))
