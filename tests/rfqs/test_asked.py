"""The lines of a request: rows first, models when they are looked at."""

import pytest

from rfqs import asked
from rfqs.asked import Asked
from rfqs.models import RFQLine
from tests import stories
from tests.factories import UnitFactory
from tests.pasts import tamper

pytestmark = pytest.mark.django_db

LINES = [
    stories.GOODS_LINE | {"description": "Bolt 1"},
    stories.GOODS_LINE | {"description": "Bolt 2", "unit_id": "XNO"},
    stories.GOODS_LINE | {"description": "Bolt 3", "unit_id": "XSY"},
]
NAMES = ("position", "description", "quantity", "unit")


@pytest.fixture
def rfq():
    UnitFactory(code="XNO", name="without a symbol", symbol="")
    UnitFactory(code="XSY", name="with one", symbol="sy")
    return stories.opened(lines=LINES, suppliers=1).rfq


def test_the_models_are_those_of_the_plain_queryset(rfq):
    lines = Asked.of(rfq)
    plain = list(RFQLine.objects.filter(rfq=rfq).select_related("unit").order_by("position"))

    assert (list(lines), len(lines), lines[1], lines[1:]) == (plain, 3, plain[1], plain[1:])
    for mine, other in zip(lines, plain, strict=True):
        assert {name: getattr(mine, name) for name in asked.COLUMNS} == {
            name: getattr(other, name) for name in asked.COLUMNS
        }
        assert {name: getattr(mine.unit, name) for name in asked.UNIT_COLUMNS} == {
            name: getattr(other.unit, name) for name in asked.UNIT_COLUMNS
        }


def test_what_is_told_of_rows_is_what_their_models_say(rfq, django_assert_num_queries):
    with django_assert_num_queries(1):
        lines = Asked.of(rfq)
        told = lines.told(NAMES)

    assert told == [
        (line.position, line.description, line.quantity, str(line.unit)) for line in lines
    ]
    assert [unit for *_facts, unit in told][1:] == ["XNO", "sy"]


def test_what_follows_from_equal_rows_is_kept_and_from_others_is_not(rfq):
    first, second = Asked.of(rfq), Asked.of(rfq)
    tamper("rfqs_rfqline", "UPDATE rfqs_rfqline SET description = 'Nut' WHERE position = 1")

    third = Asked.of(rfq)

    assert second.known is first.known
    assert [line.description for line in third.known.inputs] == ["Nut", "Bolt 2", "Bolt 3"]
    assert first.known.inputs == tuple(map(asked.line_input, first))
