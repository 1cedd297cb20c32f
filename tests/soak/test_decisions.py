"""Pairs of people at once, many times over: never two decisions on a step, and the loser learns who decided.

A few pairs in every test run, a thousand by `make soak`. Every race has a control: the same pairs, with what holds
them apart taken away, must not end as they should.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from quoteflow.lib.composed import ComposedModels
from quoteflow.lib.errors import DomainError
from rfqs.actions import deciding
from rfqs.admin.history import ApprovalRequestAdmin
from rfqs.models import RFQ, Decision
from rfqs.models.approval import ApprovalStepQuerySet
from rfqs.models.rfq import RFQQuerySet
from tests import stories
from tests.backoffice import entered
from tests.factories import ApproverFactory, UserFactory
from tests.races import in_turn, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

PAIRS = int(os.environ.get("SOAK_PAIRS", "3"))
WHY = "the same quality is cheaper elsewhere"
TWO_STEPS = {"prices": ("3000", "3100")}
ONE_WINS = ("done", "refused")

Acts = tuple[Callable[[], Any], Callable[[], Any]]


class Race(NamedTuple):
    """Who acts at once on what, how that is set off, and how it may end."""

    pair: Callable[[Any], Acts]
    rightly: set[tuple[str, ...]]
    options: dict[str, Any] = {}
    row: Callable[[Any], Any] = lambda story: story.rfq
    run: Callable[..., list[str]] = race


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


def approver_then_head(story: Any) -> Acts:
    """The head comes while the approver's yes is being written: who waited decides the second step."""
    return (
        verb(story, deciding.approve, story.approver),
        verb(story, deciding.approve, story.head, sequence=2),
    )


def head_then_approver(story: Any) -> Acts:
    """The head does not wait for the approver, and is told to."""
    approver, head = approver_then_head(story)
    return head, approver


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


def first_step(story: Any) -> Any:
    """What a yes to the first of two steps writes."""
    return story.request.steps.get(sequence=1)


LEVELS = {"options": TWO_STEPS, "row": first_step, "run": in_turn}
RACES = {
    "same approver twice": Race(same_approver_twice, {ONE_WINS}),
    "approve and reject": Race(approve_and_reject, {ONE_WINS}),
    "two levels": Race(approver_then_head, {("done", "done")}, **LEVELS),
    "two levels, head first": Race(head_then_approver, {("refused", "done")}, **LEVELS),
    "page and back office": Race(page_and_admin, {ONE_WINS}),
}
# A thousand pairs of each of the four, the two orders of the two levels together.
SHARE = {"two levels": PAIRS - PAIRS // 2, "two levels, head first": PAIRS // 2}


def run(name: str, story: Any, sentences: list[str]) -> tuple[str, ...]:
    """One pair; how it ended, and what the refused were told."""
    one = RACES[name]
    return tuple(one.run(one.row(story), *(Told(act, sentences) for act in one.pair(story))))


@pytest.mark.parametrize("name", RACES)
def test_a_step_is_decided_once_and_the_loser_is_told(name):
    pairs = SHARE.get(name, PAIRS)
    outcomes: Counter[tuple[str, ...]] = Counter()

    for _n in range(pairs):
        story = stories.submitted(**RACES[name].options)
        sentences: list[str] = []
        outcome = run(name, story, sentences)
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
        if name == "two levels, head first":
            assert sentences == ["An earlier step has to be decided before this one."]

    print(f"\n{name}: {pairs} pairs, {dict(outcomes)}")  # noqa: T201 (shown by make soak)
    assert set(outcomes) <= RACES[name].rightly
    assert sum(outcomes.values()) == pairs


def wrong_ones(name: str) -> tuple[int, int]:
    """How many pairs ended otherwise than they should, of how many."""
    pairs, wrong = min(SHARE.get(name, PAIRS), 50), 0
    for _n in range(pairs):
        story = stories.submitted(**RACES[name].options)
        wrong += run(name, story, []) not in RACES[name].rightly
    return wrong, pairs


@pytest.mark.parametrize("name", ["same approver twice", "approve and reject", "two levels"])
def test_control_without_the_lock_the_pairs_end_otherwise(name, monkeypatch):
    monkeypatch.setattr(ApprovalStepQuerySet, "select_for_update", lambda self, **_options: self)
    monkeypatch.setattr(
        RFQQuerySet, "lock", lambda self, pk: self.select_related("site").get(pk=pk)
    )
    monkeypatch.setattr(deciding, "_STEPS", ComposedModels(deciding._steps_beside))  # anew, without

    wrong, pairs = wrong_ones(name)

    assert wrong == pairs


def test_control_a_back_office_that_may_write_decides_besides(monkeypatch):
    """There the lock is no help, only that nothing can be written; the tables still refuse the worst."""
    monkeypatch.setattr(ApprovalRequestAdmin, "has_change_permission", lambda *_args: True)
    monkeypatch.setattr(ApprovalRequestAdmin, "inlines", [])
    monkeypatch.setattr(ApprovalRequestAdmin, "fields", ["status"])

    wrong, pairs = wrong_ones("page and back office")

    assert wrong == pairs
