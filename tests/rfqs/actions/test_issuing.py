"""Orders on their way: issued, acknowledged, closed, cancelled, each once and by whom it may be."""

import pytest

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import Incomplete, NotAllowed
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import issuing
from rfqs.states import ORDER_ARROWS, IllegalTransition, OrderStatus
from tests import stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.approved()


@pytest.fixture
def order(story):
    return story.rfq.orders.get()


def mails(kind):
    return list(OutboxMessage.objects.filter(kind=kind).order_by("created_at"))


def test_an_order_goes_to_its_supplier_is_acknowledged_and_closed(story, order):
    issuing.issue(order_id=order.pk, by=story.buyer, remarks=" Deliver to gate 2. ")
    issuing.acknowledge(order_id=order.pk, by=story.buyer, how="mail of Mr Rao")
    issuing.close(order_id=order.pk, by=story.buyer)

    order.refresh_from_db()
    assert (order.status, order.revision, order.remarks, order.acknowledgement) == (
        "closed", 1, "Deliver to gate 2.", "mail of Mr Rao",
    )  # fmt: skip
    [mail] = mails("order_issued")
    assert mail.recipient == story.suppliers[0].email
    assert (order.number in mail.text, "Deliver to gate 2." in mail.text) == (True, True)
    verbs = AuditEvent.objects.of(story.rfq.pk).values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["order.issue", "order.acknowledge", "order.close"]


def test_issuing_again_is_the_next_revision_and_wants_an_acknowledgement_anew(story, order):
    issuing.issue(order_id=order.pk, by=story.buyer)
    issuing.acknowledge(order_id=order.pk, by=story.buyer, how="by phone")
    again = issuing.issue(order_id=order.pk, by=story.buyer, remarks="Deliver to gate 3.")

    assert (again.status, again.revision, again.acknowledged_at, again.acknowledgement) == (
        "issued", 2, None, "",
    )  # fmt: skip
    assert [("revision 2" in mail.subject) for mail in mails("order_issued")] == [False, True]


def test_a_draft_is_cancelled_quietly_and_an_issued_order_by_letter(story, order):
    with pytest.raises(Incomplete):
        issuing.cancel(order_id=order.pk, by=story.buyer, reason=" ")
    issuing.cancel(order_id=order.pk, by=story.buyer, reason="Not needed any more.")
    assert mails("order_cancelled") == []

    other = stories.approved()
    issued = other.rfq.orders.get()
    issuing.issue(order_id=issued.pk, by=other.buyer)
    issuing.cancel(order_id=issued.pk, by=other.buyer, reason="Wrong grade.")
    [mail] = mails("order_cancelled")
    assert (mail.recipient, "Wrong grade." in mail.text) == (other.suppliers[0].email, True)


def test_the_story_says_every_step_of_an_order_and_why_it_was_cancelled(story, order):
    issuing.issue(order_id=order.pk, by=story.buyer)
    issuing.acknowledge(order_id=order.pk, by=story.buyer, how=" by mail of Mr Rao ")
    issuing.cancel(order_id=order.pk, by=story.buyer, reason=" Wrong grade. ")

    told = [(e.verb, e.actor, e.after) for e in AuditEvent.objects.of(story.rfq.pk)][-3:]
    known = {"order": order.number}
    assert told == [
        ("order.issue", story.buyer, known | {"status": "issued", "revision": 1}),
        ("order.acknowledge", story.buyer, known | {"status": "acknowledged"}),
        ("order.cancel", story.buyer, known | {"status": "cancelled", "reason": "Wrong grade."}),
    ]


def test_only_buyers_of_the_site_move_an_order(story, order):
    for act in (
        lambda: issuing.issue(order_id=order.pk, by=story.approver),
        lambda: issuing.cancel(order_id=order.pk, by=story.approver, reason="no"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_order_moves_along_its_arrows_only(story, order):
    with pytest.raises(IllegalTransition):
        issuing.close(order_id=order.pk, by=story.buyer)
    with pytest.raises(Incomplete):
        issuing.acknowledge(order_id=order.pk, by=story.buyer, how="")
    issuing.cancel(order_id=order.pk, by=story.buyer, reason="Not needed.")
    with pytest.raises(IllegalTransition):
        issuing.issue(order_id=order.pk, by=story.buyer)
    assert set(ORDER_ARROWS) == set(OrderStatus)
