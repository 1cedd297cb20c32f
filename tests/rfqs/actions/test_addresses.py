"""Addresses that do not work: noted, corrected for one request, and said wherever the request shows."""

from smtplib import SMTPDataError, SMTPRecipientsRefused

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, NotAllowed
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from rfqs import addressing, notices
from rfqs.actions import linking
from rfqs.models import Access
from tests import pasts, stories
from tests.bids import bid
from tests.conftest import signed_in
from tests.doors import entered, invitation_of, link_of
from tests.factories import BuyerFactory, ContactFactory

pytestmark = pytest.mark.django_db

RIGHT = "sales@right.example.com"
GONE = SMTPRecipientsRefused({"x@example.com": (550, b"5.1.1 <x@example.com> no such user")})


class Refusing(BaseEmailBackend):
    """A mail server that answers as it is told."""

    answer: Exception = GONE

    def send_messages(self, email_messages):
        """Refuse."""
        raise self.answer


def refused(settings, monkeypatch, answer):
    """What becomes of an invitation that the server answers so."""
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "answer", answer)
    story = stories.opened(suppliers=1)
    message = OutboxMessage.objects.get()
    outbox.deliver(str(message.pk))
    message.refresh_from_db()
    return story, message


def of(story, **more):
    return {"rfq_id": story.rfq.pk, "supplier_id": story.suppliers[0].pk, "by": story.buyer} | more


def test_a_recipient_that_is_refused_for_good_fails_at_once(settings, monkeypatch):
    _story, message = refused(settings, monkeypatch, GONE)

    assert (message.state, message.attempts) == (State.FAILED, 1)
    assert message.last_error == "SMTPRecipientsRefused 550 5.1.1"  # codes alone, no address


@pytest.mark.parametrize(
    "answer",
    [
        SMTPRecipientsRefused({"x@example.com": (451, b"4.7.1 greylisted")}),
        SMTPRecipientsRefused({"x@example.com": (550, b"no"), "y@example.com": (450, b"later")}),
        SMTPDataError(452, b"too many messages"),
    ],
)
def test_a_recipient_that_is_refused_for_now_is_tried_again(settings, monkeypatch, answer):
    assert refused(settings, monkeypatch, answer)[1].state == State.QUEUED


def test_the_request_says_whose_mail_failed_and_what_to_do(settings, monkeypatch):
    story, _message = refused(settings, monkeypatch, GONE)

    page = signed_in(story.buyer).get(story.rfq.get_absolute_url()).content.decode()

    assert "could not be delivered (SMTPRecipientsRefused 550 5.1.1)" in page
    assert "Mail returned" in page
    assert reverse("rfqs:address", args=[story.rfq.number, story.suppliers[0].pk]) in page


def test_a_corrected_address_gets_a_new_link_and_the_old_one_is_dead():
    story = stories.opened(suppliers=1)
    ContactFactory(supplier=story.suppliers[0])
    old = link_of(invitation_of(story))

    linking.correct_address(**of(story, email=RIGHT))

    newest = OutboxMessage.objects.filter(kind="invitation").latest("pk")
    assert (newest.recipient, addressing.address_of(story.suppliers[0])[0] == RIGHT) == (
        RIGHT,
        False,
    )
    assert Access.objects.live().get().contact is None
    assert entered(story).get(old).status_code == 404
    page = signed_in(story.buyer).get(story.rfq.get_absolute_url()).content.decode()
    assert f"Mailed to {RIGHT}, as {story.buyer.full_name} entered it" in page
    assert RIGHT not in str(AuditEvent.objects.get(verb="invitation.correct_address").after)


def test_later_letters_follow_the_corrected_address():
    story = stories.opened(suppliers=1)
    linking.correct_address(**of(story, email=RIGHT))

    notices.deadline_extended(story.rfq, "the drawing was late")

    assert OutboxMessage.objects.get(kind="deadline_extended").recipient == RIGHT


def test_an_address_that_does_not_work_is_noted_until_the_next_mail():
    story = stories.opened(suppliers=1)

    linking.report_address(**of(story))
    bounced = invitation_of(story).told
    linking.send_again(**of(story))

    assert (bounced, invitation_of(story).told) == ("bounced", "sent")


def test_of_a_sealed_request_the_note_does_not_tell_who_has_quoted():
    story = stories.opened(suppliers=2, is_sealed=True)
    bid(story, 0)

    for supplier in story.suppliers:
        linking.report_address(rfq_id=story.rfq.pk, supplier_id=supplier.pk, by=story.buyer)

    assert [invitation_of(story, which).told for which in (0, 1)] == ["bounced", "bounced"]


def test_only_a_buyer_of_the_site_and_only_while_quotations_are_taken():
    story = stories.opened(suppliers=1)
    with pytest.raises(NotAllowed):
        linking.correct_address(**of(story, email=RIGHT, by=BuyerFactory()))
    pasts.close(story.rfq)
    with pytest.raises(DomainError):
        linking.correct_address(**of(story, email=RIGHT))

    assert invitation_of(story).mail_to == ""


def test_the_page_corrects_notes_and_keeps_what_cannot_be_an_address():
    story = stories.opened(suppliers=1)
    browser = signed_in(story.buyer)
    page = reverse("rfqs:address", args=[story.rfq.number, story.suppliers[0].pk])

    wrong = browser.post(page, {"email": "sales at right"})
    noted = browser.post(page, {"email": ""})
    mailed = browser.post(page, {"email": RIGHT})

    assert (wrong.status_code, "sales at right" in wrong.content.decode()) == (422, True)
    assert [answer.url for answer in (noted, mailed)] == [story.rfq.get_absolute_url()] * 2
    verbs = AuditEvent.objects.of(story.rfq.pk).filter(verb__startswith="invitation.")
    assert list(verbs.order_by("seq").values_list("verb", flat=True)) == [
        "invitation.report_address",
        "invitation.correct_address",
    ]
