"""Which signatures an award takes (DOMAIN 4)."""

from decimal import Decimal

import pytest

from rfqs import routing
from rfqs.models import RFQ, ApprovalPolicy, CommodityType
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db

ONE, TWO = ("approver",), ("approver", "head")


def request(kind=CommodityType.GOODS, *, site=None, is_urgent=False):
    return RFQ(site=site or SiteFactory(), commodity_type=kind, is_urgent=is_urgent)


def policy(name, bands, **scope):
    """A policy of these bands: upper end (None: no limit) and steps."""
    made = ApprovalPolicy.objects.create(name=name, **scope)
    for up_to, steps in bands:
        made.bands.create(up_to=up_to, steps=list(steps))
    return made


@pytest.mark.parametrize("kind", CommodityType)
@pytest.mark.parametrize(
    ("amount", "steps"), [("0.01", ONE), ("200000.00", ONE), ("200000.01", TWO)]
)
def test_above_two_lakh_the_head_signs_too(kind, amount, steps):
    route = routing.route_for(request(kind), Decimal(amount))

    assert (route.policy_name, route.steps) == ("standard", steps)


def test_the_limit_is_a_setting(settings):
    settings.ONE_STEP_UP_TO = "500.00"

    assert routing.route_for(request(), Decimal("500.01")).steps == TWO


def test_a_band_reaches_up_to_its_end_inclusive():
    policy("plant", [(Decimal(1000), ONE), (Decimal(5000), TWO), (None, ("head", "head"))])

    ends = [
        routing.route_for(request(), Decimal(amount)).steps
        for amount in ("1000.00", "1000.01", "5000.00", "5000.01")
    ]

    assert ends == [ONE, TWO, TWO, ("head", "head")]


def test_the_most_specific_policy_wins():
    site = SiteFactory()
    policy("all", [(None, ONE)])
    policy("urgent", [(None, ONE)], is_urgent=True)
    policy("services", [(None, ONE)], commodity_type=CommodityType.SERVICE)
    policy("plant", [(None, ONE)], site=site)

    service = CommodityType.SERVICE
    asked = [
        request(),
        request(is_urgent=True),
        request(service, is_urgent=True),
        request(service, is_urgent=True, site=site),
    ]
    names = [routing.route_for(one, Decimal(1)).policy_name for one in asked]

    assert names == ["all", "urgent", "services", "plant"]


def test_a_retired_policy_and_one_of_another_site_say_nothing():
    policy("retired", [(None, TWO)], is_active=False)
    policy("elsewhere", [(None, TWO)], site=SiteFactory())

    assert routing.route_for(request(), Decimal(1)).policy_name == "standard"


def test_a_policy_without_a_band_for_the_amount_leaves_it_to_the_next():
    site = SiteFactory()
    policy("plant", [(Decimal(100), ONE)], site=site)
    policy("all", [(None, TWO)])

    route = routing.route_for(request(site=site), Decimal("100.01"))

    assert (route.policy_name, route.steps) == ("all", TWO)
