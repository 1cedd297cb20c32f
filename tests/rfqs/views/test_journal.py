"""The auditor's search over the journal."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import NotAllowed
from rfqs import trail
from rfqs.actions import deciding
from tests import stories
from tests.applying import applying
from tests.conftest import signed_in
from tests.factories import ItemFactory, UserFactory

pytestmark = pytest.mark.django_db

JOURNAL = "/rfqs/journal/"


@pytest.fixture
def auditor():
    """A browser of somebody who only looks."""
    return signed_in(UserFactory(roles=[Role.AUDITOR.value]))


def found(client, **asked):
    response = client.get(JOURNAL, asked)
    return [row.verb for row in response.context["rows"]]


def exported(client, **asked):
    response = client.get(f"{JOURNAL}export/", asked)
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_newest_event_comes_first(auditor):
    story = stories.approved()

    response = auditor.get(JOURNAL)

    events = AuditEvent.objects.order_by("-at", "-pk")
    assert [row.told.at for row in response.context["rows"]] == [event.at for event in events]
    first = response.context["rows"][0]
    assert (first.told.who, first.verb, first.number, first.seq) == (
        story.approver.full_name, "rfq.approve", story.rfq.number, events[0].seq,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["email", "full_name"])
def test_it_is_searched_by_person(auditor, name):
    story = stories.approved()

    assert found(auditor, person=getattr(story.approver, name).upper()) == ["rfq.approve"]


def test_who_was_stood_in_for_is_found_too(auditor):
    person, deputy = UserFactory(full_name="Asha Rao"), UserFactory(full_name="Vik Shah")
    AuditEvent.objects.create(
        stream="s", actor=deputy, on_behalf_of=person, verb="x.y", object_type="t", object_id="s"
    )

    response = auditor.get(JOURNAL, {"person": "asha"})

    assert [row.told.who for row in response.context["rows"]] == ["Vik Shah for Asha Rao"]


@pytest.mark.parametrize(
    "thing",
    [
        lambda story: story.rfq.number.lower(),
        lambda story: story.rfq.orders.get().number,
        lambda story: str(story.rfq.pk),
    ],
    ids=["number", "order", "id"],
)
def test_it_is_searched_by_object(auditor, thing):
    story, _other = stories.approved(), stories.drafted()

    verbs = AuditEvent.objects.filter(stream=story.rfq.pk).order_by("-at", "-pk")

    assert found(auditor, thing=thing(story)) == list(verbs.values_list("verb", flat=True))


def test_it_is_searched_by_verb(auditor):
    stories.approved()

    assert found(auditor, verb="rfq.app") == ["rfq.approve"]
    assert found(auditor, verb="RFQ.PUBLISH") == ["rfq.publish"]


def test_it_is_searched_by_days_of_the_reader(auditor):
    stories.drafted()
    today = timezone.localdate()
    yesterday = today - timedelta(days=1)

    assert found(auditor, since=today.isoformat(), until=today.isoformat()) == found(auditor)
    assert found(auditor, until=yesterday.isoformat()) == []
    assert found(auditor, since=(today + timedelta(days=1)).isoformat()) == []


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "tomorrow"}, "day"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "The last day lies before the first."),
    ],
)
def test_days_that_cannot_be_are_said_and_narrow_nothing(auditor, asked, sentence):
    stories.drafted()

    for address in (JOURNAL, f"{JOURNAL}export/"):
        response = auditor.get(address, asked)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert len(response.context["rows"]) > 0


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_three_statements(auditor, count):
    item = ItemFactory()
    story = stories.drafted()
    for _n in range(count):
        journal.record("item.change", item, by=story.buyer, stream=story.rfq.pk)

    with CaptureQueriesContext(connection) as queries:
        response = auditor.get(JOURNAL, {"verb": "item.change"})

    assert (len(response.context["rows"]), len(queries)) == (count, 3)


def test_the_story_of_a_supplier_leads_to_it(auditor):
    story = applying()

    page = auditor.get(JOURNAL, {"verb": "supplier.ask"}).content.decode()

    assert f'<a href="/suppliers/{story.supplier.pk}/">{story.supplier.name}</a>' in page


def test_pages_go_on_after_the_last_row(auditor):
    item = ItemFactory()
    for n in range(60):
        journal.record(f"item.n{n:02d}", item, by=None)

    first = auditor.get(JOURNAL)
    second = auditor.get(JOURNAL + first.context["later"])

    verbs = [row.verb for page in (first, second) for row in page.context["rows"]]
    assert verbs == [f"item.n{n:02d}" for n in reversed(range(60))]


def test_a_swap_is_the_results_alone(auditor, htmx):
    stories.drafted()

    response = auditor.get(JOURNAL, headers=htmx)

    assert response.content.decode().lstrip().startswith('<section id="journal-results"')


def test_the_export_carries_the_hashes(auditor):
    story = stories.approved()

    table = exported(auditor, thing=story.rfq.number)

    events = AuditEvent.objects.filter(stream=story.rfq.pk).order_by("-seq")
    assert table[0] == trail.header()
    assert [(row[3], row[12], row[13]) for row in table[1:]] == [
        (str(event.seq), event.previous, event.hash) for event in events
    ]


def test_an_export_too_large_says_so(auditor, monkeypatch):
    stories.drafted()
    monkeypatch.setattr(trail, "MOST_ROWS", 1)

    response = auditor.get(f"{JOURNAL}export/")

    assert response.status_code == 422
    assert "Narrow the search" in response.content.decode()


def test_nothing_of_a_sealed_price_is_shown_or_exported(auditor):
    canary = Decimal("98765.43")
    story = stories.quoted(prices=(canary, "77777.77"), is_sealed=True)
    journal.record(
        "award.save", story.rfq, by=story.buyer, after={"lines": 1, "total": str(canary)}
    )

    texts = [
        auditor.get(JOURNAL, {"thing": story.rfq.number}).content.decode(),
        auditor.get(f"{JOURNAL}export/", {"thing": story.rfq.number}).content.decode(),
    ]

    written = ("98765.43", "98,765.43", "77777.77", "77,777.77")
    assert [price for text in texts for price in written if price in text] == []
    codes = [supplier.code for supplier in story.suppliers]
    quoted = exported(auditor, verb="quotation.capture")
    assert [code for row in quoted for code in codes if code in " ".join(row)] == []


def test_a_denied_attempt_is_found(auditor):
    story = stories.submitted()
    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, story.buyer)

    (row,) = auditor.get(JOURNAL, {"verb": "attempt.denied"}).context["rows"]

    assert (row.told.who, row.told.sentence) == (
        story.buyer.full_name,
        "was not allowed to: approve",
    )


def test_others_are_told_for_whom_it_is(as_buyer):
    response = as_buyer.get(JOURNAL)

    assert response.status_code == 403
    assert "for auditors" in response.content.decode()
