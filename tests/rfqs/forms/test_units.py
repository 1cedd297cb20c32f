"""Units as people write them."""

import pytest

from quoteflow.lib.units import unit_code
from rfqs.forms.units import USUAL, read_units, written
from rfqs.models import Unit
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", USUAL)
def test_what_is_offered_is_read_back_as_the_same_unit(code):
    assert unit_code(written(code)) == code


def test_a_usual_spelling_wins_over_a_code_and_one_query_reads_all(django_assert_num_queries):
    UnitFactory(code="KGS", name="something else")

    with django_assert_num_queries(1):
        found = read_units(["kgs", "KGM", "Kg."])

    assert found == {"kgs": "KGM", "KGM": "KGM", "Kg.": "KGM"}


def test_what_is_no_unit_or_not_set_up_here_is_said():
    Unit.objects.filter(code="KGM").update(is_active=False)

    found = read_units(["furlongs per day", "KGM"])

    assert "is not a known unit" in str(found["furlongs per day"])
    assert "is not set up here" in str(found["KGM"])
