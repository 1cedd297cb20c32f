"""Gives the role of the web process what it needs, and no way to change what happened."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

READ_ONLY = ("audit_audithead", "django_migrations")
# Tables whose rows stay as they are written: they have a trigger that refuses, whatever the row.
INSERT_ONLY = """
SELECT DISTINCT c.relname FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND p.proname IN ('audit_refuse', 'rfqs_refuse')
  AND t.tgqual IS NULL
ORDER BY 1
"""
TOO_MIGHTY = """
SELECT r.rolsuper OR EXISTS (
  SELECT FROM pg_class c WHERE c.relname = 'audit_auditevent' AND c.relnamespace = current_schema()::regnamespace
    AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = %s
"""


class Command(BaseCommand):
    """Run it as the owner of the tables, once and after every upgrade; twice does no harm."""

    help = "Grant a database role what the web process and the worker need (docs/operations.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role exists already: making one needs more than the owner of the tables may."""
        parser.add_argument("role", help="the role, such as qf_web")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        """Grant in one transaction; refuse a role that could take every right by itself."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(TOO_MIGHTY, [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(_("There is no role %(role)s.") % {"role": role})
            if found[0]:
                raise CommandError(
                    _("%(role)s owns the tables or is a superuser: no grant would bind it.")
                    % {"role": role}
                )
            cursor.execute(INSERT_ONLY)
            kept = [name for (name,) in cursor.fetchall()]
            for statement in _statements(role, kept):
                cursor.execute(statement)
        self.stdout.write(
            _("%(role)s may read and write; insert only: %(kept)s; read only: %(read)s.")
            % {"role": role, "kept": ", ".join(kept), "read": ", ".join(READ_ONLY)}
        )


def _statements(role: str, kept: list[str]) -> list[sql.Composed]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    words = {"role": sql.Identifier(role), "schema": sql.Identifier(schema)}
    texts = [
        "GRANT USAGE ON SCHEMA {schema} TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    texts += [f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {{role}}" for name in kept]
    texts += [
        f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {name} FROM {{role}}" for name in READ_ONLY
    ]
    return [sql.SQL(text).format(**words) for text in texts]
