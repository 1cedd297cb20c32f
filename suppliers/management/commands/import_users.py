"""Create or update people from a file; here, because suppliers' people belong to a company."""

from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table
from suppliers.importing import PEOPLE_COLUMNS, import_people


class Command(ImportCommand):
    """`manage.py import_users FILE`"""

    help = "Create or update people from a CSV or Excel file, all rows or none."
    columns = PEOPLE_COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the people in."""
        return import_people(table, options)
