"""For every named constraint of policies and approvals, a plain write that it must refuse."""

from decimal import Decimal

from rfqs.models import ApprovalPolicy
from tests.architecture.breaking import (
    Break,
    band,
    clone,
    decision,
    in_turn,
    request,
    second_decision,
    step,
    taken_step,
    twice,
)

SOMEONE = "01234567-89ab-7cde-8f01-23456789abcd"
APPROVALS: dict[str, Break] = {
    "rfqs_approvalpolicy_one_per_scope": lambda _world: [
        ApprovalPolicy.objects.create(name=name) for name in "AB"
    ],
    "rfqs_approvalpolicy_name_key": lambda _world: [
        ApprovalPolicy.objects.create(name="A", is_active=False) for _two in range(2)
    ],
    "rfqs_approvalband_once": twice(band, band),
    "rfqs_approvalband_positive": lambda _world: band(up_to=Decimal(0)),
    "rfqs_approvalband_steps_known": lambda _world: band(steps=["approver", "tea"]),
    "rfqs_approvalband_no_person_twice": lambda _world: band(steps=[SOMEONE, "head", SOMEONE]),
    "rfqs_approvalband_hours_per_step": lambda _world: band(hours=[8, 8]),
    "rfqs_approvalband_has_steps": lambda _world: band(steps=[]),
    "rfqs_approvalrequest_one_pending": lambda world: clone(world.submitted.request),
    "rfqs_approvalrequest_status_known": request(status="fine"),
    "rfqs_approvalpolicy_file": lambda _world: ApprovalPolicy.objects.create(asks_file=True),
    "rfqs_approvalpolicy_subject": lambda _world: ApprovalPolicy.objects.create(subject="tea"),
    "rfqs_approvalrequest_reason": in_turn(
        request(subject="cancellation"), request(reason="no"), request(subject="tea")
    ),
    "rfqs_approvalrequest_award": in_turn(
        request(award=None), request(subject="publication"), request(subject="late", reason="no")
    ),
    "rfqs_approvalrequest_closed_at": request(closed_at=None),
    "rfqs_approvalstep_sequence": lambda world: clone(
        world.submitted.request.steps.get(), status="waiting"
    ),
    "rfqs_approvalstep_one_active": lambda world: clone(
        world.submitted.request.steps.get(), sequence=2
    ),
    "rfqs_approvalstep_status_known": step(status="fine"),
    "rfqs_approvalstep_person": in_turn(
        step(role="person"), lambda world: step(person=world.submitted.head)(world)
    ),
    "rfqs_approvalstep_activated_at": step(activated_at=None),
    "rfqs_decision_one_per_person": second_decision,
    "rfqs_decision_refusal_has_comment": decision(outcome="rejected"),
    "rfqs_decision_outcome_known": decision(outcome="fine"),
    "rfqs_decision_step_id_key": taken_step,
}
