"""Deciding for somebody who is away: in their right, under both names, and in nothing more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation, Role
from quoteflow.lib.errors import DomainError, NotAllowed
from rfqs.actions import deciding
from rfqs.models import RFQ, ApprovalStep, Decision
from tests import stories
from tests.conftest import signed_in
from tests.factories import ApproverFactory, HeadFactory, UserFactory
from tests.trails import last_event, recipients

pytestmark = pytest.mark.django_db

TWO_STEPS = {"prices": ("3000", "3100")}


def away(person, deputy=None, **changes):
    """`person` is away for an hour; returns who stands in."""
    deputy = deputy or ApproverFactory(full_name="Vik Shah")
    now = timezone.now()
    facts = {"starts_at": now - timedelta(minutes=1), "ends_at": now + timedelta(hours=1)}
    Delegation.objects.create(person=person, deputy=deputy, **(facts | changes))
    return type(person).objects.get(pk=deputy.pk)


def inbox_of(person):
    return list(ApprovalStep.objects.awaiting(person))


def test_a_deputy_decides_under_both_names():
    story = stories.submitted()
    deputy = away(story.approver)

    decision = story.decide(deciding.approve, deputy)

    assert (decision.by, decision.on_behalf_of) == (deputy, story.approver)
    assert decision.signature == f"Vik Shah for {story.approver.full_name}"
    event = last_event(story.rfq)
    assert (event.actor, event.on_behalf_of) == (deputy, story.approver)
    assert story.rfq.status == "approved"


def test_every_page_says_for_whom(htmx):
    story = stories.submitted(**TWO_STEPS)
    deputy = away(story.approver)
    number = [story.rfq.number]
    shown = signed_in(deputy).get(reverse("rfqs:inbox_item", args=number)).content.decode()
    assert f"You decide for {story.approver.full_name}, who is away." in shown

    story.decide(deciding.approve, deputy)

    signature = f"Vik Shah for {story.approver.full_name}"
    for name in ("inbox_item", "detail", "activity"):
        page = signed_in(story.head).get(reverse(f"rfqs:{name}", args=number))
        assert (name, signature in page.content.decode()) == (name, True)
    story.decide(deciding.approve, story.head)
    asked = Decision.objects.get(step__sequence=1)
    assert asked.signature == signature


def test_a_deputy_finds_it_in_the_inbox_and_gets_the_mail():
    approver = ApproverFactory()
    deputy = away(approver)
    story = stories.drafted()
    approver.sites.add(story.site)
    stories.sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    for supplier in story.suppliers:
        stories.quote(story, supplier)
    stories.opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    quotation = story.rfq.quotations.first()
    picks = [stories.awarding.Pick(story.rfq.lines.get().pk, quotation.pk)]
    stories.awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)
    stories.awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    step = story.request.steps.get()
    assert recipients("approval_asked") == sorted(
        [approver.email, deputy.email, story.approver.email]
    )
    assert inbox_of(deputy) == [step]
    assert list(RFQ.objects.visible_to(deputy)) == [story.rfq]
    page = signed_in(deputy).get(reverse("rfqs:inbox"))
    assert [row.number for row in page.context["rows"]] == [story.rfq.number]


def test_the_next_step_asks_the_heads_deputy_too():
    story = stories.submitted(**TWO_STEPS)
    deputy = away(story.head, HeadFactory())

    story.decide(deciding.approve, story.approver)

    assert recipients("approval_asked") == sorted(
        [story.approver.email, story.head.email, deputy.email]
    )


def test_who_is_away_may_still_decide():
    story = stories.submitted()
    away(story.approver)

    assert story.decide(deciding.approve, story.approver).on_behalf_of is None


def test_an_approvers_own_right_comes_first():
    story = stories.submitted()
    colleague = away(story.approver, ApproverFactory(sites=[story.site]))

    assert story.decide(deciding.approve, colleague).on_behalf_of is None


def never(story, deputy):
    """By action, by page, and by SQL: nothing of it."""
    with pytest.raises(DomainError):
        story.decide(deciding.approve, deputy)
    step = story.request.steps.get(status="active")
    data = {"step": step.pk, "seen": story.request.content_hash}
    answer = signed_in(deputy).post(reverse("rfqs:approve", args=[story.rfq.number]), data)
    assert answer.status_code in (403, 404, 409)
    assert inbox_of(deputy) == []


@pytest.mark.parametrize(
    "when",
    [
        {"starts_at": timezone.now() + timedelta(minutes=30)},
        {
            "starts_at": timezone.now() - timedelta(days=2),
            "ends_at": timezone.now() - timedelta(days=1),
        },
        {"revoked_at": timezone.now()},
    ],
    ids=["not yet", "over", "ended"],
)
def test_nobody_decides_before_after_or_once_it_is_ended(when):
    story = stories.submitted()

    never(story, away(story.approver, **when))
    assert Decision.objects.count() == 0


def test_the_deputy_of_the_requester_does_not_decide():
    story = stories.submitted()
    story.buyer.roles = [Role.BUYER.value, Role.APPROVER.value]
    story.buyer.save(update_fields=["roles"])

    never(story, away(story.buyer))
    deputy = Delegation.objects.get().deputy
    with pytest.raises(IntegrityError, match="own work"), transaction.atomic():
        in_sql(story, deputy, story.buyer)


def test_the_requester_does_not_decide_for_another():
    story = stories.submitted()
    story.buyer.roles = [Role.BUYER.value, Role.APPROVER.value]
    story.buyer.save(update_fields=["roles"])

    never(story, away(story.approver, story.buyer))
    with pytest.raises(IntegrityError, match="own work"), transaction.atomic():
        in_sql(story, story.buyer, story.approver)


def test_the_deputy_of_a_deputy_does_not_decide():
    story = stories.submitted()
    third = away(away(story.approver), ApproverFactory())

    never(story, third)
    with pytest.raises(IntegrityError, match="stands in"), transaction.atomic():
        in_sql(story, third, story.approver)


@pytest.mark.parametrize(
    "loss",
    [{"is_active": False}, {"roles": []}],
    ids=["the one away left", "the one away lost the role"],
)
def test_a_right_that_is_lost_is_lost_to_the_deputy(loss):
    story = stories.submitted()
    deputy = away(story.approver)
    type(story.approver).objects.get_queryset().filter(pk=story.approver.pk).update(**loss)

    never(story, type(deputy).objects.get(pk=deputy.pk))


def test_a_deputy_who_left_does_not_decide():
    story = stories.submitted()
    deputy = away(story.approver)
    deputy.is_active = False
    deputy.save(update_fields=["is_active"])

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, deputy)


def test_who_decided_lets_no_deputy_sign_the_next_step():
    story = stories.submitted(**TWO_STEPS)
    story.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
    story.approver.save(update_fields=["roles"])
    deputy = away(story.approver)
    story.decide(deciding.approve, story.approver)

    with pytest.raises(DomainError, match="stand in for decides another step"):
        story.decide(deciding.approve, deputy)
    assert inbox_of(deputy) == []


def test_for_whom_was_decided_does_not_decide_the_next_step():
    story = stories.submitted(**TWO_STEPS)
    story.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
    story.approver.save(update_fields=["roles"])
    deputy = away(story.approver)
    story.decide(deciding.approve, deputy)

    with pytest.raises(DomainError, match=r"decides? another step"):
        story.decide(deciding.approve, story.approver)
    assert inbox_of(story.approver) == []


def test_who_is_no_approver_stands_in_for_nobody():
    story = stories.submitted()

    never(story, away(story.approver, UserFactory(roles=[Role.PRICING.value], sites=[story.site])))


def in_sql(story, deputy, person):
    asked = story.request
    Decision.objects.create(
        step=asked.steps.get(status="active"), request=asked, rfq=story.rfq, outcome="approved",
        by=deputy, on_behalf_of=person, content_hash=asked.content_hash,
    )  # fmt: skip
