"""Why is this cell so: its arithmetic in a dialog, and on a page of its own without scripts."""

import pytest
from playwright.sync_api import expect

from tests import stories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_click_on_a_figure_shows_how_it_came_about(person, javascript):
    story = stories.evaluated(prices=("10", "11"))
    buyer = person(story.buyer, javascript=javascript)
    page = buyer.go(f"/rfqs/{story.rfq.number}/compare/?view=total")

    page.locator(".qf-mx tbody a").nth(1).click()

    steps = page.locator("dialog[open] #working" if javascript else "main")
    expect(steps).to_contain_text("Amount after discounts")
    assert javascript == page.url.endswith("?view=total")
    assert buyer.complaints == []
