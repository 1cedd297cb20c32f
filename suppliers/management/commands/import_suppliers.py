"""Create or update suppliers from a file."""

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from suppliers.importing import SUPPLIER_COLUMNS, import_suppliers


class Command(ImportCommand):
    """`manage.py import_suppliers FILE`"""

    help = "Create or update suppliers from a CSV or Excel file, all rows or none."
    columns = SUPPLIER_COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the suppliers in."""
        return import_suppliers(table, options)
