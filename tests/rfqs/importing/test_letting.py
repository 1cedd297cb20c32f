"""A real letting of public works through the import commands: our ranks are the publisher's.

Indiana DOT, bids of 2026-05-07: ten contracts, 832 pay items, unit prices of every bidder.
"""

import csv
from collections import defaultdict

import pytest
from django.conf import settings

from rfqs import reports
from rfqs.comparison import Conditions, build, cheapest
from rfqs.importing import units
from rfqs.models import RFQ
from tests.factories import BuyerFactory, SiteFactory
from tests.running import bring_in

SOURCE = settings.BASE_DIR.parent / "shared" / "data" / "procurement" / "indot_2026-05-07.csv"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SOURCE.is_file(), reason="the shared letting data is not here"),
]


def bids():
    """{contract: {bidder: its rows in the order of the file}}; pay items repeat in a contract."""
    contracts = defaultdict(lambda: defaultdict(list))
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            contracts[row["ProjectID"]][row["Bidder Name"]].append(row)
    return contracts


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def supplier_rows(codes):
    return [{"vendor_code": code, "name": name} for name, code in codes.items()]


def request_rows(contracts, codes):
    return [
        {
            "rfq_ref": contract, "site": "INDOT", "commodity_type": "provided_data",
            "title": row["Job Desc"], "deadline": "2099-05-07 10:00",
            "suppliers": ";".join(codes[bidder] for bidder in bidders),
            "line_no": number, "item_code": row["Pay Item"], "description": row["Description"],
            "quantity": row["Quantity"], "uom": row["Unit"],
        }
        for contract, bidders in contracts.items()
        for number, row in enumerate(next(iter(bidders.values())), start=1)
    ]  # fmt: skip


def quotation_rows(contracts, codes):
    return [
        {
            "rfq": contract, "supplier": codes[bidder], "currency": "INR", "freight": "included",
            "gst_scheme": "unregistered", "line_no": number, "unit_price": row["Unit Price"],
        }
        for contract, bidders in contracts.items()
        for bidder, rows in bidders.items()
        for number, row in enumerate(rows, start=1)
    ]  # fmt: skip


def test_ranks_are_those_of_the_publisher(tmp_path):
    units.load()
    buyer = BuyerFactory(sites=[SiteFactory(code="INDOT")])
    contracts = bids()
    names = sorted({bidder for bidders in contracts.values() for bidder in bidders})
    codes = {name: f"B{number:02d}" for number, name in enumerate(names, start=1)}
    files = [
        ("import_suppliers", write(tmp_path / "suppliers.csv", supplier_rows(codes)), []),
        ("import_rfqs", write(tmp_path / "rfqs.csv", request_rows(contracts, codes)),
         ["--publish", "--as", buyer.email]),
        ("import_quotations", write(tmp_path / "bids.csv", quotation_rows(contracts, codes)), []),
    ]  # fmt: skip

    outcomes = [bring_in(command, path, *options) for command, path, options in files]

    assert [(outcome.failure, outcome.counts) for outcome in outcomes] == [
        ("", (22, 0, 0)), ("", (10, 0, 0)), ("", (33, 0, 0)),
    ]  # fmt: skip
    ranks = {
        (rfq.reference, column.supplier_name): column.rank
        for rfq in RFQ.objects.all()
        for column in reports.comparison_sheet(rfq).offers
    }
    assert ranks == {
        (contract, bidder): int(rows[0]["Pos"])
        for contract, bidders in contracts.items()
        for bidder, rows in bidders.items()
    }
    totals = {
        (rfq.reference, column.supplier_name): column.evaluated
        for rfq in RFQ.objects.filter(reference="B -43355-A")
        for column in reports.comparison_sheet(rfq).offers
    }
    assert str(totals["B -43355-A", "RIETH-RILEY CONSTRUCTION CO., INC."]) == "1855375.11"

    for rfq in RFQ.objects.all():
        inputs = reports.comparison_inputs(rfq)
        sheet, found = build(inputs), cheapest(inputs, seconds=60)
        assert (found.proven, found.unquoted) == (True, ())
        assert found.award.total <= min(column.evaluated for column in sheet.offers)
        assert found.award.total <= sheet.split.full_total
        two = cheapest(inputs, Conditions(max_suppliers=2), seconds=60)
        assert (two.proven, len(two.award.by_offer) <= 2) == (True, True)

    again = [bring_in(command, path, *options) for command, path, options in files]

    assert [outcome.counts for outcome in again] == [(0, 0, 22), (0, 0, 10), (0, 0, 33)]
    assert {outcome.out.splitlines()[-1] for outcome in again} == {
        "Nothing changed: everything in the file was there already."
    }
