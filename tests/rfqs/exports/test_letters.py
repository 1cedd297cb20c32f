"""Letters of award and regret, and orders, as PDF in their mails, and before they leave."""

import pytest
from django.core import mail

from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from rfqs.actions import issuing
from rfqs.models import PurchaseOrder
from tests import stories
from tests.conftest import signed_in
from tests.factories import SupplierFactory
from tests.rfqs.exports.test_papers import NASTY
from tests.rfqs.exports.test_requestpaper import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """The first of two suppliers wins at 1,234.50, the other quoted 2,345.60."""
    return stories.approved(title=NASTY, prices=("1234.5", "2345.6"))


def paper(kind):
    """Name and words of the one PDF of the one mail of this kind, as it leaves."""
    (message,) = OutboxMessage.objects.filter(kind=kind)
    assert outbox.deliver(str(message.pk)) == State.SENT
    ((name, content, content_type),) = mail.outbox[-1].attachments
    assert content_type == "application/pdf"
    return name, text_of(content)


def missing(words, text):
    return [word for word in words if word not in text]


def test_the_winner_gets_a_letter_with_its_own_prices(story):
    name, text = paper("award_letter")

    winner, loser = story.suppliers[:2]
    said = [
        story.site.name, winner.name, winner.code, " ".join(NASTY.split()), "Letter of award",
        "Hex bolt M12 x 50", "INR 1,234.50", story.rfq.orders.get().number,
    ]  # fmt: skip
    assert name == f"{story.rfq.number}-award.pdf"
    assert missing(said, text) == []
    assert missing([loser.name, "2,345.60"], text) == [loser.name, "2,345.60"]


def test_the_others_get_thanks_without_prices_and_winners(story):
    name, text = paper("regret_letter")

    winner, loser = story.suppliers[:2]
    assert name == f"{story.rfq.number}-result.pdf"
    assert missing([loser.name, story.rfq.number, "not chosen this time"], text) == []
    secret = [winner.name, "1,234.50", "2,345.60", "INR"]
    assert missing(secret, text) == secret


def test_an_order_leaves_with_its_paper(story):
    order = story.rfq.orders.get()
    issuing.issue(order_id=order.pk, by=story.buyer)

    name, text = paper("order_issued")

    assert name == f"{order.number}-1.pdf"
    assert missing([order.number, "1,234.50", "1,23,450.00"], text) == []


def read(client, story, supplier):
    """The words of one supplier's letter, as the page before the approval links to it."""
    address = f"/rfqs/{story.rfq.number}/award/letters/{supplier.pk}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"].startswith("inline; ")
    return text_of(answer.content)


def test_papers_of_letters_are_read_before_the_approval_sends_them():
    story = stories.picked(prices=("1234.5", "2345.6"))
    winner, loser = story.suppliers[:2]
    client = signed_in(story.buyer)

    award, regret = read(client, story, winner), read(client, story, loser)

    said = ["Letter of award", winner.name, "INR 1,234.50", "(number given with the approval)"]
    assert missing(said, award) == []
    assert missing([loser.name, "2,345.60"], award) == [loser.name, "2,345.60"]
    assert missing([loser.name, "not chosen this time"], regret) == []
    secret = [winner.name, "1,234.50", "2,345.60", "INR"]
    assert missing(secret, regret) == secret
    assert not PurchaseOrder.objects.exists()


def test_before_and_after_the_approval_the_paper_is_the_same_but_for_the_number(story):
    client, order = signed_in(story.buyer), story.rfq.orders.get()
    for kind, supplier in zip(("award_letter", "regret_letter"), story.suppliers, strict=True):
        assert paper(kind)[1] == read(client, story, supplier)
    assert order.number in read(client, story, story.suppliers[0])


def test_who_did_not_quote_has_no_letter_and_who_has_no_address_is_named():
    story = stories.picked(prices=("10", "11"))
    stranger, mute = SupplierFactory(), story.suppliers[1]
    mute.contacts.all().delete()
    mute.email = ""
    mute.save(update_fields=["email"])
    client = signed_in(story.buyer)
    page = f"/rfqs/{story.rfq.number}/award/letters/"

    assert client.get(f"{page}{stranger.pk}/").status_code == 404
    html = client.get(page).content.decode()
    assert (html.count("<article"), f"{page}{mute.pk}/" in html, "No e-mail address" in html) == (
        1, True, True,
    )  # fmt: skip


def test_an_order_is_read_before_it_is_issued(story):
    order, client = story.rfq.orders.get(), signed_in(story.buyer)
    address = f"/rfqs/orders/{order.number}/preview/"
    words = {"remarks": "Deliver to gate 2"}

    page = client.post(address, words).content.decode()
    shown = text_of(client.post(address, words | {"paper": ""}).content)

    said = [story.suppliers[0].email, "Deliver to gate 2", order.number, "1,234.50", "revision 1"]
    assert missing(said, page) == []
    assert not OutboxMessage.objects.filter(kind="order_issued").exists()
    order.refresh_from_db()
    assert (order.status, order.revision) == ("draft", 0)
    client.post(f"/rfqs/orders/{order.number}/issue/", words)
    assert mail_of("order_issued") == (page_text(page), without_times(shown))


def page_text(html):
    return " ".join(html.split('<p class="pre mt">')[1].split("</p>")[0].split())


def mail_of(kind):
    """Words of the one mail of this kind, and of its paper, without the minute it was printed."""
    _name, text = paper(kind)
    return " ".join(mail.outbox[-1].body.split()), without_times(text)


def without_times(text):
    return text.partition("Printed ")[0]


def test_an_order_that_cannot_be_issued_has_no_preview(story):
    order, client = story.rfq.orders.get(), signed_in(story.buyer)
    issuing.cancel(order_id=order.pk, by=story.buyer, reason="Not needed any more")
    address = f"/rfqs/orders/{order.number}/preview/"

    assert client.post(address).status_code == 409
    assert client.post(address, {"remarks": "x" * 501}).status_code == 422
