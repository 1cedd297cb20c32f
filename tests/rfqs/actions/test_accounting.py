"""One action is one event, and so is one attempt that was not allowed; nothing else is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.models import Role
from quoteflow.audit import verifying
from quoteflow.audit.attempts import action
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, NotAllowed
from rfqs.actions import attaching, awarding, deciding, drafting, opening, sourcing
from rfqs.models import RFQ
from tests import stories
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    SiteFactory,
    SupplierFactory,
    UnitFactory,
    UserFactory,
)
from tests.trails import last_event, verbs

pytestmark = pytest.mark.django_db

NEWS = "please ask for a warranty"


class Tale:
    """A request on its way, and everyone around it."""

    def __init__(self, site):
        self.buyer = BuyerFactory(sites=[site])
        self.approver, self.head = ApproverFactory(sites=[site]), HeadFactory(sites=[site])
        self.pricing = UserFactory(roles=[Role.PRICING.value], sites=[site])
        self.auditor = UserFactory(roles=[Role.AUDITOR.value], sites=[site])
        self.elsewhere = BuyerFactory(sites=[SiteFactory()])
        self.suppliers = SupplierFactory.create_batch(3)
        self.rfq = drafting.create(
            site_id=site.pk, commodity_type="provided_data", title="Bolts", by=self.buyer,
            deadline=timezone.now() + timedelta(days=1),
        )  # fmt: skip

    @property
    def site(self):
        return self.rfq.site

    @property
    def request(self):
        return self.rfq.approval_requests.latest("created_at")

    def do(self, verb, by=None, **facts):
        """Do it to the request, and see it as it is now."""
        verb(rfq_id=self.rfq.pk, by=by or self.buyer, **facts)
        self.rfq = RFQ.objects.select_related("site").get(pk=self.rfq.pk)

    def quote(self, place, price):
        stories.quote(self, self.suppliers[place], price)

    def pick(self, place):
        quotation = self.rfq.quotations.get(supplier=self.suppliers[place], status="submitted")
        picks = [awarding.Pick(line.pk, quotation.pk) for line in self.rfq.lines.all()]
        self.do(awarding.save_draft, picks=picks)

    def submit(self):
        self.do(awarding.submit, reasons=stories.ALL_REASONS)

    def decide(self, verb, by, **facts):
        step = self.request.steps.get(status="active")
        self.do(verb, by, seen=self.request.content_hash, step_id=step.pk, **facts)

    def denied(self, act, *args, **facts):
        with pytest.raises(NotAllowed):
            act(*args, **facts)


def test_twenty_five_actions_and_ten_attempts_are_thirty_five_events(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    UnitFactory()
    tale = Tale(site)
    lines = [stories.GOODS_LINE | {"quantity": Decimal(30000)}]
    first, second, third = (supplier.pk for supplier in tale.suppliers)
    tale.do(drafting.revise, version=None, lines=lines)
    tale.do(sourcing.choose_suppliers, supplier_ids=[first, second])
    tale.denied(tale.do, sourcing.publish, tale.elsewhere)
    tale.do(drafting.revise, version=None, head={"title": "Bolts M12"})
    tale.denied(tale.do, drafting.revise, tale.approver, version=None, lines=lines)
    tale.do(sourcing.publish)
    tale.do(sourcing.invite, supplier_ids=[third])
    tale.denied(tale.do, sourcing.extend, tale.auditor, deadline=timezone.now(), reason="why")
    tale.do(sourcing.extend, deadline=timezone.now() + timedelta(days=2), reason="a holiday")
    for place, price in ((0, "10"), (1, "11"), (2, "12"), (0, "9")):
        tale.quote(place, price)
    tale.denied(stories.quote, tale, tale.suppliers[0], "1", by=tale.head)
    tale.do(attaching.attach, kind="other", upload=ContentFile(b"note", "note.txt"))
    tale.do(opening.begin_evaluation)
    tale.pick(1)
    tale.pick(0)
    tale.submit()
    tale.denied(tale.do, awarding.withdraw, tale.pricing)
    tale.do(awarding.withdraw)
    tale.pick(1)
    tale.submit()
    tale.denied(tale.decide, deciding.reject, tale.buyer, comment=NEWS)
    tale.decide(deciding.send_back, tale.approver, comment=NEWS)
    tale.pick(0)
    tale.submit()
    tale.denied(tale.decide, deciding.approve, tale.head)
    tale.decide(deciding.approve, tale.approver)
    tale.denied(tale.decide, deciding.approve, tale.buyer)
    tale.decide(deciding.approve, tale.head)
    tale.denied(tale.do, deciding.add_apd_number, tale.buyer, apd_number="APD-1")
    tale.denied(tale.do, drafting.cancel, tale.elsewhere, reason="no more")
    tale.do(deciding.add_apd_number, tale.pricing, apd_number="APD-1")

    told = verbs(tale.rfq)
    assert (len(told), told.count("attempt.denied")) == (35, 10)
    assert verifying.broken_links() == []


def test_a_denied_attempt_says_who_tried_what_and_which_rule_refused():
    story = stories.submitted()

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.buyer)

    event = last_event(story.rfq)
    assert (event.verb, event.actor, event.object_type, event.object_id, event.after) == (
        "attempt.denied",
        story.buyer,
        "rfqs.approvalrequest",
        str(story.request.pk),
        {"attempt": "approve", "rule": "can_decide"},
    )


def test_an_attempt_deep_inside_another_action_is_one_event():
    story = stories.opened()
    stranger = BuyerFactory()

    @action
    def outer():
        stories.quote(story, story.suppliers[0], by=stranger)

    with pytest.raises(NotAllowed):
        outer()

    assert last_event(story.rfq).after == {"attempt": "outer", "rule": "can_buy"}
    assert verbs(story.rfq).count("attempt.denied") == 1


@pytest.mark.django_db(transaction=True)
def test_the_attempt_is_kept_though_its_work_is_rolled_back():
    story = stories.submitted()
    before = AuditEvent.objects.count()

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.buyer)

    assert transaction.get_connection().in_atomic_block is False
    assert AuditEvent.objects.count() == before + 1


def test_what_is_merely_impossible_is_no_attempt():
    story = stories.approved()
    told = verbs(story.rfq)

    with pytest.raises(DomainError):
        drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no more")

    assert verbs(story.rfq) == told
