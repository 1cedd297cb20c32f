"""Two people at once at one supplier: one decision per step, and the loser learns who made it.

Each race has a control: the same race with the locks replaced by plain reads must end otherwise.
"""

import pytest

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError
from rfqs.actions import activating
from rfqs.models import Activation, ActivationDecision
from rfqs.models.activation import ActivationStepQuerySet
from suppliers.models import Supplier
from tests.applying import applying
from tests.factories import ApproverFactory
from tests.races import in_turn, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ONE_WINS = ["done", "refused"]


@pytest.fixture
def unlocked(monkeypatch):
    """The control: rows are read and not locked."""
    monkeypatch.setattr(activating, "_lock", lambda pk: Supplier.objects.get(pk=pk))
    monkeypatch.setattr(ActivationStepQuerySet, "select_for_update", lambda self, **_options: self)


def saying(story, verb, by, told=None, sequence=1):
    """Decide a step as somebody who looked at it before the race; what the refused are told goes to `told`."""
    said = story.said(step_id=story.activation.steps.get(sequence=sequence).pk)

    def act():
        try:
            verb(supplier_id=story.supplier.pk, by=by, **said)
        except DomainError as refusal:
            if told is not None:
                told.append(str(refusal))
            raise

    return act


def twice(story, told=None):
    act = saying(story, activating.approve, story.approver, told)
    return act, act


def approve_and_reject(story, told=None):
    return (
        saying(story, activating.approve, story.approver, told),
        saying(story, activating.reject, ApproverFactory(), told),
    )


def two_levels(story, told=None):
    return (
        saying(story, activating.approve, story.approver, told),
        saying(story, activating.approve, story.head, told, sequence=2),
    )


@pytest.mark.parametrize("pair", [twice, approve_and_reject])
def test_a_step_is_decided_once_and_the_loser_is_told(pair):
    story, told = applying(), []

    assert race(story.supplier, *pair(story, told)) == ONE_WINS

    decision = ActivationDecision.objects.get()
    story.supplier.refresh_from_db()
    assert story.activation.status == decision.outcome
    assert (story.supplier.status == "active") is (decision.outcome == "approved")
    assert [f"{decision.by.full_name} was quicker" in one for one in told] == [True]
    assert AuditEvent.objects.filter(stream=str(story.supplier.pk)).count() == 2


@pytest.mark.parametrize("pair", [twice, approve_and_reject])
def test_control_without_the_lock_the_second_is_not_refused(pair, unlocked):
    story = applying()
    step = story.activation.steps.get()  # a no writes nothing of the supplier, and waits here

    assert race(step, *pair(story)) == ["IntegrityError", "done"]


def test_the_head_who_comes_while_the_first_step_is_written_decides_the_second():
    story = applying("approver", "head")

    assert in_turn(story.activation.steps.get(sequence=1), *two_levels(story)) == ["done", "done"]

    story.supplier.refresh_from_db()
    assert story.supplier.status == "active"


def test_a_head_who_does_not_wait_is_told_to():
    story, told = applying("approver", "head"), []
    approver, head = two_levels(story, told)

    assert in_turn(story.supplier, head, approver) == ["refused", "done"]

    assert told == ["An earlier step has to be decided before this one."]
    assert ActivationDecision.objects.get().by == story.approver


def test_control_without_the_lock_the_head_is_sent_away(unlocked):
    story = applying("approver", "head")

    ended = in_turn(story.activation.steps.get(sequence=1), *two_levels(story))

    assert ended == ["done", "refused"]


def two_wishes(story):
    return story.ask, story.ask


def test_asked_for_twice_at_once_it_waits_once():
    story = applying(asked=False)

    assert race(story.supplier, *two_wishes(story)) == ONE_WINS

    assert Activation.objects.count() == 1


def test_control_without_the_lock_the_database_refuses_the_second(unlocked, monkeypatch):
    story = applying(asked=False)
    outcomes = []
    real = activating._begun

    def begun(*facts):
        """Both have looked for one that waits before either writes."""
        Supplier.objects.select_for_update(no_key=True).get(pk=story.supplier.pk)
        return real(*facts)

    monkeypatch.setattr(activating, "_begun", begun)
    outcomes = race(story.supplier, *two_wishes(story))

    assert outcomes == ["IntegrityError", "done"]


def test_taken_back_and_approved_at_once_only_one_happens():
    story = applying()

    def take_back():
        activating.take_back(supplier_id=story.supplier.pk, by=story.buyer)

    ended = race(story.supplier, take_back, saying(story, activating.approve, story.approver))

    story.supplier.refresh_from_db()
    assert ended == ONE_WINS
    assert (story.activation.status, story.supplier.status) in {
        ("withdrawn", "pending"),
        ("approved", "active"),
    }
