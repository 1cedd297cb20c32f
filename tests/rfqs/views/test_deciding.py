"""The inbox, one award in it, and the decision."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quoteflow.notifications.models import OutboxMessage
from rfqs import policy
from rfqs.actions import deciding
from rfqs.models import ApprovalBand, ApprovalPolicy, Decision
from tests import stories
from tests.backoffice import entered
from tests.conftest import signed_in
from tests.factories import (
    PASSWORD,
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    SiteFactory,
    UserFactory,
)
from tests.pasts import tamper
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db

VERBS = ["approve", "reject", "send_back"]
INBOX = reverse("rfqs:inbox")


def url(name, story):
    return reverse(f"rfqs:{name}", args=[story.rfq.number])


def read(answer):
    return " ".join(answer.content.decode().split())


def post(story, verb, by, headers=None, **changes):
    """What the decision form of the active step posts."""
    request = story.request
    step = request.steps.filter(status="active").first() or request.steps.first()
    data = {"step": step.pk, "seen": request.content_hash, "comment": "looks right to me"}
    return signed_in(by).post(url(verb, story), data | changes, headers=headers)


def state(story):
    story.rfq.refresh_from_db()
    return story.rfq.status


@pytest.fixture
def story():
    """One step is enough for it."""
    return stories.submitted()


@pytest.fixture
def large():
    """Two people have to agree."""
    return stories.submitted(prices=("9000", "9100"))


@pytest.mark.parametrize("verb", VERBS)
def test_a_get_never_decides(story, verb):
    assert signed_in(story.approver).get(url(verb, story)).status_code == 405
    assert state(story) == "pending"


@pytest.mark.parametrize("verb", VERBS)
def test_strangers_learn_nothing_and_nobody_goes_unsigned(story, verb, htmx):
    stranger = ApproverFactory(sites=[SiteFactory()])

    assert post(story, verb, stranger).status_code == 404
    assert Client().post(url(verb, story)).status_code == 302
    assert Client().post(url(verb, story), headers=htmx).status_code == 401
    assert state(story) == "pending"


@pytest.mark.parametrize(
    ("verb", "after"),
    [("approve", "approved"), ("reject", "rejected"), ("send_back", "evaluation")],
)
def test_a_decision_is_carried_out(story, verb, after):
    answer = post(story, verb, story.approver)

    assert answer.url == INBOX
    assert state(story) == after
    assert Decision.objects.get().comment == "looks right to me"


def test_with_htmx_the_region_says_what_was_decided(large, htmx):
    answer = post(large, "approve", large.approver, headers=htmx)

    assert answer.status_code == 200
    assert 'id="decision"' in read(answer)
    assert "The next step is asked now." in read(answer)
    assert "qf:tick" in answer["HX-Trigger"]


@pytest.mark.parametrize("verb", ["reject", "send_back"])
def test_a_no_without_words_is_not_recorded(story, verb, htmx):
    whole = post(story, verb, story.approver, comment="no")
    part = post(story, verb, story.approver, comment="no", headers=htmx)

    assert (whole.status_code, part.status_code) == (422, 422)
    assert "Write at least 10 characters" in read(part)
    assert ">no</textarea>" in "".join(part.content.decode().split("\n"))
    assert "Write at least 10 characters" in read(whole)
    assert state(story) == "pending"


def test_what_changed_is_shown_and_the_approval_is_void(story, htmx):
    tamper("rfqs_rfq", "UPDATE rfqs_rfq SET title = 'Gold bolts'")

    answer = post(story, "approve", story.approver, headers=htmx)

    assert answer.status_code == 409
    text = read(answer)
    assert "this approval is void" in text
    assert "<td>Bolts for the shutdown</td><td>Gold bolts</td>" in text
    assert (state(story), story.request.status) == ("evaluation", "voided")


def test_what_changed_is_shown_on_a_page_too(story):
    tamper("rfqs_rfq", "UPDATE rfqs_rfq SET title = 'Gold bolts'")

    answer = post(story, "approve", story.approver)

    assert answer.status_code == 409
    assert "<td>Bolts for the shutdown</td><td>Gold bolts</td>" in read(answer)


def test_the_second_click_is_told_who_decided(story, htmx):
    other = ApproverFactory(sites=[story.site])
    first = story.request.steps.get()
    post(story, "reject", story.approver)

    answer = post(story, "approve", other, headers=htmx, step=first.pk)

    assert answer.status_code == 409
    assert 'id="decision"' in read(answer)
    assert f"{story.approver.full_name} was quicker: rejected" in read(answer)


def test_what_changed_since_it_was_shown_is_looked_at_again(story):
    answer = post(story, "approve", story.approver, seen="0" * 64)

    assert answer.status_code == 409
    assert "not the one you were shown" in read(answer)
    assert state(story) == "pending"


def test_a_buyer_of_the_site_does_not_decide(story, htmx):
    answer = post(story, "approve", BuyerFactory(sites=[story.site]), headers=htmx)

    assert answer.status_code == 403
    assert state(story) == "pending"


def test_nobody_decides_two_steps(large):
    both = UserFactory(roles=["approver", "head"], sites=[large.site])
    post(large, "approve", both)

    page = read(signed_in(both).get(url("inbox_item", large)))
    answer = post(large, "approve", both)

    assert "You decide another step of this request; another person decides" in page
    assert answer.status_code == 409
    assert state(large) == "pending"


def test_the_own_request_says_why_it_cannot_be_decided(story):
    story.buyer.roles = ["buyer", "approver"]
    story.buyer.save(update_fields=["roles"])
    browser = signed_in(story.buyer)

    page = read(browser.get(url("inbox_item", story)))

    assert "You worked on this yourself, so another person decides it." in page
    assert 'value="approve"' not in page
    assert post(story, "approve", story.buyer).status_code == 403


def test_the_item_shows_all_that_matters(large):
    page = read(signed_in(large.approver).get(url("inbox_item", large)))

    assert "9,00,000.00" in page
    assert "Step 1 of 2" in page
    assert large.suppliers[0].name in page
    assert 'value="approve"' in page
    assert url("compare", large) in page


def test_a_request_that_was_never_submitted_has_no_item():
    story = stories.evaluated()

    assert signed_in(story.buyer).get(url("inbox_item", story)).status_code == 404


def test_who_is_no_approver_any_more_sees_no_old_decisions():
    story = stories.approved()
    User.objects.get_queryset().filter(pk=story.approver.pk).update(roles=["buyer"])
    story.approver.sites.clear()

    page = signed_in(story.approver).get("/rfqs/inbox/?tab=decided")

    assert story.rfq.number not in page.content.decode()


def test_the_tabs_hold_what_waits_what_was_decided_and_all(large):
    approver = signed_in(large.approver)
    before = [large.rfq.number in read(approver.get(f"{INBOX}?tab={tab}")) for tab in TABS]
    large.decide(deciding.approve, large.approver)
    after = [large.rfq.number in read(approver.get(f"{INBOX}?tab={tab}")) for tab in TABS]

    assert before == [True, False, True]
    assert after == [False, True, True]


TABS = ["waiting", "decided", "all"]


def test_htmx_gets_list_and_award_or_the_list_alone(story, htmx):
    browser = signed_in(story.approver)

    both = browser.get(url("inbox_item", story), headers=htmx)
    alone = browser.get(INBOX, headers=htmx | {"HX-Target": "inbox-list"})

    assert read(both).startswith('<div id="inbox"')
    assert read(alone).startswith('<div id="inbox-list"')


def test_the_inbox_is_for_people_who_are_signed_in():
    assert Client().get(INBOX).status_code == 302


def test_the_bubble_counts_and_is_empty_at_nothing(story):
    address = reverse("rfqs:inbox_count")

    assert "1" in read(signed_in(story.approver).get(address))
    assert read(signed_in(story.buyer).get(address)) == ""


def test_the_inbox_asks_as_often_for_fifty_as_for_one():
    site = SiteFactory()
    browser = signed_in(stories.submitted(site=site).approver)
    counts = []
    for more in (0, 49):
        for _ in range(more):
            stories.submitted(site=site)
        for tab in TABS:
            with statements() as asked:
                browser.get(f"{INBOX}?tab={tab}")
            counts.append(len(asked))

    assert counts == [3] * 2 * len(TABS)


def test_an_item_asks_as_often_for_many_lines_as_for_one():
    counts = []
    for lines in (1, 12):
        story = stories.submitted(lines=[stories.GOODS_LINE] * lines, prices=("10", "11"))
        browser = signed_in(story.approver)
        with statements() as asked:
            browser.get(url("inbox_item", story))
        counts.append(len(asked))

    assert counts == [12, 12]


def test_an_approval_that_is_not_the_last_takes_seven_statements(large):
    counts = [asked_by(large, "approve")]
    site = SiteFactory()
    for _ in range(5):
        stories.submitted(site=site)
    lines = [stories.GOODS_LINE] * 50
    counts.append(
        asked_by(stories.submitted(site=site, lines=lines, prices=("90", "91")), "approve")
    )

    assert counts == [7, 7]


def asked_by(story, verb):
    """How many statements one decision by htmx takes, from session to answer."""
    request = story.request
    data = {"step": request.steps.get(status="active").pk, "seen": request.content_hash}
    browser = signed_in(story.approver)
    with statements() as asked:
        answer = browser.post(url(verb, story), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return len(asked)


def test_the_mail_of_the_next_step_goes_to_everyone_who_could_decide_it(large):
    HeadFactory(is_active=False)
    HeadFactory()
    request = large.request
    head = request.steps.get(sequence=2)

    large.decide(deciding.approve, large.approver)

    asked = OutboxMessage.objects.filter(dedupe_key__contains=str(head.pk))
    able = policy.deciders(request, head).values_list("email", flat=True)
    assert sorted(message.recipient for message in asked) == sorted(able)
    assert len(able) == 2


def test_three_steps_follow_each_other():
    three = ApprovalPolicy.objects.create(name="three signatures")
    ApprovalBand.objects.create(policy=three, steps=["approver", "head", "head"])
    second = HeadFactory()
    story = stories.submitted()

    story.decide(deciding.approve, story.approver)
    story.decide(deciding.approve, story.head)
    story.decide(deciding.approve, second)

    assert state(story) == "approved"


WEIGHTY = {"prices": ("10000.01", "10100")}  # a hundred of them: 10,00,001.00
PROVEN = {"password": PASSWORD}


def test_a_large_decision_asks_for_the_password_and_keeps_what_was_typed(htmx):
    weighty = stories.submitted(**WEIGHTY)

    shown = read(signed_in(weighty.approver).get(url("inbox_item", weighty)))
    answer = post(weighty, "approve", weighty.approver, headers=htmx)

    assert 'autocomplete="current-password"' in shown
    assert answer.status_code == 422
    assert "needs your password once more" in read(answer)
    assert 'autocomplete="current-password"' in read(answer)
    assert ">looks right to me</textarea>" in "".join(answer.content.decode().split("\n"))
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("verb", VERBS)
def test_with_the_password_it_is_carried_out(verb):
    weighty = stories.submitted(**WEIGHTY)

    assert post(weighty, verb, weighty.approver).status_code == 422
    assert post(weighty, verb, weighty.approver, **PROVEN).status_code == 302
    assert Decision.objects.count() == 1


def test_a_wrong_password_decides_nothing():
    weighty = stories.submitted(**WEIGHTY)

    answer = post(weighty, "approve", weighty.approver, password="guess")

    assert answer.status_code == 422
    assert "That is not your password" in read(answer)
    assert "guess" not in read(answer)
    assert Decision.objects.count() == 0


def test_guessing_is_stopped():
    weighty = stories.submitted(**WEIGHTY)
    for _n in range(5):
        post(weighty, "approve", weighty.approver, password="guess")

    answer = post(weighty, "approve", weighty.approver, **PROVEN)

    assert answer.status_code == 429
    assert "Try again in 5 minutes" in read(answer)
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(("age", "status"), [(540, 302), (601, 422)])
def test_who_proved_it_within_ten_minutes_is_not_asked_again(age, status):
    weighty = stories.submitted(**WEIGHTY)
    client = entered(weighty.approver)
    session = client.session
    session["account_authentication_methods"][-1]["at"] = time.time() - age
    session.save()
    asked = weighty.request
    data = {"step": asked.steps.get(sequence=1).pk, "seen": asked.content_hash}

    assert client.post(url("approve", weighty), data).status_code == status


def test_the_limit_itself_asks_for_nothing():
    weighty = stories.submitted(prices=("10000", "10100"))  # 10,00,000.00

    assert 'type="password"' not in read(
        signed_in(weighty.approver).get(url("inbox_item", weighty))
    )
    assert post(weighty, "approve", weighty.approver).status_code == 302
