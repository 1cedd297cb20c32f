"""Who must say yes, in which order, and what they said (DOMAIN 4, 6 A1-A7)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Site, User
from quoteflow.lib.ids import new_id
from rfqs.models.award import Award
from rfqs.models.late import LateAdmission
from rfqs.models.policies import SIGNERS, Subject
from rfqs.models.rfq import RFQ


class RequestStatus(models.TextChoices):
    """Where an approval stands."""

    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOIDED = "voided", _("Voided")


class ApprovalRequest(models.Model):
    """One award, its cancellation, a publication or a late quotation on its way through its steps.

    `amount` is the award's total, of a publication and a late quotation the estimate of the request.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="approval_requests")
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, null=True, blank=True, related_name="approval_requests"
    )  # None of a publication and of a late quotation
    late = models.OneToOneField(
        LateAdmission, on_delete=models.PROTECT, null=True, blank=True, related_name="approval"
    )  # only of a late quotation
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.PENDING)
    subject = models.CharField(max_length=12, choices=Subject, default=Subject.AWARD)
    reason = models.CharField(
        max_length=1000, blank=True
    )  # of a cancellation, or of admitting late
    amount = models.DecimalField(max_digits=18, decimal_places=2)  # base currency
    policy_name = models.CharField(max_length=120)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    barred = ArrayField(models.UUIDField())  # people who worked on it and never decide it (A1)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rfq"],
                condition=Q(status="pending", late=None),
                name="rfqs_approvalrequest_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values),
                name="rfqs_approvalrequest_status_known",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=("award", "publication"), reason="")
                | Q(subject__in=("cancellation", "late")) & ~Q(reason=""),
                name="rfqs_approvalrequest_reason",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=("publication", "late"), award=None)
                | ~Q(subject__in=("publication", "late")) & Q(award__isnull=False),
                name="rfqs_approvalrequest_award",
            ),
            models.CheckConstraint(
                condition=Q(subject="late", late__isnull=False) | ~Q(subject="late") & Q(late=None),
                name="rfqs_approvalrequest_late",
            ),
            models.CheckConstraint(
                condition=Q(status="pending", closed_at=None)
                | ~Q(status="pending") & Q(closed_at__isnull=False),
                name="rfqs_approvalrequest_closed_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.amount}"

    def proposal(self) -> Award:
        """The award it is about. Only for approvals that are about one."""
        if self.award is None:
            raise ValueError(f"the approval of a {self.subject} is about no award")
        return self.award

    def admission(self) -> LateAdmission:
        """The late quotation it is about. Only for approvals that are about one."""
        if self.late is None:
            raise ValueError(f"the approval of a {self.subject} is about no late quotation")
        return self.late


class SubmittedContent(models.Model):
    """What was submitted, word for word: the text behind `content_hash`. Insert-only, by a trigger.

    It stands apart, because a request is read often and its content only when something differs.
    """

    request = models.OneToOneField(
        ApprovalRequest, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.request_id}"


class StepStatus(models.TextChoices):
    """Where a step stands."""

    WAITING = "waiting", _("Waiting")
    ACTIVE = "active", _("Active")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RETURNED = "returned", _("Returned")
    SKIPPED = "skipped", _("Skipped")


class ApprovalStepQuerySet(models.QuerySet["ApprovalStep"]):
    """Reads of steps."""

    def awaiting(self, user: User) -> "ApprovalStepQuerySet":
        """Active steps this person may decide: role, site, not barred, no earlier step decided."""
        if not user.is_approver:
            return self.none()
        right = _in_the_right_of(user)
        for principal in user.principals:
            right |= _in_the_right_of(principal) & _not_part_of(principal)
        return self.filter(right, _not_part_of(user), status=StepStatus.ACTIVE)


def _in_the_right_of(person: User) -> Q:
    """Steps whose role this person holds, there, and those that name them."""
    mine = Q(pk__in=[])
    if person.holds(Role.APPROVER):
        mine |= Q(role=Role.APPROVER, site__in=person.own_site_ids)
        mine |= Q(person=person.pk, site__in=person.own_site_ids)
    if person.is_head:
        mine |= Q(role=Role.HEAD) | Q(is_escalated=True) | Q(person=person.pk)
    return mine


def _not_part_of(person: User) -> Q:
    """Steps of approvals this person did not work on, nor decides at another step (A1, A3)."""
    decided = Decision.objects.filter(
        Q(by=person) | Q(on_behalf_of=person), request=models.OuterRef("request")
    )
    asked_later = ApprovalStep.objects.filter(
        request=models.OuterRef("request"),
        person=person.pk,
        sequence__gt=models.OuterRef("sequence"),
    )
    part = models.Exists(decided) | models.Exists(asked_later)
    return ~Q(request__barred__contains=[person.pk]) & ~Q(part)


class ApprovalStep(models.Model):
    """One signature asked for. `site` repeats the request's, so that the inbox is one index scan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="steps")
    sequence = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=SIGNERS)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # who alone is asked
    hours = models.PositiveSmallIntegerField(null=True, blank=True)  # working time; None: the usual
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.WAITING)
    activated_at = models.DateTimeField(null=True, blank=True)
    # The time limit is set when the step is asked, or by the watch a few minutes after it became active.
    remind_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)  # when it was told that time is over
    is_escalated = models.BooleanField(default=False)  # the heads may decide it too

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "sequence"], name="rfqs_approvalstep_sequence"
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status="active"),
                name="rfqs_approvalstep_one_active",
            ),
            models.CheckConstraint(
                condition=Q(status__in=StepStatus.values), name="rfqs_approvalstep_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting") | Q(status="skipped") | Q(activated_at__isnull=False),
                name="rfqs_approvalstep_activated_at",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("site_head", "person"), person__isnull=False)
                | Q(role__in=("approver", "head"), person=None),
                name="rfqs_approvalstep_person",
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "site"],
                condition=Q(status="active"),
                name="rfqs_approvalstep_inbox",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.role}"


class Outcome(models.TextChoices):
    """What a decider can say."""

    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    RETURNED = "returned", _("Returned for changes")


class Decision(models.Model):
    """What one person decided at one step. Insert-only; triggers refuse the rest (A1-A4, A7)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    step = models.OneToOneField(ApprovalStep, on_delete=models.PROTECT, related_name="decision")
    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions_by_deputy",
    )  # whom `by` stood in for, by a delegation that held then
    comment = models.CharField(max_length=1000, blank=True)
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "by"], name="rfqs_decision_one_per_person"),
            models.CheckConstraint(
                condition=Q(outcome="approved") | ~Q(comment=""),
                name="rfqs_decision_refusal_has_comment",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="rfqs_decision_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"

    @property
    def signature(self) -> str:
        """Who decided; "A for B" where A stood in for B."""
        return signature(self.by, self.on_behalf_of)


def signature(by: User, on_behalf_of: User | None) -> str:
    """Who decided; "A for B" where A stood in for B."""
    if on_behalf_of is None:
        return str(by)
    return gettext("%(deputy)s for %(person)s") % {"deputy": by, "person": on_behalf_of}
