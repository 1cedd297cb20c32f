"""Create or update catalogue items from a file."""

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from rfqs.importing.catalogue import COLUMNS, import_catalogue


class Command(ImportCommand):
    """`manage.py import_catalogue FILE`"""

    help = "Create or update catalogue items from a CSV or Excel file, all rows or none."
    columns = COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the catalogue items in."""
        return import_catalogue(table, options)
