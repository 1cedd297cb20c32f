"""Statements that are composed once and filled many times."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quoteflow.lib.composed import Composed
from rfqs.models import RFQ
from tests import stories


def build(shape, values):
    """Requests by what `shape` names, as tuples of their numbers."""
    rows = RFQ.objects.order_by("number").values_list("number")
    return rows.filter(**{lookup: values[name] for lookup, name in shape})


@pytest.mark.parametrize(
    ("lookup", "value"),
    [
        ("title", "Seals"),
        ("title__contains", "eal"),
        ("title__contains", "100%_\\"),
        ("pk", uuid.UUID(int=7)),
        ("site__in", [uuid.UUID(int=7), uuid.UUID(int=8)]),
        ("site__in", []),
        ("created_at__gte", datetime(2020, 1, 1, tzinfo=UTC)),
        ("best_total__lt", Decimal("99.50")),
    ],
)
def test_filled_in_they_are_what_the_orm_would_have_asked(lookup, value, db):
    rfq = stories.drafted().rfq
    RFQ.objects.filter(pk=rfq.pk).update(title="Seals 100%_\\", best_total=Decimal(99))
    composed, shape, values = Composed(build), ((lookup, "value"),), {"value": value}

    for _again in range(2):
        assert composed.fetch(shape, values) == list(build(shape, values))


def test_values_change_without_composing_again(db):
    first, second = stories.drafted().rfq, stories.drafted().rfq
    built = []

    def counted(shape, values):
        built.append(shape)
        return build(shape, values)

    composed = Composed(counted)
    found = [composed.fetch((("pk", "id"),), {"id": one.pk}) for one in (first, second)]

    assert (found, len(built)) == ([[(first.number,)], [(second.number,)]], 1)


def test_what_finds_nothing_asks_nothing(db):
    composed = Composed(lambda shape, values: RFQ.objects.none().values_list("pk"))

    with CaptureQueriesContext(connection) as queries:
        assert composed.fetch("none", {}) == []
    assert len(queries) == 0


def test_more_sql_stands_around_it(db):
    stories.drafted()
    count = Composed(build, wrap="SELECT count(*) FROM ({}) AS found")

    assert count.fetch((), {}) == [(1,)]
