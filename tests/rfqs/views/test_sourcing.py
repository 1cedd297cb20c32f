"""Choosing suppliers, checking, publishing, extending, closing."""

import pytest
from django.test import Client
from django.urls import reverse

from quoteflow.notifications.models import OutboxMessage
from rfqs.models import RFQ, ApprovalPolicy
from tests import pasts, stories
from tests.conftest import signed_in
from tests.factories import (
    BuyerFactory,
    ContactFactory,
    ItemFactory,
    SiteFactory,
    SupplierFactory,
    UserFactory,
)
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.drafted()


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def url(name, rfq):
    return reverse(f"rfqs:{name}", args=[rfq.number])


def chosen(rfq):
    return set(rfq.invitations.values_list("supplier__code", flat=True))


@pytest.mark.parametrize("name", ["suppliers", "publish", "extend", "close"])
def test_strangers_see_nothing_and_nobody_goes_unsigned(story, name):
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))

    assert stranger.post(url(name, story.rfq)).status_code == 404
    assert Client().post(url(name, story.rfq)).status_code == 302


def test_ticked_suppliers_are_added_and_one_is_removed(story, browser):
    new = SupplierFactory()

    added = browser.post(f"{url('suppliers', story.rfq)}?q=pune", {"s": [new.pk]})
    browser.post(url("suppliers", story.rfq), {"remove": story.suppliers[0].pk})

    assert added.url == f"{url('suppliers', story.rfq)}?q=pune"
    assert chosen(story.rfq) == {story.suppliers[1].code, new.code}


def test_the_search_stays_after_adding_under_it(story, browser, htmx):
    new = SupplierFactory(name="Fresh Castings")
    facts = {"s": [new.pk], "query": "q=fresh"}

    answer = browser.post(url("suppliers", story.rfq), facts, headers=htmx)

    assert [one.name for one in answer.context["found"]] == ["Fresh Castings"]
    assert 'value="fresh"' in answer.content.decode()


def test_a_refused_choice_keeps_its_ticks(story, browser):
    good, gone = SupplierFactory(), SupplierFactory(status="suspended")

    answer = browser.post(url("suppliers", story.rfq), {"s": [good.pk, gone.pk]})

    box = f'value="{good.pk}" id="s-{good.code}" aria-label="{good.name}" checked'
    assert (answer.status_code, box in answer.content.decode()) == (422, True)


def test_with_htmx_the_picker_comes_back_changed(story, browser, htmx):
    new = SupplierFactory(name="Fresh Castings")

    answer = browser.post(url("suppliers", story.rfq), {"s": [new.pk]}, headers=htmx)

    page = answer.content.decode()
    assert 'id="picker"' in page
    assert "<html" not in page
    assert "Remove Fresh Castings" in page


def test_searching_with_htmx_brings_the_rows_alone(story, browser, htmx):
    SupplierFactory(name="Fresh Castings")

    headers = htmx | {"HX-Target": "found"}
    answer = browser.get(f"{url('suppliers', story.rfq)}?q=fresh", headers=headers)

    assert [one.name for one in answer.context["found"]] == ["Fresh Castings"]
    assert 'id="picker"' not in answer.content.decode()


def test_filters_narrow_and_what_cannot_be_asked_says_why(story, browser):
    SupplierFactory(name="Idle Works", category="Castings", status="suspended")
    SupplierFactory(name="Paper Works", category="Castings", email="")

    page = browser.get(f"{url('suppliers', story.rfq)}?category=Castings")

    text = page.content.decode()
    assert [one.name for one in page.context["found"]] == ["Idle Works", "Paper Works"]
    assert ("Suspended: cannot be asked" in text, "No e-mail address" in text) == (True, True)


def test_a_suspended_supplier_is_refused_with_a_sentence(story, browser):
    idle = SupplierFactory(status="suspended")

    answer = browser.post(url("suppliers", story.rfq), {"s": [idle.pk]})

    assert answer.status_code == 422
    assert f"{idle.name} is suspended" in answer.content.decode()


def test_nothing_ticked_is_said(story, browser):
    answer = browser.post(url("suppliers", story.rfq), {"s": ["no uuid"]})

    assert answer.status_code == 422
    assert "Tick at least one supplier." in answer.content.decode()


def test_too_few_bids_are_warned_of(story, browser):
    type(story.site).objects.update(minimum_bids=3)

    assert "at least 3 bids" in browser.get(url("suppliers", story.rfq)).content.decode()


def test_who_quoted_the_items_before_is_suggested():
    item = ItemFactory()
    line = stories.GOODS_LINE | {"item_code": item.code}
    before = stories.quoted(lines=[line])
    story = stories.drafted(lines=[line], site=before.site)

    page = signed_in(story.buyer).get(url("suppliers", story.rfq))

    assert page.context["suggestions"] == sorted(before.suppliers, key=lambda one: one.name)


def test_an_open_request_asks_more_suppliers_at_once():
    story = stories.opened()
    new = SupplierFactory()

    answer = signed_in(story.buyer).post(url("suppliers", story.rfq), {"s": [new.pk]})

    assert answer.status_code == 302
    assert OutboxMessage.objects.filter(recipient=new.email).count() == 1


def test_later_nobody_is_asked_any_more():
    story = stories.evaluated()

    assert signed_in(story.buyer).get(url("suppliers", story.rfq)).status_code == 409


@pytest.mark.parametrize("more", [1, 50])
def test_the_picker_asks_the_same_for_one_supplier_and_for_fifty(more, story, browser):
    for supplier in SupplierFactory.create_batch(more):
        ContactFactory(supplier=supplier)
    browser.get(url("suppliers", story.rfq))

    with statements() as asked:
        browser.get(url("suppliers", story.rfq))

    # session, person, request, filter words, invitations, suppliers, suggestions
    assert len(asked) == 6


def test_the_check_shows_everything_and_who_is_mailed(story, browser):
    ContactFactory(supplier=story.suppliers[0], name="Ravi", email="ravi@example.com")

    page = browser.get(url("check", story.rfq)).content.decode()

    assert ("ravi@example.com, Ravi" in page, story.suppliers[1].email in page) == (True, True)
    assert "Send to 2 suppliers" in page


def test_gaps_are_listed_with_the_way_to_fill_them(story, browser):
    RFQ.objects.update(deadline=None)

    page = browser.get(url("check", story.rfq)).content.decode()

    assert f'<a href="{url("edit", story.rfq)}#id_deadline">Set the closing time.</a>' in page
    assert "disabled" in page


def test_publishing_an_incomplete_draft_says_what_is_missing(story, browser):
    story.rfq.invitations.all().delete()

    answer = browser.post(url("publish", story.rfq))

    assert answer.status_code == 422
    assert "Choose at least one supplier." in answer.content.decode()


def test_publishing_opens_the_request_once(story, browser):
    first = browser.post(url("publish", story.rfq))
    second = browser.post(url("publish", story.rfq))

    story.rfq.refresh_from_db()
    assert (first.url, second.status_code) == (url("detail", story.rfq), 409)
    assert story.rfq.status == "open"


def test_the_check_is_for_drafts():
    story = stories.opened()

    assert signed_in(story.buyer).get(url("check", story.rfq)).status_code == 409


def test_extending_reads_site_time_and_keeps_what_was_typed():
    story = stories.opened()
    browser = signed_in(story.buyer)

    early = browser.post(
        url("extend", story.rfq), {"deadline": "2026-01-05T17:00", "reason": "a strike"}
    )
    answer = browser.post(
        url("extend", story.rfq), {"deadline": "2030-01-05T17:00", "reason": "a strike"}
    )

    story.rfq.refresh_from_db()
    assert early.status_code == 422
    assert 'value="2026-01-05T17:00"' in early.content.decode()
    assert "a strike" in early.content.decode()
    assert (answer.status_code, story.rfq.deadline.isoformat()) == (
        302,
        "2030-01-05T11:30:00+00:00",
    )


def test_extending_a_draft_is_refused(story, browser):
    answer = browser.post(
        url("extend", story.rfq), {"deadline": "2030-01-05T17:00", "reason": "a strike"}
    )

    assert answer.status_code == 409


def test_a_request_closes_without_success_only_after_its_time(htmx):
    story = stories.opened()
    browser = signed_in(story.buyer)

    early = browser.post(url("close", story.rfq), {"reason": "nobody quoted"}, headers=htmx)
    pasts.close(story.rfq)
    late = browser.post(url("close", story.rfq), {"reason": "nobody quoted"}, headers=htmx)

    story.rfq.refresh_from_db()
    assert (early.status_code, late.status_code) == (409, 204)
    assert "nobody quoted" in early.content.decode()
    assert (story.rfq.status, late["HX-Redirect"]) == ("unsuccessful", url("detail", story.rfq))


@pytest.mark.parametrize("name", ["suppliers", "check", "publish", "extend", "close"])
def test_who_only_looks_asks_nobody(story, name):
    auditor = signed_in(UserFactory(roles=["auditor"]))
    out = stories.opened(site=story.site)
    before = OutboxMessage.objects.count()

    answers = [
        auditor.get(url("check", story.rfq))
        if name == "check"
        else auditor.post(url(name, one.rfq), {"s": story.suppliers[0].pk, "reason": "no need"})
        for one in (story, out)
    ]

    story.rfq.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403, 403]
    assert (story.rfq.status, OutboxMessage.objects.count()) == ("draft", before)


def test_nobody_is_asked_after_the_closing_time(htmx):
    story = stories.opened()
    pasts.close(story.rfq)
    browser, new = signed_in(story.buyer), SupplierFactory()

    for headers in ({}, htmx):
        answer = browser.post(url("suppliers", story.rfq), {"s": [new.pk]}, headers=headers)
        assert answer.status_code == 409
        assert "The closing time has passed" in answer.content.decode()
    assert new.code not in chosen(story.rfq)


@pytest.mark.parametrize("state", [stories.evaluated, stories.submitted, stories.approved])
def test_a_request_past_its_collecting_asks_extends_and_publishes_no_more(state):
    story = state()
    browser, new = signed_in(story.buyer), SupplierFactory()
    forms = {
        "suppliers": {"s": [new.pk]},
        "publish": {},
        "extend": {"deadline": "2030-01-05T17:00", "reason": "a strike"},
    }

    answers = [browser.post(url(name, story.rfq), form) for name, form in forms.items()]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert new.code not in chosen(story.rfq)


def test_closing_needs_a_reason_and_a_request_that_nobody_can_win(htmx):
    lost, won = stories.opened(), stories.quoted()
    for story in (lost, won):
        pasts.close(story.rfq)

    unsaid = signed_in(lost.buyer).post(url("close", lost.rfq), {"reason": " "}, headers=htmx)
    refused = signed_in(won.buyer).post(url("close", won.rfq), {"reason": "too dear"})

    assert (unsaid.status_code, refused.status_code) == (422, 409)
    assert "There is a quotation that counts." in refused.content.decode()
    assert "too dear" in refused.content.decode()


def test_extending_after_the_closing_time_is_refused_and_keeps_what_was_typed():
    story = stories.opened()
    pasts.close(story.rfq)

    form = {"deadline": "2030-01-05T17:00", "reason": "a strike"}
    answer = signed_in(story.buyer).post(url("extend", story.rfq), form)

    assert answer.status_code == 409
    assert 'value="2030-01-05T17:00"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["", "soon", "2030-13-45T99:00"])
def test_a_closing_time_that_is_none_is_said_at_its_field(typed):
    story = stories.opened()

    answer = signed_in(story.buyer).post(
        url("extend", story.rfq), {"deadline": typed, "reason": "a strike"}
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_where_a_policy_asks_the_check_page_offers_the_review(story, browser):
    policy = ApprovalPolicy.objects.create(name="All", subject="publication", site=story.site)
    policy.bands.create(steps=["approver"])

    page = browser.get(url("check", story.rfq)).content.decode()
    refused = browser.post(url("publish", story.rfq))
    asked = browser.post(url("ask_review", story.rfq))

    assert ("Ask for the review" in page, "Send to 2 suppliers" in page) == (True, False)
    assert (refused.status_code, asked.status_code) == (409, 302)
    assert "asks for a review first" in refused.content.decode()
    detail = browser.get(url("detail", story.rfq)).content.decode()
    assert ("In review" in detail, "Back to draft" in detail) == (True, True)
    item = signed_in(story.approver).get(url("inbox_item", story.rfq)).content.decode()
    assert ("Ask for changes" in item, "Reject" in item, "Approve" in item) == (True, False, True)
    browser.post(url("take_back", story.rfq))
    story.rfq.refresh_from_db()
    assert story.rfq.status == "draft"
