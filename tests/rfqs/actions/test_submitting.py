"""Asking for approval of a draft award, and taking it back."""

from decimal import Decimal

import pytest

from accounts.models import Role
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import awarding, deciding, quoting
from rfqs.models import CommodityType
from rfqs.states import IllegalTransition, Status
from tests import stories
from tests.factories import BuyerFactory, RateFactory
from tests.picks import draft, evaluate, offer, pick, submit
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db

LINE = stories.GOODS_LINE
WHY = stories.ALL_REASONS
VISIT = LINE | {"periods": 1, "period_unit": "once"}
LANE = {
    "description": "Coils",
    "from_location": "Pune",
    "to_location": "Chennai",
    "trips_per_month": 10,
    "months": 10,
}
LINES = {
    CommodityType.GOODS: LINE,
    CommodityType.SERVICE: VISIT,
    CommodityType.TRANSPORT: LANE,
}  # each asks for a hundred


def test_submit_asks_for_approval_of_what_was_picked():
    story = stories.picked()

    request = submit(story, recommendation=" Reliable. ")

    award = story.rfq.awards.get()
    assert (story.rfq.status, award.status, award.recommendation) == (
        Status.PENDING,
        "pending",
        "Reliable.",
    )
    assert (request.amount, request.award, request.requested_by) == (
        Decimal("1000.00"),
        award,
        story.buyer,
    )
    assert list(request.steps.values_list("sequence", "role", "status")) == [
        (1, "approver", "active")
    ]
    assert recipients("approval_asked") == [story.approver.email]
    assert facts(last_event(story.rfq))[1:] == (
        "rfq.submit",
        "rfqs.rfq",
        {"status": "evaluation"},
        {
            "status": "pending",
            "award": str(award.pk),
            "total": "1000.00",
            "steps": 1,
            "statement": award.statements.get().digest,
        },
    )


@pytest.mark.parametrize("kind", CommodityType)
@pytest.mark.parametrize(
    ("more", "amount", "roles"),
    [("0", "200000.00", ["approver"]), ("0.01", "200000.01", ["approver", "head"])],
)
def test_two_lakh_and_a_paisa_take_two_steps(kind, more, amount, roles):
    story = stories.opened(suppliers=1, commodity_type=kind, lines=[LINES[kind]])
    stories.quote(story, story.suppliers[0], "2000", other_charges=Decimal(more))
    evaluate(story)
    draft(story, pick(story, 1, 0))

    request = submit(story)

    assert (request.amount, list(steps(request))) == (Decimal(amount), roles)


@pytest.mark.parametrize("kind", CommodityType)
@pytest.mark.parametrize(
    ("currency", "rate", "roles"),
    [("USD", "84", ["approver", "head"]), ("JPY", "0.56", ["approver"])],
)
def test_the_bands_read_base_currency(kind, currency, rate, roles):
    RateFactory(currency=currency, rate_to_base=Decimal(rate))
    story = stories.opened(suppliers=1, commodity_type=kind, lines=[LINES[kind]])
    stories.quote(story, story.suppliers[0], "30", currency=currency)
    evaluate(story)
    draft(story, pick(story, 1, 0))

    request = submit(story)

    assert (request.amount, list(steps(request))) == (Decimal(3000) * Decimal(rate), roles)


def test_everyone_who_worked_on_it_is_barred():
    story = stories.opened(suppliers=1)
    typist, author, sender = BuyerFactory.create_batch(3, sites=[story.site])
    stories.quote(story, story.suppliers[0], by=typist)
    evaluate(story)
    draft(story, pick(story, 1, 0), by=author)

    request = submit(story, by=sender)

    assert set(request.barred) == {story.buyer.pk, typist.pk, author.pk, sender.pk}


def test_submit_lists_everything_that_is_missing():
    story = stories.evaluated(prices=("10", "11"), lines=[LINE, LINE])
    draft(story, pick(story, 1, 1))

    with pytest.raises(Incomplete) as refusal:
        submit(story, reasons={"partial": "too short"})

    assert refusal.value.problems == [
        "Line 2 is not awarded in full: pick a supplier or say why not.",
        "“Not the lowest” needs a reason of at least 10 characters.",
        "“Partial award” needs a reason of at least 10 characters.",
    ]
    story.rfq.refresh_from_db()
    assert story.rfq.status == Status.EVALUATION


def test_a_line_that_is_not_awarded_says_why():
    story = stories.evaluated(prices=("10",), lines=[LINE, LINE])
    second = story.rfq.lines.get(position=2).pk

    draft(story, pick(story, 1, 0), gaps={second: " not needed any more "})
    submit(story)

    gap = story.rfq.awards.get().gaps.get()
    assert (gap.rfq_line_id, gap.reason) == (second, "not needed any more")


def test_a_line_awarded_in_part_says_why_the_rest_is_left():
    story = stories.evaluated(prices=("10",))
    line = story.rfq.lines.get().pk

    draft(story, pick(story, 1, 0, "60"), gaps={line: "the rest comes with the next request"})
    request = submit(story)

    assert request.amount == Decimal("600.00")


def test_reasons_for_lines_awarded_in_full_or_of_others_are_dropped():
    story, other = stories.evaluated(prices=("10",)), stories.drafted()
    reasons = {line.pk: "no reason" for line in (story.rfq.lines.get(), other.rfq.lines.get())}

    award = draft(story, pick(story, 1, 0), gaps=reasons)

    assert award.gaps.count() == 0


def test_nothing_picked_is_nothing_to_submit():
    story = stories.evaluated()

    with pytest.raises(Incomplete, match="Pick who gets the order first"):
        submit(story)
    draft(story)
    with pytest.raises(Incomplete, match="Pick who gets the order first"):
        submit(story)


def test_an_offer_disqualified_since_it_was_picked_is_not_submitted():
    story = stories.picked()
    quoting.disqualify(quotation_id=offer(story, 0).pk, by=story.buyer, reason="wrong grade")

    with pytest.raises(Incomplete, match="is disqualified"):
        submit(story)


def test_submit_is_for_buyers_of_the_site_and_once():
    story = stories.picked()

    with pytest.raises(NotAllowed):
        submit(story, by=story.head)
    submit(story)
    with pytest.raises(IllegalTransition):
        submit(story)


def test_submit_says_when_nobody_could_decide():
    story = stories.picked()
    story.approver.sites.clear()

    with pytest.raises(Incomplete, match=r"Nobody can decide step 1 \(Approver\)"):
        submit(story)


def test_two_steps_need_two_people():
    story = stories.picked(prices=("3000",))
    story.head.roles = []
    story.head.save(update_fields=["roles"])
    story.approver.roles = [Role.APPROVER.value, Role.HEAD.value]
    story.approver.save(update_fields=["roles"])

    with pytest.raises(Incomplete, match=r"Nobody can decide step 2 \(Head\)"):
        submit(story)


def test_withdraw_takes_the_award_back():
    story = stories.submitted()

    rfq = awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)

    request = story.request
    assert (rfq.status, request.status) == (Status.EVALUATION, "withdrawn")
    assert [step.status for step in request.steps.all()] == ["skipped"]
    assert rfq.awards.get().status == "draft"
    assert verbs(rfq)[-1] == "rfq.withdraw"


def test_withdraw_ends_with_the_first_decision():
    story = stories.submitted(prices=("3000",))

    with pytest.raises(NotAllowed):
        awarding.withdraw(rfq_id=story.rfq.pk, by=story.approver)
    story.decide(deciding.approve, story.approver)
    with pytest.raises(DomainError, match="Somebody has decided already"):
        awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)


def test_there_is_nothing_to_withdraw_before_and_after():
    for story in (stories.picked(), stories.approved()):
        with pytest.raises(IllegalTransition, match="No award of this request waits"):
            awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)


def test_a_withdrawn_award_is_changed_and_submitted_again():
    story = stories.submitted()
    awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)

    draft(story, pick(story, 1, 1))
    request = submit(story)

    assert (request.amount, story.rfq.approval_requests.count()) == (Decimal("1100.00"), 2)


def steps(request):
    return request.steps.order_by("sequence").values_list("role", flat=True)
