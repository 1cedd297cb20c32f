"""Numbers: unique, without gaps, never taken twice (G1)."""

import pytest
from django.db import connection, transaction

from rfqs import numbering
from rfqs.models import RFQ, Counter
from tests import stories
from tests.factories import SiteFactory
from tests.races import at_once

THREADS, EACH = 8, 100


@pytest.mark.django_db
def test_numbers_count_up_at_each_site():
    plant, office = SiteFactory(code="A001"), SiteFactory(code="HO")

    taken = [numbering.next_rfq_number(site) for site in (plant, plant, office)]

    assert taken == [("GP-A001-001", 1), ("GP-A001-002", 2), ("GP-HO-001", 1)]


@pytest.mark.django_db
def test_orders_are_counted_by_themselves():
    site = SiteFactory(code="A001")
    numbering.next_rfq_number(site)

    assert [numbering.next_order_number(site) for _ in range(2)] == ["PO-A001-001", "PO-A001-002"]


@pytest.mark.django_db
def test_one_counter_for_all_sites_where_the_settings_say_so(settings):
    settings.RFQ_NUMBER_SCOPE = "global"
    plant, office = SiteFactory(code="A001"), SiteFactory(code="HO")

    taken = [numbering.next_rfq_number(site) for site in (plant, office)]

    assert taken == [("GP-A001-001", 1), ("GP-HO-002", 2)]


@pytest.mark.django_db
def test_three_digits_are_a_minimum():
    site = SiteFactory(code="A001")
    Counter.objects.create(scope="GP-A001", value=998)

    taken = [numbering.next_rfq_number(site) for _ in range(2)]

    assert taken == [("GP-A001-999", 999), ("GP-A001-1000", 1000)]


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back():
    site = SiteFactory(code="A001")

    with transaction.atomic():
        numbering.next_rfq_number(site)
        transaction.set_rollback(True)

    assert numbering.next_rfq_number(site) == ("GP-A001-001", 1)


@pytest.mark.django_db
def test_the_number_of_a_deleted_draft_is_not_given_again():
    first = stories.drafted().rfq
    RFQ.objects.filter(pk=first.pk).delete()

    assert numbering.next_rfq_number(first.site)[1] == first.serial + 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_many_at_once_take_every_number_once():
    site = SiteFactory(code="A001")

    taken = at_once(THREADS, lambda: [take(site) for _ in range(EACH)])

    assert sorted(taken) == list(range(1, THREADS * EACH + 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_the_greatest_number_plus_one_is_taken_twice():
    Counter.objects.create(scope="GP-A001", value=0)

    taken = at_once(THREADS, lambda: [take_greatest() for _ in range(EACH // 10)])

    assert len(set(taken)) < len(taken)


def take(site) -> int:
    with transaction.atomic():
        return numbering.next_rfq_number(site)[1]


def take_greatest() -> int:
    """What the counter replaces: read the last number, then write the next one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(value) + 1 FROM rfqs_counter")
        (value,) = cursor.fetchone()
        cursor.execute("UPDATE rfqs_counter SET value = %s", [value])
    return value
