"""The bell shows what a person was told; each person says which of it comes by mail, and when."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from quoteflow.notifications import bell, digest, outbox
from quoteflow.notifications.models import OutboxMessage, Reader, State, Topic
from rfqs.actions import activating, awarding, deciding, drafting
from rfqs.actions.reminding import remind_due
from rfqs.models import RFQ
from tests import stories
from tests.applying import applying
from tests.bids import bid
from tests.conftest import signed_in
from tests.factories import ApproverFactory
from tests.trails import recipients

pytestmark = pytest.mark.django_db

INDEX, COUNT, CHOICES = (reverse(f"notices:{name}") for name in ("index", "count", "choices"))


def told(person):
    return list(OutboxMessage.objects.told_to(person).values_list("kind", flat=True))


def state_of(person):
    message = OutboxMessage.objects.told_to(person).first()
    outbox.deliver(str(message.pk))
    message.refresh_from_db()
    return message.state


def test_what_waits_stands_in_the_bell_with_its_page():
    story = stories.submitted()
    browser = signed_in(story.approver)

    count = browser.get(COUNT).content.decode()
    page = browser.get(INDEX).content.decode()

    assert told(story.approver) == ["approval_asked"]
    assert ">1<" in count
    assert f"{story.rfq.number} waits for your decision" in page
    assert f'href="/rfqs/inbox/{story.rfq.number}/"' in page
    assert (told(story.head), signed_in(story.head).get(COUNT).content.strip()) == ([], b"")


def test_what_was_read_is_not_counted_and_stays():
    story = stories.submitted()
    browser = signed_in(story.approver)

    assert browser.post(reverse("notices:read")).url == INDEX

    assert browser.get(COUNT).content.strip() == b""
    assert "waits for your decision" in browser.get(INDEX).content.decode()
    assert told(story.approver) == ["approval_asked"]


@pytest.mark.parametrize("how", ["another decided", "withdrawn", "cancelled"])
def test_what_waited_is_settled_whoever_ended_it(how):
    story = stories.submitted()
    colleague = ApproverFactory(sites=[story.site])
    browser = signed_in(story.approver)
    before = browser.get(COUNT).content.strip()
    if how == "another decided":
        story.decide(deciding.approve, colleague)
    elif how == "withdrawn":
        awarding.withdraw(rfq_id=story.rfq.pk, by=story.buyer)
    else:
        drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed")

    page = browser.get(INDEX).content.decode()

    assert (before == b"", browser.get(COUNT).content.strip()) == (False, b"")
    assert (page.count('class="pill"'), page.count(">settled<")) == (0, 1)
    assert "Mark all as read" not in page


def test_control_the_next_step_is_news_to_those_it_waits_for():
    story = stories.submitted(prices=("9000",))

    story.decide(deciding.approve, story.approver)

    page = signed_in(story.head).get(INDEX).content.decode()
    assert (page.count(">settled<"), signed_in(story.head).get(COUNT).content == b"") == (0, False)


def test_the_activation_of_a_supplier_is_settled_too():
    story = applying("approver")
    other = ApproverFactory()
    browser = signed_in(story.approver)
    before = browser.get(COUNT).content.strip()

    story.decide(activating.approve, other)

    assert (before == b"", browser.get(COUNT).content.strip()) == (False, b"")


def test_a_supplier_letter_is_no_notice():
    story = stories.opened(suppliers=1)
    letter = OutboxMessage.objects.get(kind="invitation")

    assert (letter.topic, letter.link) == ("", "")
    story.buyer.email = letter.recipient
    assert told(story.buyer) == []


@pytest.mark.parametrize(
    ("way", "state", "mails"),
    [(bell.AT_ONCE, State.SENT, 1), (bell.DAILY, State.HELD, 0), (bell.SILENT, State.KEPT, 0)],
)
def test_each_topic_comes_as_the_person_chose(way, state, mails):
    story = stories.submitted()
    bell.choose(by=story.approver, ways={Topic.APPROVALS: way, Topic.DECISIONS: bell.SILENT})

    assert (state_of(story.approver), len(mail.outbox)) == (state, mails)
    assert told(story.approver) == ["approval_asked"]


def test_choices_of_one_person_are_not_those_of_another():
    story = stories.submitted()
    bell.choose(by=story.buyer, ways=dict.fromkeys(Topic.values, bell.SILENT))

    assert state_of(story.approver) == State.SENT


def test_the_daily_mail_holds_all_of_a_day_once():
    story = stories.submitted()
    bell.choose(by=story.buyer, ways=dict.fromkeys(Topic.values, bell.DAILY))
    story.decide(deciding.send_back, story.approver, comment="ask for a warranty")
    assert state_of(story.buyer) == State.HELD

    assert (digest.send_all(), digest.send_all()) == (1, 0)

    letter = OutboxMessage.objects.get(kind="digest")
    assert (letter.recipient, letter.subject) == (story.buyer.email, "1 notice since yesterday")
    assert f"{story.rfq.number}: Returned for changes" in letter.text
    assert f"/rfqs/{story.rfq.number}/" in letter.text
    assert OutboxMessage.objects.get(kind="award_decided").state == State.SENT
    outbox.deliver(str(letter.pk))
    assert [sent.subject for sent in mail.outbox] == ["1 notice since yesterday"]


def test_choices_are_stored_and_shown_again():
    story = stories.drafted()
    browser = signed_in(story.buyer)
    ways = dict.fromkeys(Topic.values, "now") | {"decisions": "daily", "deadlines": "silent"}

    assert browser.post(CHOICES, ways).status_code == 302

    reader = Reader.objects.get(user=story.buyer)
    assert (reader.daily, reader.silent) == (["decisions"], ["deadlines"])
    form = browser.get(CHOICES).context["form"]
    assert {name: form[name].value() for name in form.fields} == ways
    assert browser.post(CHOICES, ways | {"decisions": "pigeon"}).status_code == 422
    reader.refresh_from_db()
    assert reader.daily == ["decisions"]


def test_the_requester_learns_that_a_quotation_is_in_and_not_whose():
    story = stories.opened(is_sealed=True, suppliers=2)

    bid(story, 0, price="4821.37")

    assert recipients("quotation_in") == [story.buyer.email]
    letter = OutboxMessage.objects.get(kind="quotation_in")
    assert letter.subject == f"{story.rfq.number}: 1 quotation is in"
    words = letter.subject + letter.text
    supplier = story.suppliers[0]
    assert [one for one in (supplier.name, supplier.code, "4821") if one in words] == []


def test_the_requester_is_told_before_the_closing_time():
    story = stories.opened(deadline=timezone.now() + timedelta(hours=1))
    published = timezone.now() - timedelta(hours=2)
    RFQ.objects.filter(pk=story.rfq.pk).update(published_at=published)

    remind_due()

    assert recipients("deadline_near") == [story.buyer.email]


def test_who_decided_an_earlier_step_learns_the_outcome():
    story = stories.submitted(prices=("3000", "3100"))
    story.decide(deciding.approve, story.approver)
    story.decide(deciding.reject, story.head, comment="the plant closes in May")

    assert sorted(recipients("award_decided")) == sorted([story.buyer.email, story.approver.email])


def test_the_page_asks_the_same_however_much_was_told():
    story = stories.submitted()
    browser = signed_in(story.approver)
    with CaptureQueriesContext(connection) as few:
        browser.get(INDEX)
    message = OutboxMessage.objects.told_to(story.approver).get()
    for number in range(50):
        message.pk, message.dedupe_key = None, f"more-{number}"
        message.id = outbox.OutboxMessage().id
        message.save(force_insert=True)

    with CaptureQueriesContext(connection) as many:
        browser.get(INDEX)

    assert len(many) == len(few)
