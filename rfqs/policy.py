"""May X do Y to Z (DOMAIN 8). Predicates are asked by pages as flags and by actions with `insist`."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from accounts.models import Delegation, OwnSite, Role, Site, User
from accounts.models import User as Person
from quoteflow.lib.errors import NotAllowed
from rfqs.models import (
    PERSON,
    RFQ,
    SITE_HEAD,
    Activation,
    ActivationDecision,
    ActivationStep,
    ApprovalRequest,
    ApprovalStep,
    Decision,
)
from rfqs.states import Status
from suppliers.models import Supplier

Predicate = Callable[..., bool]
Asked = ApprovalRequest | Activation
Step = ApprovalStep | ActivationStep


def insist(predicate: Predicate, user: User, *objects: Any) -> None:
    """Raise NotAllowed, with the predicate's own sentence, unless it holds."""
    if not predicate(user, *objects):
        raise NotAllowed(
            SENTENCES[predicate](),
            rule=predicate.__name__,
            by=user,
            about=next(iter(objects), None),
        )


def can_create_at(user: User, site: Site | OwnSite) -> bool:
    """A buyer, at an active site of their own."""
    return user.is_buyer and site.is_active and site.pk in user.own_places


def can_buy(user: User, rfq: RFQ) -> bool:
    """A buyer of the request's site: all buyers of a site work on its requests."""
    return user.is_buyer and rfq.site_id in user.own_site_ids


def can_edit(user: User, rfq: RFQ) -> bool:
    """A buyer of the site, while it is a draft."""
    return can_buy(user, rfq) and rfq.status == Status.DRAFT


def can_admit_late(user: User, rfq: RFQ) -> bool:
    """A buyer of the site to whom the back office gave this right."""
    return user.admits_late and can_buy(user, rfq)


def can_audit(user: User) -> bool:
    """An auditor, who looks at everything but sealed prices and does nothing."""
    return user.is_auditor


def can_see_turnaround(user: User) -> bool:
    """Heads and auditors see how long approvals take, and with whom."""
    return user.is_head or user.is_auditor


def can_see_prices(user: User, rfq: RFQ) -> bool:
    """Anyone who sees the request, once its prices are not sealed; never a supplier."""
    return user.is_active and not user.is_supplier and not rfq.prices_are_sealed


def can_ask_activation(user: User, _supplier: Supplier) -> bool:
    """Buyers and the back office; a supplier's own people never."""
    inside = user.is_active and not user.is_supplier
    return inside and (user.is_buyer or user.is_staff)


def can_decide(user: User, request: Asked, step: Step) -> bool:
    """Holds the step's role, there, or stands in for who does; never on own work (A1, A6)."""
    return decides_as(user, request, step) is not None


def decides_as(
    user: User, request: Asked, step: Step, parties: Collection[UUID] = ()
) -> User | None:
    """In whose right this person decides the step: their own, that of whom they stand in for, nobody's.

    `parties` are those who decided an earlier step, for whom it was decided, or whom a later one names:
    they decide no second one, by themselves or through a deputy (A3).
    """
    if not user.is_active or user.is_supplier or not _may_judge(user, request):
        return None
    for person in (user, *user.principals):
        if person.pk not in parties and _may_judge(person, request) and _holds(person, step):
            return person
    return None


def _may_judge(person: User, request: Asked) -> bool:
    """Nobody judges their own work, nor lets a deputy judge it (A1)."""
    return person.pk not in request.barred and person.pk != request.requested_by_id


def _holds(person: User, step: Step) -> bool:
    """Of an activation, whose steps are of no site, an approver of any site holds the role."""
    if person.is_head and (step.role == Role.HEAD or step.is_escalated):
        return True
    here = person.holds(Role.APPROVER) and step.site_id in (None, *person.own_site_ids)
    if step.person_id is not None:
        return step.person_id == person.pk and (here or person.is_head)
    return here and step.role != Role.HEAD


def can_withdraw(user: User, rfq: RFQ, request: ApprovalRequest) -> bool:
    """The person who asked for the approval, or another buyer of the site."""
    return can_buy(user, rfq) or user.pk == request.requested_by_id


def can_number(user: User, rfq: RFQ) -> bool:
    """The pricing role, at the sites of that person that take APD numbers."""
    return user.is_pricing and rfq.site_id in user.own_site_ids and rfq.site.takes_apd_numbers


def deciders(request: ApprovalRequest, step: ApprovalStep) -> Any:
    """Everyone who could decide this step in their own right; deputies only come and go."""
    decided = Decision.objects.filter(request=request)
    heads = Q(roles__contains=[Role.HEAD.value])
    here = Q(roles__contains=[Role.APPROVER.value]) & Q(
        Exists(Person.sites.through.objects.filter(user=OuterRef("pk"), site=step.site_id))
    )
    right = heads if step.role == Role.HEAD else here
    if step.role in (SITE_HEAD, PERSON):
        right = (heads | here) & Q(pk=step.person_id)
    right = right | heads if step.is_escalated else right
    return (
        Person.objects.get_queryset()
        .active()
        .filter(right)
        .exclude(pk__in=[*request.barred, request.requested_by_id])
        .exclude(Exists(decided.filter(Q(by=OuterRef("pk")) | Q(on_behalf_of=OuterRef("pk")))))
    )


def activators(activation: Activation, step: ActivationStep) -> Any:
    """Everyone who could decide this step of an activation in their own right, and decides no other."""
    heads = Q(roles__contains=[Role.HEAD.value])
    approvers = Q(roles__contains=[Role.APPROVER.value])
    right = {Role.HEAD.value: heads, Role.APPROVER.value: approvers}.get(step.role)
    if right is None:
        right = (heads | approvers) & Q(pk=step.person_id)
    right = right | heads if step.is_escalated else right
    barred = [*activation.barred, activation.requested_by_id]
    return _outside(activation, step).filter(right).exclude(pk__in=barred)


def addresses_of_activators(activation: Activation, step: ActivationStep) -> list[str]:
    """The e-mail addresses of all who can decide the step, deputies included."""
    holders = activators(activation, step).values("pk")
    deputies = Delegation.objects.current().filter(person__in=holders).values("deputy")
    barred = [*activation.barred, activation.requested_by_id]
    able = _outside(activation, step).filter(Q(pk__in=holders) | Q(pk__in=deputies))
    found = able.exclude(pk__in=barred).order_by("email")
    return list(found.values_list("email", flat=True))


def _outside(activation: Activation, step: ActivationStep) -> Any:
    """Active people who decided no step of it, nor let anybody, nor are named by a later one."""
    decided = ActivationDecision.objects.filter(activation=activation)
    later = ActivationStep.objects.filter(
        activation=activation, sequence__gt=step.sequence, person__isnull=False
    )
    people = Person.objects.get_queryset().active().exclude(pk__in=later.values("person"))
    return people.exclude(
        Exists(decided.filter(Q(by=OuterRef("pk")) | Q(on_behalf_of=OuterRef("pk"))))
    )


# `can_decide` read backwards, deputies included: a subquery of a query of steps.
ADDRESSES = """
ARRAY(
  WITH judge AS (
    SELECT p.id, p.email, p.roles FROM rfqs_approvalrequest r JOIN accounts_user p
      ON p.id <> r.requested_by_id AND NOT p.id = ANY (r.barred)
    WHERE r.id = rfqs_approvalstep.request_id AND p.is_active AND NOT 'supplier' = ANY (p.roles)
      AND p.roles && ARRAY['approver', 'head']::varchar[]
  ), party AS (
    SELECT unnest(array_remove(ARRAY[d.by_id, d.on_behalf_of_id], NULL)) AS id
    FROM rfqs_decision d WHERE d.request_id = rfqs_approvalstep.request_id
    UNION ALL SELECT later.person_id FROM rfqs_approvalstep later WHERE later.person_id IS NOT NULL
      AND later.request_id = rfqs_approvalstep.request_id AND later.sequence > rfqs_approvalstep.sequence
  ), able AS (
    SELECT * FROM judge WHERE id NOT IN (SELECT id FROM party)
  ), holder AS (
    SELECT id FROM able WHERE
      (rfqs_approvalstep.role = 'head' OR rfqs_approvalstep.is_escalated) AND 'head' = ANY (roles)
      OR able.id = rfqs_approvalstep.person_id AND 'head' = ANY (roles)
      OR (rfqs_approvalstep.role = 'approver' OR able.id = rfqs_approvalstep.person_id)
        AND 'approver' = ANY (roles) AND EXISTS (
        SELECT FROM accounts_user_sites s WHERE s.user_id = able.id AND s.site_id = rfqs_approvalstep.site_id)
  )
  SELECT email FROM able WHERE id IN (
    SELECT id FROM holder UNION
    SELECT g.deputy_id FROM accounts_delegation g JOIN holder ON holder.id = g.person_id
    WHERE g.revoked_at IS NULL AND g.starts_at <= statement_timestamp() AND g.ends_at > statement_timestamp())
  ORDER BY email
)
"""


def addresses_of_deciders() -> RawSQL:
    """For a query of steps: the e-mail addresses of all who can decide each.

    Written in SQL, because composing it anew for every approval takes longer than running it.
    """
    return RawSQL(ADDRESSES, (), output_field=ArrayField(CharField()))  # noqa: S611 (a constant)


SENTENCES: dict[Predicate, Callable[[], str]] = {
    can_create_at: lambda: _("Only a buyer of the site can write a request there."),
    can_buy: lambda: _("Only a buyer of the request's site can do this."),
    can_edit: lambda: _(
        "Only a buyer of the site can change the request, and only while it is a draft."
    ),
    can_admit_late: lambda: _(
        "Only a buyer of the site with the right to admit late quotations can do this."
    ),
    can_audit: lambda: _("The journal of all sites is for auditors."),
    can_see_turnaround: lambda: _("How long approvals take is for heads and auditors."),
    can_see_prices: lambda: _("The prices are sealed until the opening."),
    can_decide: lambda: _(
        "You cannot decide this step: it needs another role, or you worked on this yourself."
    ),
    can_ask_activation: lambda: _(
        "Buyers and the back office ask for the activation of a supplier."
    ),
    can_withdraw: lambda: _("Only a buyer of the site can take this back."),
    can_number: lambda: _(
        "Only the pricing team of the site can add the APD number, where the site takes them."
    ),
}
