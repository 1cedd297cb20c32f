"""Approve, reject, return: who, in which order, of what was shown."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Role
from quoteflow.audit import verifying
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import awarding, deciding, drafting
from rfqs.actions.deciding import AlreadyDecided, ContentChanged
from rfqs.content import Change
from rfqs.models import Decision, Item, PurchaseOrder, Quotation
from tests import stories
from tests.factories import ApproverFactory, ItemFactory, UserFactory
from tests.pasts import tamper
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db

WHY = "the same quality is cheaper elsewhere"
TWO_STEPS = {"prices": ("3000", "3100")}


def states(story):
    """The request, its award, its approval and the approval's steps."""
    story.rfq.refresh_from_db()
    request = story.request
    steps = request.steps.order_by("sequence").values_list("status", flat=True)
    return story.rfq.status, request.award.status, request.status, list(steps)


def test_one_yes_is_enough_below_the_limit():
    story = stories.submitted()

    decision = story.decide(deciding.approve, story.approver, comment=" fine ")

    assert states(story) == ("approved", "approved", "approved", ["approved"])
    assert (decision.by, decision.outcome, decision.comment) == (
        story.approver,
        "approved",
        "fine",
    )
    assert story.rfq.decided_at == decision.at
    order = PurchaseOrder.objects.get()
    assert facts(last_event(story.rfq)) == (
        story.approver,
        "rfq.approve",
        "rfqs.rfq",
        {"status": "pending"},
        {
            "status": "approved",
            "step": 1,
            "outcome": "approved",
            "comment": "fine",
            "orders": [order.number],
        },
    )


def test_above_the_limit_the_head_is_asked_after_the_approver():
    story = stories.submitted(**TWO_STEPS)
    assert recipients("approval_asked") == [story.approver.email]

    story.decide(deciding.approve, story.approver)

    assert states(story) == ("pending", "pending", "pending", ["approved", "active"])
    assert recipients("approval_asked") == sorted([story.approver.email, story.head.email])
    assert recipients("award_decided") == []
    assert verbs(story.rfq)[-1] == "award.step_approved"

    story.decide(deciding.approve, story.head)

    assert states(story) == ("approved", "approved", "approved", ["approved", "approved"])
    assert recipients("award_decided") == sorted([story.buyer.email, story.approver.email])


def test_the_second_step_is_not_decided_first():
    story = stories.submitted(**TWO_STEPS)
    second = story.request.steps.get(sequence=2)

    with pytest.raises(AlreadyDecided, match="An earlier step has to be decided before this one"):
        story.decide(deciding.approve, story.head, step_id=second.pk)
    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.head)
    assert Decision.objects.count() == 0


def test_nobody_decides_two_steps():
    story = stories.submitted(**TWO_STEPS)
    story.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
    story.approver.save(update_fields=["roles"])
    story.decide(deciding.approve, story.approver)

    with pytest.raises(DomainError, match="You decide another step"):
        story.decide(deciding.approve, story.approver)
    assert recipients("approval_asked").count(story.approver.email) == 1


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (deciding.reject, ("rejected", "rejected", "rejected", ["rejected", "skipped"])),
        (deciding.send_back, ("evaluation", "draft", "returned", ["returned", "skipped"])),
    ],
)
def test_a_no_ends_the_approval_with_a_comment(verb, expected):
    story = stories.submitted(**TWO_STEPS)

    story.decide(verb, story.approver, comment=WHY)

    assert states(story) == expected
    assert Decision.objects.get().comment == WHY
    assert recipients("award_decided") == [story.buyer.email]
    assert last_event(story.rfq).after["comment"] == WHY
    assert PurchaseOrder.objects.count() == 0


@pytest.mark.parametrize("verb", [deciding.reject, deciding.send_back])
@pytest.mark.parametrize("comment", ["", "   ", "too short"])
def test_a_no_needs_a_comment(verb, comment):
    story = stories.submitted()

    with pytest.raises(Incomplete, match="at least 10 characters"):
        story.decide(verb, story.approver, comment=comment)
    assert states(story) == ("pending", "pending", "pending", ["active"])


@pytest.mark.parametrize("verb", [deciding.reject, deciding.send_back])
def test_the_second_no_counts_as_much(verb):
    story = stories.submitted(**TWO_STEPS)
    story.decide(deciding.approve, story.approver)

    story.decide(verb, story.head, comment=WHY)

    assert states(story)[2:] in (
        ("rejected", ["approved", "rejected"]),
        ("returned", ["approved", "returned"]),
    )


def test_the_second_click_is_told_who_decided():
    story = stories.submitted()
    step = story.request.steps.get()
    story.decide(deciding.reject, story.approver, comment=WHY)
    other = ApproverFactory(sites=[story.site])

    with pytest.raises(AlreadyDecided, match=f"{story.approver.full_name} was quicker: rejected"):
        deciding.approve(
            rfq_id=story.rfq.pk, by=other, seen=story.request.content_hash, step_id=step.pk
        )


def test_what_was_not_shown_is_not_approved():
    story = stories.submitted()

    with pytest.raises(Stale, match="not the one you were shown"):
        story.decide(deciding.approve, story.approver, seen="0" * 64)


CHANGES = {
    "award": ("rfqs_award", "recommendation = 'Trust me.'", "Award, recommendation", "", "Trust me."),
    "words": ("rfqs_rfq", "title = 'Gold bolts'", "Request, title", "Bolts for the shutdown", "Gold bolts"),
    "rates": ("rfqs_rfq", "rates = '{\"EUR\": \"1\"}'", "Exchange rate, EUR", "", "1"),
    "line": ("rfqs_rfqline", "quantity = 99", "Request, line 1, quantity", "100.000", "99.000"),
}  # fmt: skip


@pytest.mark.parametrize("what", ["award", "words", "rates", "line"])
def test_what_changed_after_the_submission_is_void(what):
    table, change, label, old, new = CHANGES[what]
    story = stories.submitted()
    tamper(table, f"UPDATE {table} SET {change}")  # noqa: S608 (constants)

    with pytest.raises(ContentChanged, match="this approval is void") as refused:
        story.decide(deciding.approve, story.approver)

    assert refused.value.changes == [Change(label, old, new)]
    assert states(story) == ("evaluation", "draft", "voided", ["skipped"])
    tamper("rfqs_rfq", "SELECT 1")  # every deferred rule holds
    assert (Decision.objects.count(), PurchaseOrder.objects.count()) == (0, 0)
    event = last_event(story.rfq)
    assert (event.verb, event.actor, event.after["changed"]) == ("rfq.void", None, [label])
    assert recipients("approval_voided") == [story.buyer.email]


@pytest.mark.parametrize(
    ("table", "change", "label"),
    [
        ("rfqs_quotation", "payment_terms = '100 % advance'", "Quotation, {name}, payment terms"),
        ("rfqs_quotationline", "unit_price = 1", "Quotation, {name}, line 1, unit price"),
    ],
)
def test_a_quotation_that_changed_is_named_by_its_supplier(table, change, label):
    story = stories.submitted(prices=("10",))
    tamper(table, f"UPDATE {table} SET {change}".replace("%", "%%"))  # noqa: S608 (constants)

    with pytest.raises(ContentChanged) as refused:
        story.decide(deciding.approve, story.approver)

    (told,) = refused.value.changes
    assert told.label == label.format(name=story.suppliers[0].name)


def test_a_void_award_is_submitted_again_and_approved():
    story = stories.submitted()
    tamper("rfqs_award", "UPDATE rfqs_award SET recommendation = 'Trust me.'")
    with pytest.raises(ContentChanged):
        story.decide(deciding.approve, story.approver)

    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)
    story.decide(deciding.approve, story.approver)

    assert states(story)[:3] == ("approved", "approved", "approved")
    assert verifying.broken_links() == []


def test_a_change_between_two_steps_is_found_at_the_last():
    story = stories.submitted(**TWO_STEPS)
    story.decide(deciding.approve, story.approver)
    tamper("rfqs_award", "UPDATE rfqs_award SET recommendation = 'Trust me.'")

    with pytest.raises(ContentChanged):
        story.decide(deciding.approve, story.head)

    assert story.request.status == "voided"
    assert story.rfq.approval_requests.get().decisions.count() == 1  # history stays


def test_voiding_twice_is_voiding_once():
    story = stories.submitted()
    for _twice in range(2):
        deciding.void(request_id=story.request.pk, changes=[])

    assert verbs(story.rfq).count("rfq.void") == 1


@pytest.mark.parametrize("who", ["stranger", "elsewhere", "head", "supplier", "staff", "retired"])
def test_only_those_who_hold_the_step_decide(who):
    story = stories.submitted()
    person = {
        "stranger": UserFactory,
        "elsewhere": ApproverFactory,
        "head": lambda: story.head,
        "supplier": lambda: UserFactory(roles=[Role.SUPPLIER.value], sites=[story.site]),
        "staff": lambda: UserFactory(is_staff=True, is_superuser=True, sites=[story.site]),
        "retired": lambda: ApproverFactory(sites=[story.site], is_active=False),
    }[who]()

    for verb in (deciding.approve, deciding.reject, deciding.send_back):
        with pytest.raises(NotAllowed):
            story.decide(verb, person, comment=WHY)


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_decides_on_their_own_work(superuser):
    story = stories.submitted()
    story.buyer.roles = [role.value for role in (Role.BUYER, Role.APPROVER, Role.HEAD)]
    story.buyer.is_superuser = superuser
    story.buyer.save(update_fields=["roles", "is_superuser"])

    with pytest.raises(NotAllowed, match="you worked on this yourself"):
        story.decide(deciding.approve, story.buyer)


def test_a_returned_award_is_submitted_again_and_its_history_stays():
    story = stories.submitted()
    story.decide(deciding.send_back, story.approver, comment=WHY)
    quotation = story.rfq.quotations.get(supplier=story.suppliers[1])
    picks = [awarding.Pick(story.rfq.lines.get().pk, quotation.pk)]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    story.decide(deciding.approve, story.approver)

    outcomes = story.rfq.decisions.order_by("at").values_list("outcome", "comment")
    assert list(outcomes) == [("returned", WHY), ("approved", "")]
    requests = story.rfq.approval_requests.order_by("created_at").values_list("status", "amount")
    assert list(requests) == [
        ("returned", Decimal("1000.00")),
        ("approved", Decimal("1100.00")),
    ]
    assert recipients("approval_asked") == [story.approver.email] * 2


def test_nothing_is_decided_once_the_request_is_cancelled():
    story = stories.submitted()
    step = story.request.steps.get()
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed")

    with pytest.raises(AlreadyDecided, match="The request is “Cancelled”"):
        deciding.approve(
            rfq_id=story.rfq.pk,
            by=story.approver,
            seen=story.request.content_hash,
            step_id=step.pk,
        )


def test_the_last_yes_brings_everything_about():
    items = [ItemFactory(), ItemFactory(last_price=Decimal(9), last_currency="INR")]
    line = {"quantity": Decimal(100), "gst_percent": Decimal(18)}
    lines = [line | {"item_code": item.code} for item in items]
    story = stories.quoted(prices=(["10", "21"], ["11", "20"], ["12", "22"]), lines=lines)
    award_to(story, (1, 0), (2, 1))

    story.decide(deciding.approve, story.approver)

    outcomes = Quotation.objects.order_by("supplier__code").values_list("status", flat=True)
    assert list(outcomes) == ["partly_awarded", "partly_awarded", "not_awarded"]
    remembered = Item.objects.order_by("code").values_list("last_price", "last_supplier__code")
    winners = [supplier.code for supplier in story.suppliers[:2]]
    assert list(remembered) == [(Decimal(10), winners[0]), (Decimal(20), winners[1])]
    orders = PurchaseOrder.objects.order_by("number").values_list("supplier__code", "cost")
    assert list(orders) == [(winners[0], Decimal("1000.00")), (winners[1], Decimal("2000.00"))]
    assert recipients("award_letter") == [one.email for one in story.suppliers[:2]]
    assert recipients("regret_letter") == [story.suppliers[2].email]
    assert recipients("award_decided") == [story.buyer.email]


def test_nothing_is_left_of_an_approval_whose_last_statement_fails():
    story = stories.submitted(lines=[stories.GOODS_LINE | {"item_code": ItemFactory().code}])
    before = everything(story)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE notifications_outboxmessage ADD CONSTRAINT no_such_letter"
            " CHECK (kind <> 'award_decided')"
        )

    with pytest.raises(IntegrityError, match="no_such_letter"), transaction.atomic():
        story.decide(deciding.approve, story.approver)

    assert everything(story) == before


def test_control_the_same_approval_changes_everything_without_the_constraint():
    story = stories.submitted(lines=[stories.GOODS_LINE | {"item_code": ItemFactory().code}])
    before = everything(story)

    story.decide(deciding.approve, story.approver)

    after = everything(story)
    assert [name for name in before if before[name] == after[name]] == []


def everything(story):
    """What an approval changes, as stored."""
    return {
        "states": states(story),
        "decisions": Decision.objects.count(),
        "quotations": sorted(story.rfq.quotations.values_list("status", flat=True)),
        "prices": list(Item.objects.values_list("last_price", flat=True)),
        "orders": PurchaseOrder.objects.count(),
        "letters": OutboxMessage.objects.count(),
        "events": AuditEvent.objects.count(),
        "jobs": jobs(),
    }


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]


def award_to(story, *picks):
    """Evaluate, and submit an award of these (line, supplier)."""
    stories.opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    chosen = [
        awarding.Pick(
            story.rfq.lines.get(position=line).pk,
            story.rfq.quotations.get(supplier=story.suppliers[supplier]).pk,
        )
        for line, supplier in picks
    ]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=chosen, by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)
    story.rfq.refresh_from_db()
