"""Savings: like with like, and nothing where there is nothing to compare with."""

from dataclasses import replace

from rfqs.comparison import Kind, Line, OfferLine, Period, build
from tests.rfqs.comparison.worked import D, lines, offer, one_line, simple, worked, worked_offer


def test_lines_without_a_last_price_are_left_out_on_both_sides():
    first, *rest = lines()
    sheet = build(worked(lines=(replace(first, last_price=None), *rest)))

    saving = sheet.savings.by_offer["k-V-1042"]
    assert (sheet.savings.baseline, sheet.savings.lines_with_baseline) == (D("55860.00"), 2)
    assert saving.amount == D("55860.00") - D("27417.60") - D("23990.40")


def test_no_last_price_gives_no_saving_and_zero_gives_no_percent():
    nothing = build(one_line(simple("A", "5"))).savings
    zero = build(one_line(simple("A", "5"), line=Line("l1", 1, last_price=D(0)))).savings

    assert (nothing.baseline, nothing.by_offer) == (None, {"A": None})
    assert (zero.baseline, zero.by_offer["A"].amount, zero.by_offer["A"].percent) == (
        D("0.00"),
        D("-5.00"),
        None,
    )


def test_excess_of_a_least_order_is_no_loss():
    answer = {"moq": D(10), "discount_percent": D(10)}
    line = Line("l1", 1, quantity=D(4), last_price=D(100))
    sheet = build(one_line(simple("A", "100", answer), line=line))

    assert (sheet.offers[0].basic, sheet.savings.by_offer["A"].amount) == (D("900.00"), D("40.00"))


def test_last_price_of_a_service_falls_due_every_period():
    line = Line("l1", 1, Kind.SERVICE, last_price=D(100), periods=D(12), period_unit=Period.MONTH)
    sheet = build(one_line(simple("A", "270", {"rate_period": Period.QUARTER}), line=line))

    assert sheet.savings.by_offer["A"].amount == D("120.00")


def test_lowest_against_second_mean_and_estimate_of_complete_offers_alone():
    partial = replace(offer("P"), lines=(OfferLine("l1", D(1)),))
    offers = (
        worked_offer(),
        offer("B", ("12", "240", "30")),
        offer("C", ("13", "250", "31")),
        partial,
    )
    bolt, bearing, gloves = lines()
    estimated = (
        replace(bolt, target_price=D("11")),
        replace(bearing, target_price=D("260")),
        gloves,
    )
    sheet = build(worked(*offers, lines=estimated))

    savings = sheet.savings
    # ranked: B 84,000.00, A 89,449.52, C 88,540.00
    assert savings.against_second.amount == D("88540.00") - D("84000.00")
    assert savings.against_mean.amount == D("87329.84") - D("84000.00")
    assert (savings.estimate, savings.lines_with_estimate) == (D("58700.00"), 2)
    on_estimate = savings.by_offer_on_estimate  # B: 30,000.00 and 28,800.00 of the two lines
    assert (on_estimate["k-B"].amount, on_estimate["k-B"].percent) == (D("-100.00"), D("-0.17"))
    assert (savings.by_offer["k-P"], on_estimate["k-P"]) == (None, None)
