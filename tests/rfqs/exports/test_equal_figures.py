"""Every figure of a statement, read back from the screen, JSON, XLSX, CSV and PDF: one read model.

For goods with all that can happen to an offer, for services, for transport, and for an earlier round.
"""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import load_workbook

from quoteflow.lib.money import format_money, format_percent, format_rate
from rfqs import reports, rounds
from rfqs.actions import negotiating, opening, quoting
from rfqs.exports import papers
from rfqs.exports.figures import AMOUNTS
from rfqs.models import CommodityType
from tests import stories
from tests.conftest import signed_in
from tests.factories import RateFactory

pytestmark = pytest.mark.django_db
D = Decimal
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
BASE = "INR"
FOOT = {
    "Basic": "basic", "Packing and forwarding": "packing", "Freight": "freight", "Insurance": "insurance",
    "Customs duty": "duty", "Surcharge": "surcharge", "Other": "other", "Clearing": "clearing",
    "Net landed": "net_landed", "GST": "gst", "Gross landed": "gross_landed", "Compared cost": "cost",
    "Loading": "loading", "Evaluated": "evaluated", "Difference to lowest": "difference",
    "Discounts, quoted currency": "discount_quoted", "Input credit": "credit",
    "With gaps at the others’ highest": "loaded_total",
}  # fmt: skip
ON_PAGE = {label: name for label, name in FOOT.items() if name not in ("other", "clearing", "cost")} | {
    "Evaluated, INR": "evaluated"
}  # fmt: skip


def capture(story, n, prices, answers=None, **head):
    quotation = stories.quote(story, story.suppliers[n], prices, **head)
    for position, facts in (answers or {}).items():
        quotation.lines.filter(line__position=position).update(**facts)
    return quotation


def goods():
    """Charges of every kind, customs, loading, a least order; incomplete, expired, disqualified ones."""
    RateFactory(currency="USD", rate_to_base=D("83.125"))
    known = {"last_price": D("9.5"), "target_price": D("10.05")}
    lines = [
        stories.GOODS_LINE | known,
        stories.GOODS_LINE | {"gst_percent": D(5)},
        stories.GOODS_LINE,
    ]
    policy = {"interest_percent": D(12), "credit_days": 30, "incomplete_basis": "load_highest"}
    story = stories.opened(lines=lines, suppliers=6, **policy)
    freight = {"freight_term": "amount", "freight_amount": D("950.55")}
    rest = {"insurance": D("33.33"), "other_charges": D("70.01"), "header_discount_percent": D(4)}
    capture(
        story,
        0,
        "10.25",
        pf_percent=D("1.5"),
        tranches=[["50", -20], ["50", 30]],
        **freight,
        **rest,
    )
    capture(
        story, 1, "11", {2: {"moq": D(150)}}, freight_term="not_stated", discount_on_full_order=True
    )
    duty = {n: {"duty_percent": D("7.5")} for n in (1, 2)}
    abroad = {"gst_scheme": "import", "clearing_charges": D(5), "insurance": D("1.23")}
    capture(story, 2, ["0.12", "0.13", None], duty, currency="USD", **abroad)
    capture(story, 3, "9", valid_until=(timezone.now() - timedelta(days=3)).date())
    refused = capture(story, 4, "8")
    capture(story, 5, "12", gst_scheme="composition")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    quoting.disqualify(quotation_id=refused.pk, by=story.buyer, reason="the wrong grade of steel")
    return story


def unstated():
    """Freight that nobody names beside prices with it, and an import whose duty is known of one line."""
    RateFactory(currency="USD", rate_to_base=D("83.125"))
    story = stories.opened(lines=[stories.GOODS_LINE] * 2, suppliers=3)
    capture(story, 0, "11")
    capture(story, 1, "10", freight_term="not_stated")
    capture(story, 2, "0.12", {1: {"duty_percent": D("7.5")}}, currency="USD", gst_scheme="import")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    return story


def service():
    visit = stories.GOODS_LINE | {"periods": 12, "period_unit": "month", "last_price": D(90)}
    story = stories.opened(lines=[visit, visit], suppliers=2, commodity_type=CommodityType.SERVICE)
    capture(story, 0, "280", {1: {"rate_period": "quarter"}, 2: {"rate_period": "quarter"}})
    capture(story, 1, ["100", None], {1: {"rate_period": "month"}})
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    return story


def transport():
    lane = {
        "description": "Coils", "from_location": "Pune", "to_location": "Chennai", "load_t": D("7.0"),
        "distance_km": D(660), "trips_per_month": 26, "months": 2, "gst_percent": D(5), "vehicle_size": "9 t",
    }  # fmt: skip
    kind = CommodityType.TRANSPORT
    story = stories.opened(lines=[lane], suppliers=3, commodity_type=kind, tax_basis="gross")
    parts = {"fuel_percent": D(3), "loading": D(600), "capacity_t": D("4.0")}
    capture(story, 0, "24", {1: {"rate_basis": "per_km"} | parts})
    capture(story, 1, "15000", {1: {"rate_basis": "per_trip"}}, gst_scheme="reverse_charge")
    capture(story, 2, "2100", {1: {"rate_basis": "per_tonne", "toll": D(850)}})
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    return story


@pytest.fixture(params=[goods, unstated, service, transport], ids=lambda tell: tell.__name__)
def story(request):
    story = request.param()
    story.rfq.refresh_from_db()
    return story


def told(rfq, form):
    return papers.statement_file(rfq, form, NOW)


def money(amount):
    return None if amount is None else f"{amount:.2f}"


def numbers(row):
    return [money(D(str(one))) if isinstance(one, float) else (one or None) for one in row]


def is_unsaid(column, name):
    return name == "freight" and "freight_not_stated" in column.flags


def test_json_says_what_the_sheet_says(story):
    sheet, found = reports.comparison_sheet(story.rfq), json.loads(told(story.rfq, "json"))

    names = [name for name in AMOUNTS if name in found["offers"][0]] + ["loading", "evaluated"]
    assert [[one[name] for name in names] for one in found["offers"]] == [
        [money(getattr(column, name)) for name in names] for column in sheet.offers
    ]
    names = ("basic", "packing", "freight", "gst", "net_landed", "gross_landed")
    assert [[cell[n] for n in names] for line in found["lines"] for cell in line["cells"]] == [
        [money(getattr(cell, n)) for n in names] for row in sheet.lines for cell in row.cells
    ]


def test_the_workbooks_figures_and_the_csv_are_those_of_every_cell(story):
    sheet = reports.comparison_sheet(story.rfq)
    expected = [
        [
            *(None if is_unsaid(column, name) else money(getattr(cell, name)) for name in AMOUNTS),
            None if cell.effective_unit is None else f"{cell.effective_unit:.4f}",
            cell.rank,
        ]
        for row in sheet.lines
        for cell, column in zip(row.cells, sheet.offers, strict=True)
    ]

    book = load_workbook(io.BytesIO(told(story.rfq, "xlsx"))).get_sheet_by_index(1).to_python()
    text = told(story.rfq, "csv").decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text)))

    def cells(rows):
        for row in rows[1:]:
            values = [None if one == "" else D(str(one)) for one in row[15:28]]
            *amounts, unit, rank = values
            yield [
                *map(money, amounts),
                None if unit is None else f"{unit:.4f}",
                None if rank is None else int(rank),
            ]

    assert list(cells(book)) == expected
    assert list(cells(read)) == expected


def test_the_foot_of_the_workbook_is_the_sheets(story):
    sheet = reports.comparison_sheet(story.rfq)
    rows = load_workbook(io.BytesIO(told(story.rfq, "xlsx"))).get_sheet_by_index(0).to_python()
    foot = {row[2]: numbers(row[14::5]) for row in rows if row[2] in (*FOOT, "Rank")}

    assert foot.keys() == {*FOOT, "Rank"}
    for label, name in FOOT.items():
        expected = [
            "Freight not stated: ask the supplier"
            if is_unsaid(one, name)
            else money(getattr(one, name))
            for one in sheet.offers
        ]
        assert foot[label][: len(expected)] == expected, label
    words = ["Complete", "Incomplete", "Not evaluated", "Expired", "Disqualified"]
    assert [r for r in foot["Rank"] if r and r not in words] == [
        f"L{one.rank}" for one in sheet.offers if one.rank
    ]
    labels = [row[2] for row in rows]
    saved = reports.comparison_sheet(story.rfq).savings.against_second
    if saved is not None:
        row = rows[labels.index("L1 against L2")]
        assert (money(D(str(row[3]))), f"{row[4]:.4f}") == (
            money(saved.amount), f"{saved.percent / 100:.4f}",
        )  # fmt: skip


def screen(story, query=""):
    address = reverse("rfqs:compare", args=[story.rfq.number]) + query
    return signed_in(story.buyer).get(address).content.decode()


def plain(markup):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def cells_of(page):
    """Texts of the cells of every line, by its position in the table."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [row for row in body.split("<tr>") if "<td" in row]
    return [[plain(cell) for cell in re.findall(r"<td.*?</td>", row)][2:] for row in rows]


def test_the_screen_says_the_same(story):
    sheet = reports.comparison_sheet(story.rfq)
    landed, totals = cells_of(screen(story, "?view=landed")), cells_of(screen(story, "?view=total"))

    for at, row in enumerate(sheet.lines):
        for n, cell in enumerate(row.cells):
            if cell.cost is None:
                continue
            figures = (format_money(cell.cost, BASE), format_rate(cell.effective_unit, BASE))
            assert all(figure in landed[at][n].split() for figure in figures)
            assert format_money(cell.basic, BASE) in totals[at][n].split()
            assert ("Lowest" in landed[at][n]) == cell.is_lowest


def test_the_foot_of_the_screen_says_the_same(story):
    sheet = reports.comparison_sheet(story.rfq)
    foot = screen(story).partition("<tfoot>")[2].partition("</tfoot>")[0]
    rows = {
        plain(label): [plain(cell) for cell in re.findall(r"<td.*?</td>", cells)][2:]
        for label, cells in re.findall(r"<th[^>]*>(.*?)</th>(.*?)</tr>", foot, re.DOTALL)
    }
    for label in rows.keys() & ON_PAGE.keys():
        for text, column in zip(rows[label], sheet.offers, strict=True):
            if column.key and not text.startswith(("Included", "Not stated")):
                assert text.split()[0] == format_money(getattr(column, ON_PAGE[label]), BASE), label
    for text, column in zip(rows["Difference to lowest"], sheet.offers, strict=True):
        if column.difference is not None:
            assert text.split()[1] == format_percent(column.difference_percent, signed=True)
    ranks = [f"L{one.rank}" if one.rank else "—" for one in sheet.offers]
    assert [text.split()[0] for text in rows["Rank"]] == ranks
    others = [
        format_money(None if c.other is None else c.other + c.clearing, BASE) for c in sheet.offers
    ]
    assert rows["Other and clearing"] == others


def in_order(text, figures):
    """The figures that do not come in their order."""
    at = 0
    for figure in figures:
        found = text.find(figure, at)
        if found < 0:
            return figure
        at = found + len(figure)
    return None


def test_the_pdf_says_the_same_line_by_line_and_at_its_foot(story):
    sheet = reports.comparison_sheet(story.rfq)
    reader = PdfReader(io.BytesIO(told(story.rfq, "pdf")))
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())

    for start in range(0, len(sheet.offers), 4):  # so many stand side by side
        offers = sheet.offers[start : start + 4]
        cells = [
            c for row in sheet.lines for c in row.cells[start : start + 4] if c.cost is not None
        ]
        figures = [
            figure
            for cell in cells
            for figure in (format_rate(cell.unit_price, BASE), format_money(cell.cost, BASE))
        ]
        names = (
            "basic",
            "packing",
            "insurance",
            "gst",
            "net_landed",
            "gross_landed",
            "loading",
            "evaluated",
        )
        foot = [format_money(getattr(one, name), BASE) for name in names for one in offers]
        foot += [f"L{one.rank}" for one in offers if one.rank]
        assert in_order(text, figures + foot) is None


def test_the_files_of_an_earlier_round_say_what_that_round_said():
    story = goods()
    before = json.loads(told(story.rfq, "json"))
    negotiating.begin_round(
        rfq_id=story.rfq.pk, supplier_ids=[story.suppliers[0].pk], by=story.buyer,
        deadline=timezone.now() + timedelta(days=1), text="once more",
    )  # fmt: skip
    story.rfq.refresh_from_db()

    earlier = rounds.as_of(story.rfq, 1)

    assert json.loads(papers.round_file(earlier, "json", NOW)) == before
