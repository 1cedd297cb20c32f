"""The frame of every page: who sees which links, and how it is set."""

import json
import re
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string


def page(rf, template: str = "base.html", **user: object) -> str:
    request: HttpRequest = rf.get("/rfqs/")
    request.user = SimpleNamespace(is_authenticated=bool(user), **user)
    return render_to_string(template, {"messages": []}, request)


def test_htmx_may_neither_evaluate_nor_leave_the_site(rf):
    (config,) = re.findall(r"name=\"htmx-config\"\s+content='([^']+)'", page(rf))

    settings = json.loads(config)
    off = ["allowEval", "allowScriptTags", "includeIndicatorStyles", "historyRestoreAsHxRequest"]
    assert [settings[name] for name in off] == [False] * 4
    assert (settings["selfRequestsOnly"], settings["historyCacheSize"]) == (True, 0)
    swapped = [rule["code"] for rule in settings["responseHandling"] if rule["swap"]]
    assert swapped == ["[23]..", "422", "409", "507"]


def test_the_page_wears_what_its_reader_chose(rf):
    html = page(rf, theme="dark", density="comfortable", shortcuts=False, email="a@example.org")

    (opening,) = re.findall(r"<html[^>]*>", html)
    assert re.findall(r'data-(\w+)="(\w+)"', opening) == [
        ("theme", "dark"),
        ("density", "comfortable"),
        ("shortcuts", "off"),
    ]


def test_a_stranger_sees_the_name_and_no_menus(rf):
    html = page(rf)

    assert ("QuoteFlow" in html, "data-qf-menu" in html, 'data-theme="system"' in html) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("flags", "links"),
    [
        (["is_buyer"], ["Requests", "Suppliers", "Catalogue", "Orders"]),
        (["is_approver"], ["Requests", "Approvals", "Orders"]),
        (["is_approver", "is_head"], ["Requests", "Approvals", "Orders", "Turnaround"]),
        (
            ["is_auditor", "is_staff"],
            ["Requests", "Suppliers", "Catalogue", "Orders", "Turnaround", "Journal", "Admin"],
        ),
        (["is_supplier"], ["Invitations"]),
    ],
)
def test_the_bar_shows_the_pages_of_the_role(rf, flags, links):
    html = page(rf, email="a@example.org", **dict.fromkeys(flags, True))

    (bar,) = re.findall(r'class="mainnav">(.*?)</nav>', html, flags=re.DOTALL)
    assert re.findall(r"<a [^>]*>(\w+)", bar) == links


@pytest.mark.parametrize(
    "template", ["403.html", "403_csrf.html", "404.html", "429.html", "refused.html"]
)
def test_error_pages_stand_without_a_user(rf, template):
    html = render_to_string(template, {}, rf.get("/"))

    assert html.count("<h1>") == 1


def test_the_last_error_page_needs_neither_request_nor_database():
    html = render_to_string("500.html")

    assert html.count("<h1>") == 1
