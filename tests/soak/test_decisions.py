"""Pairs of people at once, many times over: never two decisions on a step, and the loser learns who decided.

A few pairs in every test run, a thousand by `make soak`. Every race has a control: the same pairs, with the lock
taken away, must not end as they should.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from quoteflow.lib.composed import ComposedModels
from quoteflow.lib.errors import DomainError
from rfqs.actions import deciding
from rfqs.models import RFQ, Decision
from rfqs.models.approval import ApprovalStepQuerySet
from rfqs.models.rfq import RFQQuerySet
from tests import stories
from tests.backoffice import entered
from tests.factories import ApproverFactory, UserFactory
from tests.races import race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PAIRS = int(os.environ.get("SOAK_PAIRS", "3"))
WHY = "the same quality is cheaper elsewhere"
TWO_STEPS = {"prices": ("3000", "3100")}
ONE_WINS = ("done", "refused")

Acts = tuple[Callable[[], Any], Callable[[], Any]]


class Told:
    """An act that keeps what the refused were told."""

    def __init__(self, act: Callable[[], Any], sentences: list[str]) -> None:
        self.act, self.sentences = act, sentences

    def __call__(self) -> None:
        try:
            self.act()
        except DomainError as refusal:
            self.sentences.append(str(refusal))
            raise


def verb(story: Any, act: Any, by: Any, sequence: int = 1) -> Callable[[], Any]:
    """Decide a step as somebody who looked at it before the race."""
    asked = story.request
    facts = {"rfq_id": story.rfq.pk, "seen": asked.content_hash, "comment": WHY, "fresh": True}
    step = asked.steps.get(sequence=sequence)
    return lambda: act(by=by, step_id=step.pk, **facts)


def same_approver_twice(story: Any) -> Acts:
    """A double click."""
    act = verb(story, deciding.approve, story.approver)
    return act, act


def approve_and_reject(story: Any) -> Acts:
    """Two approvers of different minds."""
    other = ApproverFactory(sites=[story.site])
    return (
        verb(story, deciding.approve, story.approver),
        verb(story, deciding.reject, other),
    )


def two_levels(story: Any) -> Acts:
    """The head does not wait for the approver."""
    return (
        verb(story, deciding.approve, story.approver),
        verb(story, deciding.approve, story.head, sequence=2),
    )


def page_and_admin(story: Any) -> Acts:
    """One decides on the page, while the other tries to set the same thing in the back office."""
    asked = story.request
    step = asked.steps.get(sequence=1)
    browser = Client()
    browser.force_login(story.approver)
    master = entered(UserFactory(is_superuser=True, is_staff=True))
    data = {"step": step.pk, "seen": asked.content_hash, "comment": WHY}
    page = reverse("rfqs:approve", args=[story.rfq.number])
    admin = f"/admin/rfqs/approvalrequest/{asked.pk}/change/"

    def decide() -> None:
        _insist(browser.post(page, data), 302)

    def force() -> None:
        with transaction.atomic():
            RFQ.objects.lock(story.rfq.pk)  # come when the other one comes
        _insist(master.post(admin, {"status": "rejected", "_save": "Save"}), 302)

    return decide, force


def _insist(answer: Any, status: int) -> None:
    if answer.status_code != status:
        raise DomainError(f"{answer.status_code}")


RACES: dict[str, tuple[Callable[[Any], Acts], dict[str, Any], set[tuple[str, ...]]]] = {
    "same approver twice": (same_approver_twice, {}, {ONE_WINS}),
    "approve and reject": (approve_and_reject, {}, {ONE_WINS}),
    # The head may come second, and then decides the second step rightly.
    "two levels": (two_levels, TWO_STEPS, {ONE_WINS, ("done", "done")}),
    "page and back office": (page_and_admin, {}, {ONE_WINS}),
}


@pytest.mark.parametrize("name", RACES)
def test_a_step_is_decided_once_and_the_loser_is_told(name):
    pair, options, rightly = RACES[name]
    outcomes: Counter[tuple[str, ...]] = Counter()

    for _n in range(PAIRS):
        story = stories.submitted(**options)
        sentences: list[str] = []
        acts = [Told(act, sentences) for act in pair(story)]
        outcome = tuple(race(story.rfq, *acts))
        outcomes[outcome] += 1

        decided = list(
            Decision.objects.filter(rfq=story.rfq)
            .order_by("step__sequence")
            .values_list("step__sequence", flat=True)
        )
        assert decided == list(range(1, outcome.count("done") + 1))
        if name in ("same approver twice", "approve and reject"):
            winner = Decision.objects.get(rfq=story.rfq).by.full_name
            assert [f"{winner} was quicker" in sentence for sentence in sentences] == [True]

    assert set(outcomes) <= rightly
    assert sum(outcomes.values()) == PAIRS


@pytest.mark.parametrize("name", ["same approver twice", "approve and reject"])
def test_control_without_the_lock_the_pairs_end_otherwise(name, monkeypatch):
    monkeypatch.setattr(ApprovalStepQuerySet, "select_for_update", lambda self, **_options: self)
    monkeypatch.setattr(
        RFQQuerySet, "lock", lambda self, pk: self.select_related("site").get(pk=pk)
    )
    monkeypatch.setattr(
        deciding, "_STEPS", ComposedModels(deciding._pending_steps)
    )  # anew, without
    pair, options, rightly = RACES[name]
    wrong = 0

    for _n in range(min(PAIRS, 50)):
        story = stories.submitted(**options)
        wrong += tuple(race(story.rfq, *pair(story))) not in rightly

    assert wrong == min(PAIRS, 50)
