"""The editor of a request: with and without scripts, refused, overtaken, autosaved."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from rfqs.models import RFQ
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, ItemFactory, SiteFactory, UnitFactory
from tests.rfqs.views.pages import BOLT, draft_post, grid_post, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.drafted()


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def url(name, rfq):
    return reverse(f"rfqs:{name}", args=[rfq.number])


def test_a_new_request_needs_site_type_and_title(as_buyer, site):
    answer = as_buyer.post(
        "/rfqs/new/", {"site": site.pk, "commodity_type": "service", "title": "Overhaul"}
    )

    rfq = RFQ.objects.get()
    assert (rfq.title, rfq.commodity_type, rfq.number) == (
        "Overhaul",
        "service",
        f"GP-{site.code}-001",
    )
    assert (answer.status_code, answer.url) == (302, url("edit", rfq))


def new_post(site, rows, **facts):
    """The form of a new request with these rows."""
    head = {"site": site.pk, "commodity_type": "provided_data", "title": "Bolts"}
    return head | grid_post(rows) | facts


def test_a_new_request_takes_its_first_lines_along(as_buyer, site):
    rows = [BOLT, {}, BOLT | {"description": "Nut"}]

    answer = as_buyer.post("/rfqs/new/", new_post(site, rows))

    rfq = RFQ.objects.get()
    assert (answer.status_code, answer.url) == (302, url("edit", rfq))
    assert [line.description for line in rfq.lines.order_by("position")] == [
        BOLT["description"],
        "Nut",
    ]


def test_a_wrong_line_begins_no_request_and_everything_typed_stays(as_buyer, site):
    answer = as_buyer.post("/rfqs/new/", new_post(site, [BOLT | {"quantity": "many"}]))

    page = answer.content.decode()
    assert (answer.status_code, RFQ.objects.count()) == (422, 0)
    assert 'href="#id_l-0-quantity">Line 1, Quantity: “many” is not a number.' in page
    assert ('value="Bolts"' in page, 'value="many"' in page) == (True, True)


@pytest.mark.parametrize("button", ["switch", "add"])
def test_more_lines_or_another_type_begin_nothing(button, as_buyer, site):
    posted = new_post(site, [BOLT], commodity_type="service", **{button: "1"})

    answer = as_buyer.post("/rfqs/new/", posted)

    page = answer.content.decode()
    assert (answer.status_code, RFQ.objects.count()) == (200, 0)
    assert ('name="l-0-periods"' in page, 'name="l-0-item_code"' in page) == (True, False)
    assert f'value="{BOLT["description"]}"' in page


@pytest.mark.parametrize("lines", [1, 50])
def test_a_request_costs_the_same_statements_for_any_lines(lines, as_buyer, site):
    codes = [ItemFactory(unit_id="H87").code for _n in range(lines)]
    rows = [BOLT | {"item_code": code} for code in codes]
    posted = new_post(site, rows, once=str(uuid4()))

    with statements() as run:
        answer = as_buyer.post("/rfqs/new/", posted)

    assert (answer.status_code, RFQ.objects.get().line_count) == (302, lines)
    assert len(run) == 8


def test_a_new_request_at_a_foreign_site_is_not_offered_and_keeps_what_was_typed(as_buyer):
    answer = as_buyer.post(
        "/rfqs/new/",
        {"site": SiteFactory().pk, "commodity_type": "service", "title": "Overhaul"},
    )

    assert answer.status_code == 422
    assert answer.context["form"]["title"].value() == "Overhaul"
    assert "site" in answer.context["form"].errors


def test_only_buyers_begin_requests(approver):
    assert signed_in(approver).get("/rfqs/new/").status_code == 403


@pytest.mark.parametrize("name", ["edit", "autosave", "copy", "cancel"])
def test_strangers_see_nothing_and_nobody_goes_unsigned(story, name):
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))

    assert stranger.post(url(name, story.rfq)).status_code == 404
    assert Client().post(url(name, story.rfq)).status_code == 302


@pytest.mark.parametrize("name", ["edit", "autosave"])
def test_only_a_draft_can_be_edited(name):
    story = stories.opened()

    answer = signed_in(story.buyer).post(url(name, story.rfq), draft_post(story.rfq, [BOLT]))

    assert answer.status_code == 409
    assert "Only a draft can be changed" in answer.content.decode()


def test_saving_reads_numbers_and_units_as_people_write_them(story, browser):
    rows = [BOLT | {"unit": "h87"}, {}, BOLT | {"description": "Nut", "DELETE": "on"}]
    posted = draft_post(story.rfq, rows, deadline="2027-01-05T17:00", next="suppliers")

    answer = browser.post(url("edit", story.rfq), posted)

    assert (answer.status_code, answer.url) == (302, url("suppliers", story.rfq))
    line = story.rfq.lines.get()
    story.rfq.refresh_from_db()
    assert (line.quantity, line.gst_percent, line.unit_id) == (Decimal("1250.5"), 18, "H87")
    assert story.rfq.deadline.isoformat() == "2027-01-05T11:30:00+00:00"  # 17:00 at the site


def test_what_is_wrong_is_said_by_line_and_what_was_typed_stays(story, browser):
    rows = [BOLT, BOLT | {"quantity": "many", "unit": "furlongs"}]

    answer = browser.post(url("edit", story.rfq), draft_post(story.rfq, rows, title=""))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert [link.anchor for link in answer.context["links"]] == ["id_l-1-quantity", "id_l-1-unit"]
    assert 'href="#id_l-1-quantity">Line 2, Quantity: “many” is not a number.' in page
    assert 'value="furlongs"' in page
    assert "Title: Fill this in." in page
    assert story.rfq.lines.get().description == stories.GOODS_LINE["description"]


def test_more_lines_come_without_scripts_and_nothing_is_stored(story, browser):
    answer = browser.post(url("edit", story.rfq), draft_post(story.rfq, [BOLT], add="1"))

    assert (answer.status_code, answer.context["grid"].total) == (200, 6)
    assert 'value="1,250.5"' in answer.content.decode()
    assert story.rfq.lines.get().quantity == 100


def test_a_line_keeps_its_identity_and_what_the_grid_does_not_show(story, browser):
    line = story.rfq.lines.get()
    story.rfq.lines.update(drawing_number="D-7", last_price=5)

    browser.post(url("edit", story.rfq), draft_post(story.rfq, [BOLT | {"id": str(line.pk)}]))

    kept = story.rfq.lines.get()
    assert (kept.pk, kept.drawing_number, kept.last_price) == (line.pk, "D-7", 5)
    assert kept.description == "Hex bolt"


def test_a_catalogue_code_fills_what_the_line_leaves_open(story, browser):
    item = ItemFactory(description="Bearing 6205", hsn="84821090", gst_percent=18)
    row = {"item_code": item.code, "quantity": "2"}

    browser.post(url("edit", story.rfq), draft_post(story.rfq, [row]))

    line = story.rfq.lines.get()
    assert (line.description, line.unit_id, line.hsn, line.item) == (
        "Bearing 6205", "H87", "84821090", item,
    )  # fmt: skip


def test_an_unknown_code_fills_nothing(story, browser):
    row = {"item_code": "NEW-1", "quantity": "2", "unit": "H87"}

    answer = browser.post(url("edit", story.rfq), draft_post(story.rfq, [row]))

    assert [link.anchor for link in answer.context["links"]] == ["id_l-0-description"]


def test_somebody_quicker_is_shown_beside_what_was_typed(story, browser):
    line = story.rfq.lines.get()
    posted = draft_post(story.rfq, [BOLT | {"id": str(line.pk)}], title="Mine")
    browser.post(url("edit", story.rfq), draft_post(story.rfq, [BOLT], title="Theirs"))

    answer = browser.post(url("edit", story.rfq), posted)

    page = answer.content.decode()
    found = {one.name: (one.theirs, one.mine) for one in answer.context["differences"]}
    assert answer.status_code == 409
    assert found["title"] == ("Theirs", "Mine")
    assert ("Theirs" in page, 'value="Mine"' in page) == (True, True)

    again = posted | {"version": answer.context["rfq"].version}
    assert browser.post(url("edit", story.rfq), again).status_code == 302
    story.rfq.refresh_from_db()
    assert story.rfq.title == "Mine"


def test_autosave_saves_what_fits_and_names_the_new_lines(story, browser):
    answer = browser.post(url("autosave", story.rfq), draft_post(story.rfq, [{}, BOLT]))

    story.rfq.refresh_from_db()
    saved = answer.json()
    assert (saved["version"], saved["errors"]) == (story.rfq.version, {})
    assert saved["values"] == {"l-1-id": str(story.rfq.lines.get().pk)}
    assert saved["saved_at_text"][2] == ":"


def test_autosave_keeps_what_cannot_be_read_and_the_draft_opens_with_it(story, browser):
    rows = [BOLT | {"quantity": "many"}]

    answer = browser.post(url("autosave", story.rfq), draft_post(story.rfq, rows, title="Mine"))
    page = browser.get(url("edit", story.rfq))

    assert (answer.status_code, list(answer.json()["errors"])) == (200, ["l-0-quantity"])
    assert 'value="many"' in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    assert [link.anchor for link in page.context["links"]] == ["id_l-0-quantity"]


@pytest.mark.parametrize("name", ["title", "l-0-description", "l-0-unit", "l-0-quantity"])
def test_autosave_survives_a_character_that_is_no_text(story, browser, name):
    data = draft_post(story.rfq, [BOLT]) | {name: "1\0"}

    answer = browser.post(url("autosave", story.rfq), data)

    story.rfq.refresh_from_db()
    assert (answer.status_code, list(answer.json()["errors"])) == (200, [name])
    assert story.rfq.typed[name] == ["1"]


def test_autosave_says_what_is_stored_when_somebody_was_quicker(story, browser):
    posted = draft_post(story.rfq, [BOLT], title="Mine")
    browser.post(url("autosave", story.rfq), draft_post(story.rfq, [BOLT], title="Theirs"))

    answer = browser.post(url("autosave", story.rfq), posted)

    assert answer.status_code == 409
    assert answer.json()["theirs"]["title"] == {"label": "Title", "value": "Theirs"}
    assert answer.json()["reload_url"] == url("edit", story.rfq)


@pytest.mark.parametrize("lines", [1, 10, 40])
def test_saving_many_lines_asks_no_more_than_saving_one(lines, story, browser):
    story.rfq.lines.all().delete()
    RFQ.objects.update(line_count=0, invited_count=0)
    UnitFactory()
    ItemFactory(code="A-1")
    rows = [BOLT | {"item_code": "A-1", "description": f"Bolt {n}"} for n in range(lines)]

    with statements() as asked:
        answer = browser.post(url("edit", story.rfq), draft_post(story.rfq, rows))

    assert (answer.status_code, story.rfq.lines.count()) == (302, lines)
    # session, person, request, units; lock, items, lines, request, journal
    assert len(asked) == 8


def test_a_service_says_its_periods_and_a_trip_where_it_goes():
    service = stories.drafted(
        commodity_type="service",
        lines=[stories.GOODS_LINE | {"periods": 1, "period_unit": "once"}],
    )
    answer = signed_in(service.buyer).post(
        url("edit", service.rfq),
        draft_post(service.rfq, [BOLT | {"starts_on": "2026-12-02", "ends_on": "2026-12-01"}]),
    )

    assert [link.anchor for link in answer.context["links"]] == [
        "id_l-0-periods",
        "id_l-0-period_unit",
        "id_l-0-ends_on",
    ]


def test_a_copy_is_asked_for_first_and_opens_in_the_editor(story, browser, htmx):
    question = browser.get(url("copy", story.rfq))
    answer = browser.post(url("copy", story.rfq))
    dialog = browser.post(url("copy", story.rfq), headers=htmx)

    first, second = RFQ.objects.exclude(pk=story.rfq.pk).order_by("created_at")
    assert (question.status_code, answer.url) == (200, url("edit", first))
    assert (dialog.status_code, dialog["HX-Redirect"]) == (204, url("edit", second))
    assert first.invitations.count() == 2


def test_cancelling_needs_a_reason(story, browser, htmx):
    empty = browser.post(url("cancel", story.rfq), {"reason": " "})
    dialog = browser.get(url("cancel", story.rfq), headers=htmx)
    answer = browser.post(url("cancel", story.rfq), {"reason": "The plant is closed"})

    assert (empty.status_code, answer.status_code) == (422, 302)
    assert dialog.content.decode().lstrip().startswith("<form")
    story.rfq.refresh_from_db()
    assert (story.rfq.status, story.rfq.closing_reason) == ("cancelled", "The plant is closed")


def test_a_finished_request_cannot_be_cancelled():
    story = stories.approved()

    answer = signed_in(story.buyer).post(url("cancel", story.rfq), {"reason": "too late now"})

    assert answer.status_code == 409
    assert "too late now" in answer.content.decode()
