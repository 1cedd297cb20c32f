"""The frame of all import commands: options, reading, all rows or none, the report."""

import csv
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib.dates import Order
from quoteflow.lib.errors import DomainError
from quoteflow.lib.progress import colours_wanted
from quoteflow.lib.tabular import Columns, Row, RowError, Table, load, read

__all__ = [
    "Columns",
    "ImportCommand",
    "ImportOptions",
    "ImportReport",
    "Row",
    "RowError",
    "Table",
    "clean_row",
]

_DECIMAL_MARKS = {"dot": ".", "comma": ","}
_ORDERS: dict[str, Order | None] = {"iso": None, "dmy": "dmy", "mdy": "mdy"}
# A spreadsheet would run a cell that begins so.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class ImportReport:
    """What an import did, in rows or objects; `errors` refuse the whole file, `notes` are worth knowing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """The number of lines with at least one error."""
        return len({error.line for error in self.errors})


@dataclass(frozen=True)
class ImportOptions:
    """How the file is to be understood. `content` is the file as it came, `extra` the rest."""

    name: str
    content: bytes
    decimal_mark: str = "."
    date_order: Order | None = None
    dry_run: bool = False
    progress: bool = True
    acting: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class _Undo(Exception):
    """Rolls the import back; never leaves this module."""


class ImportCommand(BaseCommand):
    """A command that reads one table. A subclass names its `columns` and writes `load`.

    `load` runs in a transaction that is undone when its report has errors or nothing is to be
    written; a DomainError refuses the file. `acts_as_someone` adds the required option --as EMAIL.
    """

    columns: Columns
    acts_as_someone = False
    requires_system_checks: list[str] = []

    def load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Write the rows and report; errors of single rows go into the report."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options that every import has."""
        parser.add_argument("path", help="a .csv or .xlsx file, or - for standard input")
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--errors-file", type=Path, help="write line,column,message to this file"
        )
        parser.add_argument("--delimiter", help="else found: comma, semicolon, tab (\\t) or bar")
        parser.add_argument("--encoding", help="else found: UTF-8, UTF-16 or Windows-1252")
        parser.add_argument("--decimal", choices=sorted(_DECIMAL_MARKS), default="dot")
        parser.add_argument("--dates", choices=sorted(_ORDERS), default="iso")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="OLD=NEW",
            help="read column OLD as NEW; OLD= leaves the column out; may be repeated",
        )
        parser.add_argument("--no-progress", action="store_true")
        if self.acts_as_someone:
            parser.add_argument("--as", dest="acting", required=True, metavar="EMAIL")

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Keep to plain text where the terminal's owner asked for it."""
        if not colours_wanted() and not options["force_color"]:
            options["no_color"] = True
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, load, report; CommandError (exit 1) when anything was refused."""
        started = time.monotonic()
        _write_errors(options["errors_file"], ImportReport())  # fails before anything is written
        try:
            table, understood = self._read(options)
            report = self._load(table, understood)
        except DomainError as refusal:
            report = ImportReport(errors=[RowError(0, "", str(refusal))])
            _write_errors(options["errors_file"], report)
            raise CommandError(_("%(reason)s Nothing was written.") % {"reason": refusal}) from None
        for error in sorted(report.errors):
            self.stderr.write(str(error))
        _write_errors(options["errors_file"], report)
        self.stdout.write(_summary(report, time.monotonic() - started))
        if report.errors:
            raise CommandError(_refusal(report.refused))
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(_conclusion(report, dry_run=understood.dry_run))

    def _read(self, options: dict[str, Any]) -> tuple[Table, ImportOptions]:
        piped = options["path"] == "-"
        name = "standard input" if piped else Path(options["path"]).name
        path = Path(options["path"])
        content = sys.stdin.buffer.read() if piped else load(path, name=options["path"])
        table = read(
            content,
            name=name,
            delimiter=_delimiter(options["delimiter"]),
            encoding=options["encoding"],
            renames=_renames(options["map"]),
            columns=self.columns,
        )
        return table, ImportOptions(
            name=name,
            content=content,
            decimal_mark=_DECIMAL_MARKS[options["decimal"]],
            date_order=_ORDERS[options["dates"]],
            dry_run=options["dry_run"],
            progress=not options["no_progress"],
            acting=options.get("acting") or "",
            extra=options,
        )

    def _load(self, table: Table, options: ImportOptions) -> ImportReport:
        """Run `load`; rows the reader could not read refuse the file as well."""
        report = ImportReport()
        with _undoing():
            report = self.load(table, options)
            report.errors.extend(table.errors)
            if report.errors or options.dry_run:
                raise _Undo
        return report


def clean_row(row: Row, fields: Mapping[str, forms.Field]) -> tuple[dict[str, Any], list[RowError]]:
    """Clean the cells of a row with the field of the same name; a column left out is not cleaned.

    A required field is asked for even when its column is missing.
    """
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for name, form_field in fields.items():
        if name not in row and not form_field.required:
            continue
        try:
            values[name] = form_field.clean(row[name])
        except ValidationError as refusal:
            errors.extend(RowError(row.line, name, message) for message in refusal.messages)
    return values, errors


@contextmanager
def _undoing() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except _Undo:
        pass


def _delimiter(text: str | None) -> str | None:
    if text is None:
        return None
    delimiter = {"\\t": "\t", "tab": "\t"}.get(text, text)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise CommandError(_("The delimiter must be one character, for instance ; or \\t."))
    return delimiter


def _renames(pairs: list[str]) -> dict[str, str]:
    renames = {}
    for pair in pairs:
        old, equals, new = pair.rpartition("=")
        if not equals or not old.strip():
            raise CommandError(_("--map %(pair)s is not OLD=NEW.") % {"pair": pair})
        renames[old.strip()] = new.strip()
    return renames


def _write_errors(path: Path | None, report: ImportReport) -> None:
    """Write the errors as a table, only its headings when there are none."""
    if path is None:
        return
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(["line", "column", "message"])
            for error in sorted(report.errors):
                writer.writerow([error.line or "", error.column, _neutral(error.message)])
    except OSError as error:
        raise CommandError(
            _("The errors file %(path)s cannot be written: %(reason)s.")
            % {"path": path, "reason": error.strerror}
        ) from None


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _summary(report: ImportReport, seconds: float) -> str:
    counts = {
        _("created"): f"{report.created:,}",
        _("updated"): f"{report.updated:,}",
        _("unchanged"): f"{report.unchanged:,}",
        _("refused"): f"{report.refused:,}",
        _("seconds"): f"{seconds:.1f}",
    }
    return "\n".join(f"{name:<10}{count:>10}" for name, count in counts.items())


def _refusal(refused: int) -> str:
    return ngettext(
        "%(count)d row was refused; nothing was written.",
        "%(count)d rows were refused; nothing was written.",
        refused,
    ) % {"count": refused}


def _conclusion(report: ImportReport, *, dry_run: bool) -> str:
    if not report.created and not report.updated:
        return _("Nothing changed: everything in the file was there already.")
    if dry_run:
        return _("Dry run: the file is in order; nothing was written.")
    return _("All rows were written.")
