"""Writes the journal's heads to where the database's owner cannot reach."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from quoteflow.audit import verifying
from quoteflow.lib.clock import database_now


class Command(BaseCommand):
    """Write the last event of every story; an existing file is never overwritten."""

    help = "Write the heads of the journal's chains to a file, to be kept outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--out", required=True, help="a new file, or - for standard output")

    def handle(self, *args: Any, out: str, **options: Any) -> None:
        """Refuse to anchor a journal that is broken already: it would look whole from now on."""
        faults = verifying.broken_links()
        if faults:
            raise CommandError(
                _("The journal is broken. Run audit_verify first; nothing was written.")
            )
        lines = list(verifying.anchor(database_now().isoformat()))
        if out == "-":
            self.stdout.write("\n".join(lines))
            return
        try:
            with Path(out).open("x", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            raise CommandError(f"{out}: {problem.strerror}") from problem
        self.stdout.write(_("%(n)d heads written to %(out)s.") % {"n": len(lines) - 2, "out": out})
