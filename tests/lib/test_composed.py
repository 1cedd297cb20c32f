"""Statements that are composed once and filled many times."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from quoteflow.lib.composed import Composed, ComposedModels
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


@pytest.mark.parametrize("text", ["O'Brien", "a%b_c\\d", "%s", '"; DROP TABLE x --', "é{}"])
def test_a_pattern_means_itself(text, db):
    rfq = stories.drafted().rfq
    RFQ.objects.filter(pk=rfq.pk).update(title=f"<{text}>")
    stories.drafted()
    composed, shape = Composed(build), (("title__contains", "value"),)

    assert composed.fetch(shape, {"value": text}) == [(rfq.number,)]
    assert composed.fetch(shape, {"value": f"x{text}"}) == []


def test_what_finds_nothing_asks_nothing(db):
    composed = Composed(lambda shape, values: RFQ.objects.none().values_list("pk"))

    with CaptureQueriesContext(connection) as queries:
        assert composed.fetch("none", {}) == []
    assert len(queries) == 0


def test_more_sql_stands_around_it(db):
    stories.drafted()
    count = Composed(build, wrap="SELECT count(*) FROM ({}) AS found")

    assert count.fetch((), {}) == [(1,)]


def whole(shape, values):
    """Requests with their site and requester, an annotation, and their rows locked."""
    rows = RFQ.objects.filter(pk__in=values["ids"]).select_related("site", "requester")
    return rows.annotate(code=F("site__code")).select_for_update(of=("self",)).order_by(shape)


def test_instances_come_with_what_was_selected_along(db):
    ids = [stories.drafted().rfq.pk for _n in range(2)]
    composed = ComposedModels(whole)

    for order in ("pk", "-pk"):
        for some in (ids, ids[:1], ids):
            plain = list(whole(order, {"ids": some}))
            with CaptureQueriesContext(connection) as queries:
                found = composed.fetch(order, {"ids": some})
                seen = [(one.pk, one.rates, one.site.name, one.requester.email) for one in found]
            assert seen == [
                (one.pk, one.rates, one.site.name, one.requester.email) for one in plain
            ]
            assert [one.code for one in found] == [one.code for one in plain]
            assert len(queries) == 1
            assert "FOR UPDATE" in queries[0]["sql"]


def test_instances_that_nothing_finds(db):
    assert ComposedModels(whole).fetch("pk", {"ids": []}) == []


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only():
    with pytest.raises(TransactionManagementError):
        ComposedModels(whole).fetch("pk", {"ids": [uuid.UUID(int=7)]})
