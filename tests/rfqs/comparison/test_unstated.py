"""What nobody states is no zero: it has no figure, and where the comparison needs it, no rank."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rfqs.comparison import (
    Flag,
    Freight,
    Inputs,
    Kind,
    Line,
    Offer,
    OfferLine,
    Pick,
    Policy,
    Refusal,
    Scheme,
    Status,
    Tax,
    Tranche,
    Unstated,
    as_json,
    as_stored,
    award_total,
    build,
    cheapest,
    from_stored,
)
from tests.rfqs.comparison.worked import D, one_line, simple


def test_compared_with_gst_an_answer_whose_rate_nobody_knows_has_no_cost_and_no_rank():
    """The dealer without GST would lose to a price that leaves it out."""
    first, second = Line("l1", 1), Line("l2", 2, gst_percent=D(5))

    def says(code, *prices, gst=(None, None), **fields):
        lines = [
            OfferLine(line.key, D(price), gst_percent=percent)
            for line, price, percent in zip((first, second), prices, gst, strict=True)
        ]
        return Offer(code, code, freight=D(0), lines=tuple(lines), **fields)

    silent, dealer = says("S", 100, 10), says("C", 110, 10, scheme=Scheme.COMPOSITION)
    policy = Policy(tax=Tax.GROSS)

    def sheet_of(*offers):
        return build(Inputs(policy, (first, second), offers))

    sheet = sheet_of(silent, dealer)
    assert [(c.status, c.quoted_lines, c.rank, c.gst) for c in sheet.offers] == [
        (Status.INCOMPLETE, 1, None, D("0.50")),
        (Status.COMPLETE, 2, 1, D("0.00")),
    ]
    cell = sheet.lines[0].cells[0]
    assert (cell.flags, cell.cost, cell.rank, cell.unit_price_quoted) == (
        (Flag.GST_NOT_STATED,), None, None, D(100),
    )  # fmt: skip
    assert (sheet.lines[0].lowest, sheet.lines[1].cells[0].cost) == (("C",), D("10.50"))
    with pytest.raises(Refusal) as refusal:
        award_total(Inputs(policy, (first, second), (silent,)), [Pick("l1", "S", D(1))])
    assert refusal.value.reason == "gst_not_stated"

    stated = sheet_of(silent, dealer, says("T", 120, 10, gst=(D(18), None)))
    assert [(c.rank, c.cost) for c in stated.offers] == [
        (2, D("128.50")),
        (1, D("120.00")),
        (3, D("152.10")),
    ]


def test_a_rate_is_lent_by_ranked_offers_alone_even_where_one_loses_its_rank_so():
    """A states the second rate, but nobody the first: so A is unranked, and B's second is unknown."""
    policy, lines = Policy(tax=Tax.GROSS), (Line("l1", 1), Line("l2", 2))
    a = Offer("A", "A", lines=(OfferLine("l1", D(1)), OfferLine("l2", D(1), gst_percent=D(18))))
    b = Offer("B", "B", lines=(OfferLine("l1", D(1)), OfferLine("l2", D(1))))

    sheet = build(Inputs(policy, lines, (a, b)))

    assert [[cell.cost for cell in row.cells] for row in sheet.lines] == [
        [None, None],
        [D("1.18"), None],
    ]


def test_a_rate_is_lent_by_those_alone_who_charge_it_and_the_highest_of_them():
    silent = simple("A", "100")
    dealer = simple("C", "100", {"gst_percent": D(40)}, scheme=Scheme.COMPOSITION)
    others = [simple(f"B{n}", "100", {"gst_percent": D(n)}) for n in (12, 28, 18)]

    sheet = build(one_line(silent, dealer, *others, line=Line("l1", 1)))

    assert sheet.lines[0].cells[0].gst == D("28.00")


def test_a_rate_of_nothing_is_none():
    sheet = build(one_line(simple("A", "100", currency="USD"), rates={"USD": D(0)}))

    assert (sheet.offers[0].status, sheet.offers[0].basic) == (Status.NOT_COMPARABLE, None)


def foreign(code, price, duty=None, **fields):
    """An import with everything said but, where `duty` is None, its customs duty."""
    said = {"duty_percent": duty, "gst_percent": D(18)}
    return simple(code, price, said, scheme=Scheme.IMPORT, **fields)


def test_an_import_whose_duty_nobody_states_has_no_cost_and_no_rank():
    """Without duty it would be the lowest, and with the real one perhaps not."""
    inputs = one_line(foreign("B", "100"), simple("C", "105"))

    sheet = build(inputs)

    cell, here = sheet.lines[0].cells
    assert (cell.flags, cell.cost, cell.duty, cell.rank) == (
        (Flag.DUTY_NOT_STATED,), None, None, None,
    )  # fmt: skip
    assert [(c.status, c.rank, c.duty) for c in sheet.offers] == [
        (Status.INCOMPLETE, None, None),
        (Status.COMPLETE, 1, D("0.00")),
    ]
    assert here.rank == 1
    assert cheapest(inputs, seconds=9).assignment == {"l1": "C"}
    with pytest.raises(Refusal) as refusal:
        award_total(inputs, [Pick("l1", "B", D(1))])
    assert refusal.value.reason == "duty_not_stated"


def test_a_duty_is_that_of_the_answer_else_of_the_request_else_the_highest_of_the_ranked_imports():
    asked, silent = Line("l1", 1, gst_percent=D(18)), foreign("B", "100")
    told = replace(asked, duty_percent=D("7.5"))
    lenders = [foreign("A", "500", D(5)), foreign("D", "500", D(10))]
    gone = foreign("E", "500", D(40), disqualified=True)

    def duty_of(line, *others):
        cell = build(one_line(silent, *others, line=line)).lines[0].cells[0]
        return cell.duty, cell.surcharge, cell.flags

    assert duty_of(told, *lenders) == (D("7.50"), D("0.75"), (Flag.DUTY_FROM_REQUEST,))
    assert duty_of(asked, *lenders, gone) == (D("10.00"), D("1.00"), (Flag.DUTY_LOADED,))
    free = build(one_line(foreign("F", "100", D(0)), line=told)).lines[0].cells[0]
    assert (free.duty, free.flags) == (D("0.00"), ())


def test_the_cheapest_award_counts_the_duty_of_the_request():
    line = Line("l1", 1, gst_percent=D(18), duty_percent=D(10))

    found = cheapest(one_line(foreign("B", "100"), simple("C", "110.99"), line=line), seconds=9)

    assert (found.assignment, found.award.total, found.proven) == ({"l1": "C"}, D("110.99"), True)


def test_a_service_bears_no_customs_duty():
    line = Line("l1", 1, kind=Kind.SERVICE, gst_percent=D(18))

    (column,) = build(one_line(foreign("B", "100"), line=line)).offers

    assert (column.rank, column.duty) == (1, D("0.00"))


def test_freight_that_nobody_names_earns_no_rank_beside_prices_that_include_it():
    """It competes line by line, where its freight is said to be missing."""
    silent, included, named = (
        simple(code, price, freight=freight)
        for code, price, freight in (
            ("S", "100", Freight.NOT_STATED), ("I", "104", Freight.INCLUDED), ("N", "98", D(5)),
        )
    )  # fmt: skip

    def shown(*offers):
        sheet = build(one_line(*offers))
        return [(c.status, c.rank, c.evaluated, c.freight_loading) for c in sheet.offers]

    assert shown(silent, included) == [
        (Status.NOT_EVALUATED, None, None, None),
        (Status.COMPLETE, 1, D("104.00"), D("0.00")),
    ]
    assert shown(silent, included, named)[0] == (Status.COMPLETE, 3, D("105.00"), D("5.00"))
    assert shown(silent)[0] == (Status.COMPLETE, 1, D("100.00"), D("0.00"))
    alike = shown(silent, replace(silent, key="T", supplier_code="T"))
    assert [rank for _status, rank, *_figures in alike] == [1, 1]
    assert build(one_line(silent, included)).lines[0].lowest == ("S",)


def test_interest_on_a_tax_that_nobody_states_earns_no_rank():
    """What is paid in advance bears GST; only who is paid late enough needs no rate for its rank."""
    early, late = (
        simple(code, "100", tranches=(Tranche(D(100), day),)) for code, day in (("E", 0), ("L", 30))
    )
    dealer = replace(early, key="D", supplier_code="D", scheme=Scheme.COMPOSITION)

    def shown(policy, line):
        sheet = build(one_line(early, late, dealer, line=line, policy=policy))
        return [(c.status, c.payment_loading) for c in sheet.offers]

    interest, bare = Policy(interest_percent=D("36.5")), Line("l1", 1)
    assert shown(interest, bare) == [
        (Status.NOT_EVALUATED, None), (Status.COMPLETE, D("0.00")), (Status.COMPLETE, D("3.00")),
    ]  # fmt: skip
    assert shown(interest, replace(bare, gst_percent=D(18)))[0] == (Status.COMPLETE, D("3.54"))
    assert shown(Policy(), bare)[0] == (Status.COMPLETE, D("0.00"))
    column = build(one_line(early, line=bare, policy=interest)).offers[0]
    assert Flag.GST_NOT_STATED in column.flags


def test_statements_of_before_are_computed_as_they_were():
    """Kept by the rules of then, that what nobody states is nothing: imports, freight, GST with interest."""
    kept = json.loads((Path(__file__).parent / "kept_before.json").read_text())

    assert len(kept) == 14
    for stored in kept:
        inputs = from_stored(stored["inputs"])
        assert inputs.policy.unstated is Unstated.NOTHING
        assert as_json(build(inputs)) == stored["result"]
        assert (
            as_json(
                build(replace(inputs, policy=replace(inputs.policy, unstated=Unstated.NO_COST)))
            )
            != stored["result"]
        )
        assert from_stored(as_stored(inputs)) == inputs


def test_where_nothing_is_asked_nobody_is_complete():
    (column,) = build(Inputs(Policy(), (), (Offer("A", "A"),))).offers

    assert (column.status, column.rank, column.net_landed) == (Status.INCOMPLETE, None, None)


def test_freight_that_is_not_stated_is_no_step_of_the_working():
    said = build(one_line(simple("A", "100", freight=D(0)))).lines[0].cells[0]
    silent = build(one_line(simple("A", "100", freight=Freight.NOT_STATED))).lines[0].cells[0]

    assert [step.name for step in said.steps if step.name == "freight"] == ["freight"]
    assert [step.name for step in silent.steps if step.name == "freight"] == []
