"""What the tables of the supplier's side refuse; the rest stands in `breaking`."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from quoteflow.lib.models import Sending
from rfqs.models import Access, Addendum, Attachment, InvitationCopy, Question, Round
from tests import stories
from tests.architecture.breaking import Break, World, clone, in_turn, quotation
from tests.asking import asked
from tests.factories import ContactFactory, SupplierFactory

OWN = UUID(int=7)


def access(**changes: Any) -> Break:
    """A second link of an invitation."""
    facts = {"token_hash": "0" * 64} | changes
    return lambda world: clone(_link(world), **facts)


def draft(world: World, revision: int, **changes: Any) -> Any:
    """A supplier's draft."""
    facts = {"status": "draft", "typed": {}, "submitted_at": None, "revision": revision}
    return clone(world.quotation, **(facts | {"entered_by": None} | changes))


def own_file(world: World, path: str, **changes: Any) -> Attachment:
    """A supplier's file."""
    facts = {"kind": "source", "name": "a.pdf", "size": 1, "path": path, "sha256": "0" * 64}
    facts |= {"rfq": world.picked.rfq, "invitation": world.quotation.invitation}
    return Attachment.objects.create(**(facts | changes))


def copied(world: World, **facts: Any) -> Any:
    """A copy of the letters of the draft to one more person of its first supplier."""
    invitation = world.drafted.rfq.invitations.order_by("pk").first()
    person = invitation.supplier.contacts.first() or ContactFactory(supplier=invitation.supplier)
    given = {"invitation": invitation, "contact": person, "added_by": world.drafted.buyer}
    return InvitationCopy.objects.create(**(given | facts))


def another_round(world: World, **changes: Any) -> Round:
    """A round written past the action."""
    facts = {
        "number": 2,
        "text": "Again.",
        "closed_at": timezone.now(),
        "started_at": timezone.now(),
    }
    facts |= {"rfq": world.picked.rfq, "started_by": world.picked.buyer}
    return Round.objects.create(**(facts | changes))


def addendum(**changes: Any) -> Any:
    """An addendum written past the action."""
    story = stories.opened()
    facts = {"number": 1, "text": "Why.", "before": {}, "after": {}, "needs_confirmation": False}
    facts |= {"rfq": story.rfq, "issued_by": story.buyer, "issued_at": timezone.now()}
    return Addendum.objects.create(**(facts | changes))


def second_addendum() -> None:
    """Another one with its number, which the request has not counted."""
    first = addendum()
    clone(first)


def question(**changes: Any) -> Break:
    """A changed question of an open request, which nobody has answered."""

    def change(_world: World) -> None:
        asked(stories.opened())
        Question.objects.update(**changes)

    return change


def _link(world: World) -> Access:
    return Access.objects.filter(invitation__rfq=world.picked.rfq).order_by("pk").first()


BREAKS: dict[str, Break] = {
    "rfqs_invitation_declined_round": in_turn(
        lambda world: world.drafted.rfq.invitations.update(declined_round=1),
        lambda world: clone(
            world.drafted.rfq.invitations.first(),
            supplier=SupplierFactory(),
            status="declined",
            reason="no",
        ),
    ),
    "rfqs_invitationcopy_once": lambda world: [copied(world), copied(world)],
    "lib_sending_once": lambda _world: Sending.objects.bulk_create(
        Sending(key=OWN, owner=OWN, body="", subject=OWN, sent_at=timezone.now())
        for _again in range(2)
    ),
    "rfqs_access_one_in_force": access(),
    "rfqs_access_token_hash_key": lambda world: clone(_link(world), revoked_at=timezone.now()),
    "rfqs_attachment_of_supplier": lambda world: [own_file(world, path) for path in ("a", "b")],
    "rfqs_attachment_has_origin": lambda world: own_file(world, "a", invitation=None),
    "rfqs_quotation_one_draft": lambda world: [draft(world, n) for n in (98, 99)],
    "rfqs_quotation_draft_is_typed": lambda world: draft(world, 99, typed=None),
    "rfqs_quotation_is_committed": quotation(entered_by=None, content_hash=""),
    "rfqs_question_says_something": lambda _world: clone(asked(stories.opened()), text=""),
    "rfqs_question_answer_is_whole": in_turn(
        question(answer="yes"), question(wording="so?"), question(answered_at=timezone.now())
    ),
    "rfqs_round_once": lambda world: clone(another_round(world)),
    "rfqs_round_after_the_first": lambda world: another_round(world, number=1),
    "rfqs_round_says_something": lambda world: another_round(world, text=""),
    "rfqs_addendum_says_something": lambda _world: addendum(text=""),
    "rfqs_addendum_once": lambda _world: second_addendum(),
    "rfqs_access_revoked_later": access(revoked_at="2020-01-01T00:00Z"),
}
