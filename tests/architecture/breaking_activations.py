"""For every named constraint and guard of activations of suppliers, a plain write that it must refuse."""

from typing import Any

from django.utils import timezone

from rfqs.models import Activation, ActivationDecision, ActivationStep, ApprovalPolicy
from suppliers.models import Supplier
from tests.applying import Applying, applying
from tests.architecture.breaking import Break, World, clone
from tests.factories import ApproverFactory, HeadFactory, SupplierFactory, UserFactory
from tests.lateness import deputy_of


def row(**facts: Any) -> Break:
    """A changed activation that waits."""
    return lambda _world: Activation.objects.filter(pk=applying().activation.pk).update(**facts)


def step(**facts: Any) -> Break:
    """A changed step of one that waits."""
    return lambda _world: applying().activation.steps.update(**facts)


def another_step(**facts: Any) -> Break:
    """A second step of one that waits."""

    def write(_world: World) -> None:
        given = {"sequence": 2, "role": "head", "status": "waiting"} | facts
        applying().activation.steps.create(**given)

    return write


def decided(story: Applying, **facts: Any) -> ActivationDecision:
    """A decision on the first step."""
    asked = story.activation
    given = {
        "step": asked.steps.get(sequence=1), "by": story.approver, "outcome": "approved",
        "content_hash": asked.content_hash,
    }  # fmt: skip
    return asked.decisions.create(**(given | facts))


def decision(*steps: str, **facts: Any) -> Break:
    """A decision by the approver, changed."""
    return lambda _world: decided(applying(*steps), **facts)


def second(**facts: Any) -> Break:
    """A decision on the second step after one on the first."""

    def write(_world: World) -> None:
        story = applying("approver", "head")
        story.approver.roles = ["approver", "head"]
        story.approver.save(update_fields=["roles"])
        decided(story)
        story.activation.steps.filter(sequence=1).update(status="approved")
        story.activation.steps.filter(sequence=2).update(
            status="active", activated_at=timezone.now()
        )
        given = {name: getattr(story, one) for name, one in facts.items()}
        decided(story, step=story.activation.steps.get(sequence=2), **given)

    return write


def twice_decided(_world: World) -> None:
    """Two people at one step."""
    story = applying()
    decided(story)
    decided(story, by=ApproverFactory())


def own_work(_world: World) -> None:
    """Who asked decides."""
    story = applying()
    Activation.objects.update(requested_by=story.approver)
    decided(story)


def rewritten(_world: World) -> None:
    """A decision that is changed afterwards."""
    decided(applying())
    ActivationDecision.objects.update(comment="other")


def activated(world: World, **facts: Any) -> None:
    """Past its approval, by hand."""
    story = applying()
    Activation.objects.update(
        **({"closed_at": timezone.now()} | facts) if facts else {"reason": "x"}
    )
    Supplier.objects.filter(pk=story.supplier.pk).update(status="active")


def half_signed(_world: World) -> None:
    """One decision of two, the rest by hand."""
    story = applying("approver", "head")
    decided(story)
    story.activation.steps.update(status="approved")
    Activation.objects.update(status="approved", closed_at=timezone.now())
    Supplier.objects.filter(pk=story.supplier.pk).update(status="active")


def refused_first(_world: World) -> None:
    """A no, called a yes by hand."""
    story = applying()
    decided(story, outcome="rejected", comment="the GSTIN is not theirs")
    story.activation.steps.update(status="approved")
    Activation.objects.update(status="approved", closed_at=timezone.now())
    Supplier.objects.filter(pk=story.supplier.pk).update(status="active")


def added(_world: World) -> None:
    """A supplier that is active from the start."""
    applying()
    SupplierFactory(status="active")


def second_by_deputy(_world: World) -> None:
    """Who decided the first step lets a deputy decide the second."""
    story = applying("approver", "approver", asked=False)
    ApproverFactory()
    story.ask()
    deputy = deputy_of(story.approver)
    decided(story)
    story.activation.steps.filter(sequence=1).update(status="approved")
    story.activation.steps.filter(sequence=2).update(status="active", activated_at=timezone.now())
    last = ActivationStep.objects.get(activation=story.activation, sequence=2)
    decided(story, step=last, by=deputy, on_behalf_of=story.approver)


def out_of_order(_world: World) -> None:
    """The second step before the first."""
    story = applying("approver", "head")
    decided(story, step=story.activation.steps.get(sequence=2), by=HeadFactory())


def no_deputy(_world: World) -> None:
    """In the name of somebody who delegated nothing."""
    story = applying()
    decided(story, by=HeadFactory(), on_behalf_of=story.approver)


ACTIVATIONS: dict[str, Break] = {
    "rfqs_approvalpolicy_activation_scope": lambda _world: ApprovalPolicy.objects.create(
        name="S", subject="activation", is_urgent=True
    ),
    "rfqs_activation_one_pending": lambda _world: clone(applying().activation),
    "rfqs_activation_status_known": row(status="fine", closed_at=timezone.now()),
    "rfqs_activation_reason": row(reason=""),
    "rfqs_activation_closed_at": row(closed_at=timezone.now()),
    "rfqs_activation_used_at": row(used_at=timezone.now()),
    "rfqs_activationstep_sequence": another_step(sequence=1),
    "rfqs_activationstep_one_active": another_step(status="active"),
    "rfqs_activationstep_status_known": step(status="fine"),
    "rfqs_activationstep_signer": step(role="site_head"),
    "rfqs_activationdecision_step_id_key": twice_decided,
    "rfqs_activationdecision_one_per_person": second(),
    "rfqs_activationdecision_refusal_has_comment": decision(outcome="rejected"),
    "rfqs_activationdecision_outcome_known": decision(outcome="fine"),
}
ACTIVATION_GUARDS: dict[str, Break] = {
    "rfqs_activationdecision_same_content": decision(content_hash="0" * 64),
    "rfqs_activationdecision_in_order": out_of_order,
    "rfqs_activationdecision_not_own_work": own_work,
    "rfqs_activationdecision_by_role:a head": lambda _world: decided(applying(), by=HeadFactory()),
    "rfqs_activationdecision_by_role:superuser": lambda _world: decided(
        applying(), by=UserFactory(is_superuser=True)
    ),
    "rfqs_activationdecision_by_role:inactive": lambda _world: decided(
        applying(), by=ApproverFactory(is_active=False)
    ),
    "rfqs_activationdecision_by_role:no deputy": no_deputy,
    "rfqs_activationdecision_one_step_each": second_by_deputy,
    "rfqs_activationdecision_stays": rewritten,
    "rfqs_supplier_by_policy:while it waits": activated,
    "rfqs_supplier_by_policy:nobody decided": lambda world: activated(world, status="approved"),
    "rfqs_supplier_by_policy:half signed": half_signed,
    "rfqs_supplier_by_policy:somebody said no": refused_first,
    "rfqs_supplier_by_policy:added": added,
}
