"""Whoever stands in for an approver is asked, reminded and told as the approver is, whatever is approved."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import activating, cancelling, deciding, late, reviewing
from rfqs.actions.watching import watch
from rfqs.models import ApprovalPolicy
from tests import lateness, stories
from tests.applying import applying
from tests.conftest import signed_in
from tests.factories import ApproverFactory, HeadFactory

pytestmark = pytest.mark.django_db

WHY = "the shutdown is called off"
TWO = ["approver", "head"]


@dataclass
class Case:
    """What waits, who may decide it, what the letters are called, and where it is looked at."""

    story: Any
    deputy: User
    prefix: str  # of the letters that ask
    decided: str
    item: str
    verb: Any
    history: str

    @property
    def step(self) -> Any:
        """The one that waits."""
        asked = self.story.activation if self.prefix == "activation" else self.story.request
        return asked.steps.get(status="active")


def two_steps(subject, story):
    policy = ApprovalPolicy.objects.create(name=subject, subject=subject)
    policy.bands.create(steps=TWO)
    return deputy_of(story)


def deputy_of(story):
    deputy = lateness.deputy_of(story.approver)
    deputy.full_name = "Vik Shah"
    deputy.save(update_fields=["full_name"])
    return deputy


def of_request(story, deputy, decided):
    number = [story.rfq.number]
    story.rfq.refresh_from_db()
    item, history = (reverse(f"rfqs:{name}", args=number) for name in ("inbox_item", "activity"))
    return Case(story, deputy, "approval", decided, item, deciding.approve, history)


def award():
    story = stories.picked()
    deputy = two_steps("award", story)
    return of_request(stories._submit(story), deputy, "award_decided")


def cancellation():
    story = stories.approved()
    deputy = two_steps("cancellation", story)
    cancelling.ask_cancellation(rfq_id=story.rfq.pk, by=story.buyer, reason=WHY)
    return of_request(story, deputy, "cancellation_decided")


def publication():
    story = stories.drafted()
    deputy = two_steps("publication", story)
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    return of_request(story, deputy, "review_decided")


def late_quotation():
    story = lateness.closed()
    deputy = two_steps("late", story)
    late.ask(**lateness.of(story, reason=lateness.WHY))
    return of_request(story, deputy, "late_decided")


def activation():
    story = applying(asked=False)
    named = [str(story.approver.pk), "head"]  # any approver would decide in a right of their own
    ApprovalPolicy.objects.get().bands.update(steps=named)
    deputy = deputy_of(story)
    story.ask()
    pages = [
        reverse(f"rfqs:{name}", args=[story.supplier.pk])
        for name in ("inbox_supplier", "activation")
    ]
    return Case(
        story, deputy, "activation", "activation_decided", pages[0], activating.approve, pages[1]
    )  # fmt: skip


def told(kind):
    """Who has it in the bell, and as a mail that waits."""
    rows = OutboxMessage.objects.filter(kind=kind).exclude(topic="")
    return set(rows.values_list("recipient", flat=True))


@pytest.mark.parametrize("waits", [award, cancellation, publication, late_quotation, activation])
def test_a_deputy_is_asked_reminded_and_named_for_whatever_is_approved(waits):
    case = waits()
    story, deputy = case.story, case.deputy
    HeadFactory()  # so that one can be spared when the time is over
    browser, both = signed_in(deputy), {story.approver.email, deputy.email}
    asked = OutboxMessage.objects.filter(kind=f"{case.prefix}_asked", about=case.step.pk)
    assert set(asked.values_list("recipient", flat=True)) == both
    assert ">1<" in browser.get(reverse("notices:count")).content.decode().replace("\n", "")
    assert case.item in browser.get(reverse("notices:index")).content.decode()

    watch(case.step.remind_at)
    watch(case.step.due_at)

    assert told(f"{case.prefix}_reminder") == both
    assert both < told(f"{case.prefix}_overdue")
    shown = browser.get(case.item).content.decode()
    assert f"You decide for {story.approver.full_name}, who is away." in shown

    story.decide(case.verb, deputy)
    story.decide(case.verb, story.head)

    signature = f"Vik Shah for {story.approver.full_name}"
    for page in (case.item, case.history):
        assert (page, signature in signed_in(story.head).get(page).content.decode()) == (page, True)
    assert told(case.decided) == both | {story.buyer.email}


@pytest.mark.parametrize("waits", [award, cancellation, publication, late_quotation, activation])
def test_the_last_word_of_a_deputy_says_for_whom_and_tells_who_is_away(waits):
    case = waits()
    case.story.decide(case.verb, case.story.approver)
    stands_in = lateness.deputy_of(case.story.head)
    stands_in.full_name = "Mira Das"
    stands_in.save(update_fields=["full_name"])

    case.story.decide(case.verb, stands_in)

    letters = OutboxMessage.objects.filter(kind=case.decided)
    assert {
        f"Mira Das for {case.story.head.full_name}" in letter.subject + letter.text
        for letter in letters
    } == {True}
    people = (case.story.buyer, case.story.approver, case.story.head)
    assert told(case.decided) == {one.email for one in people}


def test_control_who_stands_in_for_nobody_hears_nothing():
    case = award()

    assert ApproverFactory().email not in told("approval_asked")
    assert case.story.head.email not in told("approval_asked")
