"""A connection that people share through a pool: none of them is remembered on it."""

from contextlib import contextmanager

import pytest
from django.db import connections, transaction

from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from quoteflow.lib import jsonlog
from tests.factories import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
ALIAS = "default"
OF_THE_SESSION = "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name"


@pytest.fixture
def pool():
    """The database behind a pool of one connection, as the web processes have it with more."""
    plain = connections[ALIAS]
    pooled = plain.copy()
    pooled.settings_dict = plain.settings_dict | {
        "CONN_MAX_AGE": 0,
        "OPTIONS": plain.settings_dict["OPTIONS"] | {"pool": {"min_size": 1, "max_size": 1}},
    }
    plain.close()
    connections[ALIAS] = pooled
    yield pooled
    pooled.close()
    pooled.close_pool()
    connections[ALIAS] = plain


@contextmanager
def request_of(pool, name):
    """What a request does around its work: an id, a connection from the pool, and both given back."""
    token = jsonlog.bind_request(name)
    try:
        yield
    finally:
        jsonlog.unbind(token)
        pool.close()


def ask(pool, statement):
    with pool.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_the_next_transaction_of_a_shared_connection_knows_nothing_of_the_last(pool):
    site, one, absent, other = SiteFactory(), UserFactory(), UserFactory(), UserFactory()
    backend, session = ask(pool, "SELECT pg_backend_pid()"), ask(pool, OF_THE_SESSION)

    with request_of(pool, "first"), transaction.atomic():
        journal.record("of.one", site, by=one, on_behalf_of=absent)
    with transaction.atomic():
        journal.record("of.nobody", site, by=None)
    pool.close()
    with request_of(pool, "broken"), transaction.atomic():
        journal.record("of.the.lost", site, by=one)
        transaction.set_rollback(True)
    with request_of(pool, "second"), transaction.atomic():
        journal.record("of.other", site, by=other)

    told = AuditEvent.objects.order_by("seq")
    assert list(told.values_list("verb", "actor", "on_behalf_of", "request_id")) == [
        ("of.one", one.pk, absent.pk, "first"),
        ("of.nobody", None, None, ""),
        ("of.other", other.pk, None, "second"),
    ]
    assert ask(pool, "SELECT pg_backend_pid()") == backend
    assert ask(pool, OF_THE_SESSION) == session


def test_a_pool_would_hand_on_what_a_session_was_told(pool):
    """The control: the test above could see a connection that remembers."""
    before = ask(pool, OF_THE_SESSION)
    with pool.cursor() as cursor:
        cursor.execute("SET application_name = 'somebody'")
    pool.close()
    assert set(ask(pool, OF_THE_SESSION)) - set(before) == {("application_name", "somebody")}


def test_only_events_of_the_transaction_that_ended_well_are_kept(pool):
    """A connection given back in the middle of a transaction is rolled back by the pool."""
    site, one = SiteFactory(), UserFactory()
    transaction.set_autocommit(False)
    journal.record("of.the.lost", site, by=one)
    pool.close()
    assert ask(pool, "SELECT 1") == [(1,)]
    assert not AuditEvent.objects.exists()
