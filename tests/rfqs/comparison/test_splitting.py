"""Best per line, and what an award costs."""

from dataclasses import replace

import pytest

from rfqs.comparison import (
    LumpSums,
    Offer,
    OfferLine,
    Pick,
    Policy,
    Quantity,
    Refusal,
    Tax,
    award_saving,
    award_total,
    build,
)
from tests.rfqs.comparison.worked import LINES, D, offer, one_line, simple, worked, worked_offer

NEEDS = {line.key: line.quantity for line in LINES}


def pick(line_key, code, quantity=None):
    return Pick(line_key, f"k-{code}", NEEDS[line_key] if quantity is None else D(quantity))


def test_full_total_charges_every_winner_its_whole_lump_sum():
    first = offer("A", ("10", "300", "30"), freight=D(1000))
    second = offer("B", ("12", "200", "40"), freight=D(500))
    split = build(worked(first, second)).split

    assert split.winners == {"l1": ("k-A",), "l2": ("k-B",), "l3": ("k-A",)}
    # A 25,000 + 25,200, B 24,000; shares of freight against whole ones
    assert (split.full_total, split.total) == (D("75700.00"), D("75700.00"))
    assert split.apportioned_total == D("74200.00") + D("290.02") + D("136.99") + D("292.34")


def test_full_total_is_of_what_is_ordered_however_offers_are_compared():
    """The least order is paid, also where the comparison leaves it out."""
    least = Offer(
        "k-M", "M", freight=D(0), lines=(OfferLine("l1", D(10), moq=D(3000), gst_percent=D(18)),)
    )
    split = build(worked(least, policy=Policy(quantity=Quantity.REQUIRED))).split

    assert (split.apportioned_total, split.full_total) == (D("25000.00"), D("30000.00"))


def test_policy_chooses_the_headline_of_a_split():
    policy = Policy(lump_sums_in_split=LumpSums.APPORTIONED)
    split = build(worked(policy=policy)).split

    assert split.total == split.apportioned_total == D("89449.52")


def test_tie_on_a_line_suggests_the_better_overall_rank():
    first = offer("A", ("10", "300", "30"))
    second = offer("B", ("10", "200", "30"))
    sheet = build(worked(first, second))

    assert sheet.lines[0].lowest == ("k-A", "k-B")
    assert sheet.lines[0].suggested == "k-B"


def test_lines_nobody_quotes_are_named():
    split = build(worked(offer("A", ("1", None, "1")))).split

    assert (split.unquoted, split.winners["l2"]) == (("l2",), ())
    assert split.full_total == D("3340.00")


def test_award_of_everything_costs_what_the_column_shows():
    picks = [pick(key, "V-1042") for key in NEEDS]

    award = award_total(worked(), picks)
    gross = award_total(worked(policy=Policy(tax=Tax.GROSS)), picks)

    assert (award.total, gross.total) == (D("89449.52"), D("102008.75"))
    first = award.lines[0]
    assert (first.basic, first.charges, first.gst, first.gross_landed) == (
        D("27360.00"),
        D("3710.22"),
        D("5592.64"),
        D("36662.86"),
    )


def test_award_of_one_line_carries_the_whole_freight():
    award = award_total(worked(), [pick("l1", "V-1042")])

    assert (award.total, award.lines[0].charges) == (D("37270.40"), D("9910.40"))


def test_discount_on_the_full_order_is_lost_by_a_part_of_it():
    whole = offer("A", header_discount_percent=D(10), discount_on_full_order_only=True)
    inputs = worked(whole)

    assert award_total(inputs, [pick(key, "A") for key in NEEDS]).total == D("73845.00")
    assert award_total(inputs, [pick("l1", "A")]).total == D("28500.00")
    short = [pick("l1", "A"), pick("l2", "A"), pick("l3", "A", 839)]  # one pair of gloves less
    assert award_total(inputs, short).total == D("82020.25")
    assert award_total(
        worked(offer("A", header_discount_percent=D(10))), [pick("l1", "A")]
    ).total == D("25650.00")


def test_a_line_may_be_split_and_least_orders_apply_to_each_part():
    answer = OfferLine("l1", D(10), moq=D(2000), gst_percent=D(18))
    least = Offer("k-M", "M", freight=D(0), lines=(answer,))
    award = award_total(
        worked(worked_offer(), least), [pick("l1", "V-1042", 1500), pick("l1", "M", 1000)]
    )

    part, rest = award.lines
    assert (part.needed, part.ordered, part.basic) == (1500, 1500, D("16416.00"))
    assert (rest.needed, rest.ordered, rest.basic) == (1000, 2000, D("20000.00"))
    assert award.by_offer == {"k-V-1042": part.cost, "k-M": rest.cost}
    assert award.total == part.cost + rest.cost


def test_least_orders_are_ordered_and_paid_however_offers_are_compared():
    answer = OfferLine("l1", D(10), moq=D(3000), order_multiple=D(700), gst_percent=D(18))
    inputs = worked(Offer("k-M", "M", freight=D(0), lines=(answer,)))
    policy = replace(inputs.policy, quantity=Quantity.REQUIRED)

    award = award_total(replace(inputs, policy=policy), [pick("l1", "M")])

    (line,) = award.lines
    assert (line.needed, line.ordered, line.basic) == (2500, 3500, D("35000.00"))
    assert award == award_total(inputs, [pick("l1", "M")])


def test_an_expired_offer_may_be_awarded():
    assert award_total(worked(offer("A", expired=True)), [pick("l3", "A")]).total == D("24990.00")


@pytest.mark.parametrize(
    ("reason", "picks"),
    [
        ("unknown", [Pick("l9", "k-A", D(1))]),
        ("unknown", [Pick("l1", "k-Z", D(1))]),
        ("twice", [pick("l1", "A", 1), pick("l1", "A", 1)]),
        ("quantity", [pick("l1", "A", 0)]),
        ("over_need", [pick("l1", "A", 2000), pick("l1", "E", 501)]),
        ("not_quoted", [pick("l2", "A")]),
        ("disqualified", [pick("l1", "D")]),
        ("no_rate", [pick("l1", "U")]),
        ("needs_reconfirmation", [pick("l1", "N")]),
    ],
)
def test_picks_that_cannot_be_are_refused(reason, picks):
    inputs = worked(
        offer("A", ("1", None, "1")),
        offer("D", disqualified=True),
        offer("E", expired=True),
        offer("N", needs_reconfirmation=True),
        offer("U", currency="USD"),
    )

    with pytest.raises(Refusal) as refusal:
        award_total(inputs, picks)

    assert refusal.value.reason == reason


def test_more_than_was_offered_is_refused():
    inputs = one_line(simple("A", "1", {"offered_quantity": D("0.5")}))

    assert award_total(inputs, [Pick("l1", "A", D("0.5"))]).total == D("0.50")
    with pytest.raises(Refusal) as refusal:
        award_total(inputs, [Pick("l1", "A", D(1))])
    assert refusal.value.reason == "short"


def test_saving_of_an_award_counts_the_need_and_not_the_excess():
    answer = OfferLine("l1", D(10), moq=D(3000), gst_percent=D(18))
    inputs = worked(Offer("k-M", "M", freight=D(70), lines=(answer,)))

    saving = award_saving(inputs, [pick("l1", "M")])

    assert (saving.reference, saving.amount, saving.percent) == (
        D("29500.00"),
        D("4500.00"),
        D("15.25"),
    )
