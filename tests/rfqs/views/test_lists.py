"""The list of requests: what it finds, in which order, at what cost."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from rfqs import listing
from rfqs.actions import drafting
from rfqs.models import RFQ
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, HeadFactory, SiteFactory, UnitFactory, UserFactory

LIST = "/rfqs/"


def drafts(buyer, site, *titles, **facts):
    """Drafts by these titles, the first one oldest, and further facts straight into the rows."""
    UnitFactory()
    made = [
        drafting.create(site_id=site.pk, commodity_type="provided_data", title=title, by=buyer)
        for title in titles
    ]
    RFQ.objects.filter(pk__in=[rfq.pk for rfq in made]).update(**facts)
    return made


def many(buyer, site, count):
    """Rows made in bulk, one second apart."""
    start = timezone.now() - timedelta(days=1)
    RFQ.objects.bulk_create(
        RFQ(
            number=f"GP-{site.code}-{n:03d}", serial=n, site=site, requester=buyer, title=f"Lot {n}",
            commodity_type="provided_data", created_at=start + timedelta(seconds=n),
        )
        for n in range(1, count + 1)
    )  # fmt: skip


def serials(response):
    """The serial numbers of the rows shown, in their order."""
    found = re.findall(r'<a href="/rfqs/GP-\w+-(\d+)/">', response.content.decode())
    return [int(serial) for serial in found]


def link(response, rel):
    (query,) = re.findall(rf'href="([^"]+)" hx-get="[^"]+" rel="{rel}"', response.content.decode())
    return LIST + query.replace("&amp;", "&")


def test_the_list_opens_on_the_buyers_own_requests(as_buyer, buyer, site):
    drafts(buyer, site, "Mine")
    drafts(BuyerFactory(sites=[site]), site, "A colleague's")

    assert serials(as_buyer.get(LIST)) == [1]
    assert serials(as_buyer.get(LIST, {"requester": "all"})) == [2, 1]
    assert serials(as_buyer.get(LIST, {"status": "draft"})) == [2, 1]


def test_other_sites_stay_out_of_sight_but_not_of_a_heads(as_buyer, buyer, site):
    other = SiteFactory()
    drafts(buyer, site, "Here")
    elsewhere = stories.opened(site=other).rfq

    assert serials(as_buyer.get(LIST, {"requester": "all"})) == [1]
    page = signed_in(HeadFactory()).get(LIST)
    assert re.findall(r'<a href="/rfqs/(GP-[\w-]+)/">', page.content.decode()) == [elsewhere.number]


def test_htmx_gets_the_table_and_the_tabs_with_the_address_to_show(as_buyer, buyer, site, htmx):
    drafts(buyer, site, "Bearings")

    response = as_buyer.get(LIST, {"q": "", "status": "draft", "requester": "me"}, headers=htmx)

    html = response.content.decode()
    assert html.lstrip().startswith('<section id="results"')
    assert ("<html" in html, 'id="views" class="viewbar" hx-swap-oob="true"' in html) == (
        False,
        True,
    )
    assert response["HX-Push-Url"] == "/rfqs/?status=draft&requester=me"
    assert "HX-Request" in response["Vary"]


def test_a_stranger_is_sent_to_sign_in(db, htmx):
    client = Client()

    assert client.get(LIST).url == "/accounts/login/?next=/rfqs/"
    response = client.get(LIST, headers=htmx)
    assert (response.status_code, response["HX-Redirect"][:16]) == (401, "/accounts/login/")


def test_who_has_no_role_is_told_so(db):
    response = signed_in(UserFactory()).get(LIST)

    assert (response.status_code, "You may not see any requests" in response.content.decode()) == (
        200,
        True,
    )


@pytest.mark.parametrize(
    ("query", "sentence"),
    [({}, "No requests yet"), ({"q": "nothing like it"}, "No request fits")],
)
def test_an_empty_list_says_why(as_buyer, query, sentence):
    assert sentence in as_buyer.get(LIST, query).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_two_statements_for_one_row_and_for_fifty(as_buyer, buyer, site, count):
    many(buyer, site, count)

    assert statements(as_buyer, LIST) == (count, 2)


def test_a_longer_list_costs_one_count_more_and_none_in_a_swap(as_buyer, buyer, site, htmx):
    many(buyer, site, 51)

    assert statements(as_buyer, LIST) == (50, 3)
    assert statements(as_buyer, LIST, headers=htmx) == (50, 2)


def statements(client, path, **options):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(path, **options)
    return len(serials(response)), len(queries)


def test_a_row_is_lean(as_buyer, buyer, site, htmx):
    many(buyer, site, 50)
    one, fifty = (
        len(as_buyer.get(LIST, {"size": "50", "q": q}, headers=htmx).content)
        for q in (f"GP-{site.code}-001", "")
    )

    assert (fifty - one) // 49 <= 900


def test_pages_follow_each_other_without_gaps_and_lead_back(as_buyer, buyer, site):
    many(buyer, site, 60)

    first = as_buyer.get(LIST, {"size": "25"})
    second = as_buyer.get(link(first, "next"))
    third = as_buyer.get(link(second, "next"))
    back = as_buyer.get(link(third, "prev"))

    assert serials(first) == list(range(60, 35, -1))
    assert serials(second) == list(range(35, 10, -1))
    assert serials(third) == list(range(10, 0, -1))
    assert serials(back) == serials(second)


@pytest.mark.parametrize("sort", ["closes", "-closes", "total", "-total", "status", "-status"])
def test_every_order_pages_through_all_rows_once_with_empty_values_last(
    as_buyer, buyer, site, sort
):
    many(buyer, site, 56)
    now = timezone.now()
    for serial in range(1, 31):
        RFQ.objects.filter(serial=serial).update(
            deadline=now + timedelta(hours=serial % 7), best_total=Decimal(serial % 5)
        )
    RFQ.objects.filter(serial__lte=9).update(status="cancelled", closing_reason="no need")

    page = as_buyer.get(LIST, {"size": "25", "sort": sort})
    seen = serials(page)
    while 'rel="next"' in page.content.decode():
        page = as_buyer.get(link(page, "next"))
        seen += serials(page)

    column = {"closes": "deadline", "total": "best_total", "status": "status"}[sort.lstrip("-")]
    values = dict(RFQ.objects.values_list("serial", column))
    known = [values[serial] for serial in seen if values[serial] is not None]
    assert sorted(seen) == list(range(1, 57))
    assert known == sorted(known, reverse=sort.startswith("-"))
    assert [values[serial] for serial in seen[len(known) :]] == [None] * (56 - len(known))


def test_the_sorted_column_says_so_and_turns_around(as_buyer, buyer, site):
    drafts(buyer, site, "One")

    html = as_buyer.get(LIST, {"sort": "closes"}).content.decode()

    assert re.findall(r'aria-sort="(\w+)"><a class="qf-sort" href="([^"]+)"', html) == [
        ("ascending", "?requester=all&amp;sort=-closes")
    ]


@pytest.mark.parametrize("cursor", ["nonsense", "a~b", "2026-01-01T00:00:00~x", "\0~\0"])
def test_a_broken_cursor_is_the_first_page(as_buyer, buyer, site, cursor):
    drafts(buyer, site, "One")

    assert serials(as_buyer.get(LIST, {"after": cursor})) == [1]


def test_search_finds_number_title_item_and_supplier(db):
    story = stories.drafted(lines=[stories.GOODS_LINE | {"item_code": "BRG-6205"}])
    other = stories.drafted(site=story.site, title="Gloves").rfq
    client = signed_in(story.buyer)
    everybody = {"requester": "all"}
    supplier = story.suppliers[0].name

    for text in ("bolts", story.rfq.number, "brg-62", supplier):
        assert serials(client.get(LIST, everybody | {"q": text})) == [story.rfq.serial]
    assert serials(client.get(LIST, everybody | {"q": "2"})) == [other.serial]
    page = client.get(LIST, everybody | {"q": "ab"})
    assert (serials(page), "at least three letters" in page.content.decode()) == ([2, 1], True)


def test_the_derived_statuses_partition_what_is_open(db):
    site = SiteFactory()
    silent, answered, closed = (
        stories.opened(site=site, title="Silent").rfq,
        stories.quoted(site=site, title="Answered").rfq,
        stories.opened(site=site, deadline=timezone.now() + timedelta(minutes=5)).rfq,
    )
    client = signed_in(BuyerFactory(sites=[site]))

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        found = {
            status: serials(client.get(LIST, {"status": status}))
            for status in ("open", "no_quotes", "quotes_in", "closed", "approved")
        }
    assert found == {
        "open": [closed.serial, answered.serial, silent.serial],
        "no_quotes": [silent.serial],
        "quotes_in": [answered.serial],
        "closed": [closed.serial],
        "approved": [],
    }


def test_filters_by_type_site_closing_and_value(as_buyer, buyer, site):
    second = SiteFactory(code="ZZ9")
    buyer.sites.add(second)
    cheap, dear = drafts(buyer, site, "Cheap", "Dear")
    (late,) = drafts(buyer, second, "Late")
    now = timezone.now()
    RFQ.objects.filter(pk=cheap.pk).update(best_total=Decimal(100), deadline=now)
    RFQ.objects.filter(pk=dear.pk).update(best_total=Decimal(2_00_000), commodity_type="service")
    RFQ.objects.filter(pk=late.pk).update(deadline=now + timedelta(days=90))
    day = timezone.localtime(now).date().isoformat()

    def titles(**query):
        html = as_buyer.get(LIST, {"requester": "me"} | query).content.decode()
        return re.findall(r"<p>(\w+)<td", html)

    assert titles(type="service") == ["Dear"]
    assert titles(site="ZZ9") == ["Late"]
    assert titles(closes_from=day, closes_to=day) == ["Cheap"]
    assert titles(least="1,000") == ["Dear"]
    assert titles(most="100") == ["Cheap"]


def test_closing_this_week_is_open_and_ahead(db):
    site = SiteFactory()
    soon = stories.opened(site=site).rfq
    stories.opened(site=site, deadline=timezone.now() + timedelta(days=20))
    stories.drafted(site=site)

    page = signed_in(BuyerFactory(sites=[site])).get(LIST, {"closing": "week"})

    assert serials(page) == [soon.serial]


def test_a_filter_that_cannot_be_read_is_reported_and_narrows_nothing(as_buyer, buyer, site):
    drafts(buyer, site, "One")

    page = as_buyer.get(LIST, {"requester": "me", "closes_from": "yesterday", "status": "odd"})

    assert (page.status_code, serials(page)) == (422, [1])
    assert 'id="id_closes_from_error"' in page.content.decode()


@pytest.mark.parametrize("page", [LIST, "/rfqs/export/"])
def test_a_day_beyond_the_calendar_narrows_nothing(page, as_buyer, buyer, site):
    drafts(buyer, site, "Bolts")

    answer = as_buyer.get(f"{page}?requester=all&closes_to=9999-12-31")

    assert b"Bolts" in answer.content


def test_chips_name_the_filters_and_take_them_away(as_buyer):
    html = as_buyer.get(LIST, {"q": "seal", "status": "pending"}).content.decode()

    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+) <svg', html)
    assert chips == [
        ("?status=pending&amp;requester=all", "“seal”"),
        ("?q=seal&amp;requester=all", "Awaiting approval"),
    ]


def test_the_badge_and_the_distance_tell_what_is_urgent(db):
    story = stories.quoted(deadline=timezone.now() + timedelta(hours=5))

    html = signed_in(story.buyer).get(LIST).content.decode()

    assert re.search(
        "<td><b class=s-quotes_in>Quotes in</b><td class=q5>2/2<i> quotes</i><td>", html
    )
    assert re.search("<i class=bad>in [45] hours</i>", html)


def test_a_sealed_request_shows_how_many_but_no_total(db):
    story = stories.quoted(is_sealed=True, prices=("777", "888"))

    html = signed_in(story.buyer).get(LIST).content.decode()

    assert ("2/2" in html, "77,700" in html, "88,800" in html) == (True, False, False)


def test_the_figures_of_a_row_come_from_the_comparison(db):
    line = stories.GOODS_LINE | {"last_price": Decimal(20)}
    story = stories.quoted(prices=("15", "18"), lines=[line])

    html = signed_in(story.buyer).get(LIST).content.decode()

    assert "<td>1,500.00<td class=dn>\N{MINUS SIGN}25.0%<td>" in html


def test_long_lists_are_counted_to_a_limit(as_buyer, buyer, site, monkeypatch):
    many(buyer, site, 52)
    monkeypatch.setattr(listing, "MOST_COUNTED", 51)

    assert "More than 51 requests" in as_buyer.get(LIST).content.decode()


def test_times_are_shown_in_the_readers_zone(as_buyer, buyer, site):
    moment = timezone.now().replace(month=6, day=1, hour=12, minute=0)
    drafts(buyer, site, "One", deadline=moment)
    buyer.time_zone = "America/New_York"
    buyer.save(update_fields=["time_zone"])

    assert "1 Jun, 08:00" in as_buyer.get(LIST).content.decode()


def test_an_auditor_sees_all_but_is_offered_nothing_new(db):
    rfq = stories.opened().rfq
    auditor = UserFactory(roles=[Role.AUDITOR.value])

    html = signed_in(auditor).get(LIST).content.decode()

    assert (rfq.number in html, "/rfqs/new/" in html) == (True, False)
