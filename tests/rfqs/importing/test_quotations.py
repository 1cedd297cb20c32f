"""import_quotations: offers entered by a buyer, with the file as their source."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from rfqs import reports
from rfqs.comparison import Flag
from rfqs.models import RFQ, Attachment, Quotation
from tests import stories
from tests.factories import BuyerFactory, SupplierFactory
from tests.running import bring_in, refused

GST = Flag.GST_FROM_REQUEST
HEADINGS = (
    "rfq,supplier,currency,quote_ref,freight,payment_terms,quoted_at,pf_percent,pf_amount,line_no,"
    "unit_price,make\n"
)


@pytest.fixture
def story(db):
    """An open request with two lines and two suppliers."""
    return stories.opened(lines=[stories.GOODS_LINE, stories.GOODS_LINE])


@pytest.fixture
def file(tmp_path):
    def write(rows, headings=HEADINGS, name="offers.csv"):
        path = tmp_path / name
        path.write_text(headings + rows, encoding="utf-8")
        return path

    return write


def row(story, line=1, price="10", supplier=0, **cells):
    """One row of the file for a supplier of the story."""
    facts = {
        "rfq": story.rfq.number, "supplier": story.suppliers[supplier].code, "currency": "INR",
        "quote_ref": "Q/1", "freight": "included", "payment_terms": "100%@30", "quoted_at": "2026-01-02",
        "pf_percent": "", "pf_amount": "", "line_no": line, "unit_price": price, "make": "",
    }  # fmt: skip
    return ",".join(str(value) for value in (facts | cells).values()) + "\n"


def test_quotations_are_captured_with_the_file_as_source(file, story):
    path = file(row(story) + row(story, 2, "") + row(story, 1, "9", 1) + row(story, 2, "0", 1))

    assert bring_in("import_quotations", path).counts == (2, 0, 0)

    first = Quotation.objects.get(supplier=story.suppliers[0])
    assert (first.channel, first.entered_by, first.quote_ref, first.quoted_on, first.tranches) == (
        "sheet", story.buyer, "Q/1", date(2026, 1, 2), [["100", 30]],
    )  # fmt: skip
    assert list(first.lines.order_by("line__position").values_list("unit_price", flat=True)) == [
        Decimal(10),
        None,
    ]
    source = Attachment.objects.get()
    assert (source.kind, source.name, first.source) == ("source", "offers.csv", source)
    assert _content(source) == path.read_bytes()
    story.rfq.refresh_from_db()
    assert (story.rfq.quotation_count, story.rfq.best_total) == (2, Decimal("900.00"))


def test_what_the_supplier_wrote_beside_a_line_is_kept_and_checked(file, story):
    headings = HEADINGS.strip() + ",stated_total,discount_on_full_order\n"
    said = [
        row(story).strip() + ",999,yes\n",  # 100 x 10 is 1,000
        row(story, 2, "5").strip() + ",500,yes\n",
    ]
    bring_in("import_quotations", file("".join(said), headings))

    sheet = reports.comparison_sheet(story.rfq)
    assert [row.cells[0].flags for row in sheet.lines] == [(Flag.CORRECTED, GST), (GST,)]
    assert (sheet.lines[0].cells[0].offered.stated_total, sheet.lines[0].cells[0].basic) == (
        Decimal(999),
        Decimal("1000.00"),
    )
    assert Quotation.objects.get().discount_on_full_order is True


def test_a_second_run_changes_nothing_and_another_price_is_a_new_revision(file, story):
    both = row(story) + row(story, 2)
    bring_in("import_quotations", file(both))

    again = bring_in("import_quotations", file(both))
    changed = bring_in("import_quotations", file(row(story, price="8") + row(story, 2)))

    assert (again.counts, changed.counts) == ((0, 0, 1), (0, 1, 0))
    assert list(Quotation.objects.order_by("revision").values_list("revision", "status")) == [
        (1, "superseded"),
        (2, "submitted"),
    ]
    assert Attachment.objects.count() == 2


def test_a_known_quotation_of_a_closed_request_is_still_unchanged(file, story):
    bring_in("import_quotations", file(row(story)))
    RFQ.objects.update(status="evaluation")

    assert bring_in("import_quotations", file(row(story))).counts == (0, 0, 1)
    assert refused("import_quotations", file(row(story, price="7"))) == [
        "line 2: The request is “Evaluation” and takes no quotations."
    ]


def test_each_request_keeps_only_its_own_rows(file, story):
    other = stories.opened()
    bring_in("import_quotations", file(row(story) + row(other, price="77")))

    kept = {a.rfq.number: (a.name, _content(a).decode()) for a in Attachment.objects.all()}
    name, text = kept[story.rfq.number]
    assert (name, "77" in text, len(text.splitlines())) == (
        f"offers-{story.rfq.number}.csv",
        False,
        2,
    )


def test_the_request_is_named_by_number_or_by_the_outside_reference(file, story):
    RFQ.objects.filter(pk=story.rfq.pk).update(reference="PR-9")

    assert bring_in("import_quotations", file(row(story, rfq="PR-9"))).counts == (1, 0, 0)


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"freight": "5"}, ("column freight: “5” disagrees with “included” on line 2, which is of the same "
         "document. Write the same on both lines.")),
        ({"line": 1}, "column line_no: Line 1 stands on line 2 of the file already."),
        ({"price": "-4"}, "column unit_price: “-4” has a sign. Write a number of zero or more, without a sign."),
        ({"price": "1.23456"}, "column unit_price: “1.23456” has 5 decimals; at most 4 are allowed here."),
        ({"quote_ref": "Q/2", "payment_terms": "soon"}, ("column payment_terms: “soon” is no payment term. "
         "Write share@days, such as 30%@-10;70%@30.")),
        ({"quote_ref": "Q/2", "freight": "free"}, ("column freight: “free” is not a number. Write digits such as "
         "1200.50; no letters, no exponent. Or write “included”; leave it empty where nothing is stated.")),
        ({"quote_ref": "Q/2", "currency": "RS"}, ("column currency: “RS” is not a currency. Write its three "
         "letters (ISO 4217), such as INR.")),
        ({"quote_ref": "Q/2", "pf_percent": "2", "pf_amount": "50"}, ("column pf_amount: Packing is a percentage "
         "or an amount, not both. Empty one of the two.")),
        ({"rfq": "GP-X-1"}, ("column rfq: There is no request “GP-X-1” that the acting buyer sees. Write its "
         "number or rfq_ref, or name a buyer of its site with --as.")),
        ({"quote_ref": "Q/2", "supplier_code": "V-X"}, ("column supplier: There is no supplier V-X. Import the "
         "suppliers first, or correct it.")),
    ],
)  # fmt: skip
def test_a_bad_row_refuses_the_file(file, story, cells, complaint):
    facts = {"line": 2} | cells
    code = facts.pop("supplier_code", story.suppliers[0].code)
    bad = row(story, **facts).replace(story.suppliers[0].code, code)

    assert refused("import_quotations", file(row(story) + bad)) == [f"line 3, {complaint}"]
    assert (Quotation.objects.count(), Attachment.objects.count()) == (0, 0)


def test_a_line_the_request_has_not_is_refused(file, story):
    assert refused("import_quotations", file(row(story, 3))) == [
        f"line 2, column line_no: {story.rfq.number} has no line 3; its lines are 1 to 2."
    ]


def test_a_column_of_another_kind_is_refused(file, story):
    headings = HEADINGS.strip() + ",rate_basis\n"

    assert refused("import_quotations", file(row(story).strip() + ",per_km\n", headings)) == [
        (
            f"line 2, column rate_basis: {story.rfq.number} is a request of another kind and has no such column. "
            "Empty it."
        )
    ]


def test_drafts_and_uninvited_suppliers_are_refused_and_no_file_stays(file, story):
    draft, stranger = stories.drafted(), SupplierFactory(code="V-X")
    story.suppliers.append(stranger)
    before = set(_stored())

    assert refused("import_quotations", file(row(story) + row(draft) + row(story, supplier=2))) == [
        "line 3: The request is still a draft. Publish it before quotations come in.",
        "line 4: This supplier was not asked. Add the supplier to the request first.",
    ]
    assert (Quotation.objects.count(), set(_stored())) == (0, before)


def test_a_buyer_of_another_site_may_not(file, story):
    stranger = BuyerFactory()

    assert refused("import_quotations", file(row(story)), "--as", stranger.email) == [
        (
            f"line 2, column rfq: There is no request “{story.rfq.number}” that the acting buyer sees. Write its "
            "number or rfq_ref, or name a buyer of its site with --as."
        )
    ]


def test_a_dry_run_writes_nothing(file, story):
    before = set(_stored())
    outcome = bring_in("import_quotations", file(row(story)), "--dry-run")

    assert (outcome.counts, Quotation.objects.count(), set(_stored())) == ((1, 0, 0), 0, before)


def _content(attachment):
    with default_storage.open(attachment.path) as stored:
        return stored.read()


def _stored():
    """Every file in the store."""
    root = Path(default_storage.path(""))
    return [str(path) for path in root.rglob("*") if path.is_file()]
