"""Ways of awarding side by side, and taking one over."""

import pytest
from django.urls import reverse

from rfqs.models import Award
from tests import stories
from tests.conftest import signed_in
from tests.rfqs.views.pages import statements
from tests.rfqs.views.test_comparing import picks, read

pytestmark = pytest.mark.django_db


def url(story, name="scenarios"):
    return reverse(f"rfqs:{name}", args=[story.rfq.number])


@pytest.fixture
def story():
    return stories.evaluated(prices=("10", "11"))


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def test_four_ways_are_costed_and_the_cheapest_is_named(story, browser):
    status, page = read(browser, url(story))

    assert status == 200
    for name in (
        "Everything to the lowest",
        "Lowest of every line",
        "Best award",
        "Best with two suppliers",
    ):
        assert f"<h3>{name}</h3>" in page
    assert page.count("Cheapest of these") == 4
    assert page.count("Proven: none of this kind is cheaper") == 2
    assert page.count("1,000.00") == 4


def test_conditions_make_a_fifth_way(story, browser):
    first = story.rfq.quotations.get(supplier=story.suppliers[0]).pk
    status, page = read(browser, f"{url(story)}?excluded={first}", HX_Request="true")

    assert (status, page.count("<h3>")) == (200, 5)
    assert "+100.00 on the cheapest" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("together=1,9", "There is no line 9."),
        ("together=one", "“one” is no list of line numbers."),
        ("max_suppliers=0", "At least one supplier is needed."),
        ("least_share=40", "Choose the supplier of this share."),
    ],
)
def test_conditions_that_cannot_be_read_are_refused_beside_their_field(
    story, browser, query, sentence
):
    status, page = read(browser, f"{url(story)}?{query}")

    assert (status, sentence in page, "<h3>Best award</h3>" in page) == (422, True, True)


def test_a_way_is_taken_over_as_the_picks(story, browser):
    page = browser.get(url(story)).context["scenarios"]
    [best] = [one for one in page if one.name == "Best award"]

    answer = browser.post(
        url(story, "save_picks"), {f"line-{position}": key for position, key in best.picks}
    )

    assert answer.status_code == 302
    assert [(position, supplier) for position, supplier, _quantity in picks(story)] == [
        (1, story.suppliers[0])
    ]
    assert str(Award.objects.get().total) == "1000.00"


def test_who_may_only_read_gets_no_button_and_a_sealed_request_no_figure(story):
    approver = signed_in(story.approver)
    assert "Use this" not in read(approver, url(stories.submitted()))[1]

    sealed = stories.quoted(is_sealed=True)
    assert signed_in(sealed.buyer).get(url(sealed)).status_code == 403


def test_as_many_statements_as_the_matrix(story, browser):
    browser.get(url(story))
    with statements() as ways:
        browser.get(url(story))
    with statements() as matrix:
        browser.get(url(story, "compare"))

    assert len(ways) <= len(matrix) <= 9
