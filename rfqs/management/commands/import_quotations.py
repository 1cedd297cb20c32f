"""Bring quotations in from a file."""

from argparse import ArgumentParser

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from rfqs.importing.quotationcells import COLUMNS
from rfqs.importing.quotations import import_quotations


class Command(ImportCommand):
    """`manage.py import_quotations FILE [--as EMAIL]`"""

    help = "Enter suppliers' quotations from a CSV or Excel file, all or none."
    columns = COLUMNS

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the acting buyer to the options of every import."""
        super().add_arguments(parser)
        parser.add_argument(
            "--as", dest="acting", metavar="EMAIL", help="the acting buyer; else the requester"
        )

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the quotations in."""
        return import_quotations(table, options)
