"""The back office as a whole: who gets in, what it costs, what it never tells."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import Role
from quoteflow import admin_site
from tests import stories
from tests.backoffice import entered, staff
from tests.conftest import signed_in
from tests.factories import (
    BuyerFactory,
    ContactFactory,
    ItemFactory,
    RateFactory,
    SiteFactory,
    SupplierFactory,
    UserFactory,
)

KEPT = ["accounts/site", "accounts/user", "suppliers/supplier", "rfqs/unit", "rfqs/item",
        "rfqs/exchangerate", "rfqs/taxrate", "rfqs/approvalpolicy"]  # fmt: skip
HISTORY = ["rfqs/rfq", "rfqs/quotation", "rfqs/award", "rfqs/approvalrequest", "rfqs/decision",
           "rfqs/purchaseorder", "audit/auditevent", "notifications/outboxmessage"]  # fmt: skip


@pytest.fixture
def office(db):
    return entered(staff())


def test_strangers_sign_in_first(db):
    answer = Client().get("/admin/")

    assert (answer.status_code, answer.url) == (302, "/admin/login/?next=/admin/")
    assert Client().get(answer.url).url == "/accounts/login/?next=/admin/"


@pytest.mark.parametrize("role", [*Role.values, None])
def test_nobody_else_gets_in(db, role):
    client = entered(UserFactory(roles=[role] if role else []))

    assert client.get("/admin/", follow=True).status_code == 403


def test_inactive_staff_is_nobody(office):
    user = office.get("/admin/").context["user"]
    user.is_active = False
    user.save()

    assert office.get("/admin/").status_code == 302


def test_a_password_entered_long_ago_is_asked_for_again(db):
    client = signed_in(staff())

    answer = client.get("/admin/", follow=True)

    assert answer.redirect_chain[-1][0] == "/accounts/reauthenticate/?next=/admin/"


def test_the_password_grows_old(office, monkeypatch):
    monkeypatch.setattr(admin_site, "RECENT_SECONDS", 0)

    assert office.get("/admin/").status_code == 302


@pytest.mark.parametrize("page", KEPT)
def test_master_data_is_listed_and_added(office, page):
    assert office.get(f"/admin/{page}/").status_code == 200
    assert office.get(f"/admin/{page}/add/").status_code == 200


@pytest.mark.parametrize("page", HISTORY)
def test_history_is_listed_and_nothing_else(office, page):
    stories.approved()
    listed = office.get(f"/admin/{page}/")
    row = listed.context["cl"].result_list[0]

    seen = office.get(f"/admin/{page}/{row.pk}/change/")
    posted = {
        kind: office.post(f"/admin/{page}/{kind}", {"status": "approved"}).status_code
        for kind in ("add/", f"{row.pk}/change/", f"{row.pk}/delete/")
    }

    assert listed.status_code == seen.status_code == 200
    assert seen.context["adminform"].form.fields == {}
    assert set(posted.values()) == {403}


def test_what_decides_is_read_only_everywhere():
    for model, options in admin.site._registry.items():
        if model._meta.app_label in ("rfqs", "audit", "notifications", "accounts", "suppliers"):
            assert isinstance(options, admin_site.History | admin_site.MasterData)
            assert options.list_editable == ()


def rows(page: str, count: int) -> None:
    """Add `count` rows to a list."""
    if page == "suppliers/supplier":
        ContactFactory.create_batch(count)
    elif page == "accounts/site":
        for _row in range(count):
            SiteFactory(head=UserFactory(roles=[Role.HEAD.value]))
    elif page == "rfqs/exchangerate":
        first = date(2021, 1, 1) + timedelta(days=count)
        for day in range(count):
            RateFactory(on=first + timedelta(days=day))
    else:
        (BuyerFactory if page == "accounts/user" else ItemFactory).create_batch(count)


@pytest.mark.parametrize("page", ["accounts/site", "accounts/user", "suppliers/supplier",
                                  "rfqs/exchangerate", "rfqs/item"])  # fmt: skip
def test_fifty_rows_cost_the_queries_of_one(office, page, django_assert_num_queries):
    rows(page, 1 if page != "accounts/user" else 0)  # the one who looks is a row
    with django_assert_num_queries(
        7, exact=False
    ) as asked:  # session, person, rights, filter, rows
        office.get(f"/admin/{page}/")
    rows(page, 49)
    with django_assert_num_queries(len(asked)):
        listed = office.get(f"/admin/{page}/")

    assert len(listed.context["cl"].result_list) == 50


@pytest.mark.parametrize("page", HISTORY)
def test_more_history_costs_no_more_queries(office, page, django_assert_num_queries):
    stories.approved()
    with django_assert_num_queries(8, exact=False) as asked:
        office.get(f"/admin/{page}/")
    for _more in range(3):
        stories.approved()
    with django_assert_num_queries(len(asked)):
        office.get(f"/admin/{page}/")


def test_a_list_counts_only_so_far(office, monkeypatch):
    SupplierFactory.create_batch(3)
    monkeypatch.setattr(admin_site, "MOST_COUNTED", 2)

    assert office.get("/admin/suppliers/supplier/").context["cl"].result_count == 2
