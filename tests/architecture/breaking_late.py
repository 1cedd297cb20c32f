"""For every named constraint of late admissions, a plain write that it must refuse."""

from typing import Any

from django.utils import timezone

from rfqs.models import LateAdmission
from tests import pasts, stories
from tests.architecture.breaking import Break, World, clone
from tests.negotiating import next_round, opened_again

WHY = "their courier had an accident"


def admission(world: World, **facts: Any) -> LateAdmission:
    """Somebody asks to admit a late quotation."""
    invitation = world.submitted.rfq.invitations.first()
    given = {"invitation": invitation, "round": 1, "reason": WHY, "asked_by": world.submitted.buyer}
    return LateAdmission.objects.create(**(given | facts))


def approval(world: World, **facts: Any) -> Any:
    """A late quotation that waits for its approval."""
    given = {
        "award": None,
        "subject": "late",
        "reason": WHY,
        "status": "pending",
        "closed_at": None,
    }
    late = facts["late"] if "late" in facts else admission(world)
    return clone(world.submitted.request, **(given | facts | {"late": late}))


def twice_approved(world: World) -> None:
    """Two approvals of one late quotation."""
    approval(world, late=approval(world).late)


LATE: dict[str, Break] = {
    "rfqs_lateadmission_once_a_round": lambda world: [admission(world), admission(world)],
    "rfqs_lateadmission_two_people": lambda world: admission(
        world, confirmed_by=world.submitted.buyer, confirmed_at=timezone.now()
    ),
    "rfqs_lateadmission_confirmed_at": lambda world: admission(
        world, confirmed_by=world.submitted.head
    ),
    "rfqs_lateadmission_reason": lambda world: admission(world, reason=""),
    "rfqs_lateadmission_closed_unconfirmed": lambda world: admission(
        world,
        confirmed_by=world.submitted.head,
        confirmed_at=timezone.now(),
        closed_at=timezone.now(),
    ),
    "rfqs_approvalrequest_late": lambda world: approval(world, late=None),
    "rfqs_approvalrequest_late_id_key": twice_approved,
}


def changed(change: Any) -> Break:
    """Change a quotation of an open request past the actions; `change` tells how, of the request."""

    def write(_world: World) -> None:
        story = stories.quoted()
        story.rfq.quotations.filter(supplier=story.suppliers[0]).update(**change(story))

    return write


def unconfirmed(story: Any) -> dict[str, Any]:
    """An admission that one person asked for."""
    invitation = story.rfq.invitations.get(supplier=story.suppliers[0])
    made = LateAdmission.objects.create(
        invitation=invitation, round=1, reason=WHY, asked_by=story.buyer
    )
    return {"late": made}


def confirmed(world: World, **facts: Any) -> None:
    """Past its approval, by the person who would decide it."""
    made = approval(world, **facts)
    LateAdmission.objects.filter(approval=made).update(
        confirmed_by=world.submitted.approver, confirmed_at=timezone.now()
    )


def foreign(world: World) -> None:
    """The approval of one request about the late quotation of another."""
    other = stories.opened().rfq.invitations.first()
    made = LateAdmission.objects.create(
        invitation=other, round=1, reason=WHY, asked_by=world.submitted.buyer
    )
    approval(world, late=made)


def again_by_the_same() -> None:
    """A quotation of a second round by the admission of the first."""
    story = stories.quoted(lines=[stories.GOODS_LINE])
    pasts.close(story.rfq)
    invitation = story.rfq.invitations.get(supplier=story.suppliers[0])
    facts = {"confirmed_by": story.head, "confirmed_at": timezone.now()}
    made = LateAdmission.objects.create(
        invitation=invitation, round=1, reason=WHY, asked_by=story.buyer, **facts
    )
    next_round(opened_again(story), 0)
    quotation = stories.quote(story, story.suppliers[0], "9")
    type(quotation).objects.filter(pk=quotation.pk).update(late=made)


LATE_GUARDS: dict[str, Break] = {
    "rfqs_lateadmission_by_policy:while it waits": confirmed,
    "rfqs_lateadmission_by_policy:nobody decided": lambda world: confirmed(
        world, status="approved", closed_at=timezone.now()
    ),
    "rfqs_approvalrequest_late_belongs:of another request": foreign,
    "rfqs_approvalrequest_late_belongs:over": lambda world: approval(
        world, late=admission(world, closed_at=timezone.now())
    ),
    "rfqs_quotation_in_time": changed(lambda story: {"submitted_at": story.rfq.deadline}),
    "rfqs_quotation_admitted": changed(unconfirmed),
    "rfqs_quotation_admitted:of the round before": lambda _world: again_by_the_same(),
}
