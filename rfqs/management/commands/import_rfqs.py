"""Bring requests in from a file."""

from argparse import ArgumentParser

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from rfqs.importing.rfqs import COLUMNS, import_rfqs


class Command(ImportCommand):
    """`manage.py import_rfqs FILE [--publish] [--as EMAIL]`"""

    help = "Create draft requests from a CSV or Excel file, all or none; --publish sends them out."
    columns = COLUMNS

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what requests need beside the options of every import."""
        super().add_arguments(parser)
        parser.add_argument("--publish", action="store_true", help="open them to their suppliers")
        parser.add_argument(
            "--as", dest="acting", metavar="EMAIL", help="the acting buyer; else requester_email"
        )

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the requests in."""
        return import_rfqs(table, options, publish=options.extra["publish"])
