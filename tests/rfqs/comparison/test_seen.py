"""What a page writes by the column is what every cell says of itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rfqs.comparison import Seen, build
from tests.rfqs.comparison.test_properties import requests
from tests.rfqs.comparison.worked import D, worked

few = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@few
@given(requests(), st.sets(st.integers(0, 3)))
def test_a_column_says_what_its_cells_say(inputs, lines):
    sheet = build(inputs)
    lines &= set(range(len(sheet.lines)))
    for n in range(len(sheet.offers)):
        seen = Seen(sheet.table, n, lines)
        cells = [sheet.lines[row].cells[n] for row in seen.rows]

        assert list(seen.rows) == [
            row
            for row, line in enumerate(sheet.lines)
            if row in lines and line.cells[n].cost is not None
        ]
        for name, figures in {
            "rank": seen.ranks(),
            "cost": seen.costs(),
            "basic": seen.basics(),
            "net_quoted": seen.nets(),
            "unit_price_quoted": seen.quoted_prices(),
            "unit_price": seen.unit_prices(),
            "effective_unit": seen.effective_units(),
            "flags": seen.flags(),
            "difference_percent": seen.above(),
        }.items():
            assert list(figures) == [getattr(cell, name) for cell in cells], name
        assert seen.is_lowest() == [None if cell.rank is None else cell.is_lowest for cell in cells]


def test_the_cells_of_a_line_are_a_sequence():
    cells = build(worked()).lines[0].cells

    assert (len(cells), cells[-1], cells[:1]) == (1, cells[0], (cells[0],))
    assert cells == build(worked()).lines[0].cells
    assert cells[0].basic == D("27360.00")
