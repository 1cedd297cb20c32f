"""For every named constraint of late admissions, a plain write that it must refuse."""

from typing import Any

from django.utils import timezone

from rfqs.models import LateAdmission
from tests import stories
from tests.architecture.breaking import Break, World

WHY = "their courier had an accident"


def admission(world: World, **facts: Any) -> LateAdmission:
    """Somebody asks to admit a late quotation."""
    invitation = world.submitted.rfq.invitations.first()
    given = {"invitation": invitation, "round": 1, "reason": WHY, "asked_by": world.submitted.buyer}
    return LateAdmission.objects.create(**(given | facts))


LATE: dict[str, Break] = {
    "rfqs_lateadmission_once_a_round": lambda world: [admission(world), admission(world)],
    "rfqs_lateadmission_two_people": lambda world: admission(
        world, confirmed_by=world.submitted.buyer, confirmed_at=timezone.now()
    ),
    "rfqs_lateadmission_confirmed_at": lambda world: admission(
        world, confirmed_by=world.submitted.head
    ),
    "rfqs_lateadmission_reason": lambda world: admission(world, reason=""),
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


LATE_GUARDS: dict[str, Break] = {
    "rfqs_quotation_in_time": changed(lambda story: {"submitted_at": story.rfq.deadline}),
    "rfqs_quotation_admitted": changed(unconfirmed),
}
