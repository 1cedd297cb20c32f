"""Tells whether the journal is whole."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from quoteflow.audit import verifying


class Command(BaseCommand):
    """Verify every chain, and what anchors kept of them; exit 1 when anything is broken."""

    help = "Say whether the journal's chain is whole; --anchor compares it with kept heads too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Several anchors may be compared at once."""
        parser.add_argument(
            "--anchor",
            type=Path,
            action="append",
            default=[],
            help="a file written by audit_anchor",
        )

    def handle(self, *args: Any, anchor: list[Path], **options: Any) -> None:
        """Print the first broken link of each broken story, or how much is whole."""
        faults = verifying.broken_links()
        for path in anchor:
            try:
                with path.open(encoding="utf-8") as lines:
                    faults += verifying.against_anchor(lines)
            except (OSError, ValueError) as problem:
                raise CommandError(f"{path}: {problem}") from problem
        for fault in faults:
            self.stderr.write(f"{fault.stream}: {fault.sentence}")
        if faults:
            raise CommandError(_("The journal is broken in %(n)d places.") % {"n": len(faults)})
        events, stories = verifying.counts()
        self.stdout.write(
            _("The journal is whole: %(events)d events in %(stories)d stories.")
            % {"events": events, "stories": stories}
        )
