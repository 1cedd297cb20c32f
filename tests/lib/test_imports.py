"""The frame of import commands, shown on a command that renames groups of permissions."""

import io
import sys

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from quoteflow.lib.errors import DomainError
from quoteflow.lib.fields import QuantityField, follow
from quoteflow.lib.imports import Columns, ImportCommand, ImportReport, clean_row

pytestmark = pytest.mark.django_db


class ImportGroups(ImportCommand):
    """Creates one group a row; a quantity of 13 is bad luck for the whole file."""

    columns = Columns(required=("name", "quantity"), aliases={"Team": "name"})

    def load(self, table, options):
        fields = {"quantity": QuantityField()}
        follow(fields.values(), decimal_mark=options.decimal_mark, order=options.date_order)
        report = ImportReport()
        for row in table:
            values, errors = clean_row(row, fields)
            report.errors += errors
            if values.get("quantity") == 13:
                raise DomainError("Thirteen is bad luck.")
            _group, created = Group.objects.get_or_create(name=row["name"])
            report.created += created
            report.unchanged += not created
        return report


def run(path, **options):
    """Run the command; returns its exit sentence, standard output and error output."""
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    try:
        call_command(ImportGroups(), str(path), stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        failure = str(error)
    return failure, out.getvalue(), err.getvalue()


def names():
    return sorted(Group.objects.values_list("name", flat=True))


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "groups.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_all_rows_are_written_and_a_second_run_changes_nothing(file):
    path = file("Team,quantity\nred,1\nblue,2\n")

    failure, out, _err = run(path)
    assert (failure, names(), out.splitlines()[0].split()) == (
        "",
        ["blue", "red"],
        ["created", "2"],
    )
    assert out.splitlines()[-1] == "All rows were written."

    failure, out, _err = run(path)
    assert (failure, out.splitlines()[2].split()) == ("", ["unchanged", "2"])
    assert out.splitlines()[-1] == "Nothing changed: everything in the file was there already."


def test_one_bad_row_refuses_the_file_and_every_bad_row_is_named(file, tmp_path):
    path = file("name,quantity\nred,1\nblue,x\nlong,1,2\ngreen,1e5\n")

    failure, out, err = run(path, errors_file=tmp_path / "errors.csv")

    assert (failure, names()) == ("3 rows were refused; nothing was written.", [])
    assert out.splitlines()[3].split() == ["refused", "3"]
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "line 3, column quantity",
        "line 4",
        "line 5, column quantity",
    ]
    written = (tmp_path / "errors.csv").read_text(encoding="utf-8-sig").splitlines()
    assert written[0] == "line,column,message"
    assert [line.split(",")[:2] for line in written[1:]] == [
        ["3", "quantity"],
        ["4", ""],
        ["5", "quantity"],
    ]


def test_a_refusal_by_a_rule_of_the_business_undoes_everything(file):
    failure, _out, _err = run(file("name,quantity\nred,1\nblue,13\n"))
    assert (failure, names()) == ("Thirteen is bad luck. Nothing was written.", [])


def test_a_dry_run_writes_nothing(file):
    failure, out, _err = run(file("name,quantity\nred,1\n"), dry_run=True)
    assert (failure, names()) == ("", [])
    assert out.splitlines()[-1] == "Dry run: the file is in order; nothing was written."


def test_the_options_say_how_to_read(file):
    path = file("Mannschaft;Menge;Notiz\nrot;1.234,5;x\n")
    renames = ["Mannschaft=name", "Menge=quantity", "Notiz="]
    failure, _out, _err = run(path, map=renames, decimal="comma", delimiter=";", encoding="utf-8")
    assert (failure, names()) == ("", ["rot"])


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"name,quantity\nred,1\n")))
    assert (run("-")[0], names()) == ("", ["red"])


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        ("", {}, "groups.csv is empty. Nothing was written."),
        ("name\nred\n", {}, "The column “quantity” is missing. Nothing was written."),
        ("name,quantity\n", {"encoding": "klingon"}, "“klingon” is not a known text encoding."),
        ("name,quantity\n", {"map": ["name"]}, "--map name is not OLD=NEW."),
        ("name,quantity\n", {"delimiter": ";;"}, "The delimiter must be one character"),
    ],
)
def test_files_and_options_that_make_no_sense_are_refused(file, text, options, sentence):
    assert run(file(text), **options)[0].startswith(sentence)


def test_missing_files_and_directories_are_refused(tmp_path):
    assert run(tmp_path / "none.csv")[0].startswith("There is no file")
    assert "is a directory" in run(tmp_path)[0]


def test_an_errors_file_that_cannot_be_written_stops_the_import_first(file, tmp_path):
    path = file("name,quantity\nred,1\n")
    failure, _out, _err = run(path, errors_file=tmp_path / "none" / "errors.csv")
    assert (failure.startswith("The errors file"), names()) == (True, [])
