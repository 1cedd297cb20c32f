"""The supplier's list of invitations: how each stands for them, the way out and the way back."""

import pytest

from accounts.models import Role
from rfqs.actions import bidding, deciding, drafting
from tests import pasts, stories
from tests.amending import amended
from tests.bids import bid
from tests.conftest import signed_in
from tests.doors import entered, invitation_of
from tests.factories import ContactFactory, UserFactory
from tests.negotiating import next_round
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


def read(browser, path="/portal/"):
    return " ".join(browser.get(path).content.decode().split())


def word(story, n=0):
    """How the request stands in the list of this supplier."""
    row = read(entered(story, n)).partition("<tbody>")[2].partition("</tbody>")[0]
    return row.partition('class="badge')[2].partition("</svg>")[2].partition("</span>")[0].strip()


def to_quote():
    return stories.opened()


def drafted():
    story = stories.opened()
    entered(story).post(
        f"/portal/{story.rfq.number}/quote/", {"q-0-unit_price": "12", "do": "save"}
    )
    return story


def quoted():
    story = stories.opened()
    bid(story, 0)
    return story


def outdated():
    story = quoted()
    amended(story)
    return story


def declined():
    story = stories.opened()
    bidding.decline(invitation_id=invitation_of(story, 0).pk, reason="no time")
    return story


def closed():
    story = stories.opened()
    pasts.close(story.rfq)
    return story


def compared():
    story = quoted()
    pasts.close(story.rfq)
    return story


def left_out():
    return next_round(stories.evaluated(), 1)


def cancelled():
    story = stories.opened()
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed")
    return story


def won():
    return stories.approved()


def rejected():
    story = stories.submitted()
    story.decide(deciding.reject, story.approver, comment="the wrong grade of steel")
    return story


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        (to_quote, "To quote"), (drafted, "Draft, not sent"), (quoted, "Quoted"),
        (outdated, "To be confirmed"), (declined, "Declined"), (closed, "Closed"),
        (compared, "Being compared"), (left_out, "Being compared"), (cancelled, "Cancelled"),
        (won, "Awarded to you"), (rejected, "Ended"),
    ],
)  # fmt: skip
def test_the_list_says_how_it_stands_for_this_supplier(begin, said):
    assert word(begin()) == said


def test_who_lost_reads_so_whichever_round_their_quotation_is_of():
    assert word(stories.approved(), 1) == "Not awarded"


def test_a_supplier_with_an_account_finds_the_way_out_and_back():
    story = quoted()
    person = ContactFactory(
        supplier=story.suppliers[0], user=UserFactory(roles=[Role.SUPPLIER.value])
    ).user
    browser, number = signed_in(person), story.rfq.number

    pages = [
        read(browser, f"/portal/{place}") for place in ("", f"{number}/", f"{number}/questions/")
    ]

    assert ['action="/accounts/logout/"' in page for page in pages] == [True] * 3
    assert ['<a href="/portal/">Invitations</a>' in page for page in pages] == [False, True, True]
    assert f'<a href="/portal/{number}/">{number}</a>' in pages[2]


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_takes_as_many_statements_however_long_it_is(count):
    story = quoted()
    person = ContactFactory(
        supplier=story.suppliers[0], user=UserFactory(roles=[Role.SUPPLIER.value])
    ).user
    for _more in range(count - 1):
        another = stories.drafted(suppliers=1)
        another.rfq.invitations.update(supplier=story.suppliers[0], status="sent")
    browser = signed_in(person)
    read(browser)

    with statements() as asked:
        page = read(browser)

    assert page.partition("<tbody>")[2].count("<tr>") == count
    assert len(asked) <= 6
