"""import_sites: plants by their code."""

import pytest

from accounts.models import Site
from tests.factories import SiteFactory, UserFactory
from tests.running import bring_in, refused

pytestmark = pytest.mark.django_db
HEADINGS = "code,name,city,country,timezone,gstin,head_email\n"


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "sites.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_sites_are_created_with_their_head_and_a_second_run_changes_nothing(file):
    head = UserFactory(email="head@example.com")
    path = file(
        HEADINGS
        + "A001,Pune works,Pune,India,,27AAPFU0939F1ZV,Head@example.com\nB2,Lyon,,FR,Europe/Paris,,\n"
    )

    assert bring_in("import_sites", path).counts == (2, 0, 0)

    columns = ("code", "name", "country", "time_zone", "gstin", "head")
    assert list(Site.objects.order_by("code").values_list(*columns)) == [
        ("A001", "Pune works", "IN", "Asia/Kolkata", "27AAPFU0939F1ZV", head.pk),
        ("B2", "Lyon", "FR", "Europe/Paris", "", None),
    ]
    again = bring_in("import_sites", path)
    assert (again.counts, again.out.splitlines()[-1]) == (
        (0, 0, 2),
        "Nothing changed: everything in the file was there already.",
    )


def test_a_column_the_file_lacks_is_left_alone(file):
    SiteFactory(code="A001", name="old", city="Pune", minimum_bids=2)

    assert bring_in("import_sites", file("code,name\nA001,new\n")).counts == (0, 1, 0)

    assert Site.objects.values_list("name", "city", "minimum_bids").get() == ("new", "Pune", 2)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("a-1,X,,,,,", "column code: Use 2 to 10 capital letters and digits, like A001."),
        ("A1,,,,,,", "column name: This field is required."),
        ("A1,X,,Atlantis,,,", ("column country: “Atlantis” is not a country. "
         "Write its name or its ISO code, for instance IN.")),
        ("A1,X,,,Mars/Base,,", ("column timezone: Mars/Base is not a time zone. "
         "Write it like Asia/Kolkata.")),
        ("A1,X,,,,27AAPFU0939F1Z,", "column gstin: A GSTIN has 15 characters; “27AAPFU0939F1Z” has 14."),
        ("A1,X,,,,,no@example.com", ("column head_email: Nobody here has the address no@example.com. "
         "Import the sites without this column, then the people, then this file again.")),
        ("OK1,again,,,,,", "column code: “OK1” stands on line 2 already. Keep one of the two rows."),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file_with_its_line_and_column(file, row, complaint):
    path = file(f"{HEADINGS}OK1,fine,,,,,\n{row}\n")

    assert refused("import_sites", path) == [f"line 3, {complaint}"]
    assert Site.objects.count() == 0


def test_a_dry_run_writes_nothing(file):
    outcome = bring_in("import_sites", file("code,name\nA001,Pune\n"), "--dry-run")

    assert (outcome.counts, Site.objects.count()) == ((1, 0, 0), 0)
    assert outcome.out.splitlines()[-1] == "Dry run: the file is in order; nothing was written."


def test_the_errors_file_lists_the_complaints(file, tmp_path):
    errors = tmp_path / "errors.csv"

    refused("import_sites", file("code,name\nA,\n"), "--errors-file", errors)

    assert errors.read_text(encoding="utf-8-sig").splitlines() == [
        "line,column,message",
        '2,code,"Use 2 to 10 capital letters and digits, like A001."',
        "2,name,This field is required.",
    ]


def test_other_encodings_and_delimiters_are_found(file):
    bring_in("import_sites", file("code;name\nA001;Köln\n", encoding="cp1252"))

    assert Site.objects.get().name == "Köln"
    failure = bring_in(
        "import_sites", file("code,name\nA001,Köln\n", "cp1252"), "--encoding", "utf-8"
    ).failure
    assert failure == (
        "Line 2 has a byte (0xf6) that is not utf-8. Save the file as UTF-8, or name its encoding. "
        "Nothing was written."
    )
