"""The columns of each kind of request, and what they mean together."""

from decimal import Decimal

import pytest

from rfqs.forms import lines
from rfqs.models import RFQ
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db

LANE = {
    "from_location": "Pune", "to_location": "Hosur", "description": "Pallets", "load_t": "14.5",
    "trips_per_month": "12", "months": "6",
}  # fmt: skip


def read(kind, row):
    rfq = RFQ(commodity_type=kind)
    data = {"l-TOTAL_FORMS": "1"} | {f"l-0-{name}": value for name, value in row.items()}
    grid = lines.typed_grid(rfq, data, [])
    lines.check(rfq, grid)
    return grid


def test_a_lane_is_read_without_a_unit():
    grid = read("transport", LANE)

    (values,) = lines.line_values(grid)
    assert grid.links == []
    assert (values["load_t"], values["trips_per_month"]) == (Decimal("14.5"), 12)
    assert "unit_id" not in values


@pytest.mark.parametrize(
    ("kind", "row", "anchor"),
    [
        ("transport", LANE | {"to_location": "pune"}, "to_location"),
        ("transport", LANE | {"months": "0"}, "months"),
        ("provided_data", {"description": "x", "quantity": "0", "unit": "H87"}, "quantity"),
        ("provided_data", {"description": "x", "quantity": "1", "unit": "H87", "hsn": "73"}, "hsn"),
        ("provided_data", {"description": "x", "quantity": "1"}, "unit"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(kind, row, anchor):
    UnitFactory()

    assert [link.anchor for link in read(kind, row).links] == [f"id_l-0-{anchor}"]


def test_an_id_that_is_none_makes_a_new_line():
    grid = read("transport", LANE | {"id": "not an id"})

    assert "id" not in lines.line_values(grid)[0]


def test_work_done_once_is_one_period():
    row = {"description": "Overhaul", "quantity": "1", "unit": "LS", "period_unit": "once"}

    (values,) = lines.line_values(read("service", row))

    assert (values["periods"], values["unit_id"]) == (1, "LS")
