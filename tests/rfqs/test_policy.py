"""May X do Y to Z, for every role (DOMAIN 8)."""

import pytest

from accounts.models import Role
from quoteflow.lib.errors import NotAllowed
from rfqs import policy
from rfqs.models import RFQ, ApprovalStep
from rfqs.states import Status
from tests import stories
from tests.factories import ApproverFactory, BuyerFactory, HeadFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db

PREDICATES = [
    policy.can_create_at,
    policy.can_buy,
    policy.can_edit,
    policy.can_see_prices,
    policy.can_decide,
    policy.can_withdraw,
    policy.can_number,
]


def people(site):
    """One person of each kind, by a short name."""
    away = SiteFactory()
    return {
        "buyer": BuyerFactory(sites=[site]),
        "buyer elsewhere": BuyerFactory(sites=[away]),
        "retired buyer": BuyerFactory(sites=[site], is_active=False),
        "approver": ApproverFactory(sites=[site]),
        "approver elsewhere": ApproverFactory(sites=[away]),
        "head": HeadFactory(),
        "pricing": UserFactory(roles=[Role.PRICING.value], sites=[site]),
        "pricing elsewhere": UserFactory(roles=[Role.PRICING.value], sites=[away]),
        "auditor": UserFactory(roles=[Role.AUDITOR.value], sites=[site]),
        "supplier": UserFactory(roles=[Role.SUPPLIER.value], sites=[site]),
        "back office": UserFactory(is_staff=True, is_superuser=True, sites=[site]),
    }


def who(predicate, cast, *objects):
    return {name for name, person in cast.items() if predicate(person, *objects)}


@pytest.mark.parametrize("predicate", PREDICATES)
def test_every_predicate_has_a_sentence(predicate):
    sentence = policy.SENTENCES[predicate]()

    assert sentence.endswith(".")


def test_only_buyers_of_an_active_site_write_requests_there():
    site = SiteFactory()
    cast = people(site)

    assert who(policy.can_create_at, cast, site) == {"buyer"}
    site.is_active = False
    assert who(policy.can_create_at, cast, site) == set()


def test_only_buyers_of_the_site_buy_and_only_drafts_are_edited():
    rfq = stories.drafted().rfq
    cast = people(rfq.site)

    assert who(policy.can_buy, cast, rfq) == {"buyer"}
    assert who(policy.can_edit, cast, rfq) == {"buyer"}
    rfq.status = Status.OPEN
    assert who(policy.can_edit, cast, rfq) == set()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REVIEW, Status.OPEN])
def test_nobody_sees_sealed_prices_before_the_opening(status):
    rfq = RFQ(is_sealed=True, status=status)

    assert who(policy.can_see_prices, people(SiteFactory()), rfq) == set()


def test_everyone_inside_sees_opened_prices():
    rfq = RFQ(is_sealed=True, status=Status.EVALUATION)
    cast = people(SiteFactory())

    assert who(policy.can_see_prices, cast, rfq) == cast.keys() - {"supplier", "retired buyer"}


def test_a_step_is_decided_by_its_role_at_its_site():
    story = stories.submitted(lines=[dict(stories.GOODS_LINE, quantity=30000)])
    cast = people(story.site)
    first, second = story.request.steps.order_by("sequence")

    assert who(policy.can_decide, cast, story.request, first) == {"approver"}
    assert who(policy.can_decide, cast, story.request, second) == {"head"}


@pytest.mark.parametrize("superuser", [False, True])
def test_nobody_decides_on_their_own_work_whatever_else_they_are(superuser):
    story = stories.submitted()
    story.buyer.roles = [Role.BUYER.value, Role.APPROVER.value, Role.HEAD.value]
    story.buyer.is_superuser = superuser

    assert not policy.can_decide(story.buyer, story.request, story.request.steps.get())


def test_deciders_are_those_who_can_decide():
    story = stories.submitted(lines=[dict(stories.GOODS_LINE, quantity=30000)])
    cast = [*people(story.site).values(), story.buyer, story.approver, story.head]
    both = ApproverFactory(roles=[Role.APPROVER.value, Role.HEAD.value], sites=[story.site])

    for step in story.request.steps.all():
        able = {one for one in [*cast, both] if policy.can_decide(one, story.request, step)}
        assert set(policy.deciders(story.request, step)) == able


def test_the_addresses_of_deciders_are_theirs():
    story = stories.submitted(lines=[dict(stories.GOODS_LINE, quantity=30000)])
    people(story.site)
    steps = ApprovalStep.objects.annotate(addresses=policy.addresses_of_deciders())

    for step in steps:
        able = policy.deciders(story.request, step).order_by("email")
        assert step.addresses == [person.email for person in able]


def test_the_award_is_withdrawn_by_its_buyers():
    story = stories.submitted()
    cast = people(story.site) | {"requester": story.buyer}

    assert who(policy.can_withdraw, cast, story.rfq, story.request) == {"buyer", "requester"}


def test_the_pricing_team_of_the_site_numbers():
    rfq = RFQ(site=SiteFactory(), status=Status.APPROVED)

    assert who(policy.can_number, people(rfq.site), rfq) == {"pricing"}


def test_insisting_says_the_sentence_of_the_predicate():
    rfq = stories.drafted().rfq

    with pytest.raises(NotAllowed, match="Only a buyer of the request's site can do this"):
        policy.insist(policy.can_buy, UserFactory(), rfq)
