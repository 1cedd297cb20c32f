"""Filters of the list that a person keeps as tabs."""

import re

import pytest
from django.test import Client


def test_a_view_is_kept_shown_as_current_and_removed(as_buyer, buyer):
    kept = as_buyer.post("/rfqs/views/save/", {"name": "Seals", "query": "?q=seal&status=open"})

    assert kept.url == "/rfqs/?q=seal&status=open&requester=all"
    html = as_buyer.get(kept.url).content.decode()
    assert re.findall(r'aria-current="page"><svg.*?</svg>(\w+)</a>', html) == ["Seals"]
    as_buyer.post("/rfqs/views/remove/", {"name": "Seals"})
    buyer.refresh_from_db()
    assert buyer.saved_views == []


def test_a_view_without_a_name_is_refused_and_the_filter_stays(as_buyer, buyer):
    response = as_buyer.post("/rfqs/views/save/", {"name": " ", "query": "?status=pending"})

    html = response.content.decode()
    assert (response.status_code, "Give the view a name" in html) == (422, True)
    assert '<option value="pending" selected>' in html
    assert (as_buyer.get("/rfqs/views/save/").status_code, buyer.saved_views) == (405, [])


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "Give the view a name"), ("x" * 41, "at most 40 characters")]
)
def test_a_name_that_does_not_fit_a_tab_is_said(as_buyer, buyer, name, sentence):
    data = {"name": name, "query": "?status=pending"}

    response = as_buyer.post("/rfqs/views/save/", data)

    buyer.refresh_from_db()
    assert (response.status_code, sentence in response.content.decode()) == (422, True)
    assert buyer.saved_views == []


def test_a_thirteenth_view_is_refused_and_one_of_the_same_name_replaced(as_buyer, buyer):
    for n in range(12):
        as_buyer.post("/rfqs/views/save/", {"name": f"View {n}", "query": "?q=seal"})

    refused = as_buyer.post("/rfqs/views/save/", {"name": "One more", "query": "?q=bolt"})
    replaced = as_buyer.post("/rfqs/views/save/", {"name": "View 3", "query": "?q=bolt"})

    buyer.refresh_from_db()
    assert (refused.status_code, replaced.status_code) == (422, 302)
    assert "Twelve saved views are the limit." in refused.content.decode()
    assert len(buyer.saved_views) == 12


@pytest.mark.parametrize("path", ["/rfqs/views/save/", "/rfqs/views/remove/"])
def test_a_stranger_keeps_and_removes_no_view(db, path):
    answer = Client().post(path, {"name": "Seals"})

    assert answer.url.startswith("/accounts/login/")


def test_removing_a_view_that_is_gone_changes_nothing(as_buyer, buyer):
    as_buyer.post("/rfqs/views/save/", {"name": "Seals", "query": "?q=seal"})

    answer = as_buyer.post("/rfqs/views/remove/", {"name": "Gaskets"})

    buyer.refresh_from_db()
    assert (answer.url, [one["name"] for one in buyer.saved_views]) == ("/rfqs/", ["Seals"])
