"""Whether a request is looked at before suppliers are asked, where a policy says so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Site
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from rfqs import routing
from rfqs.actions import awarding, deciding, drafting, reviewing, sourcing
from rfqs.activity import tell
from rfqs.models import RFQ, ApprovalPolicy, CommodityType
from rfqs.states import IllegalTransition, Status
from tests import stories
from tests.factories import ApproverFactory, BuyerFactory
from tests.trails import last_event, recipients, verbs

pytestmark = pytest.mark.django_db

WHY = "ask Thane Traders as well"
PRICED = [stories.GOODS_LINE | {"target_price": Decimal("50.0000")}]


def policy(*bands, **scope):
    made = ApprovalPolicy.objects.create(name="Review", subject="publication", **scope)
    for up_to, steps in bands:
        made.bands.create(up_to=up_to, steps=list(steps))


def waiting(**options):
    """A request in review by an approver of its site."""
    story = stories.drafted(**options)
    policy((None, ["approver"]), site=story.site)
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def test_above_the_limit_of_a_policy_nothing_goes_out_unseen():
    policy((Decimal(5000), ["nobody"]), (None, ["approver"]))
    below, above = (
        stories.drafted(lines=[PRICED[0] | {"target_price": Decimal(price)}])
        for price in ("50.00", "50.01")
    )

    sourcing.publish(rfq_id=below.rfq.pk, by=below.buyer)
    with pytest.raises(sourcing.ReviewNeeded, match="“Review” asks for a review"):
        sourcing.publish(rfq_id=above.rfq.pk, by=above.buyer)

    statuses = [RFQ.objects.get(pk=story.rfq.pk).status for story in (below, above)]
    assert statuses == [Status.OPEN, Status.DRAFT]
    assert len(recipients("invitation")) == 2


def test_urgent_work_is_for_the_head_of_the_site():
    story = stories.drafted(is_urgent=True)
    with pytest.raises(sourcing.ReviewNeeded):
        sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)
    with pytest.raises(Incomplete, match=r"Nobody can decide step 1 \(Head of the site\)"):
        reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    story.site.head = story.approver
    story.site.save(update_fields=["head"])

    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)

    assert recipients("approval_asked") == [story.approver.email]
    story.rfq.refresh_from_db()
    story.decide(deciding.approve, story.approver)
    assert story.rfq.status == Status.OPEN


def test_the_estimate_takes_target_prices_then_last_prices():
    line = stories.GOODS_LINE | {"quantity": Decimal("2.5")}
    lines = [
        line | {"target_price": Decimal("10.001")},
        line | {"last_price": Decimal(100), "last_currency": "INR"},
        line,
    ]
    story = stories.drafted(lines=lines)

    assert routing.estimate(story.rfq) == Decimal("275.00")


def test_a_service_is_estimated_over_all_its_periods():
    line = {
        "description": "Watch", "quantity": Decimal(2), "unit_id": "H87", "periods": 12,
        "period_unit": "month", "work_type": "amc", "target_price": Decimal(10),
    }  # fmt: skip
    story = stories.drafted(commodity_type=CommodityType.SERVICE, lines=[line])

    assert routing.estimate(story.rfq) == Decimal("240.00")


def test_an_approval_sends_the_invitations_and_the_reviewer_may_decide_the_award():
    story = waiting(lines=PRICED)
    assert (story.rfq.status, story.request.amount) == (Status.REVIEW, Decimal("5000.00"))
    assert recipients("invitation") == []

    story.decide(deciding.approve, story.approver)

    assert story.rfq.status == Status.OPEN
    assert story.rfq.published_at is not None
    assert len(recipients("invitation")) == 2
    assert recipients("review_decided") == [story.buyer.email]
    assert verbs(story.rfq)[-2:] == ["rfq.ask_review", "rfq.pass_review"]
    for supplier, price in zip(story.suppliers, ("10", "11"), strict=True):
        stories.quote(story, supplier, price)
    assert stories.decided(story).rfq.status == Status.APPROVED


@pytest.mark.parametrize("verb", [deciding.send_back, deciding.reject])
def test_a_no_makes_it_a_draft_again_that_is_changed_and_asked_anew(verb):
    story = waiting()

    story.decide(verb, story.approver, comment=WHY)

    assert story.rfq.status == Status.DRAFT
    assert AuditEvent.objects.of(story.rfq.pk).last().after["comment"] == WHY
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=story.buyer, head={"title": "Bolts M12"})
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    assert story.rfq.approval_requests.count() == 2
    story.rfq.refresh_from_db()
    story.decide(deciding.approve, story.approver)
    assert story.rfq.status == Status.OPEN


def test_nothing_changes_in_review_and_the_buyer_cannot_send_it():
    story = waiting()
    facts = {"rfq_id": story.rfq.pk, "by": story.buyer}

    for act, more in (
        (drafting.revise, {"version": None, "head": {"title": "Other"}}),
        (sourcing.change_suppliers, {"remove": [story.suppliers[0].pk]}),
        (sourcing.publish, {}),
        (reviewing.ask_review, {}),
    ):
        with pytest.raises(IllegalTransition):
            act(**facts, **more)

    assert recipients("invitation") == []


def test_what_changed_underneath_is_not_sent_and_the_review_is_void():
    story = waiting()
    RFQ.objects.filter(pk=story.rfq.pk).update(title="Something else")

    with pytest.raises(Stale, match="this approval is void"):
        story.decide(deciding.approve, story.approver)

    story.rfq.refresh_from_db()
    assert (story.rfq.status, story.request.status) == (Status.DRAFT, "voided")
    assert story.request.decisions.count() == 0
    event = last_event(story.rfq)
    assert (event.verb, event.actor, event.after["changed"]) == (
        "rfq.void",
        None,
        ["Request, title"],
    )
    assert "the request changed after it was submitted" in tell(event, story.rfq, ()).sentence
    assert (recipients("approval_voided"), recipients("invitation")) == ([story.buyer.email], [])
    reviewing.void(request_id=story.request.pk, changes=[])  # as after a lost answer
    assert last_event(story.rfq) == event
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)


def test_a_closing_time_that_came_too_near_is_not_sent_but_returned():
    story = waiting()
    Site.objects.update(minimum_lead_minutes=60 * 24 * 7)

    with pytest.raises(Incomplete, match="cannot go out any more"):
        story.decide(deciding.approve, story.approver)


def test_the_buyer_takes_it_back_before_anybody_decided():
    story = waiting()

    reviewing.take_back(rfq_id=story.rfq.pk, by=story.buyer)

    story.rfq.refresh_from_db()
    assert (story.rfq.status, story.request.status) == (Status.DRAFT, "withdrawn")
    with pytest.raises(IllegalTransition):
        reviewing.take_back(rfq_id=story.rfq.pk, by=story.buyer)


def test_after_the_first_of_two_steps_it_is_not_taken_back():
    story = stories.drafted()
    policy((None, ["approver", "head"]))
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    story.decide(deciding.approve, story.approver)

    with pytest.raises(DomainError, match="decided already"):
        reviewing.take_back(rfq_id=story.rfq.pk, by=story.buyer)

    story.decide(deciding.approve, story.head)
    assert story.rfq.status == Status.OPEN


def test_who_wrote_it_does_not_review_it():
    story = stories.drafted()
    author = BuyerFactory(sites=[story.site], roles=["buyer", "approver"])
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=author, head={"title": "Bolts"})
    policy((None, ["approver"]))
    reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()

    assert author.email not in recipients("approval_asked")
    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, author)


def test_a_draft_with_gaps_is_not_reviewed():
    story = stories.drafted(deadline=timezone.now() - timedelta(days=1))
    policy((None, ["approver"]))

    with pytest.raises(Incomplete, match="The closing time must be at least"):
        reviewing.ask_review(rfq_id=story.rfq.pk, by=story.buyer)


def test_a_request_in_review_can_be_called_off():
    story = waiting()

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed any more")

    story.rfq.refresh_from_db()
    assert (story.rfq.status, story.request.status) == (Status.CANCELLED, "voided")


def test_a_policy_that_names_nobody_lets_no_award_through():
    story = stories.picked()
    policy_of_awards = ApprovalPolicy.objects.create(name="Empty")
    policy_of_awards.bands.create(steps=["nobody"])

    with pytest.raises(Incomplete, match="names nobody who decides this"):
        awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)


def test_an_approver_of_the_site_sees_it_and_one_of_another_does_not():
    story = waiting()

    seen = [
        RFQ.objects.visible_to(person).filter(pk=story.rfq.pk).exists()
        for person in (story.approver, story.head, ApproverFactory())
    ]

    assert seen == [True, True, False]
