"""The role of the web process: it adds to the journal and can change nothing of it."""

from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.clock import database_now
from tests import stories
from tests.audit.test_journal import BROKEN, rows, run
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
WEB = "qf_web_of_tests"


@pytest.fixture(autouse=True)
def web_role(db):
    """The role as docs/operations.md makes it; it goes with the test's transaction."""
    if not rows("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")[0][
        0
    ]:
        pytest.skip("the tests' own role may not make roles")
    run("SET CONSTRAINTS ALL IMMEDIATE", f"CREATE ROLE {WEB} LOGIN")
    call_command("grant_web_role", WEB)


@contextmanager
def as_web():
    """The web process's side of the connection."""
    run("SET CONSTRAINTS ALL IMMEDIATE", f"SET LOCAL ROLE {WEB}")
    try:
        yield
    finally:
        run("RESET ROLE")


def denied(statement):
    refusal = pytest.raises(ProgrammingError, match=r"permission denied|must be owner")
    with as_web(), refusal, transaction.atomic():
        run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET verb = 'nothing'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
        "DROP TRIGGER audit_event_chain ON audit_auditevent",
        "UPDATE audit_audithead SET seq = 0",
        "DELETE FROM audit_audithead",
        "INSERT INTO audit_audithead (stream, seq, hash) VALUES ('x', 1, '')",
        "DROP FUNCTION audit_event_text",
        "SET session_replication_role = replica",
        "UPDATE rfqs_decision SET comment = 'changed'",
        "DELETE FROM rfqs_decision",
        "TRUNCATE rfqs_decision",
        "UPDATE rfqs_opening SET count = 0",
        "DELETE FROM django_migrations",
    ],
)
def test_the_web_role_changes_nothing_of_what_happened(statement):
    journal.record("a", UserFactory(), by=None)

    denied(statement)


def test_the_web_role_chooses_neither_place_nor_time_nor_hash():
    person = UserFactory()
    before = database_now()
    with as_web():
        AuditEvent.objects.create(
            stream=str(person.pk), seq=99, at="2001-01-01T00:00Z", previous="f" * 64, hash="0" * 64,
            verb="x", object_type="x", object_id="x",
        )  # fmt: skip

    (event,) = AuditEvent.objects.of(person.pk)
    assert (event.seq, event.previous) == (1, "")
    assert before <= event.at <= database_now()
    assert rows(BROKEN) == []


def test_a_table_of_the_web_role_does_not_stand_in_for_the_heads():
    person = UserFactory()
    with as_web():
        run("CREATE TEMP TABLE audit_audithead (stream text PRIMARY KEY, seq bigint, hash text)")
        journal.record("a", person, by=None)
        journal.record("b", person, by=None)

    assert [event.seq for event in AuditEvent.objects.of(person.pk)] == [1, 2]
    assert rows("SELECT seq FROM public.audit_audithead") == [(2,)]


def test_the_whole_journey_runs_in_the_web_role():
    with as_web():
        story = stories.approved()

    assert story.rfq.status == "approved"
    assert rows("SELECT * FROM audit_verify()") == []


def test_a_role_that_no_grant_would_bind_is_refused():
    (owner,) = rows("SELECT current_user")[0]

    with pytest.raises(CommandError, match="no grant would bind it"):
        call_command("grant_web_role", owner)
    with pytest.raises(CommandError, match="There is no role"):
        call_command("grant_web_role", "nobody_of_tests")


def test_granting_twice_does_no_harm():
    call_command("grant_web_role", WEB)

    with as_web():
        assert connection.ensure_connection() is None
    denied("UPDATE audit_auditevent SET verb = 'nothing'")
