"""Brings a database and the static files up to date before a site serves."""

import hashlib
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

ATTEMPTS = 10
LOCK_TIMEOUT = "2s"  # a migration that waits longer would queue every reader behind it


class Command(BaseCommand):
    """Migrate, collect static files, and fill an empty development database."""

    help = "Apply migrations and collect static files; --demo fills an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only a development site asks for demonstration data; an image holds its static files."""
        parser.add_argument(
            "--demo", action="store_true", help="load the demonstration data where nobody is yet"
        )
        parser.add_argument(
            "--skip-static", action="store_true", help="the static files are collected already"
        )

    def handle(self, *args: Any, demo: bool, skip_static: bool, **options: Any) -> None:
        """Print on stdout only what is to be shown once the site is ready."""
        self._migrate()
        if not skip_static:
            _collect()
        known = get_commands()
        if demo and "load_demo" in known and not get_user_model().objects.exists():
            call_command("load_demo", stdout=self.stderr)
        if demo and "demo_sign_ins" in known:
            call_command("demo_sign_ins", stdout=self.stdout)

    def _migrate(self) -> None:
        """Migrate with a short lock timeout, again when a table was in use."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with connection.cursor() as cursor:
                    cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
                call_command("migrate", interactive=False, verbosity=0)
            except OperationalError as problem:
                busy = "lock timeout" in str(problem)
                if not busy or attempt == ATTEMPTS:
                    raise CommandError(f"The migrations did not go in: {problem}") from problem
                self.stderr.write(f"A table is in use; trying again ({attempt} of {ATTEMPTS}).")
                time.sleep(attempt)
            else:
                return


def _collect() -> None:
    """Collect the static files unless they are what was collected last: compressing takes long."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = _print_of_static_files()
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _print_of_static_files() -> str:
    """The names, sizes and times of all static files, and how they are stored, as a hash."""
    facts = [repr(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            facts.append(f"{name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()
