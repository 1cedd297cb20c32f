"""What nobody states is no zero: it has no figure, and where the comparison needs it, no rank."""

import pytest

from rfqs.comparison import (
    Flag,
    Freight,
    Inputs,
    Line,
    Offer,
    OfferLine,
    Pick,
    Policy,
    Refusal,
    Scheme,
    Status,
    Tax,
    award_total,
    build,
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


def test_an_import_whose_duty_is_not_stated_says_so():
    told = simple("A", "100", {"duty_percent": D(0)}, scheme=Scheme.IMPORT)
    silent = simple("B", "100", scheme=Scheme.IMPORT)
    here = simple("C", "100")

    cells = build(one_line(told, silent, here)).lines[0].cells

    assert [Flag.DUTY_NOT_STATED in cell.flags for cell in cells] == [False, True, False]


def test_where_nothing_is_asked_nobody_is_complete():
    (column,) = build(Inputs(Policy(), (), (Offer("A", "A"),))).offers

    assert (column.status, column.rank, column.net_landed) == (Status.INCOMPLETE, None, None)


def test_freight_that_is_not_stated_is_no_step_of_the_working():
    said = build(one_line(simple("A", "100", freight=D(0)))).lines[0].cells[0]
    silent = build(one_line(simple("A", "100", freight=Freight.NOT_STATED))).lines[0].cells[0]

    assert [step.name for step in said.steps if step.name == "freight"] == ["freight"]
    assert [step.name for step in silent.steps if step.name == "freight"] == []
