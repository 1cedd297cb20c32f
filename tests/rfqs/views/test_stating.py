"""The page where a buyer adds what quotations leave open."""

import pytest

from rfqs.actions import drafting, opening
from tests import stories
from tests.conftest import signed_in
from tests.rfqs.actions.test_stating import TARIFF, imported
from tests.rfqs.views.test_comparing import read, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return imported()


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def test_the_comparison_says_what_is_missing_and_who_adds_it(story, browser):
    page = read(browser, url("compare", story))[1]

    assert "Customs duty not stated: the buyer adds it" in page
    assert "Nobody states the customs duty of some imported lines" in page
    assert url("state_taxes", story) in page
    assert "incomplete 0/1" in page


def test_the_page_asks_for_open_percentages_alone_and_adds_them(story, browser):
    status, page = read(browser, url("state_taxes", story))
    assert (status, "Line 1: basic customs duty %" in page, "Line 1: GST %" in page) == (
        200, True, False,
    )  # fmt: skip
    assert f"left open by {story.suppliers[0].name}" in page

    answer = browser.post(url("state_taxes", story), {"duty-1": "7.5", "source": TARIFF})

    assert answer.url == url("compare", story)
    after = read(browser, url("compare", story))[1]
    assert "Customs duty added by the buyer" in after
    assert "1,082.50" in after
    assert "Some percentages of GST or customs duty were added by a buyer." in after
    assert 'value="7.5"' in read(browser, url("state_taxes", story))[1]


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"duty-1": "", "source": TARIFF}, "Fill in at least one percentage."),
        ({"duty-1": "seven", "source": TARIFF}, "Line 1: basic customs duty %"),
        ({"duty-1": "7.5", "source": ""}, "Where the percentages are from: Fill this in."),
    ],
)
def test_what_is_not_well_filled_in_comes_back_as_it_was_typed(posted, words, story, browser):
    answer = browser.post(url("state_taxes", story), posted)

    page = " ".join(answer.content.decode().split())
    story.rfq.refresh_from_db()
    assert (answer.status_code, story.rfq.added_taxes) == (422, {})
    assert words in page
    assert all(f'value="{typed}"' in page for typed in posted.values() if typed)


def test_where_everything_is_stated_there_is_nothing_to_add():
    story = stories.evaluated()

    page = read(signed_in(story.buyer), url("state_taxes", story))[1]

    assert "<fieldset" not in page.partition("<main")[2]
    assert "Every quotation states its GST and customs duty" in page


def test_nothing_is_added_once_the_award_is_submitted():
    story = stories.submitted()

    answer = signed_in(story.buyer).post(url("state_taxes", story), {"source": TARIFF})

    assert answer.status_code == 409


def test_what_was_typed_stays_where_the_evaluation_ended_meanwhile(story, browser):
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="the shutdown is called off")

    answer = browser.post(url("state_taxes", story), {"duty-1": "7.5", "source": TARIFF})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "GST and customs duty are added under evaluation only." in page
    assert all(f'value="{typed}"' in page for typed in ("7.5", TARIFF))


def test_an_offer_without_a_rank_says_why():
    story = stories.opened()
    stories.quote(story, story.suppliers[0], "11")
    stories.quote(story, story.suppliers[1], "10", freight_term="not_stated")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    page = read(signed_in(story.buyer), url("compare", story))[1]

    assert "Freight not stated: ask the supplier" in page
    assert "not ranked" in page
