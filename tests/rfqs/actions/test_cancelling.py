"""Taking an approved award back: asked for, approved like the award, and then as if it had not been."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from quoteflow.audit import verifying
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import awarding, cancelling, deciding, issuing
from rfqs.content import ContentChanged
from rfqs.models import ApprovalBand, ApprovalPolicy, OrderStatus
from rfqs.states import IllegalTransition
from tests import stories
from tests.conftest import signed_in
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    ItemFactory,
    SupplierFactory,
)
from tests.pasts import tamper
from tests.races import race
from tests.trails import last_event, recipients, verbs

pytestmark = pytest.mark.django_db

WHY = "the shutdown is called off"
TWO_STEPS = {"prices": ("3000", "3100")}


def ask(story, **changes):
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer, "reason": WHY} | changes
    return cancelling.ask_cancellation(**facts)


def asked(**options):
    story = stories.approved(**options)
    ask(story)
    return story


def statuses(story):
    """The request, its newest award, its orders and its quotations."""
    story.rfq.refresh_from_db()
    award = story.rfq.awards.latest("created_at")
    orders = story.rfq.orders.order_by("number").values_list("status", flat=True)
    quotations = story.rfq.quotations.order_by("pk").values_list("status", flat=True)
    return story.rfq.status, award.status, list(orders), list(quotations)


STANDS = ("approved", "approved", ["draft"], ["awarded", "not_awarded"])


def test_until_it_is_approved_everything_stays():
    story = asked()

    assert statuses(story) == STANDS
    assert story.request.status == "pending"
    event = last_event(story.rfq)
    assert (event.verb, event.actor) == ("award.ask_cancellation", story.buyer)
    assert event.after == {"reason": WHY, "steps": 1}


def test_when_it_is_approved_the_quotations_count_again():
    story = asked()

    story.decide(deciding.approve, story.approver)

    assert statuses(story) == ("evaluation", "cancelled", ["cancelled"], ["submitted"] * 2)
    assert (story.request.status, story.rfq.decided_at) == ("approved", None)
    assert recipients("cancellation_decided") == [story.buyer.email]
    assert recipients("award_cancelled") == sorted(one.email for one in story.suppliers)
    event = last_event(story.rfq)
    assert (event.verb, event.after["orders"]) == (
        "rfq.reopen",
        [story.rfq.orders.get().number],
    )


def bought(item, price, **options):
    """An approved award of 100 of the item at this price."""
    line = stories.GOODS_LINE | {"item_id": item.pk, "item_code": item.code}
    return stories.approved(lines=[line], prices=(price,), **options)


def cancelled(story):
    ask(story)
    story.decide(deciding.approve, story.approver)
    return last_event(story.rfq).after["forgotten"]


def remembered(item):
    item.refresh_from_db()
    return item.last_price, item.last_currency, item.last_supplier, item.last_bought_on


def test_a_price_that_was_not_paid_is_not_remembered():
    item = ItemFactory()
    story = bought(item, "12.5")
    assert remembered(item)[0] == Decimal("12.5")

    assert cancelled(story) == [item.code]
    assert remembered(item) == (None, "", None, None)


def test_what_was_remembered_before_comes_back():
    day, supplier = date(2026, 3, 2), SupplierFactory()
    known = (Decimal("9.75"), "INR", supplier, day)
    item = ItemFactory(
        last_price=known[0], last_currency="INR", last_supplier=supplier, last_bought_on=day
    )
    story = bought(item, "12.5")
    assert remembered(item)[:3] == (Decimal("12.5"), "INR", story.suppliers[0])

    cancelled(story)

    assert remembered(item) == known


def test_the_newest_purchase_that_stands_is_remembered():
    item = ItemFactory()
    first, second, third = (bought(item, price) for price in ("10", "11", "12"))

    assert cancelled(second) == []  # a newer one was written since
    assert remembered(item)[0] == 12
    cancelled(third)
    assert remembered(item)[::2] == (Decimal(10), first.suppliers[0])


def test_then_another_award_is_proposed_and_approved():
    story = asked()
    story.decide(deciding.approve, story.approver)
    quotation = story.rfq.quotations.get(supplier=story.suppliers[1])
    picks = [awarding.Pick(story.rfq.lines.get().pk, quotation.pk)]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    story.decide(deciding.approve, story.approver)

    assert statuses(story)[:3] == ("approved", "approved", ["cancelled", "draft"])
    assert verifying.broken_links() == []


@pytest.mark.parametrize("verb", [deciding.reject, deciding.send_back])
def test_a_no_leaves_the_award_as_it_is(verb):
    story = asked()

    story.decide(verb, story.approver, comment="the bolts are needed")

    assert statuses(story) == STANDS
    assert verbs(story.rfq)[-1] == "award.refuse_cancellation"
    assert ask(story).status == "pending"  # it may be asked again


def test_a_wish_for_an_award_that_changed_is_void_and_the_award_stands():
    story = asked()
    tamper("rfqs_award", "UPDATE rfqs_award SET recommendation = 'Trust me.'")

    with pytest.raises(ContentChanged, match="this approval is void") as refused:
        story.decide(deciding.approve, story.approver)

    assert [change.label for change in refused.value.changes] == ["Award, recommendation"]
    assert statuses(story) == STANDS
    assert (story.request.status, story.request.decisions.count()) == ("voided", 0)
    event = last_event(story.rfq)
    assert (event.verb, event.actor) == ("award.void_cancellation", None)
    assert recipients("approval_voided") == [story.buyer.email]
    cancelling.void(request_id=story.request.pk, changes=[])  # as after a lost answer
    assert last_event(story.rfq) == event
    ask(story)


def test_it_takes_the_steps_of_its_amount():
    story = asked(**TWO_STEPS)

    story.decide(deciding.approve, story.approver)
    assert statuses(story)[:2] == ("approved", "approved")
    story.decide(deciding.approve, story.head)

    assert statuses(story)[:2] == ("evaluation", "cancelled")


def test_a_policy_for_cancellations_is_its_own():
    policy = ApprovalPolicy.objects.create(name="Cancel", subject="cancellation")
    ApprovalBand.objects.create(policy=policy, steps=["head"])

    story = asked()

    assert [step.role for step in story.request.steps.all()] == ["head"]
    assert story.request.policy_name == "Cancel"


@pytest.mark.parametrize("acknowledged", [False, True])
def test_an_order_that_went_out_binds(acknowledged):
    story = stories.approved()
    now = story.rfq.decided_at
    story.rfq.orders.update(status=OrderStatus.ISSUED, issued_at=now, revision=1)
    if acknowledged:
        facts = {"acknowledged_at": now, "acknowledgement": "by mail"}
        story.rfq.orders.update(status=OrderStatus.ACKNOWLEDGED, **facts)

    with pytest.raises(DomainError, match="Cancel the order first"):
        ask(story)


def test_an_order_that_is_delivered_binds_for_good():
    story = stories.approved()
    order = story.rfq.orders.get()
    issuing.issue(order_id=order.pk, by=story.buyer)
    issuing.acknowledge(order_id=order.pk, by=story.buyer, how="by mail")
    issuing.close(order_id=order.pk, by=story.buyer)

    with pytest.raises(DomainError, match="went to the supplier"):
        ask(story)


def test_an_order_that_goes_out_meanwhile_binds_too():
    story = asked()
    story.rfq.orders.update(status=OrderStatus.ISSUED, issued_at=story.rfq.decided_at, revision=1)

    with pytest.raises(DomainError, match="Cancel the order first"):
        story.decide(deciding.approve, story.approver)
    assert story.request.status == "pending"


def test_nobody_who_worked_on_it_decides_its_cancellation():
    story = stories.approved()
    colleague = BuyerFactory(sites=[story.site], roles=["buyer", "approver"])
    ask(story, by=colleague)

    for person in (story.buyer, colleague):
        with pytest.raises(NotAllowed):
            story.decide(deciding.approve, person)


def test_only_buyers_of_the_site_ask():
    story = stories.approved()

    for person in (story.approver, story.head, BuyerFactory()):
        with pytest.raises(NotAllowed):
            ask(story, by=person)


def test_it_needs_a_reason_an_approved_award_and_is_asked_once():
    with pytest.raises(IllegalTransition):
        ask(stories.submitted())
    story = stories.approved()
    with pytest.raises(Incomplete, match="10 characters"):
        ask(story, reason="why not")
    ask(story)
    with pytest.raises(DomainError, match="already"):
        ask(story)


def test_its_reason_has_ten_characters_spaces_around_it_not_counted():
    story = stories.approved()

    with pytest.raises(Incomplete, match="at least 10 characters"):
        ask(story, reason=" too short ")
    assert ask(story, reason=" ten chars. ").reason == "ten chars."


def test_the_wish_is_withdrawn_before_anybody_decides():
    story = asked(**TWO_STEPS)
    with pytest.raises(IllegalTransition):
        awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)

    cancelling.withdraw_cancellation(rfq_id=story.rfq.pk, by=story.buyer)

    assert (story.request.status, verbs(story.rfq)[-1]) == ("withdrawn", "award.keep")
    ask(story)
    story.decide(deciding.approve, story.approver)
    with pytest.raises(DomainError, match="decided already"):
        cancelling.withdraw_cancellation(rfq_id=story.rfq.pk, by=story.buyer)


def test_the_pages_ask_and_show_what_it_is(htmx):
    story = stories.approved()
    buyer, number = signed_in(story.buyer), [story.rfq.number]
    page = reverse("rfqs:cancel_award", args=number)

    assert buyer.get(page).status_code == 200
    assert buyer.post(page, {"reason": ""}).status_code == 422
    assert buyer.post(page, {"reason": WHY}).status_code == 302

    assert "Keep the award" in buyer.get(reverse("rfqs:detail", args=number)).content.decode()
    approver = signed_in(story.approver)
    assert "Cancellation of the award" in approver.get("/rfqs/inbox/").content.decode()
    item = approver.get(reverse("rfqs:inbox_item", args=number)).content.decode()
    assert "The approved award is to be cancelled." in item
    assert WHY in item
    data = {"step": story.request.steps.get().pk, "seen": story.request.content_hash}
    told = approver.post(reverse("rfqs:approve", args=number), data, headers=htmx)
    assert "is cancelled; its quotations count again" in told.content.decode()


def test_the_page_takes_the_wish_back():
    story = asked()

    answer = signed_in(story.buyer).post(reverse("rfqs:keep_award", args=[story.rfq.number]))

    assert (answer.status_code, story.request.status) == (302, "withdrawn")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_ask_once():
    story = stories.approved()
    ApproverFactory(sites=[story.site])
    HeadFactory()

    assert race(story.rfq, lambda: ask(story), lambda: ask(story)) == ["done", "refused"]
