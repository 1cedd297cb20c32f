"""Proposing who gets what: the draft award and its amounts."""

from decimal import Decimal

import pytest

from quoteflow.lib.errors import Incomplete, NotAllowed
from rfqs.actions import quoting
from rfqs.actions.awarding import Pick
from rfqs.models import AwardLine, CommodityType
from rfqs.states import IllegalTransition
from tests import stories
from tests.factories import BuyerFactory, RateFactory
from tests.picks import draft, evaluate, offer, pick
from tests.trails import facts, last_event

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


def amounts(award):
    rows = award.lines.order_by("rfq_line__position", "supplier__code")
    return [(row.quantity, row.order_quantity, row.cost) for row in rows]


def test_a_draft_is_costed_in_full():
    story = stories.evaluated(prices=("10", "11"))

    award = draft(story, pick(story, 1, 1))

    (line,) = award.lines.all()
    assert (line.supplier, line.unit_price, line.is_lowest) == (
        story.suppliers[1],
        Decimal(11),
        False,
    )
    assert amounts(award) == [(100, 100, Decimal("1100.00"))]
    assert facts(last_event(story.rfq)) == (
        story.buyer,
        "award.save",
        "rfqs.award",
        {},
        {"lines": 1, "total": "1100.00"},
    )


def test_saving_again_replaces_the_draft_and_its_author():
    story = stories.picked()
    colleague = BuyerFactory(sites=[story.site])

    award = draft(story, pick(story, 1, 1), by=colleague)

    assert (story.rfq.awards.get(), award.author, award.total) == (
        award,
        colleague,
        Decimal("1100.00"),
    )


def test_a_line_is_split_between_suppliers():
    story = stories.evaluated(prices=("10", "11"))

    award = draft(story, pick(story, 1, 0, "60"), pick(story, 1, 1, "40"))

    assert amounts(award) == [(60, 60, Decimal("600.00")), (40, 40, Decimal("440.00"))]
    assert award.total == Decimal("1040.00")


def test_lump_sums_are_paid_in_full_by_whoever_wins_a_line():
    story = stories.opened(suppliers=1, lines=[LINE, LINE])
    freight = {"freight_term": "amount", "freight_amount": Decimal("500")}
    stories.quote(story, story.suppliers[0], "10", **freight)
    evaluate(story)

    award = draft(story, pick(story, 1, 0))

    assert award.total == Decimal("1500.00")


@pytest.mark.parametrize("basis", ["committed", "required"])
def test_more_is_ordered_than_needed_where_the_least_order_says_so(basis):
    story = stories.opened(suppliers=1, quantity_basis=basis)
    stories.quote(story, story.suppliers[0])
    offer(story, 0).lines.update(moq=Decimal(150), order_multiple=Decimal(40))
    evaluate(story)

    award = draft(story, pick(story, 1, 0))

    assert amounts(award) == [(100, 160, Decimal("1600.00"))]


def test_an_award_counts_tax_where_the_request_compares_gross():
    story = stories.evaluated(prices=("10",), tax_basis="gross")

    assert draft(story, pick(story, 1, 0)).total == Decimal("1180.00")


def test_amounts_are_in_base_currency_at_the_frozen_rate():
    RateFactory()
    story = stories.opened(suppliers=1)
    stories.quote(story, story.suppliers[0], "10", currency="EUR")
    evaluate(story)
    RateFactory(on="2020-01-02", rate_to_base=Decimal(500))

    award = draft(story, pick(story, 1, 0))

    assert (award.total, award.lines.get().currency) == (Decimal("90000.00"), "EUR")


@pytest.mark.parametrize(
    ("picks", "sentence"),
    [
        ([(1, 0, "60"), (1, 1, "40.001")], "Line 1 is given away beyond what is needed."),
        ([(1, 0, "0")], "Line 1: the quantity must be more than zero."),
        ([(1, 0, "1"), (1, 0, "1")], "Line 1 is given to .* twice."),
        ([(2, 1, None)], "has not quoted line 2."),
    ],
)
def test_a_pick_that_cannot_be_is_refused(picks, sentence):
    story = stories.opened(suppliers=2, lines=[LINE, LINE])
    stories.quote(story, story.suppliers[0], "10")
    stories.quote(story, story.suppliers[1], ["11", None])
    evaluate(story)

    with pytest.raises(Incomplete, match=sentence):
        draft(story, *(pick(story, *one) for one in picks))
    assert AwardLine.objects.count() == 0


def test_nobody_gets_more_than_they_offer():
    story = stories.opened(suppliers=1)
    stories.quote(story, story.suppliers[0])
    offer(story, 0).lines.update(offered_quantity=Decimal(50))
    evaluate(story)

    with pytest.raises(Incomplete, match="does not offer that much of line 1"):
        draft(story, pick(story, 1, 0))
    assert draft(story, pick(story, 1, 0, "50")).total == Decimal("500.00")


def test_a_currency_without_a_rate_and_a_disqualified_offer_win_nothing():
    story = stories.opened(suppliers=2)
    stories.quote(story, story.suppliers[0], "10", currency="USD")
    stories.quote(story, story.suppliers[1], "11")
    evaluate(story)
    other = pick(story, 1, 1)
    quoting.disqualify(quotation_id=other.quotation_id, by=story.buyer, reason="wrong grade")

    with pytest.raises(Incomplete, match="no exchange rate"):
        draft(story, pick(story, 1, 0))
    with pytest.raises(Incomplete, match="is disqualified"):
        draft(story, other)


def test_an_offer_of_another_request_wins_nothing():
    story, other = stories.evaluated(prices=("10",)), stories.evaluated(prices=("5",))

    with pytest.raises(Incomplete, match="cannot be given"):
        draft(story, Pick(story.rfq.lines.get().pk, offer(other, 0).pk))


def test_a_draft_is_saved_by_buyers_of_the_site_during_the_evaluation():
    story, early, pending = stories.evaluated(), stories.quoted(), stories.submitted()

    with pytest.raises(NotAllowed):
        draft(story, by=story.approver)
    for wrong in (early, pending):
        with pytest.raises(IllegalTransition):
            draft(wrong, by=wrong.buyer)
