"""Which signatures an award needs (DOMAIN 4): bands over its total in base currency."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Prefetch, Q

from accounts.models import Role
from rfqs.models import RFQ, ApprovalBand, ApprovalPolicy, Subject
from rfqs.models.approval import total_within


@dataclass(frozen=True)
class Route:
    """The roles that sign, in order, and the policy that says so."""

    policy_name: str
    steps: tuple[str, ...]


def route_for(rfq: RFQ, amount: Decimal, subject: str = Subject.AWARD) -> Route:
    """Return the steps an approval of `amount` (base currency) takes: the most specific active policy.

    A policy that names the site beats one that names the commodity, and that one beats one that names
    the urgency. Where the back office has written none, one step up to ONE_STEP_UP_TO, two above.
    """
    scope = Q(site=None) | Q(site=rfq.site_id)
    scope &= Q(commodity_type="") | Q(commodity_type=rfq.commodity_type)
    scope &= Q(is_urgent=None) | Q(is_urgent=rfq.is_urgent)
    bands = Prefetch(
        "bands", ApprovalBand.objects.order_by("up_to")
    )  # NULL, the open end, sorts last
    policies = ApprovalPolicy.objects.filter(
        scope, subject=subject, is_active=True
    ).prefetch_related(bands)
    for policy in sorted(policies, key=_specificity, reverse=True):
        for band in policy.bands.all():
            if total_within(band, amount):
                return Route(policy.name, tuple(band.steps))
    if amount <= Decimal(settings.ONE_STEP_UP_TO):
        return Route("standard", (Role.APPROVER.value,))
    return Route("standard", (Role.APPROVER.value, Role.HEAD.value))


def _specificity(policy: ApprovalPolicy) -> tuple[bool, bool, bool]:
    return policy.site_id is not None, policy.commodity_type != "", policy.is_urgent is not None
