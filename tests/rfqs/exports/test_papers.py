"""The statement on screen, in JSON, XLSX, CSV and PDF: one read model, so equal figures in each."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from pypdf import PdfReader
from python_calamine import load_workbook

from quoteflow.lib.money import format_money
from rfqs import comparison, reports
from rfqs.actions import opening
from rfqs.exports import papers
from rfqs.exports.statement import LINES_A_PAGE, SIDE_BY_SIDE
from tests import stories
from tests.conftest import signed_in
from tests.factories import RateFactory
from tests.running import run

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
FOOT = {
    "Basic": "basic", "Packing and forwarding": "packing", "Freight": "freight", "Insurance": "insurance",
    "Customs duty": "duty", "Surcharge": "surcharge", "Other": "other", "Clearing": "clearing",
    "Net landed": "net_landed", "GST": "gst", "Gross landed": "gross_landed", "Loading": "loading",
    "Evaluated": "evaluated",
}  # fmt: skip
NASTY = '=cmd|"/c calc" #strong[*x*] $1 <script> @ref \\'


@pytest.fixture
def story():
    """Three lines, three suppliers, one in dollars, with charges, and words that want to be code."""
    RateFactory(currency="USD", rate_to_base=Decimal("83.125"))
    lines = [stories.GOODS_LINE | {"description": NASTY}, stories.GOODS_LINE, stories.GOODS_LINE]
    story = stories.opened(lines=lines, suppliers=3)
    charges = {"freight_term": "amount", "freight_amount": Decimal("950.55")}
    stories.quote(story, story.suppliers[0], "10.25", pf_percent=Decimal("1.5"), **charges)
    stories.quote(story, story.suppliers[1], "11")
    stories.quote(story, story.suppliers[2], ["0.12", "0.13", None], currency="USD")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def figures(story):
    sheet = comparison.as_json(reports.comparison_sheet(story.rfq))
    return {offer["supplier"]: offer for offer in sheet["offers"]}


def grid(content, number=0):
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(number).to_python()


def texts(content):
    reader = PdfReader(io.BytesIO(content))
    return [page.extract_text() for page in reader.pages]


def test_the_workbooks_foot_is_the_sheets(story):
    rows = grid(papers.statement_file(story.rfq, "xlsx", NOW))

    expected = figures(story)
    heads = next(
        row for row in rows if any("(" in str(cell) and ", INR" in str(cell) for cell in row)
    )
    for column, head in enumerate(heads):
        found = re.search(r"\(([^)]+)\), (INR|USD)", str(head))
        if found:
            foot = {row[2]: row[column + 4] for row in rows if row[2] in FOOT}
            assert {FOOT[name]: f"{value:.2f}" for name, value in foot.items()} == {
                name: expected[found[1]][name] for name in FOOT.values()
            }
    ranks = next(row for row in rows if row[2] == "Rank")
    assert sorted(cell for cell in ranks if str(cell).startswith("L")) == ["L1", "L2"]


def test_what_nobody_stated_is_said_and_is_no_zero():
    lines = [stories.GOODS_LINE | {"gst_percent": None}]
    story = stories.opened(lines=lines, suppliers=1)
    stories.quote(story, story.suppliers[0], "10", freight_term="not_stated")

    rows = grid(papers.statement_file(story.rfq, "xlsx", NOW))
    foot = {row[2]: row[14] for row in rows if row[2] in FOOT}
    [told] = csv.DictReader(
        io.StringIO(papers.statement_file(story.rfq, "csv", NOW).decode("utf-8-sig"))
    )
    [page] = texts(papers.statement_file(story.rfq, "pdf", NOW))
    console = run("compare", story.rfq.number).out.splitlines()[4].split()

    silent = ("Freight not stated: ask the supplier", "GST not stated: ask the supplier")
    assert [foot[name] for name in ("Freight", "GST", "Gross landed", "Net landed")] == [
        silent[0], silent[1], silent[1], 1000.0,
    ]  # fmt: skip
    assert [told[name] for name in ("Freight", "GST", "Gross landed", "Net landed")] == [
        "", "", "", "1000.00",
    ]  # fmt: skip
    assert told["Notes"] == "; ".join(reversed(silent))
    assert "ask the supplier: nobody else names an amount" in " ".join(page.split())
    assert [console[n] for n in (5, 8, 9)] == ["—", "—", "—"]
    assert figures(story)[story.suppliers[0].code]["gst"] is None


def test_the_workbook_says_what_the_lowest_saves_as_numbers(story):
    rows = grid(papers.statement_file(story.rfq, "xlsx", NOW))

    found = reports.comparison_sheet(story.rfq).savings
    row = next(row for row in rows if row[2] == "L1 against L2")
    saved = found.against_second
    assert [f"{row[3]:.2f}", f"{row[4]:.4f}"] == [
        f"{saved.amount:.2f}",
        f"{saved.percent / 100:.4f}",
    ]


def test_the_workbook_computes_and_runs_no_text(story):
    content = papers.statement_file(story.rfq, "xlsx", NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        words = re.findall(r"<t[^>]*>([^<]*)</t>", parts.read("xl/sharedStrings.xml").decode())

    formulas = re.findall(r"<f>([^<]*)</f>", sheet)
    assert (
        len(formulas) == 2 * 15 + 13
    )  # every total but the loading; no rank for the incomplete one
    assert {formula.partition("(")[0] for formula in formulas if "(" in formula} >= {
        "SUM",
        "SUMIFS",
    }
    assert '<pane xSplit="3"' in sheet
    assert not [word for word in words if word.startswith(("=", "+", "-", "@"))]
    assert any(word.startswith("'=cmd|") for word in words)


def test_the_csv_holds_every_figure_of_every_cell(story):
    content = papers.statement_file(story.rfq, "csv", NOW).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))

    sheet = comparison.as_json(reports.comparison_sheet(story.rfq))
    cells = [(line["line_no"], cell) for line in sheet["lines"] for cell in line["cells"]]
    assert [
        (int(row["Line"]), row["Supplier"], row["Basic"], row["Net landed"], row["Landed per unit"])
        for row in rows
    ] == [
        (
            no,
            cell["supplier"],
            *(cell[name] or "" for name in ("basic", "net_landed", "effective_unit")),
        )
        for no, cell in cells
    ]
    assert rows[0]["Description"].startswith("'=cmd|")


def test_the_pdf_says_the_same_figures_and_prints_markup_as_text(story):
    [page] = texts(papers.statement_file(story.rfq, "pdf", NOW))

    for offer in figures(story).values():
        for name in ("basic", "packing", "freight", "gst", "net_landed", "evaluated"):
            assert format_money(Decimal(offer[name]), "INR") in page
        assert (f"L{offer['rank']}" if offer["rank"] else "incomplete 2/3") in page
    for words in (
        "Comparative statement",
        story.rfq.number,
        "Tax: compared net of input credit",
        "Prepared by",
    ):
        assert words in page
    assert "#strong[*x*]" in page
    assert "Page total, lines 1 to 3" in page
    assert "L1 against L2: INR" in page


def test_many_lines_and_suppliers_go_over_pages_each_with_its_total():
    lines = [stories.GOODS_LINE] * (LINES_A_PAGE + 1)
    prices = tuple(str(10 + n) for n in range(SIDE_BY_SIDE + 1))
    story = stories.evaluated(lines=lines, prices=prices)

    pages = "\n".join(texts(papers.statement_file(story.rfq, "pdf", NOW)))

    assert pages.count(f"Page total, lines 1 to {LINES_A_PAGE}") == 2
    assert pages.count(f"Total to line {LINES_A_PAGE + 1}") == 2
    assert format_money(Decimal(1000) * LINES_A_PAGE, "INR") in pages


def test_a_submitted_award_is_signed_and_names_its_reasons():
    story = stories.approved()
    [page] = texts(papers.statement_file(story.rfq, "pdf", NOW))

    award = story.rfq.awards.get()
    assert f"statement {award.statements.get().digest[:16]}" in page
    for person in (story.buyer, story.approver):
        assert person.full_name in page


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv"])
def test_papers_are_downloads_of_those_who_may_see_prices(story, form):
    address = reverse("rfqs:statement", args=[story.rfq.number])
    answer = signed_in(story.buyer).get(address, {"format": form})

    assert (answer.status_code, answer["Content-Type"]) == (200, papers.CONTENT_TYPES[form])
    assert answer["Content-Disposition"] == (
        f'attachment; filename="{story.rfq.number}-statement.{form}"'
    )
    sealed = stories.quoted(is_sealed=True)
    refused = reverse("rfqs:statement", args=[sealed.rfq.number])
    assert signed_in(sealed.buyer).get(refused, {"format": form}).status_code == 403
    assert signed_in(story.buyer).get(address, {"format": "exe"}).status_code == 404


def test_the_command_writes_the_same_file_and_refuses_sealed_prices(story, tmp_path):
    target = tmp_path / "statement.csv"
    written = run("export_rfq", story.rfq.number, "--format", "csv", "--out", str(target))
    assert (written.failure, target.read_bytes()) == (
        "", papers.statement_file(story.rfq, "csv", NOW),
    )  # fmt: skip

    sealed = stories.quoted(is_sealed=True)
    refused = run(
        "export_rfq", sealed.rfq.number, "--format", "pdf", "--out", str(tmp_path / "no.pdf")
    )
    assert refused.failure == "The prices are sealed until the opening."
    assert not (tmp_path / "no.pdf").exists()
    nowhere = run(
        "export_rfq", story.rfq.number, "--format", "csv", "--out", str(tmp_path / "a" / "b")
    )
    assert nowhere.failure.startswith("The file cannot be written")
