"""A supplier becomes active by an approval where a policy says so, and by nothing else."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from rfqs.actions import activating, sourcing
from rfqs.actions.deciding import AlreadyDecided
from rfqs.content import ContentChanged
from rfqs.models import Activation, ActivationDecision, ApprovalPolicy
from suppliers.models import Supplier
from tests import stories
from tests.applying import NO, WHY, applying, policy
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    ContactFactory,
    HeadFactory,
    SupplierFactory,
    UserFactory,
)
from tests.lateness import deputy_of
from tests.trails import recipients

pytestmark = pytest.mark.django_db

VERBS = (activating.approve, activating.reject, activating.send_back)
EVERYTHING = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]


def told(story):
    events = AuditEvent.objects.filter(stream=str(story.supplier.pk)).order_by("seq")
    return [event.verb.removeprefix("supplier.") for event in events]


def test_the_last_yes_makes_it_active():
    story = applying("approver", "head")
    assert recipients("activation_asked") == [story.approver.email]

    story.decide(activating.approve, story.approver)
    between = story.supplier.status
    story.decide(activating.approve, story.head)

    assert (between, story.supplier.status, story.activation.status) == (
        "pending",
        "active",
        "approved",
    )
    assert story.activation.used_at is not None
    assert told(story) == ["ask_activation", "step_approved", "activate"]
    assert recipients("activation_asked") == sorted([story.approver.email, story.head.email])
    assert recipients("activation_decided") == sorted([story.buyer.email, story.approver.email])


@pytest.mark.parametrize(
    ("verb", "status", "event"),
    [
        (activating.reject, "rejected", "refuse_activation"),
        (activating.send_back, "returned", "return_activation"),
    ],
)
def test_after_a_no_it_stays_as_it_is_and_may_be_asked_anew(verb, status, event):
    story = applying()

    story.decide(verb, story.approver)

    assert (story.supplier.status, story.activation.status) == ("pending", status)
    assert told(story) == ["ask_activation", event]
    story.ask()
    story.decide(activating.approve, story.approver)
    assert story.supplier.status == "active"


def test_without_a_policy_the_back_office_decides_as_before():
    supplier = SupplierFactory(status="pending")

    with pytest.raises(DomainError, match="No policy asks for an approval"):
        activating.ask(supplier_id=supplier.pk, by=BuyerFactory(), reason=WHY)
    Supplier.objects.filter(pk=supplier.pk).update(status="active")
    policy(is_active=False)
    assert SupplierFactory().status == "active"


def test_what_is_asked_for_is_not_active_yet_and_has_a_reason():
    active = SupplierFactory()
    story = applying(asked=False)

    with pytest.raises(Incomplete):
        story.ask(reason="too short")
    with pytest.raises(DomainError, match="is active already"):
        story.ask(supplier_id=active.pk)
    story.ask()
    with pytest.raises(DomainError, match="waits for its approval already"):
        story.ask()
    for person in (story.approver, UserFactory(roles=[Role.SUPPLIER.value])):
        with pytest.raises(NotAllowed):
            story.ask(by=person)


def test_where_nobody_could_decide_it_is_not_asked_for():
    story = applying("approver", "approver", asked=False)

    with pytest.raises(Incomplete, match=r"Nobody can decide step 2 \(Approver\)"):
        story.ask()

    assert not Activation.objects.exists()
    ApproverFactory()
    assert story.ask().steps.count() == 2


def test_it_is_taken_back_until_somebody_decided():
    story = applying("approver", "head")
    activating.take_back(supplier_id=story.supplier.pk, by=story.buyer)
    with pytest.raises(DomainError, match="No activation"):
        activating.take_back(supplier_id=story.supplier.pk, by=story.buyer)

    story.ask()
    story.decide(activating.approve, story.approver)

    with pytest.raises(DomainError, match="decided already"):
        activating.take_back(supplier_id=story.supplier.pk, by=story.buyer)
    assert told(story)[1:3] == ["take_back_activation", "ask_activation"]


@pytest.mark.parametrize("verb", VERBS)
def test_nobody_who_must_not_decide_does(verb):
    contact = ContactFactory(user=UserFactory(roles=[Role.SUPPLIER.value]))
    story = applying("approver", "head", asked=False)
    author, asker = UserFactory(roles=EVERYTHING), UserFactory(roles=EVERYTHING, is_superuser=True)
    journal.record("supplier.change", story.supplier, by=author, after={"name": "X"})
    story.ask(by=asker)
    deputies = [deputy_of(author), deputy_of(asker)]  # heads by themselves, which helps nobody here
    User.objects.filter(pk__in=[one.pk for one in deputies]).update(roles=[Role.HEAD.value])
    people = (
        author, asker, *User.objects.filter(pk__in=[one.pk for one in deputies]), story.head, story.buyer,
        contact.user, ApproverFactory(is_active=False), UserFactory(is_superuser=True, is_staff=True),
    )  # fmt: skip

    for person in people:
        with pytest.raises(NotAllowed):
            story.decide(verb, person)

    story.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
    story.approver.save(update_fields=["roles"])
    story.decide(activating.approve, story.approver)
    with pytest.raises(DomainError, match="another step"):
        story.decide(verb, story.approver)
    assert ActivationDecision.objects.count() == 1
    story.decide(activating.approve, story.head)
    assert story.supplier.status == "active"


def test_a_deputy_decides_for_who_is_away():
    story = applying()
    deputy = deputy_of(story.approver)
    deputy.roles = [Role.HEAD.value]
    deputy.save(update_fields=["roles"])

    decision = story.decide(activating.approve, deputy)

    assert (decision.by, decision.on_behalf_of) == (deputy, story.approver)
    assert decision.signature == f"{deputy} for {story.approver}"
    event = AuditEvent.objects.filter(stream=str(story.supplier.pk)).latest("seq")
    assert (event.actor, event.on_behalf_of) == (deputy, story.approver)


@pytest.mark.parametrize("verb", VERBS)
def test_a_denied_attempt_stands_in_the_story_of_the_supplier(verb):
    story = applying()

    with pytest.raises(NotAllowed):
        story.decide(verb, story.buyer)

    event = AuditEvent.objects.filter(stream=str(story.supplier.pk)).latest("seq")
    assert (event.verb, event.actor) == ("attempt.denied", story.buyer)
    assert event.after == {"attempt": verb.__name__, "rule": "can_decide"}


def test_a_second_click_is_told_who_decided():
    story = applying()
    said = story.said()
    story.decide(activating.approve, story.approver)

    with pytest.raises(AlreadyDecided, match=f"{story.approver} was quicker"):
        activating.reject(supplier_id=story.supplier.pk, by=ApproverFactory(), **said)


def test_a_supplier_that_changed_is_not_the_one_that_was_shown():
    story = applying()
    with pytest.raises(Stale, match="not the one you were shown"):
        story.decide(activating.approve, story.approver, seen="0" * 64)
    ContactFactory(supplier=story.supplier)
    Supplier.objects.filter(pk=story.supplier.pk).update(gstin="27AAPFU0939F1ZV")

    with pytest.raises(ContentChanged) as caught:
        story.decide(activating.approve, story.approver)

    assert [one.label for one in caught.value.changes] == ["Supplier, contacts", "Supplier, gstin"]
    assert story.activation.status == "voided"
    assert told(story)[-1] == "void_activation"
    assert recipients("activation_voided") == [story.buyer.email]
    story.supplier.refresh_from_db()
    assert story.supplier.status == "pending"


@pytest.mark.parametrize("verb", VERBS)
def test_an_earlier_step_is_not_decided_on_what_changed_either(verb):
    story = applying("approver", "head")
    Supplier.objects.filter(pk=story.supplier.pk).update(gstin="27AAPFU0939F1ZV")

    with pytest.raises(ContentChanged):
        story.decide(verb, story.approver)

    assert (story.activation.status, ActivationDecision.objects.count()) == ("voided", 0)


def test_an_approval_is_good_for_once():
    story = applying()
    story.decide(activating.approve, story.approver)
    Supplier.objects.filter(pk=story.supplier.pk).update(status="suspended")

    with pytest.raises(IntegrityError, match="asks for an approval"), transaction.atomic():
        Supplier.objects.filter(pk=story.supplier.pk).update(status="active")

    story.ask()
    story.decide(activating.approve, ApproverFactory())
    assert story.supplier.status == "active"


def test_a_supplier_that_waits_is_not_asked_for_prices():
    story = applying(asked=False)
    ApprovalPolicy.objects.update(is_active=False)
    drafted = stories.drafted()
    ApprovalPolicy.objects.update(is_active=True)
    facts = {"rfq_id": drafted.rfq.pk, "supplier_ids": [story.supplier.pk], "by": drafted.buyer}
    with pytest.raises(Incomplete, match="is pending approval and cannot be invited"):
        sourcing.choose_suppliers(**facts)
    story.ask()
    with pytest.raises(Incomplete, match="its activation waits for an approval"):
        sourcing.choose_suppliers(**facts)

    story.decide(activating.approve, story.approver)

    sourcing.choose_suppliers(**facts)
    assert drafted.rfq.invitations.get().supplier == story.supplier


def test_a_named_person_signs_and_nobody_else():
    meera = HeadFactory()
    story = applying("approver", str(meera.pk))

    story.decide(activating.approve, story.approver)

    assert recipients("activation_asked") == sorted([story.approver.email, meera.email])
    with pytest.raises(NotAllowed):
        story.decide(activating.approve, story.head)
    with pytest.raises(Incomplete):
        story.decide(activating.reject, meera, comment="no")
    story.decide(activating.approve, meera, comment="")
    assert story.supplier.status == "active"
    assert NO not in list(story.activation.decisions.values_list("comment", flat=True))[1:]
