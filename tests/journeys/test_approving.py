"""Approvers in a browser: on a phone, while one is away, and when the time is over."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role, Site
from rfqs.actions.watching import watch
from rfqs.models import Award, Decision
from tests import stories
from tests.applying import applying
from tests.factories import ApproverFactory, UserFactory
from tests.journeys import steps
from tests.journeys.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LARGE = {"prices": ("11000", "11200")}  # eleven lakh; they signed in a moment ago


def test_two_levels_on_a_phone(person):
    story = stories.submitted(**LARGE)
    for user in (story.approver, story.head):
        one = person(user, size=PHONE, scheme="dark")
        page = steps.open_decision(one, story.rfq.number)
        one.looks_right()
        steps.decide(page, "approve")
        expect(page.locator("#decision .notice.ok")).to_be_visible()

    story.rfq.refresh_from_db()
    assert story.rfq.status == "approved"


def test_a_deputy_is_named_and_decides_for_who_is_away(person):
    story = stories.submitted()
    deputy = ApproverFactory(full_name="Vik Shah")
    away = person(story.approver)
    page = away.go("/me/absence/")
    today = timezone.localdate().isoformat()
    page.select_option("[name=deputy]", str(deputy.pk))
    page.fill("[name=first]", today)
    page.fill("[name=last]", today)
    page.click("main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("Vik Shah")
    away.looks_right()

    standing_in = person(deputy, size=PHONE)
    page = steps.open_decision(standing_in, story.rfq.number)
    expect(page.locator("#decision")).to_contain_text(f"You decide for {story.approver.full_name}")
    standing_in.looks_right()
    steps.decide(page, "approve")

    signature = f"Vik Shah for {story.approver.full_name}"
    page = away.go(f"/rfqs/{story.rfq.number}/activity/")
    expect(page.locator("#activity")).to_contain_text(signature)
    assert Decision.objects.get().signature == signature


def test_when_the_time_is_over_the_head_decides(person):
    story = stories.submitted()
    head = person(story.head)
    page = head.go(f"/rfqs/inbox/{story.rfq.number}/")
    expect(page.locator("#decision")).to_contain_text(
        "This step waits for an approver of the site."
    )

    watch(story.request.steps.get().due_at)

    page = steps.open_decision(head, story.rfq.number)
    steps.decide(page, "approve")
    expect(page.locator("#decision .notice.ok")).to_be_visible()
    story.rfq.refresh_from_db()
    assert story.rfq.status == "approved"


@pytest.mark.parametrize("javascript", [True, False])
def test_urgent_work_goes_out_when_its_head_has_looked_and_the_bell_tells(person, javascript):
    story = stories.drafted(is_urgent=True)
    Site.objects.filter(pk=story.rfq.site_id).update(head=story.head)
    buyer = person(story.buyer, javascript=javascript)
    page = buyer.go(f"/rfqs/{story.rfq.number}/check/")
    page.click("button:has-text('Ask for the review')")
    page.wait_for_url(f"**/rfqs/{story.rfq.number}/")

    head = person(story.head, size=PHONE, javascript=javascript)
    page = head.go("/notices/")
    page.click(f".told a:has-text('{story.rfq.number}')")
    page.wait_for_url(f"**/rfqs/inbox/{story.rfq.number}/**")
    expect(page.locator("#inbox-item")).to_contain_text("The request is to go out to suppliers.")
    steps.decide(page, "approve")
    expect(page.locator("body")).to_contain_text("the suppliers are asked")

    page = buyer.go("/notices/")
    expect(page.locator(".told li.new")).to_have_count(1)
    page.click("button:has-text('Mark all as read')")
    expect(page.locator(".told li.new")).to_have_count(0)
    story.rfq.refresh_from_db()
    assert story.rfq.status == "open"


def test_an_approved_award_is_taken_back(person):
    story = stories.approved()
    page = person(story.buyer).go(f"/rfqs/{story.rfq.number}/award/cancel/")
    page.fill("[name=reason]", "the shutdown is called off")
    page.click("main form button[type=submit], main form button.btn-bad")
    expect(page.locator("main")).to_contain_text("Keep the award")

    approver = person(story.approver)
    page = steps.open_decision(approver, story.rfq.number)
    expect(page.locator("#inbox-item")).to_contain_text("the shutdown is called off")
    approver.looks_right()
    steps.decide(page, "approve")
    expect(page.locator("#decision")).to_contain_text("its quotations count again")
    assert Award.objects.get().status == "cancelled"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_journal_looks_right(person, scheme):
    stories.approved()
    auditor = UserFactory(roles=[Role.AUDITOR.value])

    one = person(auditor, size=PHONE, scheme=scheme)
    one.go("/rfqs/journal/")
    one.looks_right()


def test_a_new_supplier_is_approved_on_a_phone_and_can_be_asked(person):
    draft = stories.drafted()
    asked = applying(asked=False)
    buyer = person(draft.buyer)
    page = buyer.go(f"/rfqs/activations/{asked.supplier.pk}/")
    page.fill("[name=reason]", "the only maker of this seal")
    page.click("main form button.btn-primary")
    expect(page.locator("main")).to_contain_text("Step 1, due ")
    buyer.looks_right()

    approver = person(asked.approver, size=PHONE, scheme="dark")
    page = approver.go("/rfqs/inbox/")
    expect(page.locator("#inbox-list")).to_contain_text("Activation of a supplier")
    approver.looks_right()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#inbox-item")).to_contain_text("the only maker of this seal")
    approver.looks_right()
    steps.decide(page, "approve")
    expect(page.locator("#decision")).to_contain_text("is active and can be asked for prices")

    page = buyer.go(f"/rfqs/{draft.rfq.number}/suppliers/?q={asked.supplier.code}")
    steps.choose(page, [asked.supplier])
