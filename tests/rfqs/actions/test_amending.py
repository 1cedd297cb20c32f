"""An open request changes by numbered addenda only; quotations wait for their suppliers to stand by them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from quoteflow.notifications.models import OutboxMessage
from rfqs import commitment, comparison, reports, versions
from rfqs.actions import amending, awarding, bidding, cancelling, deciding, opening
from rfqs.actions.attaching import attach
from rfqs.actions.sourcing import DeadlinePassed
from rfqs.models import Addendum, Quotation, RFQLine
from rfqs.states import IllegalTransition
from tests import pasts, stories
from tests.amending import amended, lines_of, one_more_line, without
from tests.bids import bid, drafted_bid, offered
from tests.doors import invitation_of
from tests.factories import BuyerFactory
from tests.races import race
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db
WORDS = amending.Amendment(head={"delivery_place": "Gate 4", "title": "Bolts and more"})


@pytest.fixture
def story():
    return stories.opened(lines=[stories.GOODS_LINE, stories.GOODS_LINE], suppliers=3)


def told(addendum):
    """The differences, as (place, label, old, new)."""
    found = versions.differences(addendum.before, addendum.after)
    return [(one.place, one.label, one.old, one.new) for one in found]


def test_an_addendum_changes_a_line_and_keeps_how_it_was(story):
    addendum = amended(story)

    first = story.rfq.lines.get(position=1)
    assert (addendum.number, story.rfq.addendum_count, first.quantity) == (1, 1, Decimal(120))
    assert told(addendum) == [("Line 1", "Quantity", "100", "120")]
    assert [line.quantity for line in versions.lines_of(addendum.before, "provided_data")] == [
        100,
        100,
    ]
    assert facts(last_event(story.rfq))[1:3] == ("rfq.amend", "rfqs.addendum")


def test_words_lines_and_documents_are_told_apart(story, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lines = [*lines_of(story)[1:], stories.GOODS_LINE | {"description": "Washer"}]
    upload = ContentFile(b"%PDF-1.4", "drawing.pdf")
    change = amending.Amendment(WORDS.head, lines, [("drawing", upload)])

    addendum = amended(story, change)

    unit = story.rfq.lines.first().unit.symbol
    assert told(addendum) == [
        ("Request", "Title", "Bolts for the shutdown", "Bolts and more"),
        ("Request", "Delivery place", addendum.before["head"]["delivery_place"], "Gate 4"),
        ("Line 1", "Removed", f"Hex bolt M12 x 50, 100 {unit}", ""),
        ("Line 3", "Added", "", f"Washer, 100 {unit}"),
        ("Documents", "Added", "", "drawing.pdf"),
    ]
    assert [line.position for line in story.rfq.lines.order_by("position")] == [2, 3]
    assert "WASHER" in story.rfq.search_text
    assert (story.rfq.line_count, RFQLine.ever.filter(rfq=story.rfq).count()) == (2, 3)


def test_everyone_who_was_asked_is_told_the_same(story):
    bid(story, 0, price="48211.37")
    invitation = invitation_of(story, 2)
    type(invitation).objects.filter(pk=invitation.pk).update(
        status="declined", declined_round=1, reason="no time"
    )

    amended(story)

    texts = OutboxMessage.objects.filter(kind="addendum").values_list("text", flat=True)
    assert recipients("addendum") == sorted(one.email for one in story.suppliers)
    assert len({text.partition("\n")[2] for text in texts}) == 1
    assert "Line 1, Quantity: 100 -> 120" in texts[0]
    assert "48211" not in " ".join(texts)


def test_live_quotations_wait_for_their_suppliers(story):
    sent, typed = bid(story, 0), stories.quote(story, story.suppliers[1])

    amended(story)

    statuses = set(
        Quotation.objects.filter(pk__in=[sent.pk, typed.pk]).values_list("status", flat=True)
    )
    assert statuses == {"needs_reconfirmation"}
    assert last_event(story.rfq).after["unconfirmed"] == 2
    assert (story.rfq.quotation_count, story.rfq.best_total) == (2, None)


def test_an_announcement_leaves_quotations_as_they_are(story):
    sent = bid(story)

    addendum = amended(story, amending.Amendment(), text="The gate is closed on Sunday.")

    sent.refresh_from_db()
    assert (addendum.needs_confirmation, sent.status) == (False, "submitted")
    (text, *_others) = OutboxMessage.objects.filter(kind="addendum").values_list("text", flat=True)
    assert "stays as it is" in text


def test_a_target_price_is_nobodys_business_and_no_change(story):
    sent = bid(story)
    first, second = lines_of(story)

    addendum = amended(
        story, amending.Amendment(lines=[first | {"target_price": Decimal(9)}, second])
    )

    sent.refresh_from_db()
    assert (addendum.needs_confirmation, sent.status) == (False, "submitted")
    assert "target" not in str(addendum.after)


def test_a_supplier_stands_by_a_quotation(story):
    sent = bid(story)
    amended(story)
    story.rfq.refresh_from_db()

    confirmed = bidding.confirm(invitation_id=sent.invitation_id, addendum=1)

    story.rfq.refresh_from_db()
    assert (confirmed.status, confirmed.addendum, confirmed.revision) == ("submitted", 1, 1)
    assert confirmed.submitted_at == sent.submitted_at < confirmed.confirmed_at
    assert commitment.is_kept(confirmed)
    assert story.rfq.best_total == Decimal("2200.00")  # 120 and 100 at 10
    assert recipients("quotation_confirmed") == [story.suppliers[0].email]
    assert last_event(story.rfq).after == {
        "supplier": story.suppliers[0].code, "round": 1, "revision": 1, "addendum": 1,
        "hash": sent.content_hash,
    }  # fmt: skip
    assert bidding.confirm(invitation_id=sent.invitation_id, addendum=1).pk == sent.pk
    assert verbs(story.rfq).count("quotation.confirm") == 1


def test_a_revision_counts_too_and_keeps_the_one_before(story):
    sent = bid(story)
    amended(story)

    revised = revise(story, addendum=1)

    sent.refresh_from_db()
    assert (revised.status, revised.revision, revised.addendum) == ("submitted", 2, 1)
    assert (sent.status, sent.addendum) == ("superseded", 0)


def revise(story, which=0, **options):
    draft = drafted_bid(story, which)
    return bidding.submit(
        quotation_id=draft.pk, version=draft.version, offer=offered(story), **options
    )


def test_nobody_sends_or_confirms_for_a_version_they_were_not_shown(story):
    sent = bid(story)
    amended(story)
    amended(story, WORDS)

    for seen in (0, 1, 3):
        with pytest.raises(Stale, match="Addendum 2"):
            bidding.confirm(invitation_id=sent.invitation_id, addendum=seen)
    with pytest.raises(Stale, match="Addendum 2"):
        revise(story, 1, addendum=1)
    sent.refresh_from_db()
    assert sent.status == "needs_reconfirmation"


def test_nobody_confirms_after_the_closing_time_or_what_is_not_theirs(story):
    sent = bid(story)
    amended(story)

    with pytest.raises(DomainError, match="no quotation to confirm"):
        bidding.confirm(invitation_id=invitation_of(story, 1).pk, addendum=1)
    pasts.close(story.rfq)
    with pytest.raises(bidding.TooLate):
        bidding.confirm(invitation_id=sent.invitation_id, addendum=1)
    sent.refresh_from_db()
    assert sent.status == "needs_reconfirmation"


def test_nothing_is_confirmed_that_prices_nothing_any_more(story):
    sent = bid(story, price=["10", None])
    amended(story, without(story, 0))

    with pytest.raises(Incomplete, match="Nothing that you priced"):
        bidding.confirm(invitation_id=sent.invitation_id, addendum=1)


def test_a_confirmed_quotation_does_not_answer_a_new_line(story):
    sent = bid(story)
    amended(story, one_more_line(story))
    bidding.confirm(invitation_id=sent.invitation_id, addendum=1)

    (offer,) = reports.comparison_sheet(story.rfq).offers
    assert (offer.status, offer.quoted_lines, offer.rank) == (comparison.Status.INCOMPLETE, 2, None)


def test_a_removed_line_is_not_compared(story):
    sent = bid(story, price=["10", "7"])
    amended(story, without(story, 0))
    bidding.confirm(invitation_id=sent.invitation_id, addendum=1)

    sheet = reports.comparison_sheet(story.rfq)
    assert ([row.line.no for row in sheet.lines], sheet.offers[0].evaluated) == (
        [2],
        Decimal("700.00"),
    )


def test_an_unconfirmed_quotation_is_neither_ranked_nor_awarded(story):
    sent, other = bid(story, 0, price="1"), bid(story, 1, price="2")
    amended(story)
    bidding.confirm(invitation_id=other.invitation_id, addendum=1)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()

    offers = {offer.key: offer for offer in reports.comparison_sheet(story.rfq).offers}
    unconfirmed = offers[str(sent.pk)]
    picks = [awarding.Pick(line.pk, sent.pk) for line in story.rfq.lines.all()]
    assert (unconfirmed.status, unconfirmed.rank) == (comparison.Status.NOT_COMPARABLE, None)
    assert (offers[str(other.pk)].rank, story.rfq.best_total) == (1, Decimal("440.00"))
    with pytest.raises(DomainError, match="has not confirmed the changed request"):
        awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)


def test_an_award_that_is_taken_back_confirms_nothing(story):
    sent, other = bid(story, 0, price="1"), bid(story, 1, price="2")
    amended(story)
    bidding.confirm(invitation_id=other.invitation_id, addendum=1)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    picks = [awarding.Pick(line.pk, other.pk) for line in story.rfq.lines.all()]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)
    story.decide(deciding.approve, story.approver)
    cancelling.ask_cancellation(
        rfq_id=story.rfq.pk, by=story.buyer, reason="the plant is shut down"
    )
    story.decide(deciding.approve, story.approver)

    found = dict(story.rfq.quotations.values_list("pk", "status"))
    assert found == {sent.pk: "needs_reconfirmation", other.pk: "submitted"}


def test_addenda_are_numbered_and_issued_one_after_the_other(story):
    amended(story)

    with pytest.raises(Stale, match="Another addendum"):
        amended(story, number=1)
    assert amended(story, WORDS).number == 2


def test_an_addendum_says_why_and_leaves_a_line_and_a_title(story):
    for wrong in (
        {"text": " "},
        {"amendment": amending.Amendment(lines=[])},
        {"amendment": amending.Amendment({"title": " "})},
    ):
        with pytest.raises(Incomplete):
            amended(story, **wrong)
    assert (Addendum.objects.count(), story.rfq.lines.count()) == (0, 2)


def test_only_an_open_request_is_amended_and_by_its_buyers(story):
    draft, done = stories.drafted(), stories.evaluated()

    for other in (draft, done):
        with pytest.raises(IllegalTransition):
            amended(other)
    for stranger in (BuyerFactory(), story.approver):
        with pytest.raises(NotAllowed):
            amended(story, by=stranger)
    pasts.close(story.rfq)
    with pytest.raises(DeadlinePassed):
        amended(story)


def test_a_document_for_suppliers_comes_with_an_addendum(story):
    upload = ContentFile(b"%PDF-1.4", "drawing.pdf")

    with pytest.raises(IllegalTransition, match="with an addendum"):
        attach(rfq_id=story.rfq.pk, kind="drawing", upload=upload, by=story.buyer)
    with pytest.raises(Incomplete, match="what the document is"):
        amended(story, amending.Amendment(documents=[("other", upload)]))


def test_of_a_sealed_request_the_journal_does_not_say_who_confirmed():
    sealed = stories.opened(suppliers=2, is_sealed=True)
    sent = bid(sealed)
    amended(sealed)

    bidding.confirm(invitation_id=sent.invitation_id, addendum=1)

    assert set(last_event(sealed.rfq).after) == {"round", "hash", "addendum"}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_submission_that_waited_for_an_addendum_is_asked_to_read_it():
    story = stories.opened(suppliers=1)
    draft = drafted_bid(story)

    ended = race(story.rfq, submitting(story, draft), until=lambda: amended(story))

    draft.refresh_from_db()
    assert (ended, draft.status) == (["refused"], "draft")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_unasked_it_counts_for_what_its_supplier_never_saw(monkeypatch):
    story = stories.opened(suppliers=1)
    draft = drafted_bid(story)
    monkeypatch.setattr(bidding, "_insist_known", lambda rfq, addendum: None)

    ended = race(story.rfq, submitting(story, draft), until=lambda: amended(story))

    draft.refresh_from_db()
    assert (ended, draft.status) == (["done"], "submitted")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_addendum_that_waited_for_a_submission_finds_it():
    story = stories.opened(suppliers=1)
    draft = drafted_bid(story)

    ended = race(story.rfq, lambda: amended(story), until=submitting(story, draft))

    draft.refresh_from_db()
    assert (ended, draft.status) == (["done"], "needs_reconfirmation")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_the_database_refuses_an_addendum_that_leaves_it_counting(monkeypatch):
    story = stories.opened(suppliers=1)
    draft = drafted_bid(story)
    monkeypatch.setattr(amending, "unconfirm_quotations", lambda rfq: 0)

    ended = race(story.rfq, lambda: amended(story), until=submitting(story, draft))

    draft.refresh_from_db()
    assert (ended, draft.status) == (["IntegrityError"], "submitted")


def submitting(story, draft):
    offer = offered(story)
    return lambda: bidding.submit(quotation_id=draft.pk, version=draft.version, offer=offer)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_addendum_that_waited_past_the_closing_time_is_too_late():
    story = stories.opened(suppliers=1, deadline=database_now() + timedelta(seconds=1.5))

    ended = race(story.rfq, lambda: amended(story), until=lambda: pasts.wait_for_closing(story.rfq))

    assert (ended, Addendum.objects.count()) == (["refused"], 0)
