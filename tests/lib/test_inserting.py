"""Rows go in whole, as saving would store them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection
from django.db.models import CheckConstraint, Model
from django.test.utils import CaptureQueriesContext

from quoteflow.lib.inserting import insert
from quoteflow.notifications.models import OutboxMessage
from rfqs.models import RFQ, Item, RFQLine
from tests.stories import drafted

pytestmark = pytest.mark.django_db


def stored(row: Model) -> dict[str, object]:
    """Every column as it is read back."""
    return type(row).objects.filter(pk=row.pk).values().get()


def awkward(rfq: RFQ, position: int) -> RFQLine:
    """A line whose texts and numbers would break a careless writer."""
    return RFQLine(
        rfq=rfq, kind=rfq.commodity_type, position=position, unit_id="KGM",
        description='"quoted", \\back\\slash, {brace}, %s, \n new line, ₹ 北',
        quantity=Decimal("123456789.123456"), gst_percent=Decimal("0.00"), last_price=None,
        required_by=datetime(2026, 2, 28, tzinfo=UTC).date(), is_new_item=True,
    )  # fmt: skip


def test_what_is_inserted_is_what_saving_stores():
    rfq = drafted().rfq
    one, other = awkward(rfq, 11), awkward(rfq, 12)

    insert([one])
    other.save(force_insert=True)

    unlike = {"id", "position"}
    assert {name: value for name, value in stored(one).items() if name not in unlike} == {
        name: value for name, value in stored(other).items() if name not in unlike
    }


def test_json_lists_moments_and_nothing_are_stored_as_they_are():
    other = drafted().rfq
    made = RFQ(
        site=other.site, requester=other.requester, commodity_type="service", title="Pumps",
        typed={"a": ["1", None]},
        deadline=datetime(2026, 12, 1, 9, 30, 0, 123456, tzinfo=UTC), number="X-1", serial=9,
    )  # fmt: skip

    insert([made])

    read = RFQ.objects.get(pk=made.pk)
    names = ("typed", "deadline", "published_at", "created_at", "rates", "interest_percent")
    assert [getattr(read, name) for name in names] == [getattr(made, name) for name in names]


def test_many_rows_are_one_statement_and_none_is_no_statement():
    rfq = drafted().rfq

    with CaptureQueriesContext(connection) as seen:
        insert([awkward(rfq, number) for number in range(11, 61)])
        insert([])

    assert (len(seen), RFQLine.objects.filter(rfq=rfq, position__gt=10).count()) == (
        1,
        50,
    )


def test_an_inserted_row_can_be_saved_again():
    line = awkward(drafted().rfq, 11)
    insert([line])

    line.note = "later"
    with CaptureQueriesContext(connection) as seen:
        line.save()

    assert ([q["sql"].split()[0] for q in seen], stored(line)["note"]) == (["UPDATE"], "later")


def test_a_moment_that_sets_itself_on_saving_is_set():
    item = Item(code="A-1", description="Valve", unit_id="H87")

    insert([item])

    assert stored(item)["updated_at"] == item.updated_at is not None


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"description": "x" * 501}, DataError),
        ({"description": "\0"}, DataError),
        ({"quantity": Decimal(0)}, IntegrityError),
        ({"quantity": Decimal("1E+30")}, DataError),
        ({"position": None}, IntegrityError),
    ],
)
def test_what_a_column_refuses_is_refused(wrong, error):
    line = awkward(drafted().rfq, 11)
    for name, value in wrong.items():
        setattr(line, name, value)

    with pytest.raises(error):
        insert([line])


def test_rows_that_are_there_are_left_out_when_asked():
    facts = {"kind": "k", "recipient": "a@example.com", "subject": "s", "text": "t"}
    insert([OutboxMessage(dedupe_key="one", **facts)])

    insert([OutboxMessage(dedupe_key=key, **facts) for key in ("one", "two")], skip_existing=True)

    assert sorted(OutboxMessage.objects.values_list("dedupe_key", flat=True)) == ["one", "two"]
    with pytest.raises(IntegrityError):
        insert([OutboxMessage(dedupe_key="one", **facts)])


def test_a_value_of_no_column_is_refused():
    line = awkward(drafted().rfq, 11)
    line.note = CheckConstraint

    with pytest.raises(TypeError):
        insert([line])
