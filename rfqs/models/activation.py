"""Making a supplier one that may be asked, where a policy wants that approved (DOMAIN 1, 4).

The same rules as for approvals of a request, which a supplier has none of: docs/adr/0032.
"""

from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from quoteflow.lib.ids import new_id
from rfqs.models.approval import Outcome, RequestStatus, StepStatus, signature
from rfqs.models.policies import SIGNERS
from suppliers.models import Supplier


class Activation(models.Model):
    """One supplier on its way to being active, through the steps of the policy for it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="activations")
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.PENDING)
    reason = models.CharField(max_length=500)
    policy_name = models.CharField(max_length=120)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    barred = ArrayField(models.UUIDField())  # people who wrote the supplier and never decide on it
    content = models.TextField()  # the text behind `content_hash`
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # when it made the supplier active

    class Meta:
        verbose_name = _("activation of a supplier")
        verbose_name_plural = _("activations of suppliers")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(status="pending"),
                name="rfqs_activation_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="rfqs_activation_status_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rfqs_activation_reason"),
            models.CheckConstraint(
                condition=Q(status="pending", closed_at=None)
                | ~Q(status="pending") & Q(closed_at__isnull=False),
                name="rfqs_activation_closed_at",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(status="approved"), name="rfqs_activation_used_at"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(status="pending"),
                name="rfqs_activation_pending",
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} {self.status}"


class ActivationStepQuerySet(models.QuerySet["ActivationStep"]):
    """Reads of steps."""

    def awaiting(self, user: User) -> "ActivationStepQuerySet":
        """Active steps this person may decide: role or name, not barred, no other step theirs."""
        if not user.is_approver:
            return self.none()
        right = _in_the_right_of(user)
        for principal in user.principals:
            right |= _in_the_right_of(principal) & _not_part_of(principal)
        return self.filter(right, _not_part_of(user), status=StepStatus.ACTIVE)


def _in_the_right_of(person: User) -> Q:
    mine = Q(pk__in=[])
    if person.holds(Role.APPROVER):
        mine |= Q(role=Role.APPROVER) | Q(person=person.pk)
    if person.is_head:
        mine |= Q(role=Role.HEAD) | Q(is_escalated=True) | Q(person=person.pk)
    return mine


def _not_part_of(person: User) -> Q:
    decided = ActivationDecision.objects.filter(
        Q(by=person) | Q(on_behalf_of=person), activation=models.OuterRef("activation")
    )
    asked_later = ActivationStep.objects.filter(
        activation=models.OuterRef("activation"),
        person=person.pk,
        sequence__gt=models.OuterRef("sequence"),
    )
    barred = Q(activation__barred__contains=[person.pk])
    return ~barred & ~Q(models.Exists(decided)) & ~Q(models.Exists(asked_later))


class ActivationStep(models.Model):
    """One signature asked for; a supplier is of no site, so an approver of any may give it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    activation = models.ForeignKey(Activation, on_delete=models.CASCADE, related_name="steps")
    sequence = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=SIGNERS)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hours = models.PositiveSmallIntegerField(null=True, blank=True)  # working time; None: the usual
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.WAITING)
    activated_at = models.DateTimeField(null=True, blank=True)
    # As of a step of a request, by the calendar of the house.
    remind_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)
    is_escalated = models.BooleanField(default=False)  # the heads may decide it too

    site_id: UUID | None = None

    objects = ActivationStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activation", "sequence"], name="rfqs_activationstep_sequence"
            ),
            models.UniqueConstraint(
                fields=["activation"],
                condition=Q(status="active"),
                name="rfqs_activationstep_one_active",
            ),
            models.CheckConstraint(
                condition=Q(status__in=StepStatus.values), name="rfqs_activationstep_status_known"
            ),
            models.CheckConstraint(
                condition=Q(role="person", person__isnull=False)
                | Q(role__in=("approver", "head"), person=None),
                name="rfqs_activationstep_signer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.role}"


class ActivationDecision(models.Model):
    """What one person decided at one step. Insert-only; triggers refuse the rest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.OneToOneField(ActivationStep, on_delete=models.PROTECT, related_name="decision")
    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(max_length=1000, blank=True)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activation", "by"], name="rfqs_activationdecision_one_per_person"
            ),
            models.CheckConstraint(
                condition=Q(outcome="approved") | ~Q(comment=""),
                name="rfqs_activationdecision_refusal_has_comment",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values),
                name="rfqs_activationdecision_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"

    @property
    def signature(self) -> str:
        """Who decided; "A for B" where A stood in for B."""
        return signature(self.by, self.on_behalf_of)
