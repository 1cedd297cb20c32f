"""What every test may lean on."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.management import CommandError
from django.db import connection
from django.test import Client, TransactionTestCase
from psycopg.errors import DeadlockDetected

from accounts.models import Site, User
from tests import factories

_flush = TransactionTestCase._fixture_teardown
_all_tables = connection.introspection.django_table_names
KEPT = {"rfqs_unit", "rfqs_unitalias"}  # the units of measure come with the migrations


def _emptied_tables(*args: object, **options: object) -> list[str]:
    return [name for name in _all_tables(*args, **options) if name not in KEPT]


def _flush_in_turn(self: TransactionTestCase, turns: int = 5) -> None:
    """Flush; again where the server still answers a page that was left, and the two waited for each other."""
    try:
        _flush(self)
    except CommandError as refused:
        cause = refused.__cause__ and refused.__cause__.__cause__
        if turns <= 1 or not isinstance(cause, DeadlockDetected):
            raise
        _flush_in_turn(self, turns - 1)


def _flush_with_journal(self: TransactionTestCase) -> None:
    """Empty the tables after a committing test; the journal refuses TRUNCATE, so as its owner say it may."""
    connection.introspection.django_table_names = _emptied_tables
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER audit_event_no_truncate")
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE"
        )  # not Django's own
    try:
        _flush_in_turn(self)
    finally:
        connection.introspection.django_table_names = _all_tables
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditevent ENABLE TRIGGER audit_event_no_truncate")


TransactionTestCase._fixture_teardown = _flush_with_journal


@pytest.fixture(autouse=True)
def _fresh_counters() -> Iterator[None]:
    """Rate limits and cached figures of one test never meet those of another."""
    yield
    for name in ("default", "limits"):
        caches[name].clear()


@pytest.fixture
def site(db: None) -> Site:
    """A plant."""
    return factories.SiteFactory()


@pytest.fixture
def buyer(site: Site) -> User:
    """A buyer of the plant."""
    return factories.BuyerFactory(sites=[site])


@pytest.fixture
def approver(site: Site) -> User:
    """An approver of the plant."""
    return factories.ApproverFactory(sites=[site])


@pytest.fixture
def as_buyer(buyer: User) -> Client:
    """A browser in which the buyer is signed in."""
    return signed_in(buyer)


@pytest.fixture
def htmx() -> dict[str, str]:
    """The header that makes a request htmx's."""
    return {"HX-Request": "true"}


def signed_in(user: User) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client
