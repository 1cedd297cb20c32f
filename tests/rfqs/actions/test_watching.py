"""Reminders at half of the time, one more approver when it is over, and no decision by itself."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from procrastinate.contrib.django import app

from accounts.models import Role
from quoteflow.lib.errors import NotAllowed
from rfqs import tasks
from rfqs.actions import deciding
from rfqs.actions.watching import escalate, remind, watch
from rfqs.models import ApprovalStep, Decision
from tests import stories
from tests.conftest import signed_in
from tests.factories import ApproverFactory, HeadFactory
from tests.races import race
from tests.trails import last_event, recipients, verbs

pytestmark = pytest.mark.django_db

TWO_STEPS = {"prices": ("3000", "3100")}
NOTHING = {"timed": 0, "reminded": 0, "escalated": 0}


def step_of(story):
    return story.request.steps.get(status="active")


def after_half(story):
    return step_of(story).remind_at


def after_all(story):
    return step_of(story).due_at


def test_a_step_has_two_working_days_and_urgent_work_four_hours(settings):
    settings.APPROVAL_HOURS, settings.APPROVAL_HOURS_URGENT = 18, 4
    calm, urgent = stories.submitted(), stories.submitted(is_urgent=True)

    for story, hours in ((calm, 18), (urgent, 4)):
        step = step_of(story)
        assert step.activated_at < step.remind_at < step.due_at
        passed = step.due_at - step.activated_at
        assert passed >= timedelta(hours=hours)
    assert step_of(urgent).due_at < step_of(calm).due_at


def test_before_half_of_the_time_nothing_happens():
    story = stories.submitted()

    assert watch(after_half(story) - timedelta(microseconds=1)) == NOTHING


def test_at_half_of_the_time_everyone_who_can_decide_is_reminded_once():
    story = stories.submitted()
    colleague = ApproverFactory(sites=[story.site])

    moment = after_half(story)
    done = [watch(moment), watch(moment)]

    assert done == [NOTHING | {"reminded": 1}, NOTHING]
    assert recipients("approval_reminder") == sorted([story.approver.email, colleague.email])
    assert verbs(story.rfq)[-1] == "award.reminded"
    assert step_of(story).status == "active"


def test_when_the_time_is_over_the_heads_may_decide_too_and_nothing_is_decided():
    story = stories.submitted()
    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.head)

    moment = after_all(story)
    done = [watch(moment), watch(moment)]

    assert done == [NOTHING | {"escalated": 1}, NOTHING]
    assert recipients("approval_overdue") == sorted([story.approver.email, story.head.email])
    event = last_event(story.rfq)
    assert (event.verb, event.actor, event.after) == (
        "award.escalated",
        None,
        {"step": 1, "added": ["head"]},
    )
    assert (Decision.objects.count(), story.request.status) == (0, "pending")
    assert list(ApprovalStep.objects.awaiting(story.head)) == [step_of(story)]
    story.decide(deciding.approve, story.head)
    assert story.rfq.status == "approved"


def test_escalation_lets_nobody_decide_on_their_own_work():
    story = stories.submitted()
    story.buyer.roles = [Role.BUYER.value, Role.HEAD.value]
    story.buyer.save(update_fields=["roles"])
    watch(after_all(story))

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.buyer)
    assert story.buyer.email not in recipients("approval_overdue")


@pytest.mark.parametrize("heads", [1, 2])
def test_the_only_head_is_kept_for_the_step_that_needs_one(heads):
    story = stories.submitted(**TWO_STEPS)
    HeadFactory.create_batch(heads - 1)

    watch(after_all(story))

    assert step_of(story).is_escalated is (heads > 1)
    assert story.approver.email in recipients("approval_overdue")


def test_a_step_of_the_heads_is_told_once_more_and_gains_nobody():
    story = stories.submitted(**TWO_STEPS)
    story.decide(deciding.approve, story.approver)
    assert step_of(story).due_at is None  # the watch sets it, not the approval
    assert watch(step_of(story).activated_at)["timed"] == 1

    watch(after_all(story))

    assert step_of(story).is_escalated is False
    assert recipients("approval_overdue") == [story.head.email]


def test_what_is_decided_is_left_alone():
    story = stories.submitted()
    step, moment = step_of(story), after_all(story)
    story.decide(deciding.approve, story.approver)

    assert watch(moment) == NOTHING
    assert remind(step_id=step.pk, now=moment) is False
    assert escalate(step_id=step.pk, now=moment) is False


def test_the_inbox_marks_what_is_over_its_time():
    story = stories.submitted()
    client = signed_in(story.approver)
    assert "Over the time limit" not in client.get("/rfqs/inbox/").content.decode()

    story.request.steps.update(due_at=story.request.created_at)

    assert "Over the time limit" in client.get("/rfqs/inbox/").content.decode()
    item = client.get(f"/rfqs/inbox/{story.rfq.number}/").content.decode()
    assert "Step 1 of 1, due " in item


def test_the_worker_does_it_every_five_minutes():
    schedule = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}

    assert schedule["rfqs.watch_approvals"] == "*/5 * * * *"


@pytest.mark.parametrize(
    "run", [lambda: call_command("escalate"), lambda: tasks.watch_approvals(0)]
)
def test_the_command_and_the_task_do_it_by_the_databases_clock(run):
    story = stories.submitted()
    story.request.steps.update(remind_at=story.request.created_at)

    run()

    assert verbs(story.rfq)[-1] == "award.reminded"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_escalate_once():
    story = stories.submitted()
    step, moment = step_of(story), after_all(story)

    acts = [lambda: escalate(step_id=step.pk, now=moment)] * 2
    assert race(story.rfq, *acts) == ["done", "done"]

    assert verbs(story.rfq).count("award.escalated") == 1
