"""Many rows at once: created with defaults, updated where known, all else left alone."""

from datetime import date
from decimal import Decimal

import pytest

from quoteflow.lib import copying
from rfqs.models import ExchangeRate
from suppliers.models import Supplier
from tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db


def test_known_rows_are_updated_and_new_ones_have_their_defaults():
    known = SupplierFactory(code="V-1", name="Old", city="Pune", currency="USD")

    copying.upsert(
        Supplier,
        ["code"],
        [{"code": "V-1", "name": 'Tab\t"new"'}, {"code": "V-2", "name": "Zwei\\N\nZeilen"}],
    )

    columns = ("code", "name", "city", "currency", "status", "search_text")
    assert list(Supplier.objects.order_by("code").values_list(*columns)) == [
        (
            "V-1",
            'Tab\t"new"',
            "Pune",
            "USD",
            "active",
            'V-1 TAB\t"NEW"  PUNE   V-1@SUPPLIER.EXAMPLE.COM',
        ),
        ("V-2", "Zwei\\N\nZeilen", "", "INR", "active", "V-2 ZWEI\\N\nZEILEN     "),
    ]
    stored = Supplier.objects.get(code="V-1")
    assert (stored.pk, stored.updated_at > known.updated_at) == (known.pk, True)


def test_several_columns_may_be_the_key():
    rows = [
        {"currency": "EUR", "on": date(2026, 1, n), "rate_to_base": Decimal(90 + n)} for n in (1, 2)
    ]
    copying.upsert(ExchangeRate, ["currency", "on"], rows)
    copying.upsert(ExchangeRate, ["currency", "on"], [rows[0] | {"rate_to_base": Decimal("91.5")}])

    assert list(ExchangeRate.objects.order_by("on").values_list("rate_to_base", flat=True)) == [
        Decimal("91.5"),
        Decimal(92),
    ]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        copying.upsert(Supplier, ["code"], [])
