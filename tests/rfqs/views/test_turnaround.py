"""Who holds what for how long, and how quickly each person decided."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from rfqs.actions import deciding
from rfqs.actions.watching import watch
from rfqs.models import ApprovalStep, Decision
from rfqs.turnaround import turnaround
from tests import stories
from tests.conftest import signed_in
from tests.factories import ApproverFactory, HeadFactory, UserFactory
from tests.pasts import tamper

pytestmark = pytest.mark.django_db

PAGE = reverse("rfqs:turnaround")
MONDAY = datetime(2026, 11, 2, 10, tzinfo=ZoneInfo("Asia/Kolkata"))


@pytest.fixture
def auditor():
    return UserFactory(roles=[Role.AUDITOR.value])


def begun(story, at):
    ApprovalStep.objects.filter(request__rfq=story.rfq).update(activated_at=at)


def decided(story, at):
    story.decide(deciding.approve, story.approver)
    tamper("rfqs_decision", "UPDATE rfqs_decision SET at = %s WHERE rfq_id = %s", at, story.rfq.pk)


def test_what_waits_stands_with_its_holder_and_its_working_hours(auditor):
    story = stories.submitted()
    begun(story, MONDAY)

    (held,) = turnaround(auditor, MONDAY + timedelta(hours=26), 30).waiting  # noon of Tuesday

    assert (held.number, held.holder) == (story.rfq.number, f"Approver, {story.site.code}")
    assert (held.hours, held.limit, held.is_over) == (Decimal("11.0"), 18, False)


def test_two_working_days_are_in_time_and_a_little_more_is_over(auditor):
    story = stories.submitted()
    begun(story, MONDAY)

    over = [
        turnaround(auditor, MONDAY + timedelta(days=2, minutes=more), 30).waiting[0].is_over
        for more in (0, 10)
    ]

    assert over == [False, True]


def test_an_escalated_step_may_be_held_by_a_head_too(auditor):
    story = stories.submitted()
    watch(story.request.steps.get().due_at)

    (held,) = turnaround(auditor, timezone.now(), 30).waiting

    assert held.holder == f"Approver, {story.site.code}, or a head"


def test_each_person_has_a_pace(auditor):
    quick, slow = stories.submitted(), stories.submitted()
    slow.approver = quick.approver
    slow.approver.sites.add(slow.site)
    for story, hours in ((quick, 2), (slow, 24 * 3)):
        begun(story, MONDAY)
        decided(story, MONDAY + timedelta(hours=hours))

    report = turnaround(auditor, MONDAY + timedelta(days=7), 30)

    (pace,) = report.people
    assert (pace.name, pace.decided, pace.within, pace.percent) == (
        quick.approver.full_name, 2, 1, 50,
    )  # fmt: skip
    assert (pace.median_hours, pace.slowest_hours) == (Decimal("14.5"), Decimal("27.0"))
    assert [(kind.name, kind.decided) for kind in report.kinds] == [("normal", 2)]
    assert turnaround(auditor, MONDAY + timedelta(days=40), 30).people == []


def test_two_people_of_one_name_are_two(auditor):
    for _again in range(2):
        story = stories.submitted()
        story.approver.full_name = "Asha Rao"
        story.approver.save(update_fields=["full_name"])
        story.decide(deciding.approve, story.approver)

    people = turnaround(auditor, timezone.now(), 30).people

    assert [(pace.name, pace.decided) for pace in people] == [("Asha Rao", 1)] * 2


def test_it_is_for_heads_and_auditors(auditor):
    people = [auditor, HeadFactory(), ApproverFactory()]

    assert [signed_in(one).get(PAGE).status_code for one in people] == [200, 200, 403]


def test_the_page_shows_both_and_takes_a_period(auditor):
    waits, done = stories.submitted(), stories.submitted()
    done.decide(deciding.approve, done.approver)
    browser = signed_in(auditor)

    page = browser.get(PAGE, {"days": "30"}).content.decode()

    assert all(text in page for text in (waits.rfq.number, done.approver.full_name, "100 %"))
    assert browser.get(PAGE, {"days": "x"}).context["days"] == 90


def test_it_asks_the_same_however_many_decide(auditor):
    browser = signed_in(auditor)
    counts = []
    for _again in range(2):
        stories.submitted()
        done = stories.submitted()
        done.decide(deciding.approve, done.approver)
        with CaptureQueriesContext(connection) as asked:
            browser.get(PAGE)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert Decision.objects.count() == 2
