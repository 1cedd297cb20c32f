"""What must be true is a constraint of the database, and each is shown to refuse."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import UniqueConstraint

from tests import stories
from tests.architecture import breaking, guarding, supplying
from tests.architecture.breaking import World, refused_by
from tests.architecture.breaking_activations import ACTIVATION_GUARDS, ACTIVATIONS
from tests.architecture.breaking_approvals import APPROVALS
from tests.architecture.breaking_late import LATE, LATE_GUARDS
from tests.architecture.breaking_people import PEOPLE
from tests.architecture.guarding_clarifying import CLARIFYING

pytestmark = pytest.mark.django_db


OURS = ("accounts", "suppliers", "rfqs", "notifications", "audit", "lib")
MIGRATIONS = sorted((settings.BASE_DIR / "rfqs" / "migrations").glob("0*.py"))
BREAKS = breaking.BREAKS | supplying.BREAKS | APPROVALS | PEOPLE | LATE | ACTIVATIONS
GUARDS = guarding.GUARDS | CLARIFYING | LATE_GUARDS | ACTIVATION_GUARDS
NUMBERED_BY_A_TRIGGER = {"audit_event_stream_seq"}  # tests/audit shows that nobody chooses `seq`


@pytest.fixture
def world():
    """Requests in the states that the breaks need."""
    return World(stories.drafted(), stories.picked(), stories.submitted(), stories.approved())


def test_every_constraint_refuses_what_it_forbids(world):
    refused = {name: refused_by(lambda brk=brk: brk(world)) for name, brk in BREAKS.items()}

    assert refused == {name: name for name in BREAKS}


def test_every_guard_refuses_what_it_forbids(world):
    refused = {name: refused_by(lambda brk=brk: brk(world)) for name, brk in GUARDS.items()}

    assert refused == {name: name.partition(":")[0] for name in GUARDS}


def test_every_constraint_of_the_models_is_broken_above():
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    named = {constraint.name for model in models for constraint in model._meta.constraints}
    unique = {
        f"{model._meta.db_table}_{field.column}_key"
        for model in models
        for field in model._meta.local_fields
        if field.unique and not field.primary_key
    }

    assert set(BREAKS) == (named | unique) - NUMBERED_BY_A_TRIGGER


def test_every_guard_of_the_migrations_is_broken_above():
    modules = [import_module(f"rfqs.migrations.{file.stem}") for file in MIGRATIONS]
    guards = "".join(getattr(module, "FORWARD", "") for module in modules)
    named = set(re.findall(r"CONSTRAINT = '(\w+)'", guards))
    named |= set(re.findall(r"CREATE TRIGGER (\w+) [^;]* EXECUTE FUNCTION rfqs_refuse", guards))

    assert {name.partition(":")[0] for name in GUARDS} == named


def test_the_database_holds_every_constraint_of_the_models():
    names = {
        constraint.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class")
        held = {name for (name,) in cursor.fetchall()}

    assert names - held == set()


def test_constraints_are_named_after_what_they_keep():
    names = [
        constraint.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) or constraint.condition
    ]

    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+){2,}", name)] == []
