"""A dump, restored as docs/operations.md says, verifies; and a copy that was tampered with does not."""

import subprocess

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from quoteflow.audit.models import AuditEvent
from quoteflow.embedded.binaries import postgres_programs
from quoteflow.embedded.errors import EmbeddedError
from tests import stories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programs():
    """pg_dump and pg_restore of the server's own version."""
    try:
        return postgres_programs(connection.pg_version // 10000)
    except EmbeddedError as none:
        pytest.skip(f"there is no pg_dump of the server's version here: {none}")


@pytest.fixture
def copy(programs, tmp_path):
    """Makes an empty database, and drops it afterwards."""
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def call(program, *arguments):
    subprocess.run([program, *arguments], check=True, capture_output=True, env=environment())


def environment():
    facts = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    return {name: str(facts[key]) for name, key in names.items() if facts.get(key)}


def connected(name):
    params = connection.get_connection_params()
    facts = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    return psycopg.connect(dbname=name, autocommit=True, **facts)


def asked(name, statement):
    with connected(name) as other:
        return other.execute(statement).fetchall()


def run(name, *statements):
    with connected(name) as other:
        for statement in statements:
            other.execute(statement)


def test_a_restored_dump_verifies(programs, copy, tmp_path):
    story = stories.approved()
    call_command("audit_anchor", out=str(tmp_path / "heads.txt"))
    dump = tmp_path / "quoteflow.dump"
    source = connection.settings_dict["NAME"]

    call(programs / "pg_dump", "--format=custom", f"--file={dump}", source)
    call(programs / "pg_restore", "--exit-on-error", f"--dbname={copy}", dump)

    assert asked(copy, "SELECT count(*) FROM audit_auditevent") == [(AuditEvent.objects.count(),)]
    assert asked(copy, "SELECT * FROM audit_verify()") == []
    heads = [
        tuple(line.split()) for line in (tmp_path / "heads.txt").read_text().splitlines()[1:-1]
    ]
    listed = "SELECT stream, seq::text, hash FROM audit_audithead ORDER BY stream"
    assert asked(copy, listed) == heads
    run(
        copy,
        "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
        "UPDATE audit_auditevent SET verb = 'x' WHERE verb = 'rfq.publish'",
    )
    (published,) = AuditEvent.objects.of(story.rfq.pk).filter(verb="rfq.publish")
    assert asked(copy, "SELECT * FROM audit_verify()") == [
        (published.stream, published.seq, "edited")
    ]
