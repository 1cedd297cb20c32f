"""A supplier waits no longer than a request: reminders, the heads when the time is over, the report."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Holiday, Role
from accounts.workdays import Calendar
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import NotAllowed
from rfqs.actions import activating
from rfqs.actions.watching import escalate, remind, watch
from rfqs.inbox import overview
from rfqs.models import ActivationDecision, ActivationStep, ApprovalPolicy
from rfqs.turnaround import turnaround
from tests.applying import applying
from tests.conftest import signed_in
from tests.factories import ApproverFactory, HeadFactory, SiteFactory, SupplierFactory, UserFactory
from tests.lateness import deputy_of
from tests.pasts import tamper
from tests.races import race
from tests.trails import recipients

pytestmark = pytest.mark.django_db

NOTHING = {"timed": 0, "reminded": 0, "escalated": 0}
MONDAY = datetime(2026, 11, 2, 10, tzinfo=ZoneInfo("Asia/Kolkata"))


def step_of(story):
    return story.activation.steps.get(status="active")


def told(story):
    return list(
        AuditEvent.objects.filter(stream=str(story.supplier.pk))
        .order_by("seq")
        .values_list("verb", flat=True)
    )


def test_a_step_has_the_usual_time_or_that_of_its_policy_by_the_calendar_of_the_house(settings):
    settings.APPROVAL_HOURS = 18
    story = applying("approver", "head", asked=False)
    usual = story.ask().steps.get(sequence=1)
    ApprovalPolicy.objects.get().bands.update(hours=[6, 30])
    first, second = story.ask(supplier_id=SupplierFactory(status="pending").pk).steps.order_by(
        "sequence"
    )

    for step, hours in ((usual, 18), (first, 6)):
        house = Calendar.of_house(step.activated_at)
        assert step.due_at == house.after(step.activated_at, timedelta(hours=hours))
        assert step.remind_at == house.after(step.activated_at, timedelta(hours=hours / 2))
    assert (usual.hours, first.hours, second.hours, second.due_at) == (None, 6, 30, None)


def test_the_house_keeps_the_holidays_of_all_sites_and_its_own_zone(settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    Holiday.objects.create(site=None, on=MONDAY.date(), name="Everywhere")
    Holiday.objects.create(
        site=SiteFactory(), on=MONDAY.date() + timedelta(days=1), name="Elsewhere"
    )

    house = Calendar.of_house(MONDAY)

    assert house.after(MONDAY, timedelta(hours=1)) == MONDAY.replace(day=3)


def test_at_half_of_the_time_who_can_decide_is_reminded_once_deputies_too():
    story = applying()
    deputy = deputy_of(story.approver)
    moment = step_of(story).remind_at

    done = [watch(moment - timedelta(microseconds=1)), watch(moment), watch(moment)]

    assert done == [NOTHING, NOTHING | {"reminded": 1}, NOTHING]
    assert recipients("activation_reminder") == sorted([story.approver.email, deputy.email])
    assert told(story)[-1] == "supplier.activation_reminded"


def test_when_the_time_is_over_the_heads_may_decide_too_and_nothing_is_decided():
    story = applying()
    with pytest.raises(NotAllowed):
        story.decide(activating.approve, story.head)
    moment = step_of(story).due_at

    done = [watch(moment), watch(moment)]

    assert done == [NOTHING | {"escalated": 1}, NOTHING]
    assert recipients("activation_overdue") == sorted([story.approver.email, story.head.email])
    event = AuditEvent.objects.filter(stream=str(story.supplier.pk)).latest("seq")
    assert (event.verb, event.actor, event.after) == (
        "supplier.activation_escalated",
        None,
        {"step": 1, "added": ["head"]},
    )
    assert not ActivationDecision.objects.exists()
    assert list(ActivationStep.objects.awaiting(story.head)) == [step_of(story)]
    story.decide(activating.approve, story.head)
    assert story.supplier.status == "active"


def test_escalation_lets_nobody_decide_on_their_own_work():
    story = applying(asked=False)
    story.buyer.roles = [Role.BUYER.value, Role.HEAD.value]
    story.buyer.save(update_fields=["roles"])
    story.ask()
    watch(step_of(story).due_at)

    with pytest.raises(NotAllowed):
        story.decide(activating.approve, story.buyer)
    assert story.buyer.email not in recipients("activation_overdue")


@pytest.mark.parametrize("heads", [1, 2])
def test_the_only_head_is_kept_for_the_step_that_needs_one(heads):
    story = applying("approver", "head")
    HeadFactory.create_batch(heads - 1)

    watch(step_of(story).due_at)

    assert step_of(story).is_escalated is (heads > 1)
    assert story.approver.email in recipients("activation_overdue")


def test_the_watch_times_a_later_step_and_leaves_alone_what_is_decided():
    story = applying("approver", "head")
    first = step_of(story)
    story.decide(activating.approve, story.approver)
    assert step_of(story).due_at is None

    done = watch(step_of(story).activated_at)

    assert done == NOTHING | {"timed": 1}
    late = step_of(story).due_at
    assert [act(step_id=first.pk, now=late) for act in (remind, escalate)] == [False, False]
    watch(late)
    assert recipients("activation_overdue") == [story.head.email]
    assert step_of(story).is_escalated is False


def test_inbox_and_page_say_until_when_and_that_it_is_over():
    story = applying()
    browser, page = signed_in(story.approver), reverse("rfqs:activation", args=[story.supplier.pk])
    assert "Step 1, due " in browser.get(page).content.decode()
    assert "Over the time limit" not in browser.get("/rfqs/inbox/").content.decode()

    story.activation.steps.update(due_at=story.activation.created_at)

    assert [one.is_over for one in overview(story.approver, "waiting")[1]] == [True]
    assert "Over the time limit" in browser.get("/rfqs/inbox/").content.decode()


def test_the_report_has_what_waits_and_how_quickly_it_was_decided():
    auditor = UserFactory(roles=[Role.AUDITOR.value])
    story, done = applying(), None
    ActivationStep.objects.update(activated_at=MONDAY)

    (held,) = turnaround(auditor, MONDAY + timedelta(days=2, minutes=10), 30).waiting

    assert (held.number, held.title, held.holder) == (
        story.supplier.code,
        story.supplier.name,
        "Approver",
    )
    assert (held.subject, held.limit, held.is_over) == ("Activation of a supplier", 18, True)
    assert held.link == reverse("rfqs:activation", args=[story.supplier.pk])

    done = story.decide(activating.approve, story.approver)
    at = MONDAY + timedelta(hours=2)
    tamper("rfqs_activationdecision", "UPDATE rfqs_activationdecision SET at = %s", at)
    report = turnaround(auditor, MONDAY + timedelta(days=3), 30)

    assert report.waiting == []
    assert [(pace.name, pace.median_hours, pace.within) for pace in report.people] == [
        (done.by.full_name, Decimal("2.0"), 1)
    ]
    assert [kind.name for kind in report.kinds] == ["supplier"]
    page = signed_in(auditor).get(reverse("rfqs:turnaround"), {"days": "365"}).content.decode()
    assert "Suppliers, within the time limit" in page


def test_the_report_asks_the_same_however_many_suppliers_wait():
    story, auditor = applying(), UserFactory(roles=[Role.AUDITOR.value])
    ApproverFactory()
    counts = []
    for number in (1, 5):
        for supplier in SupplierFactory.create_batch(number, status="pending"):
            story.ask(supplier_id=supplier.pk)
        with CaptureQueriesContext(connection) as asked:
            report = turnaround(auditor, timezone.now(), 30)
        counts.append((len(report.waiting), len(asked)))

    assert counts == [(2, 5), (7, 5)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_escalate_once():
    story = applying()
    step = step_of(story)

    acts = [lambda: escalate(step_id=step.pk, now=step.due_at)] * 2
    assert race(story.supplier, *acts) == ["done", "done"]

    assert told(story).count("supplier.activation_escalated") == 1
