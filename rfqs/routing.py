"""Which signatures an approval needs (DOMAIN 4): bands over its total in base currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from accounts.models import Role, User
from rfqs.models import (
    PERSON,
    RFQ,
    SITE_HEAD,
    ApprovalBand,
    ApprovalPolicy,
    CommodityType,
    RFQLine,
    Subject,
)
from rfqs.models.policies import NOBODY, SIGNERS, total_within


@dataclass(frozen=True)
class Signer:
    """One step: who is asked, and within how many working hours (None: the usual time limit)."""

    role: str  # of SIGNERS
    person_id: UUID | None = None  # of a named person, and of the head of a site that has one
    hours: int | None = None


@dataclass(frozen=True)
class Route:
    """Who signs, in order, and the policy that says so."""

    policy_name: str
    signers: tuple[Signer, ...]
    asks_file: bool = False  # of a publication: a signed paper, besides whoever signs here

    @property
    def steps(self) -> tuple[str, ...]:
        """The roles in order."""
        return tuple(signer.role for signer in self.signers)


def route_for(rfq: RFQ, amount: Decimal, subject: str = Subject.AWARD) -> Route:
    """Return the steps an approval of `amount` (base currency) takes: the most specific active policy.

    A policy that names the site beats one that names the commodity, and that one beats one that names
    the urgency. Where the back office has written none, one step up to ONE_STEP_UP_TO, two above; of a
    publication the head of the site, where the work is urgent, else nobody; of a late quotation nobody:
    a second buyer confirms it.
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
                return Route(policy.name, _signers(band, rfq), policy.asks_file)
    if subject == Subject.PUBLICATION:
        return Route("standard", (_signer(SITE_HEAD, rfq, None),) if rfq.is_urgent else ())
    if subject == Subject.LATE:
        return Route("standard", ())
    approver, head = Signer(Role.APPROVER.value), Signer(Role.HEAD.value)
    if amount <= Decimal(settings.ONE_STEP_UP_TO):
        return Route("standard", (approver,))
    return Route("standard", (approver, head))


def activation_route() -> Route | None:
    """The steps that making a supplier active takes; None where no policy asks for any.

    A supplier has no value: the band without an end counts, whatever others there are.
    """
    bands = ApprovalBand.objects.filter(
        policy__subject=Subject.ACTIVATION, policy__is_active=True, up_to=None
    )
    band = bands.select_related("policy").first()
    if band is None:
        return None
    roles = (Role.APPROVER.value, Role.HEAD.value)
    hours: list[int | None] = [*band.hours] or [None for _step in band.steps]
    signers = [
        Signer(step, None, limit) if step in roles else Signer(PERSON, UUID(step), limit)
        for step, limit in zip(band.steps, hours, strict=True)
        if step not in (NOBODY, SITE_HEAD)
    ]
    return Route(band.policy.name, tuple(signers))


def activation_is_asked() -> bool:
    """Whether a policy wants an approval before a supplier becomes active."""
    return ApprovalPolicy.objects.filter(subject=Subject.ACTIVATION, is_active=True).exists()


def review_of(rfq: RFQ) -> Route | None:
    """The steps its publication takes; None where suppliers may be asked without a review."""
    route = route_for(rfq, estimate(rfq), Subject.PUBLICATION)
    return route if route.signers else None


def asking_for_file(rfq: RFQ) -> str:
    """The name of the policy that wants a signed paper before the request goes out; empty where none does."""
    asking = ApprovalPolicy.objects.filter(
        subject=Subject.PUBLICATION, is_active=True, asks_file=True
    )
    if not asking.exists():  # as nearly everywhere: one statement
        return ""
    route = route_for(rfq, estimate(rfq), Subject.PUBLICATION)
    return route.policy_name if route.asks_file else ""


def estimate(rfq: RFQ) -> Decimal:
    """What the request may cost in base currency: target prices, else last prices, of all that is needed.

    Both are basic prices per unit (and period). A line without either counts nothing.
    """
    total = sum((_of_line(line) for line in rfq.lines.all()), Decimal(0))
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _of_line(line: RFQLine) -> Decimal:
    price = line.last_price if line.target_price is None else line.target_price
    times = line.periods or 1 if line.kind == CommodityType.SERVICE else 1
    return line.quantity * times * (price or Decimal(0))


def labels(route: Route) -> list[str]:
    """Each step in words: a role, or the name of the person who alone is asked."""
    people = User.objects.in_bulk([one.person_id for one in route.signers if one.person_id])
    words = dict(SIGNERS)
    return [
        _("%(name)s (%(role)s)") % {"name": people[one.person_id], "role": words[one.role]}
        if one.person_id in people
        else str(words[one.role])
        for one in route.signers
    ]


def _signers(band: ApprovalBand, rfq: RFQ) -> tuple[Signer, ...]:
    if band.steps == [NOBODY]:
        return ()
    hours: list[int | None] = [*band.hours] or [None for _step in band.steps]
    return tuple(_signer(step, rfq, limit) for step, limit in zip(band.steps, hours, strict=True))


def _signer(step: str, rfq: RFQ, hours: int | None) -> Signer:
    if step in (Role.APPROVER.value, Role.HEAD.value):
        return Signer(step, None, hours)
    if step == SITE_HEAD:
        return Signer(SITE_HEAD, rfq.site.head_id, hours)
    return Signer(PERSON, UUID(step), hours)


def _specificity(policy: ApprovalPolicy) -> tuple[bool, bool, bool]:
    return policy.site_id is not None, policy.commodity_type != "", policy.is_urgent is not None
