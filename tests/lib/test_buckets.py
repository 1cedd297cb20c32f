"""Limits that are counted in the database."""

import pytest
from django.test import RequestFactory

from quoteflow.lib import buckets
from quoteflow.lib.models import Bucket
from tests.races import at_once

KEY = "192.0.2.7"


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.BUCKETS = {"guess": ((2, 60), (3, 3600)), "other": ((2, 60),)}


@pytest.mark.django_db
def test_uses_within_every_window_are_free_and_the_next_one_waits():
    waits = [buckets.count("guess", KEY) for _ in range(4)]

    assert (waits[:2], 0 < waits[2] <= 60, 3500 < waits[3] <= 3600) == ([0, 0], True, True)


@pytest.mark.django_db
def test_asking_counts_nothing():
    buckets.count("guess", KEY)
    free = [buckets.wait("guess", KEY) for _ in range(5)]
    buckets.count("guess", KEY)

    assert (free, 0 < buckets.wait("guess", KEY) <= 60) == ([0] * 5, True)


@pytest.mark.django_db
def test_a_use_can_be_given_back():
    for _again in range(3):
        buckets.count("other", KEY)
        buckets.give_back("other", KEY)
    assert (buckets.wait("other", KEY), Bucket.objects.get().used) == (0, 0)

    buckets.give_back("other", KEY)
    waits = [buckets.count("other", KEY) for _again in range(2)]
    buckets.give_back("other", KEY)

    assert (waits, buckets.count("other", KEY), buckets.count("other", KEY) > 0) == (
        [0, 0],
        0,
        True,
    )


@pytest.mark.django_db
def test_keys_and_names_count_for_themselves():
    for _ in range(3):
        buckets.count("guess", KEY)

    assert (buckets.wait("guess", "192.0.2.8"), buckets.wait("other", KEY)) == (0, 0)


@pytest.mark.django_db
def test_a_window_that_is_over_begins_anew_and_is_forgotten():
    for _ in range(3):
        buckets.count("other", KEY)
    Bucket.objects.update(ends_at="2020-01-01T00:00:00Z")

    assert (buckets.wait("other", KEY), buckets.count("other", KEY)) == (0, 0)
    Bucket.objects.update(ends_at="2020-01-01T00:00:00Z")
    assert (buckets.forget_over(), Bucket.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_no_address_is_stored():
    buckets.count("other", KEY)

    assert KEY not in Bucket.objects.get().key


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_one_by_one():
    waits = at_once(8, lambda: [buckets.count("other", KEY) for _ in range(5)])

    assert (sum(1 for wait in waits if wait == 0), Bucket.objects.get().used) == (2, 40)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 192.0.2.1", "203.0.113.9"),
        (1, "", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "no address", "no address"),
    ],
)
def test_only_our_own_proxies_say_where_a_request_comes_from(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    assert buckets.address_of(RequestFactory(headers=headers).get("/")) == address
