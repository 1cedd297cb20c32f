"""Late quotations that a policy covers, on the pages of who asks and who decides."""

import pytest

from accounts.models import Role
from rfqs.actions import deciding, late
from tests import pasts, stories
from tests.conftest import signed_in
from tests.lateness import NO, PRICED, WHY, asked, closed, of, policy

pytestmark = pytest.mark.django_db

EVERYTHING = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]


def test_two_suppliers_are_decided_apart():
    story = asked()
    late.ask(**of(story, 2, reason="the portal was down"))
    first, second = story.rfq.approval_requests.order_by("created_at")
    browser, item = signed_in(story.approver), f"/rfqs/inbox/{story.rfq.number}/"

    inbox = browser.get("/rfqs/inbox/").content.decode()
    pages = [browser.get(f"{item}?approval={one.pk}").content.decode() for one in (first, second)]
    said = {"step": first.steps.get().pk, "seen": first.content_hash, "comment": NO}
    browser.post(f"/rfqs/{story.rfq.number}/reject/", said)

    names = [story.suppliers[n].name for n in (1, 2)]
    assert [f"Late quotation of {name}" in inbox for name in names] == [True, True]
    assert [[f"A quotation of {name}" in page for name in names] for page in pages] == [
        [True, False],
        [False, True],
    ]
    assert browser.get(f"{item}?approval=nonsense").status_code == 200
    assert browser.get(f"{item}?approval={story.rfq.pk}").status_code == 404
    assert "the portal was down" in browser.get(item).content.decode()  # the one that waits
    for one in (first, second):
        one.refresh_from_db()
    assert (first.status, second.status) == ("rejected", "pending")


def test_of_a_sealed_request_no_price_is_shown_to_who_decides():
    canary = "48211.37"
    policy()
    story = stories.opened(lines=[PRICED], suppliers=2, is_sealed=True)
    stories.quote(story, story.suppliers[0], canary)
    pasts.close(story.rfq)
    story.buyer.admits_late = True
    story.buyer.save(update_fields=["admits_late"])
    late.ask(**of(story, reason=WHY))
    browser, number = signed_in(story.approver), story.rfq.number

    pages = [
        browser.get(page).content.decode()
        for page in (
            "/rfqs/inbox/", f"/rfqs/inbox/{number}/", f"/rfqs/{number}/", f"/rfqs/{number}/activity/",
            f"/rfqs/{number}/compare/",
        )
    ]  # fmt: skip

    assert [trace in page for page in pages for trace in (canary, "48,211.37", "4,82")] == (
        [False] * 15
    )
    assert [words in pages[1] for words in (WHY, "Sealed until the opening")] == [True, True]


def test_the_pages_say_by_which_policy_and_take_it_back():
    policy((None, ["approver", "head"]))
    story = closed()
    browser, number = signed_in(story.buyer), story.rfq.number
    page = f"/rfqs/{number}/suppliers/{story.suppliers[1].pk}/late/"

    question = " ".join(browser.get(page).content.decode().split())
    browser.post(page, {"reason": WHY})
    overview = " ".join(browser.get(f"/rfqs/{number}/").content.decode().split())
    again = browser.post(page, {"reason": WHY})
    taken = browser.post(f"{page}take-back/")

    assert (
        "By the policy “Late” it is approved before it can be entered: Approver, Head." in question
    )
    shown = [words in overview for words in ("It waits for its approval.", "Take it back")]
    assert shown == [True, True]
    waits = (
        "Begin evaluation</strong> is not possible now: a late quotation waits for its approval."
    )
    assert waits in overview
    assert (again.status_code, taken.status_code) == (409, 302)
    assert browser.post(f"{page}take-back/").status_code == 409
    assert "Late quotation" in browser.get(f"/rfqs/{number}/").content.decode()


def test_a_rejected_one_says_so_on_the_page():
    story = asked()
    story.decide(deciding.reject, story.approver, comment=NO)

    overview = " ".join(
        signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/").content.decode().split()
    )

    assert f"A late quotation was rejected: {WHY}" in overview
    assert f"suppliers/{story.suppliers[1].pk}/late/" not in overview
    assert f"suppliers/{story.suppliers[2].pk}/late/" in overview
