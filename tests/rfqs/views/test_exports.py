"""The list of requests as a file."""

import io

from python_calamine import load_workbook

from rfqs.exports import requests as table
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory
from tests.rfqs.views.test_lists import drafts, many, serials


def test_the_csv_holds_the_filtered_list_and_no_formula(as_buyer, buyer, site):
    drafts(buyer, site, "=HYPERLINK(1)", "Bearings, 5 kinds")
    drafts(BuyerFactory(sites=[site]), site, "A colleague's")

    response = as_buyer.get("/rfqs/export/", {"requester": "me", "sort": "number", "format": "csv"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert "attachment" in response["Content-Disposition"]
    assert [line.split(",", 2)[:2] for line in lines[1:]] == [
        [f"GP-{site.code}-001", "'=HYPERLINK(1)"],
        [f"GP-{site.code}-002", '"Bearings'],
    ]


def test_the_workbook_holds_numbers_as_numbers(db):
    story = stories.quoted(prices=("15.25", "18"))

    response = signed_in(story.buyer).get("/rfqs/export/", {"format": "xlsx"})

    head, row = load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert head[:4] == ["Number", "Title", "Type", "Site"]
    assert (row[0], row[5:9]) == (story.rfq.number, ["Quotes in", 2.0, 2.0, 1525.0])


def test_a_list_too_long_to_export_is_refused_on_the_list(as_buyer, buyer, site, monkeypatch):
    many(buyer, site, 3)
    monkeypatch.setattr(table, "MOST_ROWS", 2)

    response = as_buyer.get("/rfqs/export/")

    assert (response.status_code, serials(response)) == (422, [3, 2, 1])
    assert "more than 2 requests" in response.content.decode()
