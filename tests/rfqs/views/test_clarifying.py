"""The pages of questions and answers: the buyer's, and the suppliers'."""

import pytest

from accounts.models import Role
from tests import pasts, stories
from tests.asking import answered, asked
from tests.conftest import signed_in
from tests.doors import entered
from tests.factories import BuyerFactory, UserFactory
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened(suppliers=3)


def tab(story):
    return f"/rfqs/{story.rfq.number}/questions/"


def portal(story):
    return f"/portal/{story.rfq.number}/questions/"


def text_of(response):
    return response.content.decode()


def test_from_the_question_to_the_answer_on_every_suppliers_page(story):
    asker, other, buyer = entered(story), entered(story, 1), signed_in(story.buyer)

    sent = asker.post(portal(story), {"text": "Is a longer bolt fine?"})
    question = story.rfq.questions.get()
    hidden = text_of(other.get(portal(story)))
    page = text_of(buyer.get(tab(story)))
    answer = buyer.post(
        f"{tab(story)}{question.pk}/answer/", {"wording": "Longer bolts?", "answer": "Up to 60 mm."}
    )

    shown = text_of(other.get(portal(story)))
    assert (sent.status_code, sent.url, answer.url) == (302, portal(story), tab(story))
    assert "Is a longer bolt fine?" in text_of(asker.get(portal(story))) or "Up to 60 mm." in shown
    assert ("Is a longer bolt fine?" in hidden, "Is a longer bolt fine?" in page) == (False, True)
    assert ("Longer bolts?" in shown, "Up to 60 mm." in shown) == (True, True)
    assert "Is a longer bolt fine?" not in shown


def test_no_supplier_learns_who_asked(story):
    answered(story, asked(story))
    asked(story, text="And the crate?")
    other = entered(story, 1)

    seen = text_of(other.get(portal(story))) + text_of(
        other.get(portal(story)[: -len("questions/")])
    )

    supplier = story.suppliers[0]
    names = (
        supplier.name,
        supplier.code,
        str(story.rfq.questions.first().invitation_id),
        "crate",
    )
    assert [name for name in names if name in seen] == []


def test_the_buyer_sees_who_asked_but_of_a_sealed_request_not_before_its_opening(story):
    sealed = stories.opened(suppliers=2, is_sealed=True)
    for one in (story, sealed):
        answered(one, asked(one))
        asked(one, text="And the crate?")

    pages = [text_of(signed_in(one.buyer).get(tab(one))) for one in (story, sealed)]

    named = [
        page.count(one.suppliers[0].name) for one, page in zip((story, sealed), pages, strict=True)
    ]
    assert named == [2, 0]


def test_an_answer_that_names_the_asker_keeps_what_was_typed(story):
    question = asked(story)
    words = {"wording": f"{story.suppliers[0].name} asks", "answer": "Zinc, and nothing else"}

    response = signed_in(story.buyer).post(f"{tab(story)}{question.pk}/answer/", words)

    assert response.status_code == 422
    assert "would tell who asked" in text_of(response)
    assert "Zinc, and nothing else" in text_of(response)


def test_who_may_not_answer_is_offered_no_form(story):
    question = asked(story)
    auditor = signed_in(UserFactory(roles=[Role.AUDITOR.value]))
    stranger = signed_in(BuyerFactory())
    address = f"{tab(story)}{question.pk}/answer/"
    words = {"wording": "a", "answer": "b"}

    assert "Answer everyone" not in text_of(auditor.get(tab(story)))
    assert (
        auditor.post(address, words).status_code,
        stranger.post(address, words).status_code,
    ) == (403, 404)
    assert entered(story, 1).post(address, words).status_code == 302  # to the sign-in
    question.refresh_from_db()
    assert question.answered_at is None


def test_a_question_is_found_under_its_own_request_only(story):
    question, other = asked(story), stories.opened(site=story.site)

    address = f"/rfqs/{other.rfq.number}/questions/{question.pk}/answer/"
    assert signed_in(story.buyer).post(address, {"wording": "a", "answer": "b"}).status_code == 404


def test_after_the_closing_time_what_was_typed_comes_back(story):
    asker = entered(story)
    pasts.close(story.rfq)

    late = asker.post(portal(story), {"text": "Am I too late?"})
    empty = entered(story, 1).get(portal(story))

    assert (late.status_code, "Am I too late?" in text_of(late)) == (409, True)
    assert "The time for questions is over." in text_of(empty)
    assert story.rfq.questions.count() == 0


def test_an_empty_question_is_said_at_its_field(story):
    response = entered(story).post(portal(story), {"text": " "})

    assert (response.status_code, 'aria-invalid="true"' in text_of(response)) == (422, True)


def test_the_overview_points_at_questions_that_wait(story):
    asked(story)
    page = text_of(signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/"))

    assert "1 question of a supplier waits for an answer." in page


@pytest.mark.parametrize("address", [tab, portal])
def test_fifty_questions_cost_the_statements_of_one(story, address):
    browser = entered(story, 1) if address is portal else signed_in(story.buyer)
    counts = []
    for n in (1, 17):
        for k in range(n):
            answered(story, asked(story, text=f"Question {n} {k}"))
            asked(story, k % 3, text=f"Waiting {n} {k}")
        with statements() as found:
            browser.get(address(story))
        counts.append(len(found))

    assert counts[0] == counts[1]
