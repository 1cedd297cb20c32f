"""The cheapest award: as cheap as every one of all there are, and within what the buyer wants."""

from dataclasses import replace
from itertools import product
from math import inf
from random import Random
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rfqs.comparison import (
    Conditions,
    Inputs,
    Line,
    Offer,
    OfferLine,
    Pick,
    Policy,
    Scheme,
    Status,
    Tax,
    award_total,
    build,
    cheapest,
    choosing,
    optimum,
)
from rfqs.comparison.costing import Bounds, Shared
from rfqs.comparison.narrowing import narrowed
from rfqs.comparison.splitting import as_ordered
from tests.rfqs.comparison.test_properties import requests
from tests.rfqs.comparison.worked import D, lines, offer, worked

SECONDS = 60  # never reached: these are small

few = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def every_award(inputs, conditions=None):
    """The exact totals of all assignments of whole lines to offers that compete, by assignment."""
    wanted = conditions or Conditions()
    rows = [row for row in build(inputs).lines if row.lowest]
    choices = [
        [
            cell.offer_key
            for cell in row.cells
            if cell.rank is not None
            and cell.offer_key not in wanted.excluded
            and not (wanted.without_excess and cell.ordered > cell.required)
        ]
        for row in rows
    ]
    kept = [(row, keys) for row, keys in zip(rows, choices, strict=True) if keys]
    for keys in product(*(keys for _row, keys in kept)):
        picks = [
            Pick(row.line.key, key, row.line.need)
            for (row, _k), key in zip(kept, keys, strict=True)
        ]
        yield (
            dict(zip((pick.line_key for pick in picks), keys, strict=True)),
            award_total(inputs, picks),
        )


def keeps(conditions, assignment, award):
    groups = [{assignment.get(line) for line in group} for group in conditions.together]
    return (
        (conditions.max_suppliers is None or len(award.by_offer) <= conditions.max_suppliers)
        and all(len(group) == 1 for group in groups)
        and all(
            award.by_offer.get(key, 0) * 100 >= share * award.total
            for key, share in conditions.least_share.items()
        )
        and all(
            award.by_offer.get(key, 0) * 100 <= share * award.total
            for key, share in conditions.most_share.items()
        )
    )


def least(inputs, conditions=None):
    """The least total of all awards that keep to the conditions; None where there is none."""
    wanted = conditions or Conditions()
    totals = [
        award.total
        for assignment, award in every_award(inputs, wanted)
        if assignment and keeps(wanted, assignment, award)
    ]
    return min(totals, default=None)


@few
@given(requests())
def test_no_award_is_cheaper(inputs):
    found = cheapest(inputs, seconds=SECONDS)

    assert (found.award and found.award.total, found.gap) == (
        least(inputs),
        None if found.award is None else 0,
    )


@st.composite
def wanted(draw, inputs):
    keys = [offer.key for offer in inputs.offers]
    named = st.dictionaries(st.sampled_from(keys), st.sampled_from([D(20), D(50)]), max_size=1)
    together = [line.key for line in inputs.lines][: draw(st.sampled_from([0, 2]))]
    return Conditions(
        max_suppliers=draw(st.none() | st.integers(1, 3)),
        excluded=tuple(draw(st.sets(st.sampled_from(keys), max_size=1))),
        least_share=draw(named),
        most_share=draw(named),
        together=(tuple(together),) if len(together) > 1 else (),
        without_excess=draw(st.booleans()),
    )


@few
@given(requests(), st.data())
def test_no_award_that_keeps_to_the_conditions_is_cheaper(inputs, data):
    conditions = data.draw(wanted(inputs))
    found = cheapest(inputs, conditions, seconds=SECONDS)

    if found.award is not None:
        assert keeps(conditions, found.assignment, found.award)
    if found.proven:
        assert (found.award and found.award.total) == least(inputs, conditions)
    elif not (conditions.least_share or conditions.most_share):
        assert found.award is None, "only shares of rounded amounts may be left open"


@few
@given(requests())
def test_the_optimum_is_no_dearer_than_any_single_award_and_the_best_per_line(inputs):
    """Of what is ordered and paid, whatever the offers are compared by."""
    sheet, found = build(as_ordered(inputs)), cheapest(inputs, seconds=SECONDS)

    for column in sheet.offers:
        if column.status is Status.COMPLETE:
            assert found.award.total <= column.cost
    if sheet.split.full_total is not None:
        assert found.award.total <= sheet.split.full_total


def test_the_optimum_undercuts_every_single_award_and_the_best_per_line_where_only_a_search_finds_it():
    """Fourteen offers, too many to list their sets: two share the work, twelve are each lowest on one line."""
    asked = tuple(Line(f"l{n:02}", n, gst_percent=D(18)) for n in range(1, 13))

    def offered(key, freight, price):
        said = tuple(OfferLine(line.key, D(price(line.no))) for line in asked)
        return Offer(key, key, freight=D(freight), lines=said)

    two = [
        offered("A", 100, lambda no: 100 if no <= 6 else 150),
        offered("B", 100, lambda no: 150 if no <= 6 else 100),
    ]
    twelve = [
        offered(f"C{n:02}", 500, lambda no, n=n: 85 if no == n else 200) for n in range(1, 13)
    ]
    inputs = Inputs(Policy(), asked, (*two, *twelve))

    sheet, found = build(inputs), cheapest(inputs, seconds=SECONDS)

    assert (found.award.total, found.proven) == (D("1400.00"), True)
    assert min(column.cost for column in sheet.offers) == D("1600.00")
    assert sheet.split.full_total == D("7020.00")


@few
@given(requests(), st.randoms(use_true_random=False))
def test_order_of_lines_and_offers_changes_nothing(inputs, random):
    lines_, offers = list(inputs.lines), list(inputs.offers)
    random.shuffle(lines_)
    random.shuffle(offers)
    shuffled = replace(inputs, lines=tuple(lines_), offers=tuple(offers))

    assert cheapest(shuffled, seconds=SECONDS) == cheapest(inputs, seconds=SECONDS)


def test_a_lump_sum_in_full_keeps_lines_with_one_supplier():
    """B is a little cheaper on the second line, but its freight falls due for it."""
    inputs = worked(
        offer("A", ("11.40", "238.00", "29.75")),
        offer("B", ("11.90", "235.00", "30.75"), freight=D(500)),
    )

    found = cheapest(inputs, seconds=SECONDS)

    assert (found.assignment, found.award.total, found.gap, found.proven) == (
        {"l1": "k-A", "l2": "k-A", "l3": "k-A"}, D("82050.00"), D("0.00"), True,
    )  # fmt: skip
    assert build(inputs).split.full_total == D("82190.00")


def test_a_discount_for_the_full_order_counts_only_for_all_of_it():
    half = {"header_discount_percent": D(10), "discount_on_full_order_only": True}
    inputs = worked(offer("A", **half), offer("B", ("11.00", "250.00", "31.00")))

    found = cheapest(inputs, seconds=SECONDS)

    assert (set(found.assignment.values()), found.award.total) == ({"k-A"}, D("73845.00"))


def test_gst_on_the_shares_of_a_lump_sum_is_counted_exactly():
    """Compared gross, the freight of the gloves carries 5 % and that of the bolts 18 %."""
    inputs = worked(
        offer("A", freight=D(9500)),
        offer("B", ("11.50", "239.00", "29.50"), freight=D(9000)),
        offer("C", ("12.50", "230.00", None), freight=D(100), scheme=Scheme.COMPOSITION),
        policy=Policy(tax=Tax.GROSS),
    )

    found = cheapest(inputs, seconds=SECONDS)

    assert (found.award.total, found.proven) == (least(inputs), True)


def test_lines_that_nobody_supplies_stay_out_and_impossible_wishes_say_so():
    bolt, bearing, gloves = lines()
    inputs = worked(offer("A", ("11.40", None, "29.75")), lines=(bolt, bearing, gloves))

    part = cheapest(inputs, seconds=SECONDS)
    none = cheapest(inputs, Conditions(least_share={"k-Z": D(50)}), seconds=SECONDS)
    nobody = cheapest(inputs, Conditions(excluded=("k-A",)), seconds=SECONDS)

    assert (part.assignment, part.unquoted) == ({"l1": "k-A", "l3": "k-A"}, ("l2",))
    assert (none.award, none.proven) == (None, True)
    assert (nobody.award, nobody.unquoted) == (None, ("l1", "l2", "l3"))


def largest(policy, *rates):
    """The largest statement there is: lump sums of everybody, prices that lie close together."""
    draw = Random(7)  # noqa: S311 (figures, not secrets)
    asked = tuple(
        Line(f"l{no}", no, quantity=D(10 + no), gst_percent=draw.choice(rates))
        for no in range(1, 201)
    )
    offers = tuple(
        Offer(
            f"k{n}", f"V{n:02}", pf_percent=D("1.5"), freight=D(draw.randrange(2000, 40000)), submitted_order=n,
            lines=tuple(
                OfferLine(line.key, D(draw.randrange(90, 120) * (100 + line.no)).scaleb(-2)) for line in asked
            ),
        )
        for n in range(20)
    )  # fmt: skip
    return Inputs(policy, asked, offers, minor_units={"INR": 2})


def test_at_most_three_of_twenty_for_two_hundred_lines_is_proven():
    inputs = largest(Policy(), D(18))

    found = cheapest(inputs, Conditions(max_suppliers=3), seconds=SECONDS)

    ordered = build(inputs)
    assert (found.proven, found.gap, len(found.award.by_offer)) == (True, D("0.00"), 3)
    assert found.award.total <= min(column.cost for column in ordered.offers)


def test_at_most_three_of_twenty_with_mixed_tax_on_lump_sums_are_proven_but_for_rounding():
    """Compared gross at four rates; three coins a line are what rounding can hide."""
    inputs = largest(Policy(tax=Tax.GROSS), D(5), D(12), D(18), D(28))

    found = cheapest(inputs, Conditions(max_suppliers=3), seconds=SECONDS)

    assert len(found.award.by_offer) == 3
    assert found.gap <= len(inputs.lines) * D("0.03")


def test_any_number_of_twenty_with_mixed_tax_on_lump_sums_leaves_a_small_honest_gap(monkeypatch):
    """Too many sets to list: first it is found who can be in a cheaper award at all. CPU time, not the wall's."""
    monkeypatch.setattr(optimum, "monotonic", process_time)
    monkeypatch.setattr(choosing, "monotonic", process_time)
    inputs = largest(Policy(tax=Tax.GROSS), D(5), D(12), D(18), D(28))

    found = cheapest(inputs, seconds=90)

    assert found.award.total <= D("5662676.53")
    assert found.gap <= 100


def lump(draw):
    """An offer for up to five lines with a lump sum that is taxed at their different rates."""
    rates = {f"l{n}": draw(st.sampled_from([D("1.05"), D("1.12"), D("1.28")])) for n in range(5)}
    weights = {line: D(draw(st.integers(1, 500))) for line in rates}
    costs = {line: D(draw(st.integers(1000, 1400))) for line in rates}
    shared = Shared(D(draw(st.integers(0, 3000))), rates, weights)
    return costs, shared


def quotient(costs, shared, taken):
    """What an offer costs that is given these lines, its tax on the lump sum weighed exactly."""
    least = min(shared.factors.values())
    weight = sum(shared.weights[line] for line in taken)
    above = sum(shared.weights[line] * (shared.factors[line] - least) for line in taken)
    return sum(costs[line] for line in taken) + shared.amount * above / weight


@few
@given(st.data())
def test_narrowing_never_claims_more_than_the_cheapest_award_costs(data):
    drawn = [lump(data.draw) for _ in range(data.draw(st.integers(1, 3)))]
    offers = [
        Bounds(f"k{n}", costs, D(100), shared=shared) for n, (costs, shared) in enumerate(drawn)
    ]
    asked = [f"l{n}" for n in range(5)]
    totals = []
    for givers in product(range(len(drawn)), repeat=len(asked)):
        taken = {
            n: [line for line, who in zip(asked, givers, strict=True) if who == n] for n in givers
        }
        if len(taken) == len(drawn):
            totals.append(sum(100 + quotient(*drawn[n], lines) for n, lines in taken.items()))
    most = min(totals) + data.draw(st.sampled_from([0, 1, 50, 1000]))

    bound, found = narrowed(asked, offers, most)

    assert bound <= min(totals)
    assert all(set(assignment) == set(asked) for assignment in found)


@few
@given(st.data())
def test_choosing_never_claims_more_than_the_cheapest_award_costs(data):
    """With few or many suppliers wanted, and whatever is known already; the sets hold the cheapest award."""
    drawn = [lump(data.draw) for _ in range(data.draw(st.integers(2, 3)))]
    opening = [D(data.draw(st.integers(0, 900))) for _ in drawn]
    offers = [
        Bounds(f"k{n}", costs, opening[n], shared=shared) for n, (costs, shared) in enumerate(drawn)
    ]
    asked = [f"l{n}" for n in range(5)]
    most = data.draw(st.sampled_from([None, 1, 2]))
    totals = {}
    for givers in product(range(len(drawn)), repeat=len(asked)):
        taken = {
            n: [line for line, who in zip(asked, givers, strict=True) if who == n] for n in givers
        }
        if most is None or len(taken) <= most:
            totals[givers] = sum(
                opening[n] + quotient(*drawn[n], lines) for n, lines in taken.items()
            )
    least = min(totals.values())
    known = least + data.draw(st.sampled_from([D("0.02"), D(1), D(50), D(1000)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choosing, "FEW", data.draw(st.integers(0, 2)))  # or nothing is narrowed
        bound, sets = choosing.worth_opening(asked, offers, most, lambda _assignment: known, inf)

    assert bound <= least
    winners = {f"k{n}" for n in min(totals, key=totals.__getitem__)}
    assert sets is None or winners in [{one.key for one in chosen} for chosen in sets]
