"""Delete stored files that no attachment refers to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from quoteflow.lib.clock import database_now
from rfqs.actions import tidying


class Command(BaseCommand):
    """The nightly sweep by hand; with --dry-run it only says what it would delete."""

    help = "Delete uploaded files that no attachment refers to and that are a day old."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Look only, if wanted."""
        parser.add_argument("--dry-run", action="store_true", help="say what, delete nothing")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        """Sweep, and name every file."""
        now = database_now()
        names = list(tidying.stray_files(now)) if dry_run else tidying.sweep_files(now)
        for name in names:
            self.stdout.write(name)
        done = "would be deleted" if dry_run else "deleted"
        self.stdout.write(self.style.SUCCESS(f"{len(names)} stray files {done}"))
