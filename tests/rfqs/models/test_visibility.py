"""Who sees which requests, quotations, orders and items (DOMAIN 8)."""

import pytest

from accounts.models import Role
from rfqs.models import RFQ, Item, PurchaseOrder, Quotation
from tests import stories
from tests.factories import (
    ApproverFactory,
    BuyerFactory,
    HeadFactory,
    ItemFactory,
    SiteFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

STATES = ("drafted", "opened", "evaluated", "submitted", "approved")


@pytest.fixture
def cast():
    """Requests in every state at one site, and one person of each kind."""
    site = SiteFactory()
    requests = {state: getattr(stories, state)(site=site) for state in STATES}
    people = {
        "buyer": BuyerFactory(sites=[site]),
        "elsewhere": BuyerFactory(sites=[SiteFactory()]),
        "approver": ApproverFactory(sites=[site]),
        "head": HeadFactory(),
        "pricing": UserFactory(roles=[Role.PRICING.value], sites=[site]),
        "auditor": UserFactory(roles=[Role.AUDITOR.value]),
        "supplier": UserFactory(roles=[Role.SUPPLIER.value], sites=[site]),
        "retired": BuyerFactory(sites=[site], is_active=False),
        "superuser": UserFactory(is_superuser=True, is_staff=True),
    }
    return requests, people


def test_who_sees_a_request_in_which_state(cast):
    requests, people = cast
    seen = {
        name: [
            state
            for state, story in requests.items()
            if RFQ.objects.visible_to(person).filter(pk=story.rfq.pk).exists()
        ]
        for name, person in people.items()
    }

    assert seen == {
        "buyer": list(STATES),
        "elsewhere": [],
        "approver": ["submitted", "approved"],
        "head": list(STATES[1:]),
        "pricing": ["approved"],
        "auditor": list(STATES),
        "supplier": [],
        "retired": [],
        "superuser": [],
    }


def test_quotations_and_orders_follow_their_request(cast):
    _requests, people = cast
    quotations = {n: Quotation.objects.visible_to(p).count() for n, p in people.items()}
    orders = {n: PurchaseOrder.objects.visible_to(p).count() for n, p in people.items()}

    assert (quotations["buyer"], quotations["elsewhere"], quotations["supplier"]) == (6, 0, 0)
    assert (orders["buyer"], orders["elsewhere"], orders["pricing"]) == (1, 0, 1)


def test_the_catalogue_is_not_for_suppliers(cast):
    _requests, people = cast
    ItemFactory()

    seen = {name for name, person in people.items() if Item.objects.visible_to(person).exists()}

    assert seen == people.keys() - {"supplier", "retired", "superuser"}
