"""The words of the letters, and to whom they go."""

import pytest

from quoteflow.notifications.models import OutboxMessage
from rfqs import addressing, notices
from rfqs.actions import deciding, drafting
from tests import stories
from tests.factories import ContactFactory, SupplierFactory

pytestmark = pytest.mark.django_db


def letters(kind):
    """(recipient, text) of every message of the kind, by recipient."""
    found = OutboxMessage.objects.filter(kind=kind).order_by("recipient")
    return list(found.values_list("recipient", "text"))


def recipients(kind):
    return [address for address, _text in letters(kind)]


def test_a_letter_goes_to_the_primary_contact_else_to_the_company():
    contact = ContactFactory()
    ContactFactory(supplier=contact.supplier, is_primary=False)
    bare = SupplierFactory()

    assert addressing.address_of(contact.supplier) == (contact.email, contact.name)
    assert addressing.address_of(bare) == (bare.email, bare.name)


def test_any_contact_with_an_address_stands_in_for_a_primary_one_without():
    primary = ContactFactory(email="")
    second = ContactFactory(supplier=primary.supplier, is_primary=False, name="Ravi")

    assert addressing.address_of(primary.supplier) == (second.email, "Ravi")


def test_a_supplier_without_an_address_gets_no_letter():
    story = stories.drafted(suppliers=1)
    story.suppliers[0].email = ""
    story.suppliers[0].save(update_fields=["email"])

    notices.invited(story.rfq)

    assert recipients("invitation") == []


def test_an_invitation_names_what_is_asked_and_until_when():
    story = stories.opened(suppliers=1, title="Bolts <for> the shutdown & more")
    (_address, text) = letters("invitation")[0]
    closes = story.rfq.deadline.astimezone(story.site.zone)

    assert "Bolts <for> the shutdown & more" in text
    assert f"1. Hex bolt M12 x 50, 100 {story.rfq.lines.get().unit}" in text
    assert f"{closes:%H:%M} IST" in text


def test_a_letter_is_written_once_however_often_it_is_asked_for():
    story = stories.drafted(suppliers=1)

    notices.invited(story.rfq)
    notices.invited(story.rfq)

    assert len(letters("invitation")) == 1


def test_who_declined_learns_of_the_longer_time_and_who_was_taken_off_does_not():
    story = stories.opened(suppliers=3)
    for supplier, status, of in zip(
        story.suppliers, ("declined", "withdrawn"), (1, None), strict=False
    ):
        asked = story.rfq.invitations.filter(supplier=supplier)
        asked.update(status=status, declined_round=of, reason="no capacity")

    notices.deadline_extended(story.rfq, "the drawing was late")

    told = [story.suppliers[0].email, story.suppliers[2].email]
    assert recipients("deadline_extended") == sorted(told)
    assert "Why: the drawing was late" in letters("deadline_extended")[0][1]


def test_the_reason_of_a_cancellation_stays_inside():
    story = stories.opened(suppliers=1)

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="the budget was cut")

    (_address, text) = letters("rfq_cancelled")[0]
    assert "budget" not in text


def test_award_and_regret_letters_show_nobody_elses_price():
    story = stories.approved(prices=("10.25", "11.75"))
    winner, loser = story.suppliers

    (award,) = letters("award_letter")
    (regret,) = letters("regret_letter")
    assert (award[0], regret[0]) == (winner.email, loser.email)
    assert f"100 {story.rfq.lines.get().unit} at INR 10.25" in award[1]
    assert [price for price in ("10.25", "11.75", "1025", "1175") if price in regret[1]] == []
    assert "11.75" not in award[1]


def test_the_people_who_worked_on_the_award_hear_the_decision():
    story = stories.submitted()

    story.decide(deciding.reject, story.approver, comment="too expensive for us")

    ((address, text),) = letters("award_decided")
    assert address == story.buyer.email
    assert "too expensive for us" in text
    assert "The request is now: Rejected." in text


def test_letters_of_a_sealed_request_hold_no_price():
    stories.quoted(prices=("4711.11", "4822.22"), is_sealed=True)

    texts = " ".join(OutboxMessage.objects.values_list("text", flat=True))

    assert [price for price in ("4711", "4,711", "4822", "4,822") if price in texts] == []


def test_a_subject_says_the_title_as_it_was_written():
    stories.opened(title='Bolts & nuts for "Unit 2"')

    subjects = set(OutboxMessage.objects.values_list("subject", flat=True))

    assert {subject.partition(": ")[2] for subject in subjects} == {'Bolts & nuts for "Unit 2"'}
