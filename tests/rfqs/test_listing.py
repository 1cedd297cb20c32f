"""The list's statements are composed once; what they find is what the queryset finds."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Delegation, Role
from rfqs import listing
from rfqs.listing import Wanted, Window
from rfqs.models import RFQ
from tests import stories
from tests.factories import SiteFactory, UserFactory

WISHES = {
    "everything": Wanted(),
    "status": Wanted(status="open"),
    "derived status": Wanted(status="quotes_in"),
    "type": Wanted(type="provided_data"),
    "mine": Wanted(requester="me"),
    "week": Wanted(closing="week"),
    "days": Wanted(closes_from=date(2026, 1, 1), closes_to=date(2999, 1, 1)),
    "amounts": Wanted(least=Decimal(1), most=Decimal(10**9)),
    "one word": Wanted(q="bolt"),
    "two words": Wanted(q="hex m12"),
    "nothing like it": Wanted(q="100%_"),
    "site": Wanted(site="AA1"),
    "site of others": Wanted(site="BB2"),
    "all at once": Wanted(q="bolt", status="evaluation", type="provided_data", site="AA1", least=Decimal(1)),
}  # fmt: skip
ROLES = [[role] for role in Role.values] + [["buyer", "approver"], []]


@pytest.fixture
def requests(db):
    """Some requests at two sites; the first is the one the person of the test works at."""
    ours, theirs = SiteFactory(code="AA1"), SiteFactory(code="BB2")
    for site in (ours, theirs):
        stories.drafted(site=site)
        stories.opened(site=site, deadline=timezone.now() + timedelta(days=3))
        stories.quoted(site=site)
        stories.submitted(site=site)
        stories.approved(site=site)
    return ours


def plainly(wanted, user, now, sort):
    """The same rows by the queryset alone."""
    order = [key.order(backward=False) for key in listing.ORDERS[sort]]
    return list(listing.narrowed(wanted, user, now).order_by(*order).values_list(*listing.COLUMNS))


@pytest.mark.parametrize("roles", ROLES, ids="-".join)
def test_every_wish_of_every_role_finds_the_same_rows(roles, requests):
    user, now = UserFactory(roles=roles, sites=[requests]), timezone.now()

    for name, wanted in WISHES.items():
        page = listing.one_page(wanted, user, now, Window(size=100))
        expected = plainly(wanted, user, now, "-number")
        assert (name, page.rows) == (name, expected)
        assert (name, listing.capped_count(wanted, user, now)) == (name, len(expected))


def test_a_deputy_finds_what_the_absent_would(requests):
    deputy, absent = (
        UserFactory(roles=["approver"]),
        UserFactory(roles=["approver"], sites=[requests]),
    )
    now = timezone.now()
    Delegation.objects.create(
        person=absent, deputy=deputy, starts_at=now, ends_at=now + timedelta(days=1)
    )

    page = listing.one_page(Wanted(), deputy, now, Window())

    assert page.rows == plainly(Wanted(), absent, now, "-number") != []
    assert listing.capped_count(Wanted(), deputy, now) == len(page.rows)


@pytest.mark.parametrize("sort", listing.ORDERS)
def test_pages_in_every_order_are_the_list_in_pieces(sort, requests):
    user, now = UserFactory(roles=["auditor"]), timezone.now()
    whole = plainly(Wanted(), user, now, sort)

    forward, after = [], ""
    while True:
        page = listing.one_page(Wanted(), user, now, Window(sort, 3, after=after))
        forward += page.rows
        if not (after := page.after):
            break
    backward, before = page.rows, page.before
    while before:
        page = listing.one_page(Wanted(), user, now, Window(sort, 3, before=before))
        backward, before = page.rows + backward, page.before

    assert (forward, backward) == (whole, whole)


def test_a_person_who_lost_everything_finds_nothing(requests):
    user = UserFactory(roles=["auditor"], is_active=False)

    page = listing.one_page(Wanted(), user, timezone.now(), Window())

    assert (page.rows, RFQ.objects.count()) == ([], 10)
    assert listing.capped_count(replace(Wanted(), q="bolt"), user, timezone.now()) == 0
