"""What a supplier does with an invitation, and until when."""

import time
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete, Stale
from quoteflow.notifications.models import OutboxMessage
from rfqs import commitment
from rfqs.actions import bidding, opening, quoting
from rfqs.models import Attachment, Quotation
from tests import pasts, stories
from tests.bids import NOTHING, bid, drafted_bid, offered
from tests.doors import invitation_of
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened(lines=[stories.GOODS_LINE, stories.GOODS_LINE], suppliers=2)


def events(story, verb):
    return AuditEvent.objects.of(story.rfq.pk).filter(verb=verb)


def test_a_draft_is_its_suppliers_alone(story):
    draft = drafted_bid(story)

    story.rfq.refresh_from_db()
    assert (draft.status, draft.revision, story.rfq.quotation_count) == ("draft", 1, 0)
    assert not Quotation.objects.visible_to(story.buyer).exists()
    assert invitation_of(story).status == "sent"


def test_a_draft_is_saved_over_the_one_that_was_seen(story):
    draft = drafted_bid(story)
    again = {"invitation_id": draft.invitation_id, "typed": NOTHING}

    assert bidding.save_draft(version=1, **again).pk == draft.pk
    with pytest.raises(Stale):
        bidding.save_draft(version=1, **again)


def test_sending_makes_the_draft_the_live_quotation(story):
    sent = bid(story, price=["10", None])

    story.rfq.refresh_from_db()
    invitation = invitation_of(story)
    assert (sent.status, sent.revision, sent.typed, sent.entered_by) == ("submitted", 1, None, None)
    assert [line.unit_price for line in sent.lines.order_by("line__position")] == [
        Decimal(10),
        None,
    ]
    assert (invitation.status, story.rfq.quotation_count) == ("quoted", 1)
    assert sent.submitted_at < story.rfq.deadline


def test_the_journal_keeps_the_commitment_and_no_price(story):
    sent = bid(story, price="777.77")

    event = events(story, "quotation.submit").get()
    assert (event.actor, event.object_id) == (None, str(sent.pk))
    assert event.after == {
        "round": 1, "revision": 1, "hash": sent.content_hash, "supplier": story.suppliers[0].code,
    }  # fmt: skip
    assert sent.content_hash == commitment.hash_of(Quotation.objects.get(pk=sent.pk))


def test_of_a_sealed_quotation_the_journal_keeps_the_commitment_alone():
    story = stories.opened(is_sealed=True)
    sent = bid(story)

    assert events(story, "quotation.submit").get().after == {"round": 1, "hash": sent.content_hash}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE rfqs_quotationline SET unit_price = 9.9999",
        "UPDATE rfqs_quotationline SET moq = 5",
        "UPDATE rfqs_quotation SET lead_days = 15",
        "UPDATE rfqs_quotation SET submitted_at = submitted_at + interval '1 microsecond'",
        "UPDATE rfqs_quotation SET freight_term = 'not_stated'",
        "DELETE FROM rfqs_quotation_files",
        "UPDATE rfqs_quotation SET salt = ''",
    ],
)
def test_a_changed_byte_changes_the_commitment(story, change):
    sent = filed(story)
    assert commitment.hash_of(sent) == sent.content_hash

    with connection.cursor() as cursor:
        cursor.execute(change)

    assert commitment.hash_of(Quotation.objects.get(pk=sent.pk)) != sent.content_hash


def filed(story):
    """A quotation with a file."""
    upload = ContentFile(b"%PDF-1.4 my offer", "offer.pdf")
    typed = bidding.Typed(head={}, rows={}, currency="INR", uploads=[upload])
    draft = bidding.save_draft(invitation_id=invitation_of(story).pk, version=0, typed=typed)
    return bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story))


def test_files_are_the_buyers_to_see_once_they_were_sent(story, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = ContentFile(b"%PDF-1.4 my offer", "offer.pdf")
    typed = bidding.Typed(head={}, rows={}, currency="INR", uploads=[upload])
    draft = bidding.save_draft(invitation_id=invitation_of(story).pk, version=0, typed=typed)
    before = Attachment.objects.visible_to(story.buyer).count()
    bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story))

    assert (before, Attachment.objects.visible_to(story.buyer).count()) == (0, 1)


def test_another_suppliers_file_cannot_be_kept(story):
    theirs = filed(story).files.get()
    typed = bidding.Typed(head={}, rows={}, currency="INR", kept=[theirs.pk])

    draft = bidding.save_draft(invitation_id=invitation_of(story, 1).pk, version=0, typed=typed)

    assert draft.files.count() == 0


def test_sending_twice_is_sending_once(story):
    draft = drafted_bid(story)
    send = {"quotation_id": draft.pk, "version": 1, "offer": offered(story)}

    first, second = bidding.submit(**send), bidding.submit(**send)

    receipts = OutboxMessage.objects.filter(kind="quotation_received")
    assert (first.pk, first.submitted_at) == (second.pk, second.submitted_at)
    assert (events(story, "quotation.submit").count(), receipts.count()) == (1, 1)


def test_what_was_not_checked_is_not_sent(story):
    draft = drafted_bid(story)
    bidding.save_draft(invitation_id=draft.invitation_id, version=1, typed=NOTHING)

    with pytest.raises(Stale):
        bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story))


@pytest.mark.parametrize("price", [[None, None], ["10"]])
def test_every_line_is_answered_and_one_is_priced(story, price):
    draft = drafted_bid(story)
    offer = offered(story, price=["10", "10"])
    lines = dict(list(offer.lines.items())[: len(price)])
    lines = {pk: {"unit_price": one} for pk, one in zip(lines, price, strict=True)}

    with pytest.raises(Incomplete):
        bidding.submit(quotation_id=draft.pk, version=1, offer=bidding.Offer(offer.head, lines))


def test_a_line_of_another_request_is_refused(story):
    draft, other = drafted_bid(story), stories.opened()

    with pytest.raises(Incomplete):
        bidding.submit(quotation_id=draft.pk, version=1, offer=offered(other))


def test_a_revision_keeps_the_one_before(story):
    first, second = bid(story, price="10"), bid(story, price="9")

    first.refresh_from_db()
    story.rfq.refresh_from_db()
    assert (first.status, second.status, second.revision) == ("superseded", "submitted", 2)
    assert story.rfq.quotation_count == 1


def test_a_draft_that_a_buyers_entry_overtook_still_becomes_the_latest(story):
    draft = drafted_bid(story)
    stories.quote(story, story.suppliers[0])

    sent = bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story))

    assert (sent.revision, Quotation.objects.live().count()) == (3, 1)


def test_a_quotation_is_taken_back_and_sent_again(story):
    bid(story)
    taken = bidding.withdraw(invitation_id=invitation_of(story).pk)
    story.rfq.refresh_from_db()

    assert (taken.status, story.rfq.quotation_count) == ("withdrawn", 0)
    assert invitation_of(story).status == "accepted"
    assert (bid(story).revision, invitation_of(story).status) == (2, "quoted")
    with pytest.raises(DomainError):
        bidding.withdraw(invitation_id=invitation_of(story, 1).pk)


def test_declining_takes_a_reason_and_the_quotation_back_and_can_be_undone(story):
    invitation = invitation_of(story)
    sent = bid(story)
    with pytest.raises(Incomplete):
        bidding.decline(invitation_id=invitation.pk, reason=" ")
    bidding.decline(invitation_id=invitation.pk, reason="no capacity")

    sent.refresh_from_db()
    invitation.refresh_from_db()
    assert (sent.status, invitation.status) == ("withdrawn", "declined")
    assert invitation.reason == "no capacity"
    assert bidding.reconsider(invitation_id=invitation.pk).status == "accepted"


ACTS = {
    "save": lambda story, draft: bidding.save_draft(invitation_id=draft.invitation_id, version=1, typed=NOTHING),
    "send": lambda story, draft: bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story)),
    "take back": lambda story, draft: bidding.withdraw(invitation_id=draft.invitation_id),
    "decline": lambda story, draft: bidding.decline(invitation_id=draft.invitation_id, reason="no"),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_at_or_after_the_closing_time_but_its_line_in_the_journal(story, act):
    bid(story)
    draft = drafted_bid(story)
    pasts.close(story.rfq)
    before = list(Quotation.objects.order_by("pk").values())

    with pytest.raises(bidding.TooLate) as late:
        ACTS[act](story, draft)

    event = events(story, "invitation.too_late").get()
    assert event.after == {"received_at": late.value.received_at.isoformat()}
    assert list(Quotation.objects.order_by("pk").values()) == before
    assert invitation_of(story).status == "quoted"


def test_a_request_that_is_not_open_takes_nothing(story):
    draft = drafted_bid(story)
    stories.quote(story, story.suppliers[1])
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    with pytest.raises(quoting.NotOpen):
        bidding.submit(quotation_id=draft.pk, version=1, offer=offered(story))


def closing_soon():
    """A draft of a request that is open for a little more than a second."""
    story = stories.opened(suppliers=1, deadline=database_now() + timedelta(seconds=1.5))
    return story, drafted_bid(story)


def send_while_waiting(story, draft):
    """Send a draft that waits for the request's row until the closing time is over."""

    def closed():
        while not story.rfq.is_closed_at(database_now()):
            time.sleep(0.05)

    offer = offered(story)
    send = partial(bidding.submit, quotation_id=draft.pk, version=1, offer=offer)
    outcome = race(story.rfq, send, until=closed)
    draft.refresh_from_db()
    return outcome, draft.status


@pytest.mark.django_db(transaction=True)
def test_a_submission_that_waited_for_a_lock_beyond_the_closing_time_is_late():
    assert send_while_waiting(*closing_soon()) == (["refused"], "draft")


@pytest.mark.django_db(transaction=True)
def test_a_clock_read_before_the_wait_would_admit_it(monkeypatch):
    """The control: the same wait, judged by the time at which the work began."""
    story, draft = closing_soon()
    began = database_now()
    monkeypatch.setattr(bidding, "database_now", lambda: began)

    assert send_while_waiting(story, draft) == (["done"], "submitted")
