"""Reading a table from a .csv or .xlsx file, a pipe or an upload."""

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from quoteflow.lib import csvfile, xlsxfile
from quoteflow.lib.tablerows import Columns, Row, RowError, Table, UnreadableTable, build

__all__ = ["Columns", "Row", "RowError", "Table", "UnreadableTable", "load", "read"]

LARGEST_FILE = 100 * 1024 * 1024


def read(
    source: bytes | Path,
    *,
    name: str,
    delimiter: str | None = None,
    encoding: str | None = None,
    renames: Mapping[str, str] | None = None,
    columns: Columns | None = None,
) -> Table:
    """Return the table in `source`; a workbook is told from text by its first bytes.

    Encoding and delimiter are found where they are not stated. With `columns` the headings are
    matched to the import's own names (after `renames`, heading of the file to column). Rows that
    cannot be read are in the table's `errors`. UnreadableTable when there is no table to speak of.
    """
    data = load(source, name=name) if isinstance(source, Path) else source
    if not data.strip():
        raise UnreadableTable(_("%(name)s is empty.") % {"name": name})
    if xlsxfile.is_old_workbook(data):
        raise UnreadableTable(
            _("%(name)s is an old or locked workbook. Save it as unlocked .xlsx or as CSV.")
            % {"name": name}
        )
    if xlsxfile.is_archive(data):
        records, spoilt = xlsxfile.sheet(data)
        table = build(name, records, spoilt)
    else:
        text = csvfile.decode(data, encoding=encoding)
        table = build(name, csvfile.records(text, delimiter=delimiter))
    return table.matched(columns, renames) if columns else table


def load(path: Path, *, name: str) -> bytes:
    """Return the bytes of a file; UnreadableTable with a sentence when that cannot be done."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableTable(
                _("%(name)s is larger than %(most)d MB. Split it.")
                % {"name": name, "most": LARGEST_FILE // 2**20}
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableTable(_("There is no file %(name)s.") % {"name": name}) from None
    except IsADirectoryError:
        raise UnreadableTable(
            _("%(name)s is a directory. Name a .csv or .xlsx file in it.") % {"name": name}
        ) from None
    except PermissionError:
        raise UnreadableTable(
            _("%(name)s may not be read by this user.") % {"name": name}
        ) from None
    except OSError as error:
        raise UnreadableTable(
            _("%(name)s cannot be read: %(reason)s.") % {"name": name, "reason": error.strerror}
        ) from None
