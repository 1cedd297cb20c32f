"""The link of an invitation: what it opens, and that nothing else opens anything."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Role, Session
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.models import Bucket
from quoteflow.lib.tokens import derived
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import drafting, linking, sourcing
from rfqs.models import RFQ, Access, Invitation
from tests import stories
from tests.conftest import signed_in
from tests.doors import entered, invitation_of, link_of
from tests.factories import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened(lines=[stories.GOODS_LINE | {"target_price": "4321.5"}])


@pytest.fixture(autouse=True)
def _room_for_guesses(settings):
    settings.BUCKETS = settings.BUCKETS | {"wrong_link": ((1000, 60),)}


def page(story):
    return f"/portal/{story.rfq.number}/"


def test_the_mail_holds_the_link_and_nothing_that_is_stored_does(story):
    token = link_of(invitation_of(story)).split("/")[2]
    message = OutboxMessage.objects.get(recipient=story.suppliers[0].email)
    outbox.deliver(str(message.pk))

    assert f"http://testserver/s/{token}/" in mail.outbox[0].body
    tables = (OutboxMessage, Access, AuditEvent, Invitation)
    assert token not in repr([list(table.objects.values_list()) for table in tables])


def test_a_token_has_256_bits_and_needs_both_halves(settings):
    first = derived("0" * 32)
    settings.SECRET_KEY = "another key"

    assert (len(first), derived("0" * 32) == first, derived("1" * 32) == first) == (
        43,
        False,
        False,
    )


def test_looking_at_a_link_opens_nothing(story, client):
    invitation = invitation_of(story)

    answer = client.get(link_of(invitation))

    invitation.refresh_from_db()
    assert (answer.status_code, invitation.status, Session.objects.count()) == (200, "sent", 0)
    assert client.get(page(story)).status_code == 404


def test_the_button_enters_and_the_address_afterwards_holds_no_key(story):
    invitation = invitation_of(story)
    client = Client(enforce_csrf_checks=True)
    client.get(link_of(invitation))

    pass_on = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    answer = client.post(link_of(invitation), pass_on)

    invitation.refresh_from_db()
    event = AuditEvent.objects.get(verb="invitation.view")
    assert (answer.status_code, answer.url, invitation.status) == (302, page(story), "viewed")
    assert (event.object_id, event.actor, event.after) == (str(invitation.pk), None, {})
    shown = client.get(answer.url)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert "Hex bolt" in shown.content.decode()


def test_a_supplier_sees_no_target_and_no_other_supplier(story):
    shown = entered(story).get(page(story)).content.decode()

    unsaid = ("4321", "4,321", story.suppliers[1].name)
    assert [word for word in unsaid if word in shown] == []


def test_entering_again_notes_no_second_look(story):
    entered(story)
    entered(story)

    assert AuditEvent.objects.filter(verb="invitation.view").count() == 1


def supplier_is(status):
    return lambda one: type(one.supplier).objects.filter(pk=one.supplier_id).update(status=status)


def ended(days, **facts):
    def end(one):
        at = timezone.now() - timedelta(days=days)
        RFQ.objects.filter(pk=one.rfq_id).update(updated_at=at, **facts)

    return end


def contact(one, **facts):
    person = ContactFactory(supplier=one.supplier, user=UserFactory(roles=[Role.SUPPLIER.value]))
    one.accesses.update(contact=person)
    return person


def leave(one):
    person = contact(one)
    person.is_active = False
    person.save(update_fields=["is_active"])


def lock_out(one):
    person = contact(one)
    person.user.is_active = False
    person.user.save(update_fields=["is_active"])


def withdraw(one):
    Invitation.objects.filter(pk=one.pk).update(status="withdrawn", reason="asked twice")


SHUT = {
    "revoked": lambda one: one.accesses.update(revoked_at=timezone.now()),
    "supplier inactive": supplier_is("inactive"),
    "supplier suspended": supplier_is("suspended"),
    "contact inactive": leave,
    "account of the contact inactive": lock_out,
    "contact deleted": lambda one: contact(one).delete(),
    "invitation withdrawn": withdraw,
    "90 days after the end": ended(91, status="cancelled", closing_reason="no need"),
}  # fmt: skip


@pytest.mark.parametrize("way", SHUT)
def test_a_link_that_is_over_cannot_be_told_from_one_that_never_was(story, client, way):
    invitation = invitation_of(story)
    link = link_of(invitation)
    never = client.get("/s/never-was-one/")
    SHUT[way](invitation)
    before = (AuditEvent.objects.count(), Session.objects.count())

    answers = [client.get(link), client.post(link), client.post("/s/never-was-one/")]

    invitation.refresh_from_db()
    assert [one.status_code for one in answers] == [404] * 3
    assert {one.content for one in answers} == {never.content}
    assert (AuditEvent.objects.count(), Session.objects.count()) == before
    assert invitation.status in ("sent", "withdrawn")


@pytest.mark.parametrize("way", SHUT)
def test_who_is_inside_is_out_at_the_next_click(story, way):
    browser = entered(story)
    assert browser.get(page(story)).status_code == 200

    SHUT[way](invitation_of(story))

    assert browser.get(page(story)).status_code == 404


def test_a_finished_request_can_be_read_for_ninety_days(story):
    ended(89, status="cancelled", closing_reason="no need")(invitation_of(story))

    assert entered(story).get(page(story)).status_code == 200


def test_a_link_opens_its_own_invitation_only(story):
    other = stories.opened()

    assert entered(story).get(page(other)).status_code == 404


def test_one_browser_keeps_the_links_of_one_supplier(story):
    other = stories.opened(site=story.site)
    sourcing.invite(rfq_id=other.rfq.pk, supplier_ids=[story.suppliers[0].pk], by=other.buyer)
    mine = other.rfq.invitations.get(supplier=story.suppliers[0])
    browser = entered(story)

    browser.post(link_of(mine))
    assert [browser.get(page(one)).status_code for one in (story, other)] == [200, 200]
    entered(other, client=browser)
    assert [browser.get(page(one)).status_code for one in (story, other)] == [404, 200]


def test_a_session_is_new_after_the_door(story, client):
    entered(story, client=client)
    before = client.session.session_key

    entered(story, client=client)

    assert client.session.session_key != before


def test_whoever_was_signed_in_is_signed_out_by_a_link(story):
    browser = signed_in(story.buyer)
    link = link_of(invitation_of(story))
    assert "signed in as" in browser.get(link).content.decode()

    browser.post(link)

    assert (browser.get("/rfqs/").status_code, browser.get(page(story)).status_code) == (302, 200)


def test_sending_again_replaces_the_link(story, client):
    invitation = invitation_of(story)
    first, browser = link_of(invitation), entered(story)

    linking.send_again(rfq_id=story.rfq.pk, supplier_id=invitation.supplier_id, by=story.buyer)

    letters = OutboxMessage.objects.filter(kind="invitation", recipient=invitation.supplier.email)
    assert (client.get(first).status_code, client.get(link_of(invitation)).status_code) == (
        404,
        200,
    )
    assert (browser.get(page(story)).status_code, letters.count()) == (404, 2)


def test_a_supplier_with_an_account_sees_own_invitations_only(story):
    person = ContactFactory(
        supplier=story.suppliers[0], user=UserFactory(roles=[Role.SUPPLIER.value])
    )
    other = stories.opened()
    browser = signed_in(person.user)

    shown = browser.get("/portal/").content.decode()

    assert (story.rfq.number in shown, other.rfq.number in shown) == (True, False)
    assert [browser.get(page(one)).status_code for one in (story, other)] == [200, 404]
    assert invitation_of(story).status == "viewed"


def test_a_draft_is_nothing_to_a_supplier_with_an_account(story):
    draft = stories.drafted(site=story.site)
    person = ContactFactory(
        supplier=draft.suppliers[0], user=UserFactory(roles=[Role.SUPPLIER.value])
    )

    assert signed_in(person.user).get(page(draft)).status_code == 404


def test_guessing_ends_after_five_wrong_links_a_minute(story, client, settings):
    settings.BUCKETS = settings.BUCKETS | {"wrong_link": ((5, 60), (20, 3600))}
    settings.CACHES = {
        name: facts | {"LOCATION": "unix:///nowhere/valkey.sock"}
        for name, facts in settings.CACHES.items()
    }
    right = link_of(invitation_of(story))

    answers = [client.get(f"/s/guess-{n}/") for n in range(6)]

    assert [one.status_code for one in answers] == [404] * 5 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert (client.get(right).status_code, client.post(right).status_code) == (429, 429)
    assert client.get(right, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_guessing_ends_after_twenty_wrong_links_an_hour(client, settings):
    settings.BUCKETS = settings.BUCKETS | {"wrong_link": ((5, 60), (20, 3600))}
    for n in range(20):
        client.get(f"/s/guess-{n}/")
        Bucket.objects.filter(ends_at__lt=timezone.now() + timedelta(minutes=2)).delete()

    answer = client.get("/s/guess-20/")

    assert (answer.status_code, int(answer["Retry-After"]) > 3000) == (429, True)


def test_only_a_buyer_of_the_site_sends_again(story):
    address = f"/rfqs/{story.rfq.number}/suppliers/{story.suppliers[0].pk}/send/"

    answer = signed_in(story.buyer).post(address)

    assert (answer.status_code, answer.url) == (302, f"/rfqs/{story.rfq.number}/")
    assert signed_in(story.head).post(address).status_code == 403


def test_nobody_is_asked_again_once_it_is_over(story):
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need")
    address = f"/rfqs/{story.rfq.number}/suppliers/{story.suppliers[0].pk}/send/"

    assert signed_in(story.buyer).post(address).status_code == 409
    assert invitation_of(story).accesses.filter(revoked_at=None).count() == 1
