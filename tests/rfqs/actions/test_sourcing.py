"""Asking suppliers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import drafting, quoting, sourcing
from rfqs.actions.sourcing import DeadlinePassed
from rfqs.states import IllegalTransition, Status
from tests import stories
from tests.factories import BuyerFactory, SiteFactory, SupplierFactory
from tests.pasts import close
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db


def test_choose_makes_the_invited_exactly_these():
    story = stories.drafted(suppliers=2)
    stays, goes = story.suppliers
    new = SupplierFactory()

    rfq = sourcing.choose_suppliers(
        rfq_id=story.rfq.pk, supplier_ids=[stays.pk, new.pk], by=story.buyer
    )

    assert set(rfq.invitations.values_list("supplier", flat=True)) == {stays.pk, new.pk}
    assert rfq.invited_count == 2
    assert facts(last_event(rfq))[1:] == (
        "rfq.choose_suppliers",
        "rfqs.rfq",
        {},
        {"suppliers": [stays.code, new.code]},
    )
    assert goes.name not in rfq.search_text


def test_changing_the_choice_leaves_the_rest_alone():
    story = stories.drafted(suppliers=2)
    stays, goes = story.suppliers
    new = SupplierFactory()
    type(stays).objects.filter(pk=stays.pk).update(status="suspended")

    rfq = sourcing.change_suppliers(
        rfq_id=story.rfq.pk, by=story.buyer, add=[new.pk], remove=[goes.pk, new.pk]
    )

    assert set(rfq.invitations.values_list("supplier", flat=True)) == {stays.pk, new.pk}
    assert (rfq.invited_count, goes.name in rfq.search_text) == (2, False)
    assert last_event(rfq).after == {"suppliers": [stays.code, new.code]}


def test_the_choice_is_changed_by_buyers_of_the_site_in_a_draft():
    story, out = stories.drafted(), stories.opened()

    with pytest.raises(NotAllowed):
        sourcing.change_suppliers(
            rfq_id=story.rfq.pk, by=BuyerFactory(), add=[SupplierFactory().pk]
        )
    with pytest.raises(IllegalTransition):
        sourcing.change_suppliers(rfq_id=out.rfq.pk, by=out.buyer, remove=[out.suppliers[0].pk])
    idle = SupplierFactory(status="suspended")
    with pytest.raises(Incomplete):
        sourcing.change_suppliers(rfq_id=story.rfq.pk, by=story.buyer, add=[idle.pk])


@pytest.mark.parametrize("status", ["pending", "inactive", "suspended"])
def test_only_active_suppliers_are_asked(status):
    story = stories.drafted()
    supplier = SupplierFactory(status=status)

    with pytest.raises(Incomplete, match=f"{supplier.name} is .* and cannot be invited"):
        sourcing.choose_suppliers(rfq_id=story.rfq.pk, supplier_ids=[supplier.pk], by=story.buyer)


def test_suppliers_of_a_published_request_are_not_chosen_again():
    story = stories.opened()

    with pytest.raises(NotAllowed):
        sourcing.choose_suppliers(rfq_id=story.rfq.pk, supplier_ids=[], by=story.buyer)


def test_publish_opens_and_asks_everyone():
    story = stories.drafted(suppliers=2)

    rfq = sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    assert (rfq.status, rfq.published_at is None) == (Status.OPEN, False)
    assert set(rfq.invitations.values_list("status", flat=True)) == {"sent"}
    assert recipients("invitation") == sorted(one.email for one in story.suppliers)
    assert facts(last_event(rfq)) == (
        story.buyer,
        "rfq.publish",
        "rfqs.rfq",
        {"status": "draft"},
        {"status": "open", "invited": 2},
    )


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("lines", "Add at least one line."),
        ("suppliers", "Choose at least one supplier."),
        ("deadline", "Set the closing time."),
        ("time", "The closing time must be at least 0 minutes from now."),
        ("typed", "Some fields hold values that could not be read"),
    ],
)
def test_publish_says_what_is_missing(missing, sentence):
    story = stories.drafted()
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer}
    if missing == "lines":
        drafting.revise(**facts, version=None, lines=[])
    elif missing == "suppliers":
        sourcing.choose_suppliers(**facts, supplier_ids=[])
    elif missing == "typed":
        drafting.keep_typed(**facts, version=story.rfq.version, typed={"title": [""]})
    else:
        deadline = None if missing == "deadline" else timezone.now()
        drafting.revise(**facts, version=None, head={"deadline": deadline})

    with pytest.raises(Incomplete) as refusal:
        sourcing.publish(**facts)

    assert [problem for problem in refusal.value.problems if problem.startswith(sentence)] == (
        refusal.value.problems
    )
    story.rfq.refresh_from_db()
    assert story.rfq.status == Status.DRAFT


def test_publish_leaves_the_suppliers_the_time_the_site_promises():
    story = stories.drafted(
        site=SiteFactory(minimum_lead_minutes=60), deadline=timezone.now() + timedelta(minutes=59)
    )

    with pytest.raises(Incomplete, match="at least 60 minutes from now"):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)


def test_publish_asks_no_supplier_who_was_suspended_since():
    story = stories.drafted(suppliers=2)
    suspended = story.suppliers[0]
    suspended.status = "suspended"
    suspended.save(update_fields=["status"])

    with pytest.raises(Incomplete, match=f"{suspended.name} is suspended"):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    assert recipients("invitation") == []


def test_publish_is_for_buyers_of_the_site_and_once():
    story = stories.drafted()

    with pytest.raises(NotAllowed):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.approver)
    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    with pytest.raises(IllegalTransition):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    assert verbs(story.rfq).count("rfq.publish") == 1


def test_invite_asks_further_suppliers_at_once():
    story = stories.opened(suppliers=1)
    new = SupplierFactory()

    rfq = sourcing.invite(
        rfq_id=story.rfq.pk, supplier_ids=[new.pk, story.suppliers[0].pk], by=story.buyer
    )

    assert rfq.invited_count == 2
    assert recipients("invitation") == sorted([story.suppliers[0].email, new.email])
    assert verbs(rfq)[-1] == "rfq.invite"


def test_invite_waits_for_publication_and_ends_with_the_closing_time():
    draft, story = stories.drafted(), stories.opened()
    close(story.rfq)

    with pytest.raises(IllegalTransition):
        sourcing.invite(rfq_id=draft.rfq.pk, supplier_ids=[], by=draft.buyer)
    with pytest.raises(DeadlinePassed):
        sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=[], by=story.buyer)
    with pytest.raises(NotAllowed):
        sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=[], by=BuyerFactory())


def test_extend_moves_the_closing_time_later_and_tells_the_invited():
    story = stories.opened()
    later = story.rfq.deadline + timedelta(hours=1)

    rfq = sourcing.extend(rfq_id=story.rfq.pk, deadline=later, by=story.buyer, reason=" a strike ")

    rfq.refresh_from_db()
    assert rfq.deadline == later
    assert recipients("deadline_extended") == sorted(one.email for one in story.suppliers)
    assert facts(last_event(rfq))[1:] == (
        "rfq.extend",
        "rfqs.rfq",
        {"deadline": story.rfq.deadline.isoformat()},
        {"deadline": later.isoformat(), "reason": "a strike"},
    )


def test_extend_never_moves_it_earlier_nor_leaves_it():
    story = stories.opened()

    for change in (timedelta(0), -timedelta(microseconds=1)):
        with pytest.raises(Incomplete, match="must be later"):
            sourcing.extend(
                rfq_id=story.rfq.pk,
                deadline=story.rfq.deadline + change,
                by=story.buyer,
                reason="why",
            )


def test_extend_wants_a_reason():
    story = stories.opened()
    later = story.rfq.deadline + timedelta(hours=1)

    with pytest.raises(Incomplete, match="Say why"):
        sourcing.extend(rfq_id=story.rfq.pk, deadline=later, by=story.buyer, reason="  ")
    assert recipients("deadline_extended") == []


def test_extend_does_not_revive_a_closed_request():
    story = stories.opened()
    close(story.rfq)

    with pytest.raises(DeadlinePassed):
        sourcing.extend(
            rfq_id=story.rfq.pk,
            deadline=timezone.now() + timedelta(days=1),
            by=story.buyer,
            reason="why",
        )


def test_extend_is_for_open_requests_and_their_buyers():
    draft, story = stories.drafted(), stories.opened()
    later = timezone.now() + timedelta(days=9)

    with pytest.raises(IllegalTransition):
        sourcing.extend(rfq_id=draft.rfq.pk, deadline=later, by=draft.buyer, reason="why")
    with pytest.raises(NotAllowed):
        sourcing.extend(rfq_id=story.rfq.pk, deadline=later, by=story.approver, reason="why")


def test_a_request_nobody_answered_is_closed_with_a_reason():
    story = stories.opened()
    close(story.rfq)

    rfq = sourcing.close_unsuccessful(rfq_id=story.rfq.pk, by=story.buyer, reason="no offers")

    assert (rfq.status, rfq.closing_reason) == (Status.UNSUCCESSFUL, "no offers")
    assert last_event(rfq).after == {"status": "unsuccessful", "reason": "no offers"}


def test_an_evaluation_without_a_quotation_that_counts_is_closed():
    story = stories.evaluated(prices=("10",))
    quoting.disqualify(
        quotation_id=story.rfq.quotations.get().pk, by=story.buyer, reason="wrong grade"
    )

    rfq = sourcing.close_unsuccessful(rfq_id=story.rfq.pk, by=story.buyer, reason="no offers")

    assert rfq.status == Status.UNSUCCESSFUL


def test_a_request_is_not_closed_while_it_may_still_be_won():
    waiting, answered = stories.opened(), stories.quoted()
    close(answered.rfq)

    with pytest.raises(DomainError, match="has not passed yet"):
        sourcing.close_unsuccessful(rfq_id=waiting.rfq.pk, by=waiting.buyer, reason="no")
    with pytest.raises(DomainError, match="a quotation that counts"):
        sourcing.close_unsuccessful(rfq_id=answered.rfq.pk, by=answered.buyer, reason="no")
    with pytest.raises(Incomplete):
        sourcing.close_unsuccessful(rfq_id=answered.rfq.pk, by=answered.buyer, reason=" ")
    with pytest.raises(NotAllowed):
        sourcing.close_unsuccessful(rfq_id=answered.rfq.pk, by=answered.approver, reason="no")


def test_the_closing_time_itself_is_late():
    rfq = stories.opened().rfq
    now = database_now()
    rfq.deadline = now

    assert [rfq.is_closed_at(now - timedelta(microseconds=1)), rfq.is_closed_at(now)] == [
        False,
        True,
    ]
