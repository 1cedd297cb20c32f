"""Create or update sites from a file."""

from accounts.importing import SITE_COLUMNS, import_sites
from quoteflow.lib.imports import ImportCommand, ImportOptions, ImportReport, Table


class Command(ImportCommand):
    """`manage.py import_sites FILE`"""

    help = "Create or update sites from a CSV or Excel file, all rows or none."
    columns = SITE_COLUMNS

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Bring the sites in."""
        return import_sites(table, options)
