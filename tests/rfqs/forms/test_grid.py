"""The table of inputs: what counts as a row, what is read, what is said."""

from decimal import Decimal

from rfqs.forms.fields import decimal_reader
from rfqs.forms.grid import Column, Grid

COLUMNS = (
    Column("name", "Name", required="say what."),
    Column("price", "Price", "decimal", decimal_reader(places=2)),
    Column("per", "Per", "select", choices=[("1", "1")]),
)


def posted(*rows):
    data = {"l-TOTAL_FORMS": str(len(rows))}
    for index, row in enumerate(rows):
        data |= {f"l-{index}-{name}": value for name, value in row.items()}
    return Grid(COLUMNS).take(data)


def test_blank_and_removed_rows_do_not_count():
    grid = posted({"name": "a"}, {"per": "1"}, {"name": "b", "DELETE": "on"}, {"name": " "})

    assert grid.check()
    assert [row.values for row in grid.used] == [{"name": "a", "price": None, "per": ""}]


def test_values_are_read_and_every_error_has_its_field():
    grid = posted({"name": "a", "price": "1,250.50"}, {"price": "x"})

    assert not grid.check()
    assert grid.used[0].values["price"] == Decimal("1250.50")
    assert [link.anchor for link in grid.links] == ["id_l-1-name", "id_l-1-price"]
    assert grid.links[0].sentence == "Line 2, Name: say what."
    assert grid.errors()["l-1-name"] == ["say what."]


def test_units_of_all_rows_are_read_together():
    asked = []

    def units(texts):
        asked.append(sorted(texts))
        return {"NOS": "C62", "x": ValueError("no such unit")}

    grid = Grid([Column("unit", "Unit", "unit")])
    grid.take({"l-TOTAL_FORMS": "2", "l-0-unit": "NOS", "l-1-unit": "x"})

    assert not grid.check(units)
    assert asked == [["NOS", "x"]]
    assert (grid.rows[0].values["unit"], grid.rows[1].cells[0].error) == ("C62", "no such unit")


def test_a_counter_that_is_no_number_or_too_large_reads_what_may_be():
    assert Grid(COLUMNS).take({"l-TOTAL_FORMS": "many"}).total == 0
    assert Grid(COLUMNS).take({"l-TOTAL_FORMS": "999999"}).total == 500


def test_the_row_for_the_script_has_its_marks():
    assert Grid(COLUMNS).blank.cells[0].name == "l-__prefix__-name"
