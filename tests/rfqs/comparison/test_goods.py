"""Quantities, units and price bases of goods."""

import pytest

from rfqs.comparison import Flag, Line, Policy, Quantity, Scheme, Status, build
from tests.rfqs.comparison.worked import D, one_line, simple


def cell(price, answer, need="100", **fields):
    line = Line("l1", 1, quantity=D(need), gst_percent=D(18))
    answer = {"gst_percent": D(18)} | {
        k: D(v) if isinstance(v, str) else v for k, v in answer.items()
    }
    sheet = build(one_line(simple("A", price, answer), line=line, **fields))
    return sheet.lines[0].cells[0]


@pytest.mark.parametrize(
    ("answer", "ordered", "flags"),
    [
        ({}, "100", ()),
        ({"moq": "100"}, "100", ()),
        ({"moq": "150"}, "150", (Flag.MOQ,)),
        ({"order_multiple": "30"}, "120", (Flag.MULTIPLE,)),
        ({"moq": "130", "order_multiple": "50"}, "150", (Flag.MOQ, Flag.MULTIPLE)),
        ({"order_multiple": "50"}, "100", ()),
    ],
)
def test_least_order_and_multiple(answer, ordered, flags):
    committed = cell("2", answer)
    required = cell("2", answer, policy=Policy(quantity=Quantity.REQUIRED))

    assert (committed.quantity, committed.flags) == (D(ordered), flags)
    assert (required.quantity, required.ordered, required.flags) == (D(100), D(ordered), flags)


def test_excess_shows_in_units_in_value_and_in_the_effective_unit():
    bought = cell("2", {"moq": "150"})

    assert (bought.excess, bought.excess_value, bought.effective_unit) == (
        D(50),
        D("100.00"),
        D("3.0000"),
    )


def test_price_basis_divides():
    assert cell("250", {"price_basis": "100"}).basic == D("250.00")
    assert cell("250", {"price_basis": "1000"}).basic == D("25.00")


def test_units_convert_by_their_factor():
    boxes = cell("60", {"unit_factor": "12", "order_multiple": "1"})

    assert (boxes.quantity, boxes.basic, boxes.unit_price) == (D(108), D("540.00"), D("5.0000"))
    assert cell("900", {"unit_factor": "1000"}).basic == D("90.00")


def test_units_that_do_not_convert_are_not_taken_one_to_one():
    line = Line("l1", 1, quantity=D(100))
    sheet = build(one_line(simple("A", "1", {"unit_factor": None}), line=line))

    assert sheet.offers[0].status == Status.INCOMPLETE
    assert sheet.lines[0].cells[0].flags == (Flag.UNIT,)
    assert sheet.lines[0].cells[0].basic is None


def test_a_short_offer_is_shown_and_not_ranked_even_on_its_line():
    line = Line("l1", 1, quantity=D(100), gst_percent=D(18))
    short = simple("A", "1", {"offered_quantity": D(60), "gst_percent": D(18)})
    sheet = build(one_line(short, simple("B", "9"), line=line))

    assert [(c.rank, c.net_landed) for c in sheet.lines[0].cells] == [
        (None, D("60.00")),
        (1, D("900.00")),
    ]
    assert sheet.lines[0].cells[0].flags == (Flag.SHORT,)
    assert sheet.offers[0].quoted_lines == 0


def test_what_is_offered_counts_in_the_offered_unit():
    enough = cell("60", {"unit_factor": "12", "offered_quantity": "9"})
    short = cell("60", {"unit_factor": "12", "offered_quantity": "8"})

    assert (enough.required, enough.flags) == (D(100), ())
    assert (short.required, short.flags) == (D(96), (Flag.SHORT,))


def test_an_offer_of_nothing_is_no_quote():
    assert cell("60", {"offered_quantity": "0"}).flags == (Flag.NOT_QUOTED,)


def test_import_duty_chain():
    line = Line("l1", 1, quantity=D(1))
    offer = simple(
        "A",
        "100",
        {"duty_percent": D("7.5"), "gst_percent": D(18)},
        currency="USD",
        scheme=Scheme.IMPORT,
        freight=D(10),
        insurance=D(2),
        clearing=D(5),
    )
    found = build(one_line(offer, line=line, rates={"USD": D("83.125")})).lines[0].cells[0]

    assert [found.basic, found.freight, found.insurance, found.clearing] == [
        D("8312.50"),
        D("831.25"),
        D("166.25"),
        D("415.63"),
    ]
    # 9,310.00 CIF; duty 7.5 %; surcharge a tenth of it; tax on all three
    assert [found.duty, found.surcharge, found.gst] == [D("698.25"), D("69.83"), D("1814.05")]
    assert (found.net_landed, found.gross_landed) == (D("10493.71"), D("12307.76"))
