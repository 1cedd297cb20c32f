"""Lanes: rates of three bases, vehicles, months."""

from dataclasses import replace

import pytest

from rfqs.comparison import Flag, Kind, Line, Pick, RateBasis, award_total, build
from tests.rfqs.comparison.worked import D, one_line, simple

LANE = Line(
    "l1",
    1,
    Kind.TRANSPORT,
    gst_percent=D(5),
    trips_per_month=D(26),
    months=D(1),
    load_t=D("7.0"),
    distance_km=D(660),
)
EXAMPLE = {"fuel_percent": D(3), "loading": D(600), "gst_percent": D(5)}


def cell(rate, basis, lane=LANE, **answer):
    said = {"rate_basis": basis, "gst_percent": D(5)} | answer
    return build(one_line(simple("A", rate, said), line=lane)).lines[0].cells[0]


def test_worked_lane():
    found = cell("24.00", RateBasis.PER_KM, capacity_t=D("4.0"), **EXAMPLE)

    steps = {step.name: step.figure for step in found.steps}
    assert [steps[n] for n in ("base", "fuel", "vehicle_trip", "vehicles", "lane_month")] == [
        D("15840.00"),
        D("475.20"),
        D("16915.20"),
        D(2),
        D("879590.40"),
    ]
    assert (found.basic, found.quantity, found.effective_unit, found.flags) == (
        D("879590.40"),
        D(26),
        D("33830.4000"),
        (Flag.VEHICLES,),
    )


def test_contract_is_months_times_the_rounded_month():
    lane = replace(LANE, trips_per_month=D("2.5"), months=D(12))

    assert cell("100.01", RateBasis.PER_TRIP, lane).basic == D("3000.36")  # 250.03 x 12


@pytest.mark.parametrize(("minimum", "base"), [(None, "700.00"), ("5", "700.00"), ("9", "900.00")])
def test_tonnes_have_a_minimum_weight(minimum, base):
    least = None if minimum is None else D(minimum)
    found = cell("100", RateBasis.PER_TONNE, minimum_weight_t=least)

    assert found.basic == D(base) * 26


@pytest.mark.parametrize(
    ("capacity", "minimum", "trip"),
    [
        ("7.0", None, "921.00"),  # one vehicle: 700, fuel 21, loading 200
        ("4.0", None, "1121.00"),  # two carry the same seven tonnes, and are loaded each
        ("4.0", "3", "1121.00"),  # both carry more than they must
        ("4.0", "3.75", "1172.50"),  # 7.5 t are guaranteed: 750, fuel 22.50, twice 200
        ("3.0", "2", "1321.00"),  # three vehicles; 700 and not 3 x 233.33
    ],
)
def test_a_load_on_several_vehicles_is_paid_by_its_tonnes_once(capacity, minimum, trip):
    least = None if minimum is None else D(minimum)
    answer = {"fuel_percent": D(3), "loading": D(200), "minimum_weight_t": least}
    found = cell("100", RateBasis.PER_TONNE, capacity_t=D(capacity), **answer)

    assert found.basic == D(trip) * 26


@pytest.mark.parametrize(
    ("basis", "lane", "flag"),
    [
        (RateBasis.PER_TONNE, replace(LANE, load_t=None), Flag.LOAD_UNKNOWN),
        (RateBasis.PER_KM, replace(LANE, distance_km=None), Flag.DISTANCE_UNKNOWN),
    ],
)
def test_a_basis_the_request_has_no_figure_for_is_not_compared(basis, lane, flag):
    found = cell("100", basis, lane)

    assert (found.basic, found.flags) == (None, (flag,))


def test_every_part_of_a_trip_is_rounded_by_itself():
    """Fuel 3 % of 100.17 is 3.0051; toll and loading are quoted to the tenth of a paisa."""
    answer = {"fuel_percent": D(3), "toll": D("7.005"), "loading": D("2.004")}
    found = cell("100.17", RateBasis.PER_TRIP, **answer)

    steps = {step.name: step.figure for step in found.steps}
    assert [steps[name] for name in ("base", "fuel", "toll", "loading", "trip")] == [
        D("100.17"), D("3.01"), D("7.01"), D("2.00"), D("112.19"),
    ]  # fmt: skip


def test_a_rate_may_be_per_hundred_kilometres():
    found = cell("250", RateBasis.PER_KM, price_basis=D(100))

    assert found.basic == D("1650.00") * 26  # 660 km at 2.50


def test_fewer_trips_than_asked_for_are_short_and_a_lane_may_be_free():
    short = cell("100", RateBasis.PER_TRIP, offered_quantity=D(20))
    free = cell("0", RateBasis.PER_TRIP)

    assert (short.required, short.basic, short.flags, short.rank) == (
        D(20), D("2000.00"), (Flag.SHORT,), None,
    )  # fmt: skip
    assert (free.basic, free.flags, free.rank) == (D("0.00"), (Flag.FREE,), 1)


def test_a_part_of_the_trips_may_be_awarded():
    answer = {"rate_basis": RateBasis.PER_KM, "capacity_t": D("4.0")} | EXAMPLE
    inputs = one_line(simple("A", "24.00", answer), line=LANE)

    assert award_total(inputs, [Pick("l1", "A", D(10))]).total == D("338304.00")
    assert award_total(inputs, [Pick("l1", "A", D(26))]).total == D("879590.40")


def test_rates_of_different_bases_meet_as_contract_amounts():
    per_km = simple("K", "24", {"rate_basis": RateBasis.PER_KM})
    per_trip = simple("T", "15000", {"rate_basis": RateBasis.PER_TRIP})
    sheet = build(one_line(per_km, per_trip, line=LANE))

    assert [(cell.basic, cell.rank) for cell in sheet.lines[0].cells] == [
        (D("411840.00"), 2),
        (D("390000.00"), 1),
    ]
