"""Copies of the letters of an invitation: to people of the supplier, without the link or any price."""

import pytest
from django.core import mail

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from quoteflow.lib.tokens import derived
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import copying, drafting, linking, sourcing
from rfqs.models import Access, InvitationCopy
from rfqs.notices import invitations_preview
from tests import pasts, stories
from tests.amending import amended
from tests.asking import answered, asked
from tests.bids import bid
from tests.doors import invitation_of
from tests.factories import BuyerFactory, ContactFactory
from tests.negotiating import next_round, opened_again
from tests.trails import last_event

pytestmark = pytest.mark.django_db


def person(story, which=0, **facts):
    """One more person of a supplier, who is not the one that letters go to."""
    return ContactFactory(**({"supplier": story.suppliers[which], "is_primary": False} | facts))


def peopled(story):
    """A supplier with the person that letters go to, and one more; that one."""
    ContactFactory(supplier=story.suppliers[0], name="Asha Rao", email="asha@first.example.com")
    return person(story, name="Bina Das", email="bina@first.example.com")


def choose(story, *people, which=0, **more):
    facts = {"supplier_id": story.suppliers[which].pk, "by": story.buyer}
    chosen = [one.pk for one in people]
    return copying.copy_to(rfq_id=story.rfq.pk, contact_ids=chosen, **(facts | more))


def to(contact):
    return OutboxMessage.objects.filter(recipient=contact.email).order_by("pk")


def test_a_copy_of_the_invitation_leaves_with_it_without_the_link():
    story = stories.drafted(suppliers=2)
    bina = peopled(story)
    choose(story, bina)
    previewed = {one.recipient: one for one in invitations_preview(story.rfq)}

    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    (copy,) = to(bina)
    letter = OutboxMessage.objects.get(kind="invitation", recipient="asha@first.example.com")
    assert (copy.kind, copy.subject) == ("invitation", letter.subject)
    assert (copy.token_seed, letter.token_seed != "") == ("", True)
    words = ("/s/", outbox.TOKEN_MARK, "can quote for", "answer this e-mail")
    assert [word in copy.text for word in words] == [False] * 4
    assert [word in letter.text for word in words] == [True] * 4
    said = (
        "This is a copy for your information. The letter went to Asha Rao, with the link to quote."
    )
    assert ("Dear Bina Das,\n\n" + said in copy.text, "copy" in letter.text) == (True, False)
    assert previewed[bina.email].text == copy.text
    assert len(previewed) == 3


def test_what_leaves_holds_the_request_and_no_token():
    story = stories.drafted(suppliers=1)
    bina = peopled(story)
    choose(story, bina)
    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    outbox.deliver(str(to(bina).get().pk))

    (sent,) = mail.outbox
    token = derived(Access.objects.get().seed)
    assert (sent.to, [name for name, *_rest in sent.attachments]) == (
        [bina.email],
        [f"{story.rfq.number}.pdf"],
    )
    assert (token in sent.body, "/s/" in sent.body) == (False, False)


def test_whatever_everybody_is_told_is_copied_and_nothing_with_a_price():
    story = stories.opened(suppliers=2)
    bina = peopled(story)
    choose(story, bina)
    amended(story, text="Other bolts now.")
    answered(story, asked(story))
    sourcing.extend(
        rfq_id=story.rfq.pk, deadline=story.rfq.deadline.replace(year=2031), by=story.buyer, reason="late"
    )  # fmt: skip
    bid(story, 0, price="48211.37", addendum=1)
    bid(story, 1, price="11", addendum=1)
    next_round(opened_again(story), 0)
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need")

    assert [one.kind for one in to(bina)] == [
        "invitation", "addendum", "question_answered", "deadline_extended", "round_started", "rfq_cancelled",
    ]  # fmt: skip
    written = " ".join(one.text for one in to(bina))
    assert [trace in written for trace in ("48211", "48,211", "/s/")] == [False] * 3
    assert {one.token_seed for one in to(bina)} == {""}


def test_receipts_awards_and_orders_are_not_copied():
    story = stories.opened(suppliers=2)
    bina = peopled(story)
    choose(story, bina)
    bid(story, 0)
    bid(story, 1, price="11")

    stories.decided(story)

    kinds = set(
        OutboxMessage.objects.filter(recipient="asha@first.example.com").values_list(
            "kind", flat=True
        )
    )
    assert kinds >= {"quotation_received", "award_letter"}
    assert [one.kind for one in to(bina)] == ["invitation"]


def test_who_is_added_later_gets_the_invitation_once_and_sending_again_mails_all():
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    carl = person(story, name="Carl", email="carl@first.example.com")

    choose(story, bina)
    choose(story, bina, carl)
    choose(story, carl)
    linking.send_again(rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer)

    assert (to(bina).count(), to(carl).count()) == (1, 2)


def test_only_other_people_of_the_supplier_who_have_an_address():
    story = stories.drafted(suppliers=2)
    bina = peopled(story)
    asha = story.suppliers[0].contacts.get(is_primary=True)
    gone, silent = person(story, is_active=False), person(story, email="")
    foreign = person(story, 1)
    many = [person(story) for _n in range(6)]

    for wrong in ([asha], [gone], [silent], [foreign], [bina, foreign], many):
        with pytest.raises(Incomplete):
            choose(story, *wrong)
    assert not InvitationCopy.objects.exists()


def test_who_leaves_or_becomes_the_reader_gets_no_copy():
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    carl = person(story, name="Carl", email="carl@first.example.com")
    choose(story, bina, carl)
    type(bina).objects.filter(pk=bina.pk).update(is_active=False)

    linking.correct_address(
        rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer, email="Carl@first.example.com"
    )  # fmt: skip

    assert (to(bina).count(), to(carl).count()) == (1, 1)
    assert OutboxMessage.objects.filter(recipient="Carl@first.example.com").count() == 1


def test_only_its_buyers_while_something_is_mailed():
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    with pytest.raises(NotAllowed):
        choose(story, bina, by=BuyerFactory())
    with pytest.raises(DomainError, match="not asked"):
        choose(story, bina, supplier_id=bina.pk)
    pasts.close(story.rfq)

    with pytest.raises(DomainError, match="Nothing is mailed"):
        choose(story, bina)


def test_the_journal_names_nobody():
    story = stories.drafted(suppliers=1)
    bina = peopled(story)

    choose(story, bina)

    event = last_event(story.rfq)
    assert (event.verb, event.after) == (
        "invitation.copy",
        {"suppliers": [story.suppliers[0].code], "copies": 1},
    )
    told = str(list(AuditEvent.objects.of(story.rfq.pk).values("before", "after", "object_id")))
    assert [trace in told for trace in ("Bina", "bina@", str(bina.pk))] == [False] * 3


def test_the_invitation_keeps_its_own_fate_where_a_copy_fails(client):
    story = stories.opened(suppliers=1)
    bina = peopled(story)
    choose(story, bina)
    to(bina).update(state="failed", last_error="SMTPRecipientsRefused 550 5.1.1")

    client.force_login(story.buyer)
    page = " ".join(client.get(f"/rfqs/{story.rfq.number}/").content.decode().split())

    assert "The copy to Bina Das could not be delivered (SMTPRecipientsRefused 550 5.1.1)." in page
    assert "The mail could not be delivered" not in page
    assert invitation_of(story).status == "sent"
