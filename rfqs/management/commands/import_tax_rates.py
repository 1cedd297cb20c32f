"""Create or update GST rates from a file."""

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from rfqs.importing.taxrates import COLUMNS, import_tax_rates


class Command(ImportCommand):
    """`manage.py import_tax_rates FILE`"""

    help = "Create or update GST rates by HSN or SAC from a CSV or Excel file, all rows or none."
    columns = COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the tax rates in."""
        return import_tax_rates(table, options)
