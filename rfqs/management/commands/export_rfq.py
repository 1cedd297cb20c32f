"""Write the comparative statement of a request to a file."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError
from rfqs.exports import papers
from rfqs.management.reading import readable


class Command(BaseCommand):
    """`manage.py export_rfq NUMBER --format pdf --out FILE`; exit 1 where prices may not be seen."""

    help = "Write the comparative statement of a request as csv, xlsx or pdf."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the request, the form and the file."""
        parser.add_argument("number", help="the request's number, or its outside reference")
        parser.add_argument("--format", choices=list(papers.CONTENT_TYPES), required=True)
        parser.add_argument("--out", required=True, metavar="FILE", help="- for standard output")
        parser.add_argument(
            "--as", dest="acting", metavar="EMAIL", help="read with this person's rights"
        )

    def handle(self, *args: Any, number: str, acting: str | None, **options: Any) -> None:
        """Write all of it or nothing."""
        try:
            rfq = readable(number, acting)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        content = papers.statement_file(rfq, options["format"], timezone.now())
        if options["out"] == "-":
            sys.stdout.buffer.write(content)
            return
        try:
            Path(options["out"]).write_bytes(content)
        except OSError as problem:
            raise CommandError(
                _("The file cannot be written: %(why)s") % {"why": problem}
            ) from None
        self.stdout.write(
            _("%(number)s is in %(file)s.") % {"number": rfq.number, "file": options["out"]}
        )
