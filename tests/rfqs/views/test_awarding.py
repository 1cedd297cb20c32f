"""The check page of an award, its submission, what became of it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import awarding, deciding
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, SiteFactory, UserFactory
from tests.rfqs.views.pages import at_version

pytestmark = pytest.mark.django_db

REASON = {"reason-not_lowest": "the other cannot deliver"}


def url(name, story):
    return reverse(f"rfqs:{name}", args=[story.rfq.number])


def read(answer):
    return " ".join(answer.content.decode().split())


def state(story):
    story.rfq.refresh_from_db()
    return story.rfq.status


def quotation(story, n):
    return story.rfq.quotations.get(supplier=story.suppliers[n]).pk


@pytest.fixture
def story():
    """The dearer of two is picked: one exception."""
    return stories.picked(winner=1)


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


@pytest.mark.parametrize("name", ["submit", "withdraw", "apd"])
def test_changes_are_posts_of_people_who_may(story, browser, name):
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))

    assert browser.get(url(name, story)).status_code == 405
    assert stranger.post(url(name, story)).status_code == 404
    assert Client().post(url(name, story)).status_code == 302


def test_an_auditor_looks_and_does_not_submit(story):
    auditor = signed_in(UserFactory(roles=["auditor"]))

    assert auditor.get(url("award", story)).status_code == 200
    assert auditor.post(url("submit", story), at_version(story, REASON)).status_code == 403
    assert state(story) == "evaluation"


def test_without_picks_the_page_sends_back_to_the_comparison():
    story = stories.evaluated()

    assert "Nothing is awarded yet" in read(signed_in(story.buyer).get(url("award", story)))


def test_the_page_shows_costs_exceptions_and_the_route(story, browser):
    page = read(browser.get(url("award", story)))

    assert "1,100.00" in page
    assert "10.00% higher" in page
    assert 'name="reason-not_lowest"' in page
    assert 'name="reason-tie"' not in page
    assert "Step 1: Approver" in page
    assert "Step 2" not in page


def test_a_complete_award_is_submitted(story, browser):
    answer = browser.post(
        url("submit", story), at_version(story, REASON | {"recommendation": "Please."})
    )

    assert answer.url == url("award", story)
    assert state(story) == "pending"
    award = story.rfq.awards.get()
    assert award.reasons == {"not_lowest": "the other cannot deliver"}
    assert award.recommendation == "Please."


def test_a_usual_reason_is_reason_enough(story, browser):
    browser.post(
        url("submit", story),
        at_version(story, {"preset-not_lowest": "The lowest cannot deliver in time."}),
    )

    assert state(story) == "pending"


def test_an_incomplete_award_comes_back_with_what_was_typed(story, browser, htmx):
    data = {"reason-not_lowest": "short", "recommendation": "Please approve."}

    whole = browser.post(url("submit", story), at_version(story, data))
    part = browser.post(url("submit", story), at_version(story, data), headers=htmx)

    assert (whole.status_code, part.status_code) == (422, 422)
    assert 'value="short"' in read(whole)
    assert "Please approve.</textarea>" in read(whole)
    assert read(part).startswith('<section id="award"')
    assert 'aria-invalid="true"' in read(part)
    assert state(story) == "evaluation"


def test_htmx_is_sent_to_the_outcome(story, browser, htmx):
    answer = browser.post(url("submit", story), at_version(story, REASON), headers=htmx)

    assert answer["HX-Redirect"] == url("award", story)


def test_a_submitted_award_is_not_submitted_again(htmx):
    story = stories.submitted()
    browser = signed_in(story.buyer)

    assert browser.post(url("submit", story), at_version(story, REASON)).status_code == 409
    assert (
        browser.post(url("submit", story), at_version(story, REASON), headers=htmx).status_code
        == 409
    )


def test_a_line_is_shared_out_and_the_rest_explained(story, browser):
    data = {
        "split": "1",
        f"quantity-1-{quotation(story, 0)}": "50",
        f"quantity-1-{quotation(story, 1)}": "30",
        "gap-1": "twenty are in stock",
        "do": "save",
    }

    answer = browser.post(url("submit", story), at_version(story, data))

    award = story.rfq.awards.get()
    assert answer.status_code == 200
    assert sorted(award.lines.values_list("quantity", flat=True)) == [30, 50]
    assert award.gaps.get().reason == "twenty are in stock"
    assert "20 pc not awarded" in read(answer)


def test_a_line_left_out_needs_its_reason():
    story = stories.evaluated(lines=[stories.GOODS_LINE] * 2)
    first, _second = story.rfq.lines.order_by("position")
    pick = awarding.Pick(first.pk, quotation(story, 0))
    awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    browser = signed_in(story.buyer)
    partial = {"reason-partial": "the rest comes later"}

    refused = browser.post(url("submit", story), at_version(story, partial | {"gap-2": ""}))
    browser.post(url("submit", story), at_version(story, partial | {"gap-2": "found in the store"}))

    assert refused.status_code == 422
    assert "Line 2 is not awarded in full" in read(refused)
    assert state(story) == "pending"
    assert story.rfq.awards.get().gaps.get().reason == "found in the store"


def test_a_quantity_that_is_no_number_is_said_and_kept(story, browser):
    data = {"split": "1", f"quantity-1-{quotation(story, 0)}": "1e5", "do": "save"}

    answer = browser.post(url("submit", story), at_version(story, data))

    assert answer.status_code == 422
    assert 'value="1e5"' in read(answer)
    assert story.rfq.awards.get().lines.get().quantity == Decimal(100)


def test_shares_that_another_buyer_saved_are_shown_beside_ours_and_stay(story, browser, htmx):
    page = at_version(story)
    other = BuyerFactory(sites=[story.site])
    (line,) = story.rfq.lines.all()
    theirs = [awarding.Pick(line.pk, quotation(story, 0))]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=theirs, by=other)
    mine = page | {
        "split": "1",
        f"quantity-1-{quotation(story, 1)}": "60",
        "gap-1": "forty are in stock",
        "recommendation": "As agreed.",
        "do": "save",
    }

    whole = browser.post(url("submit", story), mine)
    part = browser.post(url("submit", story), mine, headers=htmx)

    for answer in (whole, part):
        shown = read(answer)
        assert answer.status_code == 409
        assert f"{other} saved other picks in the meantime" in shown
        cells = f'{story.suppliers[0].name}</td><td class="pre">{story.suppliers[1].name} 60</td>'
        assert f'<td class="pre">{cells}' in shown
        assert '—</td><td class="pre">forty are in stock</td>' in shown
        assert ('value="60"' in shown, "As agreed.</textarea>" in shown) == (True, True)
    assert story.rfq.awards.get().lines.get().quantity == 100

    again = mine | {"version": whole.context["version"]}
    assert browser.post(url("submit", story), again).status_code == 200
    assert story.rfq.awards.get().lines.get().quantity == 60


def test_nobody_submits_picks_that_they_have_not_seen(story, browser):
    page = at_version(story, REASON | {"recommendation": "As agreed."})
    (line,) = story.rfq.lines.all()
    other = BuyerFactory(sites=[story.site])
    theirs = [awarding.Pick(line.pk, quotation(story, 0))]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=theirs, by=other)

    answer = browser.post(url("submit", story), page)

    assert (answer.status_code, state(story)) == (409, "evaluation")
    assert f"{other} saved other picks in the meantime" in read(answer)
    assert "As agreed.</textarea>" in read(answer)
    again = page | {"version": answer.context["version"]}
    assert browser.post(url("submit", story), again).status_code == 302


def test_a_refused_quantity_keeps_the_version_of_its_page(story, browser):
    page = at_version(story, {"split": "1", f"quantity-1-{quotation(story, 0)}": "1e5"})
    awarding.save_draft(rfq_id=story.rfq.pk, picks=[], by=story.buyer)

    answer = browser.post(url("submit", story), page)

    assert (answer.status_code, answer.context["version"]) == (422, page["version"])


def test_the_award_is_withdrawn_until_somebody_decided():
    story = stories.submitted(prices=("9000", "9100"))
    browser = signed_in(story.buyer)

    assert "Withdraw the award" in read(browser.get(url("award", story)))
    assert browser.post(url("withdraw", story)).status_code == 302
    assert state(story) == "evaluation"
    assert browser.post(url("withdraw", story)).status_code == 409


def test_after_a_decision_it_is_not_withdrawn():
    story = stories.submitted(prices=("9000", "9100"))
    story.decide(deciding.approve, story.approver)

    answer = signed_in(story.buyer).post(url("withdraw", story))

    assert answer.status_code == 409
    assert "Somebody has decided already" in read(answer)


def test_the_outcome_shows_the_orders():
    story = stories.approved()

    page = read(signed_in(story.buyer).get(url("award", story)))

    assert story.rfq.orders.get().number in page
    assert "prices are remembered" in page


def test_the_pricing_team_adds_the_number_once():
    story = stories.approved()
    browser = signed_in(UserFactory(roles=["pricing"], sites=[story.site]))

    empty = browser.post(url("apd", story), {"apd_number": " "})
    first = browser.post(url("apd", story), {"apd_number": "APD 77"})
    again = browser.post(url("apd", story), {"apd_number": "APD 78"})
    other = signed_in(story.buyer).post(url("apd", story), {"apd_number": "APD 79"})

    codes = [answer.status_code for answer in (empty, first, again, other)]
    assert codes == [422, 302, 409, 403]
    assert "APD 77" in read(browser.get(url("award", story)))


def test_letters_are_read_before_they_leave_and_name_no_other_price():
    story = stories.picked(prices=("10.25", "11.75"))

    page = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/award/letters/").content.decode()

    assert page.count("<article") == 2
    assert "INR 10.25" in page
    assert "11.75" not in page
    assert "(number given with the approval)" in page
    assert OutboxMessage.objects.filter(kind__in=("award_letter", "regret_letter")).count() == 0
    none = stories.evaluated()
    assert signed_in(none.buyer).get(f"/rfqs/{none.rfq.number}/award/letters/").status_code == 404
