"""Suppliers who ask, and buyers who answer."""

from typing import Any

from rfqs.actions import clarifying
from rfqs.models import Question
from tests.doors import invitation_of
from tests.stories import Story


def asked(story: Story, which: int = 0, text: str = "Which finish?") -> Question:
    """A question of one of the story's suppliers."""
    return clarifying.ask(invitation_id=invitation_of(story, which).pk, text=text)


def answered(story: Story, question: Question, **changes: Any) -> Question:
    """The question, answered to everyone."""
    words = {"by": story.buyer, "wording": question.text, "answer": "Zinc plated, please."}
    return clarifying.answer(question_id=question.pk, **(words | changes))
