"""Fills an empty installation with demonstration data."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from quoteflow.lib.errors import DomainError
from rfqs.demo import loading


class Command(BaseCommand):
    """Sites, people, suppliers, items and requests in every state; a second run changes nothing."""

    help = "Fill an empty installation with demonstration data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A production installation has to be asked twice."""
        parser.add_argument(
            "--yes", action="store_true", help="load it although this is a production installation"
        )

    def handle(self, *args: Any, yes: bool, verbosity: int, **options: Any) -> None:
        """Report what there is afterwards."""
        if settings.PRODUCTION and not yes:
            raise CommandError(
                "This is a production installation: everyone can know the password of the "
                "demonstration people. Repeat with --yes if you mean it."
            )
        try:
            count = loading.load(shown=verbosity > 0)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if count:
            self.stdout.write(f"Demonstration data: {count} requests are there now.")
        else:
            self.stdout.write("The demonstration data is there already; nothing was changed.")
