"""Quotations: captured, revised, late, disqualified."""

import contextlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from rfqs.actions import opening, quoting
from rfqs.actions.quoting import NotOpen, Receipt
from rfqs.models import Quotation, QuotationLine
from tests import stories
from tests.factories import BuyerFactory, SupplierFactory
from tests.pasts import close
from tests.trails import last_event

pytestmark = pytest.mark.django_db


def test_capture_keeps_what_the_supplier_said_and_who_typed_it():
    story = stories.opened(suppliers=1)
    before = database_now()

    quotation = stories.quote(story, story.suppliers[0], "10.5", quote_ref="Q/7")

    quotation.refresh_from_db()
    assert (quotation.status, quotation.revision, quotation.quote_ref) == ("submitted", 1, "Q/7")
    assert (quotation.entered_by, quotation.is_surrogate) == (story.buyer, True)
    assert before <= quotation.submitted_at <= database_now()
    assert [line.unit_price for line in quotation.lines.all()] == [Decimal("10.5")]
    assert story.rfq.invitations.get().status == "quoted"


def test_capture_is_told_without_a_price():
    story = stories.opened(suppliers=1)

    quotation = stories.quote(story, story.suppliers[0], "4711")

    event = last_event(story.rfq)
    assert (event.actor, event.verb, event.object_id) == (
        story.buyer,
        "quotation.capture",
        str(quotation.pk),
    )
    assert event.after == {
        "hash": quotation.content_hash,
        "supplier": story.suppliers[0].code,
        "round": 1,
        "revision": 1,
        "channel": "mail",
    }


def test_a_second_quotation_supersedes_the_first_and_keeps_it():
    story = stories.opened(suppliers=1)
    prices = ("10", "9", "9.5")

    for price in prices:
        stories.quote(story, story.suppliers[0], price)

    rows = story.rfq.quotations.order_by("revision")
    assert [(row.revision, row.status) for row in rows] == [
        (1, "superseded"),
        (2, "superseded"),
        (3, "submitted"),
    ]
    assert [row.lines.get().unit_price for row in rows] == [Decimal(price) for price in prices]


def test_the_list_counts_suppliers_not_revisions_and_shows_the_best():
    story = stories.quoted(prices=("10", "11"))
    stories.quote(story, story.suppliers[0], "12")

    story.rfq.refresh_from_db()

    assert (story.rfq.quotation_count, story.rfq.best_total) == (2, Decimal("1100.00"))


def test_capture_ends_with_the_closing_time():
    story = stories.opened(suppliers=1)
    close(story.rfq)

    with pytest.raises(NotOpen, match="closed at its closing time"):
        stories.quote(story, story.suppliers[0])
    assert Quotation.objects.count() == 0


@pytest.mark.parametrize(("early", "statuses"), [(1, ["submitted"]), (0, []), (-1, [])])
def test_the_instant_of_closing_is_late(monkeypatch, early, statuses):
    story = stories.opened(suppliers=1)
    now = story.rfq.deadline - timedelta(microseconds=early)
    monkeypatch.setattr(quoting, "database_now", lambda: now)

    with contextlib.suppress(NotOpen):
        stories.quote(story, story.suppliers[0])

    assert list(Quotation.objects.values_list("status", flat=True)) == statuses


def test_a_late_revision_leaves_the_one_in_time_alone():
    story = stories.quoted(prices=("10",))
    close(story.rfq)

    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[0], "9")

    assert Quotation.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("begin", "sentence"),
    [
        (stories.drafted, "still a draft"),
        (stories.evaluated, "takes no quotations"),
        (stories.submitted, "takes no quotations"),
        (stories.approved, "takes no quotations"),
    ],
)
def test_capture_is_for_open_requests(begin, sentence):
    story = begin()

    with pytest.raises(NotOpen, match=sentence):
        stories.quote(story, story.suppliers[0])


def test_capture_is_for_buyers_of_the_site_and_suppliers_who_were_asked():
    story = stories.opened(suppliers=1)

    with pytest.raises(NotAllowed):
        stories.quote(story, story.suppliers[0], by=BuyerFactory())
    with pytest.raises(NotAllowed):
        stories.quote(story, story.suppliers[0], by=story.approver)
    with pytest.raises(NotOpen, match="was not asked"):
        stories.quote(story, SupplierFactory())
    story.rfq.invitations.update(status="withdrawn", reason="chosen by mistake")
    with pytest.raises(NotOpen, match="was withdrawn"):
        stories.quote(story, story.suppliers[0])


def test_capture_needs_a_price_of_an_own_line_and_a_source():
    story, other = stories.opened(suppliers=1), stories.opened()
    (line,) = story.rfq.lines.all()
    facts = {
        "rfq_id": story.rfq.pk,
        "supplier_id": story.suppliers[0].pk,
        "by": story.buyer,
        "head": {"currency": "INR"},
    }
    told = Receipt("phone", timezone.now(), no_source_reason="read out")
    bare = Receipt("phone", timezone.now())

    with pytest.raises(Incomplete, match="at least one line"):
        quoting.capture(**facts, lines={line.pk: {"unit_price": None}}, receipt=told)
    foreign = other.rfq.lines.get().pk
    with pytest.raises(Incomplete, match="not of this request"):
        quoting.capture(**facts, lines={foreign: {"unit_price": Decimal(1)}}, receipt=told)
    with pytest.raises(Incomplete, match="say why there is no file"):
        quoting.capture(**facts, lines={line.pk: {"unit_price": Decimal(1)}}, receipt=bare)
    assert Quotation.objects.count() == 0


def test_free_of_charge_is_a_price_and_not_quoted_is_none():
    story = stories.opened(suppliers=1, lines=[stories.GOODS_LINE, stories.GOODS_LINE])

    stories.quote(story, story.suppliers[0], ["0", None])

    prices = QuotationLine.objects.order_by("line__position").values_list("unit_price", flat=True)
    assert list(prices) == [Decimal(0), None]


def test_totals_and_states_in_the_fields_are_ignored():
    story = stories.opened(suppliers=1)
    lines = {story.rfq.lines.get().pk: {"unit_price": Decimal(10), "total": Decimal(1)}}

    quotation = quoting.capture(
        rfq_id=story.rfq.pk,
        supplier_id=story.suppliers[0].pk,
        by=story.buyer,
        head={"currency": "INR", "status": "awarded", "revision": 9, "total": Decimal(1)},
        lines=lines,
        receipt=Receipt("mail", timezone.now(), no_source_reason="read out"),
    )

    assert (quotation.status, quotation.revision) == ("submitted", 1)


def test_the_file_a_quotation_came_in_is_kept_with_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    story = stories.opened(suppliers=1)
    receipt = Receipt("mail", timezone.now(), upload=ContentFile(b"%PDF-1.7 quote", "quote.pdf"))

    quotation = quoting.capture(
        rfq_id=story.rfq.pk,
        supplier_id=story.suppliers[0].pk,
        by=story.buyer,
        head={"currency": "INR"},
        lines={story.rfq.lines.get().pk: {"unit_price": Decimal(10)}},
        receipt=receipt,
    )

    assert (quotation.source.name, quotation.source.kind) == ("quote.pdf", "source")


def test_a_sealed_quotation_shows_only_that_it_came():
    story = stories.quoted(prices=("4711",), is_sealed=True)

    assert (story.rfq.quotation_count, story.rfq.best_total, story.rfq.versus_last) == (
        1,
        None,
        None,
    )
    events = AuditEvent.objects.of(story.rfq.pk).filter(verb="quotation.capture")
    kept = {"round": 1, "hash": story.rfq.quotations.get().content_hash}
    assert [event.after for event in events] == [kept]
    for person in (story.buyer, story.head):
        assert Quotation.objects.visible_to(person).count() == 0


def test_disqualify_takes_a_quotation_out_of_the_running_in_writing():
    story = stories.evaluated(prices=("10", "11"))
    best = story.rfq.quotations.get(supplier=story.suppliers[0])

    quoting.disqualify(quotation_id=best.pk, by=story.buyer, reason=" wrong grade ")

    best.refresh_from_db()
    story.rfq.refresh_from_db()
    assert (best.status, best.disqualified_reason) == ("disqualified", "wrong grade")
    assert story.rfq.best_total == Decimal("1100.00")
    assert last_event(story.rfq).after == {
        "supplier": story.suppliers[0].code,
        "reason": "wrong grade",
    }


def test_disqualify_needs_a_buyer_a_reason_and_a_live_quotation():
    story = stories.evaluated(prices=("10", "11"))
    facts = {"quotation_id": story.rfq.quotations.first().pk}

    with pytest.raises(NotAllowed):
        quoting.disqualify(**facts, by=story.approver, reason="wrong grade")
    with pytest.raises(Incomplete):
        quoting.disqualify(**facts, by=story.buyer, reason=" ")
    quoting.disqualify(**facts, by=story.buyer, reason="wrong grade")
    with pytest.raises(DomainError, match="Only a live quotation"):
        quoting.disqualify(**facts, by=story.buyer, reason="wrong grade")


def test_nothing_is_disqualified_before_the_opening_nor_after_the_submission():
    sealed, pending = stories.quoted(is_sealed=True), stories.submitted()

    with pytest.raises(NotAllowed, match="sealed"):
        quoting.disqualify(
            quotation_id=sealed.rfq.quotations.first().pk, by=sealed.buyer, reason="too dear"
        )
    with pytest.raises(DomainError, match="Only a live quotation"):
        quoting.disqualify(
            quotation_id=pending.rfq.quotations.first().pk, by=pending.buyer, reason="too dear"
        )


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_total_beyond_its_column_stops_neither_capture_nor_opening(is_sealed):
    line = stories.GOODS_LINE | {"quantity": Decimal("999999999999.999")}
    story = stories.opened(is_sealed=is_sealed, lines=[line])

    stories.quote(story, story.suppliers[0], "99999999999999.9999")
    close(story.rfq)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    if is_sealed:  # and of unknown worth
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=BuyerFactory(sites=[story.site]))

    story.rfq.refresh_from_db()
    assert (story.rfq.status, story.rfq.best_total) == ("evaluation", None)
