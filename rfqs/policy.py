"""May X do Y to Z (DOMAIN 8). Predicates are asked by pages as flags and by actions with `insist`."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, UUIDField
from django.utils.translation import gettext as _

from accounts.models import Role, Site, User
from accounts.models import User as Person
from quoteflow.lib.errors import NotAllowed
from rfqs.models import RFQ, ApprovalRequest, ApprovalStep, Decision
from rfqs.states import Status

Predicate = Callable[..., bool]


def insist(predicate: Predicate, user: User, *objects: Any) -> None:
    """Raise NotAllowed, with the predicate's own sentence, unless it holds."""
    if not predicate(user, *objects):
        raise NotAllowed(
            SENTENCES[predicate](),
            rule=predicate.__name__,
            by=user,
            about=next(iter(objects), None),
        )


def can_create_at(user: User, site: Site) -> bool:
    """A buyer, at an active site of their own."""
    return user.is_buyer and site.is_active and site.pk in user.own_site_ids


def can_buy(user: User, rfq: RFQ) -> bool:
    """A buyer of the request's site: all buyers of a site work on its requests."""
    return user.is_buyer and rfq.site_id in user.own_site_ids


def can_edit(user: User, rfq: RFQ) -> bool:
    """A buyer of the site, while it is a draft."""
    return can_buy(user, rfq) and rfq.status == Status.DRAFT


def can_audit(user: User) -> bool:
    """An auditor, who looks at everything but sealed prices and does nothing."""
    return user.is_auditor


def can_see_prices(user: User, rfq: RFQ) -> bool:
    """Anyone who sees the request, once its prices are not sealed; never a supplier."""
    return user.is_active and not user.is_supplier and not rfq.prices_are_sealed


def can_decide(user: User, request: ApprovalRequest, step: ApprovalStep) -> bool:
    """Holds the step's role, there; never on work of their own, never a second step (A1, A3, A6)."""
    if not user.is_active or user.is_supplier or user.pk in request.barred:
        return False
    if user.pk == request.requested_by_id:
        return False
    if step.role == Role.HEAD:
        return user.is_head
    return user.holds(Role.APPROVER) and step.site_id in user.own_site_ids


def can_withdraw(user: User, rfq: RFQ, request: ApprovalRequest) -> bool:
    """The person who asked for the approval, or another buyer of the site."""
    return can_buy(user, rfq) or user.pk == request.requested_by_id


def can_number(user: User, rfq: RFQ) -> bool:
    """The pricing role, at the sites of that person."""
    return user.is_pricing and rfq.site_id in user.own_site_ids


def deciders(request: ApprovalRequest, step: ApprovalStep) -> Any:
    """`can_decide` read backwards: everyone who could decide this step."""
    people = (
        Person.objects.with_role(step.role)
        .exclude(pk__in=[*request.barred, request.requested_by_id])
        .exclude(Exists(Decision.objects.filter(request=request, by=OuterRef("pk"))))
    )
    return people.filter(sites=step.site_id) if step.role == Role.APPROVER else people


def addresses_of_deciders() -> ArraySubquery:
    """For a query of steps: the e-mail addresses of each step's `deciders`, in the same statement."""
    at_site = User.sites.through.objects.filter(
        user=OuterRef("pk"), site=OuterRef(OuterRef("site"))
    )
    people = (
        User.objects.get_queryset()
        .active()
        .annotate(
            step_role=ExpressionWrapper(OuterRef("role"), CharField()),
            barred=ExpressionWrapper(OuterRef("request__barred"), ArrayField(UUIDField())),
        )
        .filter(Q(step_role=Role.HEAD) | Exists(at_site), roles__overlap=[F("step_role")])
        .exclude(barred__contains=[F("pk")])  # type: ignore[misc] # an array of columns is no text
        .exclude(pk=OuterRef("request__requested_by"))
        .exclude(
            Exists(
                Decision.objects.filter(request=OuterRef(OuterRef("request")), by=OuterRef("pk"))
            )
        )
    )
    return ArraySubquery(people.order_by("email").values("email"))


SENTENCES: dict[Predicate, Callable[[], str]] = {
    can_create_at: lambda: _("Only a buyer of the site can write a request there."),
    can_buy: lambda: _("Only a buyer of the request's site can do this."),
    can_edit: lambda: _(
        "Only a buyer of the site can change the request, and only while it is a draft."
    ),
    can_audit: lambda: _("The journal of all sites is for auditors."),
    can_see_prices: lambda: _("The prices are sealed until the opening."),
    can_decide: lambda: _(
        "You cannot decide this step: it needs another role, or you worked on this request."
    ),
    can_withdraw: lambda: _("Only a buyer of the site can withdraw the award."),
    can_number: lambda: _("Only the pricing team of the site can add the APD number."),
}
