"""Writes past the actions that the tables of questions must refuse; see `guarding`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rfqs.models import RFQ, Question
from tests import stories
from tests.amending import amended
from tests.architecture.breaking import Break, World, clone
from tests.architecture.guarding import sql
from tests.architecture.supplying import addendum, another_round, copied
from tests.asking import answered, asked
from tests.bids import bid
from tests.factories import ContactFactory, SupplierFactory
from tests.negotiating import next_round, opened_again
from tests.pasts import close, end_questions


def late_question(over: Callable[[RFQ], None], **head: Any) -> Break:
    """A question that comes when its time is over."""

    def ask(_world: World) -> None:
        rfq = stories.opened(**head).rfq
        over(rfq)
        Question.objects.create(rfq=rfq, invitation=rfq.invitations.first(), text="So?")

    return ask


def changed(row: Any, **changes: Any) -> None:
    """Change a row past the actions."""
    type(row).objects.filter(pk=row.pk).update(**changes)


def other_asker() -> None:
    """Say that somebody else asked."""
    story = stories.opened()
    changed(asked(story), invitation=story.rfq.invitations.get(supplier=story.suppliers[1]))


def second_answer() -> None:
    """Change what everyone was answered."""
    story = stories.opened()
    changed(answered(story, asked(story)), answer="Otherwise.")


def late_answer() -> None:
    """Answer when it is too late for everyone."""
    story = stories.opened()
    question = asked(story)
    close(story.rfq)
    words = {"wording": "So?", "answer": "So."}
    changed(question, answered_at=timezone.now(), answered_by=story.buyer, **words)


def questions_until(change: timedelta) -> Break:
    """Move the time for questions of an open request."""

    def move(_world: World) -> None:
        until = timezone.now() + timedelta(hours=1)
        rfq = stories.opened(questions_until=until).rfq
        sql("UPDATE rfqs_rfq SET questions_until = %s WHERE id = %s", until + change, rfq.pk)

    return move


def amended_by_hand(statement: str, *values: Any) -> Break:
    """A statement about the lines of an open request, with its id at the end."""
    return lambda _world: sql(statement, *values, stories.opened().rfq.pk)


def unconfirmed(_world: World) -> None:
    """A change that leaves a quotation counting."""
    story = stories.opened()
    bid(story)
    addendum(rfq=story.rfq, after={"head": {}}, needs_confirmation=True)


def late_addendum(_world: World) -> None:
    """A change that nobody can answer any more."""
    story = stories.opened()
    close(story.rfq)
    addendum(rfq=story.rfq)


def of_an_earlier_version(_world: World) -> None:
    """A new quotation for what is not asked for any more."""
    story = stories.opened()
    sent = bid(story)
    amended(story)
    clone(sent, revision=2, status="submitted")


def confirmed_by_hand(_world: World) -> None:
    """A quotation that counts again although nobody confirmed it."""
    story = stories.opened()
    sent = bid(story)
    amended(story)
    changed(sent, status="submitted")


def into_a_missed_round() -> None:
    """A quotation in the round that its supplier was left out of."""
    story = next_round(stories.evaluated(), 0)
    next_round(opened_again(story), 1)
    clone(
        story.rfq.quotations.get(round=1, supplier=story.suppliers[1]), round=2, status="superseded"
    )


CLARIFYING: dict[str, Break] = {
    # questions: asked in their window, answered once and in time, kept; the window is never shortened
    "rfqs_question_in_its_window:closed": late_question(close),
    "rfqs_question_in_its_window:questions over": late_question(
        end_questions, questions_until=timezone.now() + timedelta(hours=1)
    ),
    "rfqs_question_in_its_window:not open": lambda world: Question.objects.create(
        rfq=world.picked.rfq, invitation=world.picked.rfq.invitations.first(), text="So?"
    ),
    "rfqs_question_of_an_invited": lambda world: Question.objects.create(
        rfq=stories.opened().rfq, invitation=world.picked.rfq.invitations.first(), text="So?"
    ),
    "rfqs_question_stays:text": lambda _world: changed(asked(stories.opened()), text="Otherwise?"),
    "rfqs_question_stays:asker": lambda _world: other_asker(),
    "rfqs_question_stays:answer": lambda _world: second_answer(),
    "rfqs_question_answered_in_time": lambda _world: late_answer(),
    "rfqs_question_kept": lambda _world: asked(stories.opened()).delete(),
    "rfqs_rfq_questions_later:shorter": questions_until(-timedelta(seconds=1)),
    "rfqs_rfq_questions_later:from the closing time": lambda _world: sql(
        "UPDATE rfqs_rfq SET questions_until = deadline WHERE id = %s", stories.opened().rfq.pk
    ),
    # DOMAIN 2: rounds are kept, and who was not asked to one does not quote in it
    "rfqs_round_stays:text": lambda world: changed(another_round(world), text="Else."),
    "rfqs_round_stays:gone": lambda world: another_round(world).delete(),
    "rfqs_quotation_of_the_asked": lambda world: clone(
        world.quotation, round=2, status="superseded"
    ),
    "rfqs_quotation_of_the_asked:to a later one": lambda _world: into_a_missed_round(),
    "rfqs_quotation_keeps_its_round": lambda world: changed(world.quotation, round=2),
    "rfqs_invitation_to_the_present_round": lambda world: changed(
        world.picked.rfq.invitations.first(), round=2
    ),
    "rfqs_invitation_to_the_present_round:new": lambda world: clone(
        world.drafted.rfq.invitations.first(), supplier=SupplierFactory(), round=2
    ),
    # copies go to people of the supplier who is asked
    "rfqs_invitationcopy_of_the_supplier": lambda world: copied(world, contact=ContactFactory()),
    "rfqs_invitationcopy_of_the_supplier:later": lambda world: changed(
        copied(world), contact=ContactFactory()
    ),
    # T6: an open request changes by an addendum, and no quotation counts that does not know it
    "rfqs_addendum_in_time": late_addendum,
    "rfqs_addendum_is_the_next": lambda _world: addendum(number=2),
    "rfqs_addendum_confirms_changes:unsaid": lambda _world: addendum(after={"head": {}}),
    "rfqs_addendum_confirms_changes:for nothing": lambda _world: addendum(needs_confirmation=True),
    "rfqs_addendum_stays:text": lambda _world: changed(amended(stories.opened()), text="Else."),
    "rfqs_addendum_stays:gone": lambda _world: amended(stories.opened()).delete(),
    "rfqs_addendum_unconfirms": unconfirmed,
    "rfqs_quotation_of_this_version:new": of_an_earlier_version,
    "rfqs_quotation_of_this_version:again": confirmed_by_hand,
    "rfqs_rfq_words_by_addendum:title": amended_by_hand(
        "UPDATE rfqs_rfq SET title = 'Else' WHERE id = %s"
    ),
    "rfqs_rfq_words_by_addendum:place": amended_by_hand(
        "UPDATE rfqs_rfq SET delivery_place = 'Else' WHERE id = %s"
    ),
    "rfqs_rfq_promise_stays": amended_by_hand("UPDATE rfqs_rfq SET is_sealed = true WHERE id = %s"),
    "rfqs_line_frozen:open, changed": amended_by_hand(
        "UPDATE rfqs_rfqline SET quantity = 1 WHERE rfq_id = %s"
    ),
    "rfqs_line_frozen:open, removed": amended_by_hand("DELETE FROM rfqs_rfqline WHERE rfq_id = %s"),
}
