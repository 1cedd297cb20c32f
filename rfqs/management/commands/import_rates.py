"""Create or update exchange rates from a file."""

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from rfqs.importing.rates import COLUMNS, import_rates


class Command(ImportCommand):
    """`manage.py import_rates FILE`"""

    help = "Create or update exchange rates from a CSV or Excel file, all rows or none."
    columns = COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the exchange rates in."""
        return import_rates(table, options)
