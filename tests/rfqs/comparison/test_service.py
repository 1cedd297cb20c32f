"""Services brought to their contract period."""

import pytest

from rfqs.comparison import Flag, Freight, Kind, Line, Period, build
from tests.rfqs.comparison.worked import D, one_line, simple


def sheet_of(price, rate_period, quantity="1", periods="12", period_unit=Period.MONTH, **fields):
    line = Line(
        "l1",
        1,
        Kind.SERVICE,
        quantity=D(quantity),
        gst_percent=D(18),
        periods=D(periods),
        period_unit=period_unit,
    )
    answer = {"rate_period": rate_period, "gst_percent": D(18)}
    return build(
        one_line(simple("A", price, answer, **fields), line=line, rates={"USD": D("83.1250")})
    )


def test_four_generator_sets_at_a_quarterly_rate_for_a_year():
    sheet = sheet_of("240", Period.QUARTER, quantity="4", currency="USD")

    cell = sheet.lines[0].cells[0]
    assert (cell.gross_quoted, cell.basic) == (D("3840.00"), D("319200.00"))


@pytest.mark.parametrize(
    ("rate_period", "times"),
    [
        (Period.MONTH, 24),
        (Period.QUARTER, 8),
        (Period.HALF_YEAR, 4),
        (Period.YEAR, 2),
        (Period.ONCE, 1),
        (None, 2),
    ],
)
def test_every_period_is_normalised_to_the_contract(rate_period, times):
    sheet = sheet_of("100", rate_period, periods="2", period_unit=Period.YEAR)

    assert sheet.offers[0].basic == D(100 * times)


def test_part_of_a_period_is_charged_in_proportion_and_said():
    cell = sheet_of("100", Period.QUARTER, periods="2").lines[0].cells[0]

    assert (cell.basic, cell.flags) == (D("66.67"), (Flag.PART_PERIOD,))


def test_a_monthly_rate_for_a_job_asked_once_is_not_compared():
    cell = sheet_of("100", Period.MONTH, periods="1", period_unit=Period.ONCE).lines[0].cells[0]

    assert (cell.basic, cell.flags) == (None, (Flag.PERIOD,))


def test_services_have_no_missing_freight():
    assert sheet_of("1", Period.MONTH, freight=Freight.NOT_STATED).offers[0].flags == ()
