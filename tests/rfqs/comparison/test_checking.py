"""What a supplier wrote beside a line against what it comes to."""

from dataclasses import replace

import pytest

from rfqs.comparison import Flag, build
from tests.rfqs.comparison.worked import D, one_line, simple, worked


def test_a_stated_total_is_checked_and_never_used():
    answers = [("11.40", "28050.00"), ("1140.00", "28500.00"), ("11.40", "28500.00")]
    sheets = [
        build(
            one_line(
                simple("A", price, {"stated_total": D(stated), "gst_percent": D(18)}),
                line=replace(worked().lines[0], key="l1"),
            )
        )
        for price, stated in answers
    ]

    cells = [sheet.lines[0].cells[0] for sheet in sheets]
    assert [(cell.gross_quoted, cell.flags, cell.suggested_price) for cell in cells] == [
        (D("28500.00"), (Flag.CORRECTED,), None),
        (D("2850000.00"), (Flag.DECIMAL_SLIP,), D("11.40")),
        (D("28500.00"), (), None),
    ]


@pytest.mark.parametrize(
    ("price", "stated", "flag", "suggested"),
    [
        ("11.40", "2850.00", Flag.DECIMAL_SLIP, "1.140"),
        ("11.40", "28.50", Flag.DECIMAL_SLIP, "0.01140"),
        ("1.14", "28500.00", Flag.DECIMAL_SLIP, "11.40"),
        ("11.40", "28500.004", None, None),  # the same to the paisa
        ("11.40", "28500.005", Flag.CORRECTED, None),
        ("11.40", "142500.00", Flag.CORRECTED, None),  # five times is no slip
    ],
)
def test_slips_of_the_decimal_mark_go_to_a_person_and_other_errors_are_corrected(
    price, stated, flag, suggested
):
    line = replace(worked().lines[0], key="l1")
    said = {"stated_total": D(stated), "gst_percent": D(18)}
    cell = build(one_line(simple("A", price, said), line=line)).lines[0].cells[0]

    assert cell.flags == (() if flag is None else (flag,))
    assert cell.suggested_price == (None if suggested is None else D(suggested))


def test_a_stated_total_may_be_of_the_need_or_of_the_least_order():
    line = replace(worked().lines[0], key="l1")

    def flags(stated):
        said = {"stated_total": D(stated), "gst_percent": D(18), "moq": D(3000)}
        return build(one_line(simple("A", "2", said), line=line)).lines[0].cells[0].flags

    assert [flags(total) for total in ("5000.00", "6000.00", "5500.00")] == [
        (Flag.MOQ,),
        (Flag.MOQ,),
        (Flag.MOQ, Flag.CORRECTED),
    ]
