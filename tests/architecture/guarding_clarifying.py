"""Writes past the actions that the tables of questions must refuse; see `guarding`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rfqs.models import RFQ, Question
from tests import stories
from tests.architecture.breaking import Break, World
from tests.architecture.guarding import sql
from tests.asking import answered, asked
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
}
