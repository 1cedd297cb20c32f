"""Steps that ask one person: named in a policy, or the head of the site, with a time limit of their own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.workdays import Calendar
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import deciding
from rfqs.actions.watching import watch
from rfqs.inbox import rows_of
from rfqs.models import ApprovalPolicy, ApprovalStep
from tests import stories
from tests.factories import ApproverFactory, HeadFactory
from tests.trails import recipients

pytestmark = pytest.mark.django_db


def asking(*steps, hours=()):
    """A submitted award whose policy asks these; "person" is an approver of the site named Meera."""
    story = stories.picked()
    meera = ApproverFactory(full_name="Meera Rao", sites=[story.site])
    story.site.head = meera
    story.site.save(update_fields=["head"])
    story.rfq.refresh_from_db()
    policy = ApprovalPolicy.objects.create(name="Named", site=story.site)
    named = [str(meera.pk) if step == "person" else step for step in steps]
    policy.bands.create(steps=named, hours=list(hours))
    return stories._submit(story), meera


def waiting(person):
    return [row.number for row in rows_of(person, "waiting", 1)[0]]


@pytest.mark.parametrize("step", ["person", "site_head"])
def test_only_the_person_is_asked_and_may_decide(step):
    story, meera = asking(step)

    assert recipients("approval_asked") == [meera.email]
    assert [waiting(person) for person in (meera, story.approver, story.head)] == [
        [story.rfq.number], [], [],
    ]  # fmt: skip
    for other in (story.approver, story.head):
        with pytest.raises(NotAllowed):
            story.decide(deciding.approve, other)
    story.decide(deciding.approve, meera)
    assert story.rfq.status == "approved"


def test_whom_a_later_step_names_does_not_decide_an_earlier_one():
    story, meera = asking("approver", "person")

    assert recipients("approval_asked") == [story.approver.email]
    assert waiting(meera) == []
    with pytest.raises(DomainError, match="You decide another step"):
        story.decide(deciding.approve, meera)
    story.decide(deciding.approve, story.approver)
    story.decide(deciding.approve, meera)
    assert story.rfq.status == "approved"


@pytest.mark.parametrize("change", ["inactive", "another site", "no role", "no head"])
def test_an_award_is_not_submitted_where_the_person_could_not_decide(change):
    story = stories.picked()
    meera = ApproverFactory(sites=[story.site])
    if change == "inactive":
        meera.is_active = False
    if change == "another site":
        meera.sites.clear()
    if change == "no role":
        meera.roles = [Role.BUYER.value]
    meera.save()
    policy = ApprovalPolicy.objects.create(name="Named")
    policy.bands.create(steps=["site_head" if change == "no head" else str(meera.pk)])

    with pytest.raises(Incomplete, match="Nobody can decide step 1"):
        stories._submit(story)


def test_a_head_of_all_sites_is_named_anywhere():
    story = stories.picked()
    head = HeadFactory()
    ApprovalPolicy.objects.create(name="Named").bands.create(steps=[str(head.pk)])
    stories._submit(story)

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.head)
    story.decide(deciding.approve, head)
    assert story.rfq.status == "approved"


def test_a_step_has_the_hours_of_its_band():
    story, _meera = asking("person", "head", hours=(4, 30))
    first, second = story.request.steps.order_by("sequence")
    story.decide(deciding.approve, _meera)

    watch(timezone.now())

    second.refresh_from_db()
    calendar = Calendar.of(story.site, first.activated_at)
    assert (first.hours, second.hours) == (4, 30)
    assert first.due_at == calendar.after(first.activated_at, timedelta(hours=4))
    assert second.due_at == calendar.after(second.activated_at, timedelta(hours=30))


def test_when_the_time_of_a_named_person_is_over_a_head_may_decide():
    story, _meera = asking("person")

    watch(story.request.steps.get().due_at)

    assert ApprovalStep.objects.get().is_escalated
    assert waiting(story.head) == [story.rfq.number]
    story.decide(deciding.approve, story.head)
    assert story.rfq.status == "approved"
