"""The page on which a buyer chooses who gets copies."""

import pytest

from rfqs.models import InvitationCopy
from tests import pasts, stories
from tests.conftest import signed_in
from tests.rfqs.actions.test_copying import choose, peopled, person

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(response.content.decode().split())


def page_of(story, which=0):
    return f"/rfqs/{story.rfq.number}/suppliers/{story.suppliers[which].pk}/copies/"


def test_a_draft_names_them_before_it_is_sent():
    story = stories.drafted(suppliers=2)
    bina = peopled(story)
    browser, number = signed_in(story.buyer), story.rfq.number
    form = text_of(browser.get(page_of(story)))

    saved = browser.post(page_of(story), {"contacts": [str(bina.pk)]})
    check = text_of(browser.get(f"/rfqs/{number}/check/"))
    letters = text_of(browser.get(f"/rfqs/{number}/check/letters/"))
    ticked = text_of(browser.get(page_of(story)))

    assert ("Bina Das, bina@first.example.com" in form, "checked" in form) == (True, False)
    assert (saved.status_code, saved.url) == (302, f"/rfqs/{number}/check/")
    assert "Copies to Bina Das" in check
    assert ("Copy to bina@first.example.com" in letters, "checked" in ticked) == (True, True)


def test_an_open_request_shows_them_and_takes_them_back():
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    browser, overview = signed_in(story.buyer), f"/rfqs/{story.rfq.number}/"

    saved = browser.post(page_of(story), {"contacts": [str(bina.pk)]})
    shown = text_of(browser.get(overview))
    browser.post(page_of(story), {})
    nobody = text_of(browser.get(overview))

    name = story.suppliers[0].name
    assert saved.url == overview
    assert f"1 more person of {name} gets copies." in shown
    assert f"Nobody else of {name} gets copies." in nobody
    assert "Copies to Bina Das" in shown
    assert not InvitationCopy.objects.exists()


def test_nobody_of_another_supplier_is_offered_or_taken():
    story = stories.drafted(suppliers=2)
    peopled(story)
    foreign = person(story, 1, name="Someone Else")
    browser = signed_in(story.buyer)

    wrong = browser.post(page_of(story), {"contacts": [str(foreign.pk)]})
    nonsense = browser.post(page_of(story), {"contacts": ["x"]})

    assert "Someone Else" not in text_of(browser.get(page_of(story)))
    assert (wrong.status_code, nonsense.status_code) == (422, 422)
    assert not InvitationCopy.objects.exists()


def test_a_refusal_keeps_what_was_ticked():
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    pasts.close(story.rfq)

    answer = signed_in(story.buyer).post(page_of(story), {"contacts": [str(bina.pk)]})

    assert (answer.status_code, "checked" in text_of(answer)) == (409, True)


def test_a_supplier_without_other_people_is_said_to_have_none():
    story = stories.drafted(suppliers=1)

    assert "Nobody else of" in text_of(signed_in(story.buyer).get(page_of(story)))


def test_a_draft_that_is_under_nobodys_eyes_has_no_copies_of_others():
    story, other = stories.drafted(suppliers=1), stories.drafted(suppliers=1)
    choose(story, peopled(story))

    assert "Copies to" not in text_of(
        signed_in(other.buyer).get(f"/rfqs/{other.rfq.number}/check/")
    )
