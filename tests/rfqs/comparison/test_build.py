"""The worked column of the specification, to the paisa."""

from dataclasses import replace
from decimal import ROUND_FLOOR, localcontext

import pytest

from rfqs.comparison import Flag, Freight, Incomplete, Policy, Scheme, Status, Tax, Tranche, build
from tests.rfqs.comparison.worked import D, offer, one_line, simple, worked, worked_offer

COLUMN = {
    "gross_quoted": ("28500.00", "28560.00", "24990.00"),
    "discount_quoted": ("1140.00", "1142.40", "999.60"),
    "basic": ("27360.00", "27417.60", "23990.40"),
    "packing": ("410.40", "411.26", "359.86"),
    "freight": ("3299.82", "3306.76", "2893.42"),
    "net_landed": ("31070.22", "31135.62", "27243.68"),
    "gst": ("5592.64", "5604.41", "1362.18"),
    "gross_landed": ("36662.86", "36740.03", "28605.86"),
    "effective_unit": ("12.4281", "259.4635", "32.4330"),
}
FOOT = {
    "basic": "78768.00",
    "packing": "1181.52",
    "freight": "9500.00",
    "net_landed": "89449.52",
    "gst": "12559.23",
    "credit": "12559.23",
    "gross_landed": "102008.75",
    "loading": "0.00",
    "evaluated": "89449.52",
    "discount_quoted": "3282.00",
}


@pytest.mark.parametrize("name", COLUMN)
def test_worked_column_by_line(name):
    cells = [row.cells[0] for row in build(worked()).lines]

    assert tuple(str(getattr(cell, name)) for cell in cells) == COLUMN[name]


def test_worked_column_foot():
    (column,) = build(worked()).offers

    assert {name: str(getattr(column, name)) for name in FOOT} == FOOT
    assert (column.status, column.rank, column.loading_days) == (Status.COMPLETE, 1, 0)


def test_worked_saving_against_last_prices():
    savings = build(worked()).savings

    saving = savings.by_offer["k-V-1042"]
    assert (savings.baseline, savings.lines_with_baseline) == (D("85360.00"), 3)
    assert (saving.amount, saving.percent) == (D("6592.00"), D("7.72"))


def test_steps_of_a_cell_lead_to_its_landed_cost():
    cell = build(worked()).lines[0].cells[0]

    assert [(step.name, str(step.figure)) for step in cell.steps][:6] == [
        ("quantity", "2500"),
        ("unit_price_quoted", "11.40"),
        ("gross_quoted", "28500.00"),
        ("discount_quoted", "1140.00"),
        ("net_quoted", "27360.00"),
        ("rate", "1"),
    ]
    assert cell.steps[-1][:2] == ("effective_unit", D("12.4281"))


def test_discount_is_rounded_before_it_is_subtracted():
    sheet = build(one_line(simple("A", "29875.00", {"discount_percent": D("2.5")})))

    assert sheet.offers[0].basic == D("29128.12")


def test_free_and_not_quoted_are_different_answers():
    free = offer("F", ("0", "1", "1"))
    silent = offer("S", (None, "1", "1"))
    sheet = build(worked(free, silent))

    assert [(c.status, c.rank, c.quoted_lines) for c in sheet.offers] == [
        (Status.COMPLETE, 1, 3),
        (Status.INCOMPLETE, None, 2),
    ]
    assert [cell.flags for cell in sheet.lines[0].cells] == [(Flag.FREE,), (Flag.NOT_QUOTED,)]
    assert [cell.basic for cell in sheet.lines[0].cells] == [D("0.00"), None]


def test_missing_rate_is_not_comparable_and_has_no_figure_in_base_currency():
    sheet = build(worked(worked_offer(), offer("U", currency="USD")))

    column, cell = sheet.offers[1], sheet.lines[0].cells[1]
    assert (column.status, column.rank, column.basic, column.evaluated) == (
        Status.NOT_COMPARABLE,
        None,
        None,
        None,
    )
    assert (cell.net_quoted, cell.basic, cell.flags) == (D("28500.00"), None, (Flag.NO_RATE,))


def test_minor_units_of_each_currency_round_its_own_amounts():
    yen = simple("J", "10.4", {"discount_percent": D(5)}, currency="JPY")
    dinar = simple("K", "10.4004", currency="KWD")
    sheet = build(
        one_line(
            yen, dinar, rates={"JPY": D("0.55"), "KWD": D(271)}, minor_units={"JPY": 0, "KWD": 3}
        )
    )

    cells = sheet.lines[0].cells
    assert [str(cell.gross_quoted) for cell in cells] == ["10", "10.400"]
    assert str(cells[0].net_quoted) == "9"  # 5 % of 10 is 0.5, rounded up to 1
    assert [str(cell.basic) for cell in cells] == ["4.95", "2818.40"]
    at_par = one_line(dinar, rates={"KWD": D(1)}, minor_units={"KWD": 3})
    assert (
        str(
            build(replace(at_par, offers=(simple("K", "10.405", currency="KWD"),)))
            .lines[0]
            .cells[0]
            .basic
        )
        == "10.41"
    )


def test_offers_are_ranked_with_what_is_loaded_on_them():
    """The early payment costs 12 % of a year, so the dearer one is the lowest."""
    early = simple("A", "100", {"gst_percent": D(0)}, tranches=(Tranche(D(100), -335),))
    sheet = build(
        one_line(early, simple("B", "105"), policy=Policy(interest_percent=D(12))),
    )

    assert [(c.cost, c.evaluated, c.rank) for c in sheet.offers] == [
        (D("100.00"), D("112.00"), 2),
        (D("105.00"), D("105.00"), 1),
    ]
    assert (sheet.proposed, sheet.offers[0].difference) == ("B", D("7.00"))
    assert [cell.rank for cell in sheet.lines[0].cells] == [1, 2]  # of the line, by its own cost


def test_terms_that_are_not_stated_are_said_where_they_would_count():
    silent = simple("A", "100")
    told = simple("B", "100", tranches=(Tranche(D(100), 30),))
    loaded = build(one_line(silent, told, policy=Policy(interest_percent=D(12))))
    plain = build(one_line(silent, told))

    said = [[Flag.TERMS_NOT_STATED in c.flags for c in sheet.offers] for sheet in (loaded, plain)]
    assert said == [[True, False], [False, False]]


@pytest.mark.parametrize(
    ("scheme", "credit"),
    [
        (Scheme.REGULAR, "18.00"),
        (Scheme.IMPORT, "18.00"),
        (Scheme.REVERSE_CHARGE, "18.00"),
        (Scheme.COMPOSITION, "0.00"),
        (Scheme.UNREGISTERED, "0.00"),
    ],
)
def test_credit_is_the_tax_that_comes_back(scheme, credit):
    offer = simple("A", "100", {"gst_percent": D(18), "duty_percent": D(0)}, scheme=scheme)

    (column,) = build(one_line(offer)).offers
    (kept,) = build(one_line(offer, policy=Policy(tax=Tax.GROSS))).offers

    assert (column.gst, column.credit, column.cost) == (D(credit), D(credit), D("100.00"))
    assert (kept.gst, kept.credit, kept.cost) == (D(credit), D("0.00"), 100 + D(credit))


@pytest.mark.parametrize(
    ("scheme", "payable"),
    [
        (Scheme.REGULAR, "1274.40"),  # with its GST
        (Scheme.COMPOSITION, "1080.00"),
        (Scheme.REVERSE_CHARGE, "1080.00"),  # the buyer pays the tax himself,
        (Scheme.IMPORT, "1080.00"),  # and customs
    ],
)
def test_interest_is_on_what_the_supplier_is_paid(scheme, payable):
    """Basic, packing, freight, insurance and other; neither clearing nor what customs takes."""
    said = {"gst_percent": D(18), "duty_percent": D(10)}
    charges = {"pf_amount": D(20), "freight": D(30), "insurance": D(30), "clearing": D(500)}
    advance = {"tranches": (Tranche(D(100), -335),), "scheme": scheme}  # a year early
    offer = simple("A", "1000", said, **charges, **advance)

    (column,) = build(one_line(offer, policy=Policy(interest_percent=D(100)))).offers

    assert (column.loading_days, column.payment_loading) == (D(365), D(payable))
    dearer = replace(offer, other=D(7))
    (column,) = build(one_line(dearer, policy=Policy(interest_percent=D(100)))).offers
    assert column.payment_loading == D(payable) + 7


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"expired": True}, Status.EXPIRED),
        ({"disqualified": True}, Status.DISQUALIFIED),
        ({"disqualified": True, "expired": True}, Status.DISQUALIFIED),
        ({"needs_reconfirmation": True}, Status.NOT_COMPARABLE),
    ],
)
def test_dead_offers_are_shown_but_compete_nowhere(facts, status):
    cheap = simple("C", "1", **facts)
    sheet = build(one_line(cheap, simple("D", "2")))

    assert [(c.status, c.rank, c.net_landed) for c in sheet.offers] == [
        (status, None, D("1.00")),
        (Status.COMPLETE, 1, D("2.00")),
    ]
    assert sheet.lines[0].lowest == ("D",)


def test_tax_basis_changes_the_lowest():
    dear = simple("R", "100", {"gst_percent": D(18)})
    offers = (dear, simple("C", "110", scheme=Scheme.COMPOSITION))

    net = build(one_line(*offers))
    gross = build(one_line(*offers, policy=Policy(tax=Tax.GROSS)))

    assert (net.proposed, gross.proposed) == ("R", "C")
    assert [column.cost for column in gross.offers] == [D("118.00"), D("110.00")]


def test_payment_loading_counts_days_before_the_standard_day():
    early = simple("A", "100000", tranches=(Tranche(D(50), -20), Tranche(D(50), 30)))
    late = simple("B", "100000", tranches=(Tranche(D(100), 60),))
    sheet = build(one_line(early, late, policy=Policy(interest_percent=D(12))))

    # payable with GST 118,000.00; 25 days at 12 %: 969.863...
    assert [(c.loading_days, c.loading) for c in sheet.offers] == [
        (D(25), D("969.86")),
        (D(-30), D("0.00")),
    ]


def test_freight_not_stated_is_loaded_with_the_highest_of_the_ranked_others():
    silent = simple("S", "100", freight=Freight.NOT_STATED)
    sheet = build(
        one_line(
            silent,
            simple("A", "120", freight=D(30)),
            simple("B", "120", freight=D(45)),
            simple("X", "120", freight=D(900), expired=True),
        )
    )

    column = sheet.offers[0]
    assert (column.freight, column.loading, column.evaluated) == (
        D("0.00"),
        D("45.00"),
        D("145.00"),
    )
    assert column.flags == (Flag.FREIGHT_NOT_STATED, Flag.FREIGHT_LOADED)


def test_gst_not_stated_comes_from_the_request_then_from_the_highest_of_the_others():
    request_says = build(one_line(simple("A", "100")))
    silent = replace(request_says.lines[0].line, gst_percent=None)
    others_say = build(
        one_line(simple("A", "100"), simple("B", "100", {"gst_percent": D(28)}), line=silent)
    )
    nobody_says = build(one_line(simple("A", "100"), line=silent))

    cells = [sheet.lines[0].cells[0] for sheet in (request_says, others_say, nobody_says)]
    assert [(cell.gst, cell.flags) for cell in cells] == [
        (D("18.00"), (Flag.GST_FROM_REQUEST,)),
        (D("28.00"), (Flag.GST_LOADED,)),
        (None, (Flag.GST_NOT_STATED,)),
    ]
    assert (cells[2].gst_percent, cells[2].gross_landed, cells[2].net_landed) == (
        None, None, D("100.00"),
    )  # fmt: skip
    (column,) = nobody_says.offers
    assert (column.gst, column.credit, column.gross_landed, column.rank) == (None, None, None, 1)


def test_a_tie_proposes_nobody_and_the_next_rank_is_three():
    sheet = build(one_line(simple("A", "100.004"), simple("B", "100.00"), simple("C", "100.01")))

    assert [column.rank for column in sheet.offers] == [1, 1, 3]
    assert (sheet.lowest, sheet.proposed) == (("A", "B"), None)
    assert sheet.offers[0].flags == (Flag.TIE,)


def test_incomplete_offer_is_loaded_for_information_only():
    policy = Policy(incomplete=Incomplete.LOAD_HIGHEST)
    sheet = build(
        worked(
            offer("A"), offer("B", ("20", "300", "40")), offer("C", ("1", "1", None)), policy=policy
        )
    )

    column = sheet.offers[2]
    assert (column.net_landed, column.rank, column.loaded_total) == (
        D("2620.00"),
        None,
        D("36220.00"),  # the gloves at B's 33,600.00
    )


def test_gaps_are_loaded_at_the_highest_of_the_ranked_and_a_short_line_is_a_gap():
    policy = Policy(incomplete=Incomplete.LOAD_HIGHEST)
    less = offer("C", ("1", "1", "1"))
    gloves = less.lines[2]._replace(offered_quantity=D(839))
    short = replace(less, lines=(*less.lines[:2], gloves))
    dead = offer("X", ("20", "300", "900"), expired=True)
    sheet = build(worked(offer("B", ("20", "300", "40")), short, dead, policy=policy))

    assert [c.loaded_total for c in sheet.offers] == [None, D("36220.00"), None]


def test_an_offer_without_any_line_has_no_figures():
    sheet = build(one_line(simple("A", None), replace(simple("B", "1"), lines=())))

    assert [(c.status, c.quoted_lines, c.net_landed) for c in sheet.offers] == [
        (Status.INCOMPLETE, 0, None),
        (Status.INCOMPLETE, 0, None),
    ]


def test_difference_to_the_lowest_of_a_line_is_a_percentage():
    sheet = build(
        one_line(
            simple("A", "100"),
            simple("B", "112.345"),
            simple("X", "1", expired=True),
        )
    )
    above_free = build(one_line(simple("A", "0"), simple("B", "5")))

    cells = sheet.lines[0].cells
    assert [cell.difference_percent for cell in cells] == [D("0.00"), D("12.35"), None]
    assert [cell.difference_percent for cell in above_free.lines[0].cells] == [D("0.00"), None]
    assert [(c.difference, c.difference_percent) for c in sheet.offers] == [
        (D("0.00"), D("0.00")),
        (D("12.35"), D("12.35")),
        (None, None),
    ]


def test_figures_do_not_depend_on_the_callers_decimal_context():
    with localcontext(prec=3, rounding=ROUND_FLOOR):
        sheet = build(worked())
        shown = [sheet.lines[1].cells[0].effective_unit, sheet.offers[0].evaluated]

    assert shown == [D("259.4635"), D("89449.52")]
