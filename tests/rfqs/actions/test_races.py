"""Two people at once: one is done, the other is refused, whoever came first.

Each race has a control: the same race with the lock replaced by a plain read must end otherwise.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.clock import database_now
from quoteflow.lib.composed import ComposedModels
from quoteflow.lib.errors import NotAllowed
from quoteflow.lib.models import Sending
from quoteflow.lib.once import Once
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import awarding, deciding, drafting, quoting, sourcing
from rfqs.models import RFQ, Award, Counter, Decision, PurchaseOrder, Quotation
from rfqs.models.approval import ApprovalStepQuerySet
from rfqs.models.rfq import RFQQuerySet
from rfqs.states import Status
from tests import stories
from tests.factories import ApproverFactory, BuyerFactory, SupplierFactory
from tests.pasts import unguarded, wait_for_closing
from tests.races import PATIENCE, outcome, race, wait_until_blocked

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ONE_WINS = ["done", "refused"]


@pytest.fixture
def unlocked(monkeypatch):
    """The control: the row is read and not locked."""

    def plain(self, pk):
        return self.select_related("site").get(pk=pk)

    monkeypatch.setattr(RFQQuerySet, "lock", plain)
    monkeypatch.setattr(ApprovalStepQuerySet, "select_for_update", lambda self, **_options: self)
    monkeypatch.setattr(deciding, "_STEPS", ComposedModels(deciding._steps_beside))  # anew, without


def test_two_approvals_at_once_leave_one_decision():
    story = stories.submitted()

    assert race(story.rfq, *two_decisions(story, deciding.approve)) == ONE_WINS

    story.rfq.refresh_from_db()
    assert story.rfq.status == Status.APPROVED
    assert (Decision.objects.count(), PurchaseOrder.objects.count()) == (1, 1)


def test_approve_and_reject_at_once_leave_one_decision():
    story = stories.submitted()

    assert race(story.rfq, *two_decisions(story, deciding.reject)) == ONE_WINS

    story.rfq.refresh_from_db()
    assert Decision.objects.get().outcome == story.rfq.status


def test_control_two_decisions_without_the_lock_are_not_refused(unlocked):
    story = stories.submitted()

    assert race(story.rfq, *two_decisions(story, deciding.reject)) == ["IntegrityError", "done"]


def test_two_submissions_at_once_ask_for_approval_once():
    story = stories.picked()

    assert race(story.rfq, *two_submissions(story)) == ONE_WINS

    assert story.rfq.approval_requests.count() == 1
    assert Award.objects.get().status == "pending"
    assert OutboxMessage.objects.filter(kind="approval_asked").count() == 1


def test_control_two_submissions_without_the_lock_are_not_refused(unlocked):
    story = stories.picked()

    assert race(story.rfq, *two_submissions(story)) != ONE_WINS


def test_two_publications_at_once_send_one_invitation():
    story = stories.drafted(suppliers=1)

    assert race(story.rfq, *two_publications(story)) == ONE_WINS

    assert AuditEvent.objects.filter(verb="rfq.publish").count() == 1
    assert OutboxMessage.objects.filter(kind="invitation").count() == 1


def test_control_two_publications_without_the_lock_both_happen(unlocked):
    story = stories.drafted(suppliers=1)

    assert race(story.rfq, *two_publications(story)) == ["done", "done"]

    assert AuditEvent.objects.filter(verb="rfq.publish").count() == 2


def test_a_quotation_that_waited_past_the_closing_time_is_late():
    story = closing_soon()

    def capture():
        stories.quote(story, story.suppliers[0])

    assert race(story.rfq, capture, until=lambda: wait_for_closing(story.rfq)) == ["refused"]
    assert Quotation.objects.count() == 0


def test_control_a_clock_read_before_the_wait_admits_a_late_quotation(monkeypatch):
    story = closing_soon()
    before = database_now()
    monkeypatch.setattr(quoting, "database_now", lambda: before)

    def capture():
        stories.quote(story, story.suppliers[0])

    assert race(story.rfq, capture, until=lambda: wait_for_closing(story.rfq)) == ["done"]


def test_an_extension_that_waited_past_the_closing_time_revives_nothing():
    story = closing_soon()

    assert race(story.rfq, extending(story), until=lambda: wait_for_closing(story.rfq)) == [
        "refused"
    ]

    story.rfq.refresh_from_db()
    assert story.rfq.is_closed_at(database_now())


def test_control_a_clock_read_before_the_wait_leaves_the_refusal_to_the_database(monkeypatch):
    story = closing_soon()
    before = database_now()
    monkeypatch.setattr(sourcing, "database_now", lambda: before)

    ended = race(story.rfq, extending(story), until=lambda: wait_for_closing(story.rfq))

    assert ended == ["IntegrityError"]


def test_control_without_the_guard_too_it_would_be_revived(monkeypatch):
    story = closing_soon()
    before = database_now()
    monkeypatch.setattr(sourcing, "database_now", lambda: before)

    with unguarded("rfqs_rfq"):
        ended = race(story.rfq, extending(story), until=lambda: wait_for_closing(story.rfq))

    story.rfq.refresh_from_db()
    assert (ended, story.rfq.is_closed_at(database_now())) == (["done"], False)


def test_two_buyers_who_choose_suppliers_at_once_both_get_them():
    story = stories.drafted(suppliers=1)
    first, second = SupplierFactory.create_batch(2)

    assert race(story.rfq, adding(story, first), adding(story, second)) == ["done", "done"]

    story.rfq.refresh_from_db()
    assert set(story.rfq.invitations.values_list("supplier", flat=True)) == {
        story.suppliers[0].pk,
        first.pk,
        second.pk,
    }
    assert story.rfq.invited_count == 3


def test_control_without_the_lock_the_list_counts_only_one_of_them(unlocked):
    story = stories.drafted(suppliers=1)
    first, second = SupplierFactory.create_batch(2)

    race(story.rfq, adding(story, first), adding(story, second))

    story.rfq.refresh_from_db()
    assert story.rfq.invited_count == 2


def test_control_a_choice_read_before_the_lock_loses_one_of_them():
    story = stories.drafted(suppliers=1)
    before = [story.suppliers[0].pk]
    first, second = SupplierFactory.create_batch(2)

    def choosing(supplier):
        ids = [*before, supplier.pk]
        return lambda: sourcing.choose_suppliers(
            rfq_id=story.rfq.pk, supplier_ids=ids, by=story.buyer
        )

    race(story.rfq, choosing(first), choosing(second))

    assert story.rfq.invitations.count() == 2


def test_two_buyers_who_pick_at_once_do_not_overwrite_each_other():
    story = stories.evaluated()

    assert race(story.rfq, *two_drafts(story, version=0)) == ONE_WINS

    assert Award.objects.get().version == 1


def test_control_without_the_version_the_later_picks_replace_the_earlier():
    story = stories.evaluated()

    assert race(story.rfq, *two_drafts(story, version=None)) == ["done", "done"]

    assert Award.objects.get().version == 2


def test_a_form_sent_twice_at_once_makes_one_request():
    story = stories.opened()

    assert race(counter_of(story), *two_requests(story, key=uuid4())) == ONE_WINS

    assert RFQ.objects.filter(title="Gaskets").count() == 1


def test_control_without_its_key_it_makes_two():
    story = stories.opened()

    assert race(counter_of(story), *two_requests(story, key=None)) == ["done", "done"]

    assert RFQ.objects.filter(title="Gaskets").count() == 2


def test_a_quotation_sent_twice_at_once_is_one_revision():
    story = stories.opened(suppliers=1)
    once = Once(uuid4(), story.buyer.pk, "the same")

    assert race(story.rfq, *two_quotations(story, once)) == ONE_WINS

    assert Quotation.objects.count() == 1


def test_control_without_its_key_it_is_two_revisions():
    story = stories.opened(suppliers=1)

    assert race(story.rfq, *two_quotations(story, None)) == ["done", "done"]

    assert Quotation.objects.count() == 2


def test_a_form_whose_first_sending_fails_is_carried_out_by_the_second():
    story = stories.opened()
    once, made = Once(uuid4(), story.buyer.pk, "the same"), uuid4()

    def claiming():
        once.claim(made)

    with ThreadPoolExecutor(1) as pool:
        pids: list[int] = []
        with suppress(NotAllowed), transaction.atomic():
            once.claim(uuid4())
            second = pool.submit(outcome, claiming, pids)
            wait_until_blocked(pids, 1)
            raise NotAllowed("not today")
        assert second.result(timeout=PATIENCE) == "done"
    assert Sending.objects.get().subject == made


def counter_of(story):
    return Counter.objects.get(scope__contains=story.site.code)


def two_requests(story, key):
    once = key and Once(key, story.buyer.pk, "the same")

    def create():
        drafting.create(
            site_id=story.site.pk,
            commodity_type="provided_data",
            title="Gaskets",
            by=story.buyer,
            once=once,
        )

    return create, create


def two_quotations(story, once):
    (line,) = story.rfq.lines.all()
    receipt = quoting.Receipt("mail", database_now(), no_source_reason="by phone", once=once)

    def capture():
        quoting.capture(
            rfq_id=story.rfq.pk,
            supplier_id=story.suppliers[0].pk,
            by=story.buyer,
            head={"currency": "INR"},
            lines={line.pk: {"unit_price": Decimal(10)}},
            receipt=receipt,
        )

    return capture, capture


def two_drafts(story, version):
    """Two buyers pick two suppliers for the same line."""
    (line,) = story.rfq.lines.all()

    def saving(supplier):
        quotation = story.rfq.quotations.get(supplier=supplier)
        pick = awarding.Pick(line.pk, quotation.pk, line.quantity - 1)
        by = BuyerFactory(sites=[story.site])
        return lambda: awarding.save_draft(
            rfq_id=story.rfq.pk, picks=[pick], by=by, version=version
        )

    return tuple(saving(supplier) for supplier in story.suppliers)


def adding(story, supplier):
    return lambda: sourcing.change_suppliers(
        rfq_id=story.rfq.pk, by=BuyerFactory(sites=[story.site]), add=[supplier.pk]
    )


def two_decisions(story, verb):
    """An approval by one approver, and `verb` by another, of the same step."""
    request = story.request
    step = request.steps.get(sequence=1)
    other = ApproverFactory(sites=[story.site])
    facts = {"rfq_id": story.rfq.pk, "seen": request.content_hash, "step_id": step.pk}
    facts["comment"] = "the same quality is cheaper elsewhere"
    return (
        lambda: deciding.approve(by=story.approver, **facts),
        lambda: verb(by=other, **facts),
    )


def two_submissions(story):
    def submit():
        awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    return submit, submit


def two_publications(story):
    def publish():
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    return publish, publish


def closing_soon():
    """Open for one more second."""
    return stories.opened(suppliers=1, deadline=database_now() + timedelta(seconds=1.5))


def extending(story):
    later = story.rfq.deadline + timedelta(days=1)
    return lambda: sourcing.extend(
        rfq_id=story.rfq.pk, deadline=later, by=story.buyer, reason="a strike"
    )
