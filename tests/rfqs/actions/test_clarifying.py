"""Questions within their window, answered once, to all, with the asker hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import clarifying, drafting, sourcing
from rfqs.actions.clarifying import MOST_WAITING, WindowOver
from rfqs.actions.quoting import NotOpen
from rfqs.models import Question
from rfqs.states import IllegalTransition
from tests import pasts, stories
from tests.asking import answered, asked
from tests.doors import invitation_of
from tests.factories import BuyerFactory, ContactFactory
from tests.races import race
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened(suppliers=3)


def test_a_question_waits_and_its_requester_is_told_nothing_of_it(story):
    question = asked(story, text="  Is M12 x 60 accepted?  ")

    story.rfq.refresh_from_db()
    (letter,) = OutboxMessage.objects.filter(kind="question_asked")
    assert (question.text, story.rfq.open_question_count) == ("Is M12 x 60 accepted?", 1)
    assert letter.recipient == story.rfq.requester.email
    assert ("M12 x 60" in letter.text, story.suppliers[0].name in letter.text) == (False, False)
    assert facts(last_event(story.rfq)) == (None, "question.ask", "rfqs.question", {}, {})


def test_the_same_question_twice_is_one(story):
    assert asked(story).pk == asked(story).pk
    assert asked(story, 1).pk != asked(story).pk


def test_one_supplier_asks_so_much_and_no_more(story):
    for n in range(MOST_WAITING):
        asked(story, text=f"Question {n}")

    with pytest.raises(DomainError, match="wait already"):
        asked(story, text="One more")
    assert asked(story, 1).answered_at is None


def test_an_empty_question_is_none(story):
    with pytest.raises(Incomplete):
        asked(story, text=" \n")


def test_an_answer_goes_to_everyone_who_was_asked_and_names_nobody(story):
    declined = invitation_of(story, 2)
    type(declined).objects.filter(pk=declined.pk).update(
        status="declined", declined_round=1, reason="no time"
    )

    answered(story, asked(story))

    texts = set(
        OutboxMessage.objects.filter(kind="question_answered").values_list("text", flat=True)
    )
    story.rfq.refresh_from_db()
    assert recipients("question_answered") == sorted(one.email for one in story.suppliers)
    assert story.rfq.open_question_count == 0
    plain = {text.partition("\n")[2] for text in texts}  # without the greeting
    assert len(plain) == 1
    assert "Zinc plated, please." in plain.pop()
    assert last_event(story.rfq).after == {"comment": "Which finish?"}


@pytest.mark.parametrize("spelt", [str.upper, lambda name: name.replace(" ", "\n  ")])
def test_no_word_of_it_tells_who_asked(story, spelt):
    supplier = story.suppliers[0]
    ContactFactory(supplier=supplier, name="Asha Rao", email="asha@acme.test")
    question = asked(story)

    for name in (supplier.name, supplier.code, supplier.email, "Asha Rao", "asha@acme.test"):
        with pytest.raises(Incomplete, match="would tell who asked"):
            answered(story, question, wording=f"We, {spelt(name)}, ask which finish.")
        with pytest.raises(Incomplete, match="would tell who asked"):
            answered(story, question, answer=f"Thank you, {spelt(name)}.")
    assert OutboxMessage.objects.filter(kind="question_answered").count() == 0


def test_another_supplier_may_be_named_where_prices_are_open_and_none_where_they_are_sealed(story):
    sealed = stories.opened(suppliers=2, is_sealed=True)

    answered(story, asked(story), answer=f"As {story.suppliers[1].name} makes them.")
    with pytest.raises(Incomplete, match="would tell who asked"):
        answered(sealed, asked(sealed), answer=f"As {sealed.suppliers[1].name} makes them.")


def test_a_name_inside_another_word_is_no_name(story):
    story.suppliers[0].name = "Zin"
    story.suppliers[0].save(update_fields=["name"])

    assert answered(story, asked(story)).answer == "Zinc plated, please."


def test_a_question_is_answered_once(story):
    question = answered(story, asked(story))

    with pytest.raises(DomainError, match="answered already"):
        answered(story, question, answer="Or black.")
    question.refresh_from_db()
    assert question.answer == "Zinc plated, please."


def test_both_words_of_an_answer_are_needed(story):
    question = asked(story)

    for words in ({"wording": " "}, {"answer": ""}):
        with pytest.raises(Incomplete):
            answered(story, question, **words)


def test_buyers_of_the_site_answer_and_nobody_else(story):
    question = asked(story)

    for stranger in (BuyerFactory(), story.approver):
        with pytest.raises(NotAllowed):
            answered(story, question, by=stranger)
    assert verbs(story.rfq)[-1] == "attempt.denied"
    assert answered(story, question, by=BuyerFactory(sites=[story.site])).answered_at


def test_nobody_asks_or_is_answered_after_the_closing_time(story):
    question = asked(story)
    pasts.close(story.rfq)

    with pytest.raises(WindowOver):
        asked(story, 1)
    with pytest.raises(IllegalTransition, match="too late"):
        answered(story, question)
    assert Question.objects.count() == 1


def test_questions_may_end_before_the_closing_time(story):
    with_window = stories.opened(questions_until=timezone.now() + timedelta(hours=2))
    question = asked(with_window)
    pasts.end_questions(with_window.rfq)

    with pytest.raises(WindowOver):
        asked(with_window, text="And the length?")
    assert answered(with_window, question).answered_at


def test_nobody_asks_once_it_is_called_off_or_before_the_invitation_left(story):
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need")

    with pytest.raises(NotOpen):
        asked(story)
    with pytest.raises(NotOpen):
        asked(stories.drafted())


def test_questions_end_at_the_closing_time_at_the_latest():
    story = stories.drafted()
    late = story.rfq.deadline + timedelta(seconds=1)

    with pytest.raises(Incomplete, match="at the latest"):
        drafting.revise(
            rfq_id=story.rfq.pk, version=None, by=story.buyer, head={"questions_until": late}
        )


def test_a_request_whose_question_time_is_over_does_not_go_out():
    story = stories.drafted(questions_until=timezone.now() - timedelta(hours=1))

    with pytest.raises(Incomplete, match="not over yet"):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)


def test_an_extension_moves_the_time_for_questions_later_or_leaves_it():
    until = timezone.now() + timedelta(hours=3)
    story = stories.opened(questions_until=until)
    closes = story.rfq.deadline
    common = {"rfq_id": story.rfq.pk, "by": story.buyer, "reason": "a strike"}

    kept = sourcing.extend(deadline=closes + timedelta(hours=1), **common)
    assert kept.questions_until == until
    for wrong in (until - timedelta(seconds=1), closes + timedelta(hours=9)):
        with pytest.raises(Incomplete):
            sourcing.extend(deadline=closes + timedelta(hours=2), questions_until=wrong, **common)
    later = until + timedelta(hours=1)
    moved = sourcing.extend(deadline=closes + timedelta(hours=2), questions_until=later, **common)
    assert moved.questions_until == later
    whole = sourcing.extend(deadline=closes + timedelta(hours=3), questions_until=None, **common)
    assert whole.questions_until is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_question_that_waited_past_the_closing_time_is_late():
    story = stories.opened(deadline=database_now() + timedelta(seconds=1.5))

    ended = race(story.rfq, lambda: asked(story), until=lambda: pasts.wait_for_closing(story.rfq))

    assert (ended, Question.objects.count()) == (["refused"], 0)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_a_clock_read_before_the_wait_admits_it(monkeypatch):
    story = stories.opened(deadline=database_now() + timedelta(seconds=1.5))
    before = database_now()
    monkeypatch.setattr(clarifying, "database_now", lambda: before)

    with pasts.unguarded("rfqs_question"):
        ended = race(
            story.rfq, lambda: asked(story), until=lambda: pasts.wait_for_closing(story.rfq)
        )

    assert (ended, Question.objects.count()) == (["done"], 1)
