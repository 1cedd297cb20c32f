"""One request, read: what each tab tells, to whom, and what stays sealed."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from rfqs.actions import deciding, drafting, sourcing
from rfqs.models import ApprovalStep
from tests import pasts, stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, ItemFactory, UserFactory

TITLE = re.compile("<title>(.*?)</title>")
TABS = ("", "lines/", "quotations/", "files/", "activity/")


def page(story, tab="", user=None, **options):
    return signed_in(user or story.buyer).get(f"/rfqs/{story.rfq.number}/{tab}", **options)


def text(response):
    """What a reader sees, without tags."""
    bare = re.sub(r"<(script|template|svg).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def front(response):
    """The labels of the actions in front, and of those that wait with their reason."""
    html = response.content.decode()
    actions = re.search(r'<div class="actions">(.*?)(<details|</div>\s*</div>)', html, re.DOTALL)[1]
    labels = re.findall(r"</svg> ([^<]+?)</(?:a|button)>", actions)
    waiting = re.findall(r"<strong>([^<]+)</strong> is not possible now: ([^<]+)<", html)
    return labels, waiting


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_a_page_and_a_region(db, htmx, tab):
    story = stories.quoted()

    whole, region = page(story, tab), page(story, tab, headers=htmx)

    assert (whole.status_code, whole.content.decode().count("<h1>")) == (200, 1)
    assert region.content.decode().lstrip().startswith('<section id="panel">')
    assert whole.content.decode().count('aria-current="page"') == 2
    titles = [TITLE.findall(answer.content.decode()) for answer in (whole, region)]
    name = f" {tab.strip('/').capitalize()}," if tab else ""
    heading = f"{story.rfq.number}{name} {story.rfq.title} – QuoteFlow"
    assert titles == [[heading], [heading]]


def test_further_suppliers_are_asked_only_until_the_closing_time(db):
    story = stories.opened()
    before = text(page(story))
    pasts.close(story.rfq)

    assert ["Ask further suppliers" in one for one in (before, text(page(story)))] == [True, False]


@pytest.mark.parametrize("tab", TABS)
def test_strangers_see_no_tab(db, tab):
    story = stories.quoted()

    assert page(story, tab, user=BuyerFactory(sites=[])).status_code == 404
    assert Client().get(f"/rfqs/{story.rfq.number}/{tab}").status_code == 302


def test_the_overview_tells_who_was_asked_and_when_it_closes(db):
    story = stories.quoted()

    told = text(page(story))

    assert all(supplier.name in told for supplier in story.suppliers)
    assert told.count("Quoted") == 2
    assert "in 23 hours" in told or "in 24 hours" in told


def test_the_approval_route_and_the_award_with_its_orders_are_told(db):
    item = ItemFactory()
    line = stories.GOODS_LINE | {"item_code": item.code}
    story = stories.approved(lines=[line], prices=("10",))

    told = text(page(story))

    order = story.rfq.orders.get()
    assert f"1. Approver Approved {story.approver}" in told
    assert (order.number in told, "Total 1,000.00" in told) == (True, True)
    assert "The catalogue remembers this price." in told
    assert "Single bid: agreed with the plant head" in told


def test_a_draft_award_shows_to_buyers_alone(db):
    story = stories.picked()
    auditor = UserFactory(roles=[Role.AUDITOR.value])

    assert (
        "Draft award" in text(page(story)),
        "Draft award" in text(page(story, user=auditor)),
    ) == (
        True,
        False,
    )


@pytest.mark.parametrize("count", [1, 6])
def test_the_overview_takes_seven_statements(db, count):
    lines = [stories.GOODS_LINE] * count
    story = stories.approved(lines=lines, prices=tuple(range(10, 10 + count)))
    client = signed_in(story.buyer)

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/rfqs/{story.rfq.number}/")

    assert len(queries) == 7


@pytest.mark.parametrize(
    ("tab", "most"), [("lines/", 3), ("quotations/", 3), ("files/", 3), ("activity/", 4)]
)
def test_the_tabs_take_the_same_statements_for_one_and_many(db, tab, most):
    counts = []
    for number in (1, 4):
        story = stories.quoted(
            lines=[stories.GOODS_LINE] * number, prices=tuple(range(10, 10 + number))
        )
        client = signed_in(story.buyer)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/rfqs/{story.rfq.number}/{tab}")
        counts.append(len(queries))

    assert counts == [most, most]


def test_actions_follow_the_state(db):
    offered = {
        story.rfq.status: front(page(story))
        for story in (stories.drafted(), stories.quoted(), stories.evaluated(), stories.submitted())
    }

    assert offered == {
        "draft": (["Edit", "Check and publish"], []),
        "open": (["Add quotation", "Begin evaluation", "Extend", "Addendum", "Compare"], []),
        "evaluation": (["Compare and pick", "Submit award", "Another round"], []),
        "pending": (["Withdraw award", "Compare"], []),
    }


def test_what_is_not_possible_yet_says_why(db):
    silent, sealed = stories.opened(), stories.quoted(is_sealed=True)

    assert front(page(silent))[1] == [
        ("Begin evaluation", "there is no quotation yet."),
        ("Compare", "there is no quotation yet."),
    ]
    assert front(page(sealed))[1] == [
        ("Open the quotations", "a sealed request is opened after its closing time."),
        ("Compare", "the prices are sealed until the opening."),
    ]


def test_after_the_closing_time_nothing_is_added(db):
    story = stories.quoted(deadline=timezone.now() + timedelta(minutes=5))

    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        labels, waiting = front(page(story))

    assert labels == ["Begin evaluation", "Compare"]
    assert waiting == [
        ("Add quotation", "the closing time has passed."),
        ("Extend", "the closing time has passed."),
        ("Addendum", "the closing time has passed."),
    ]


def test_a_decided_step_can_no_longer_be_withdrawn(db):
    story = stories.submitted(prices=("3000", "3100"))
    story.decide(deciding.approve, story.approver)

    assert front(page(story))[1] == [
        ("Withdraw award", "somebody has decided already; ask them to return it.")
    ]


def test_the_approver_whose_turn_it_is_may_decide(db):
    story = stories.submitted()

    assert front(page(story, user=story.approver))[0] == ["Decide", "Compare"]
    assert ApprovalStep.objects.get().status == "active"
    assert front(page(story, user=story.buyer))[0] == ["Withdraw award", "Compare"]


def test_an_auditor_is_offered_nothing_but_the_comparison(db):
    story = stories.quoted()

    assert front(page(story, user=UserFactory(roles=[Role.AUDITOR.value]))) == (["Compare"], [])


@pytest.mark.parametrize(
    ("kind", "line", "cells"),
    [
        ("provided_data", stories.GOODS_LINE, ["100 pc", "18.00%"]),
        (
            "service",
            stories.GOODS_LINE | {"periods": 4, "period_unit": "quarter"},
            ["100 pc", "4 × Quarter"],
        ),
        (
            "transport",
            {
                "description": "Milk run", "unit_id": "H87", "from_location": "Chakan",
                "to_location": "Hosur", "vehicle_size": "14 ft", "trips_per_month": 26, "months": 12,
            },
            ["Chakan", "Hosur", "14 ft", "26 a month × 12"],
        ),
    ],
)  # fmt: skip
def test_lines_have_the_columns_of_their_kind(db, kind, line, cells):
    story = stories.drafted(commodity_type=kind, lines=[line])

    html = page(story, "lines/").content.decode()

    found = re.findall(r'<td class="(?:num)?" data-l="[^"]+">([^<]*)</td>', html)
    assert found[: len(cells)] == cells


def test_quotations_keep_every_revision_and_say_who_typed_them(db):
    story = stories.quoted(prices=("10",))
    stories.quote(story, story.suppliers[0], "9")

    response = page(story, "quotations/")

    rows = re.findall(
        r'<tr (?:class="(gone)")?>.*?revision (\d)', response.content.decode(), re.DOTALL
    )
    assert rows == [("", "2"), ("gone", "1")]
    assert text(response).count("Entered by buyer E-mail") == 2


@pytest.mark.parametrize("tab", TABS)
def test_before_the_opening_nobody_learns_whose_quotation_or_what_price(db, tab):
    story = stories.opened(is_sealed=True, suppliers=3)
    stories.quote(story, story.suppliers[1], "777.77", quote_ref="REF-B")

    for user in (story.buyer, UserFactory(roles=[Role.AUDITOR.value])):
        told = text(page(story, tab, user=user))
        assert [
            word for word in ("777.77", "REF-B", "Quoted", "Entered by buyer") if word in told
        ] == []
    if tab == "":
        assert told.count("Sent") == 3
    if tab == "quotations/":
        assert "1 sealed quotation is in" in told


def test_activity_tells_the_story_in_sentences_newest_first(db):
    story = stories.quoted(prices=("10",))
    sourcing.extend(
        rfq_id=story.rfq.pk,
        deadline=story.rfq.deadline + timedelta(days=1),
        by=story.buyer,
        reason="the drawing was late",
    )
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="The line stands still")

    response = page(story, "activity/")

    code = story.suppliers[0].code
    sentences = re.findall(r"</strong> ([^<]+)</p>", response.content.decode())
    assert sentences == [
        "cancelled the request",
        "moved the closing time",
        f"entered the quotation of {code}, revision 1 (E-mail)",
        "published it and asked 1 supplier",
        f"chose the suppliers {code}",
        "changed the lines",
        "began the request",
    ]
    assert "The line stands still" in text(response)
    assert "<del>" in response.content.decode()
