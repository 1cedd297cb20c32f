"""Letters of award and regret, and orders, as PDF in their mails."""

import pytest
from django.core import mail

from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from rfqs.actions import issuing
from tests import stories
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
