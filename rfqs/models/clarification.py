"""What suppliers ask while a request is open, what all of them are answered, and what changes for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ
from rfqs.models.sourcing import Invitation


class Addendum(models.Model):
    """A numbered change of an open request, with the request as suppliers read it before and after.

    Both are contents of `rfqs.versions`. Without a difference between them it is a mere announcement.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="addenda")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=2000)
    before = models.JSONField()
    after = models.JSONField()
    needs_confirmation = models.BooleanField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField()
    transaction = models.BigIntegerField(
        default=0, editable=False
    )  # set by a trigger: what may change is changed in the same one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "number"], name="rfqs_addendum_once"),
            models.CheckConstraint(condition=~Q(text=""), name="rfqs_addendum_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.number}"


class QuestionQuerySet(models.QuerySet["Question"]):
    """Reads of questions; whose they are stays between the asker and the buyer."""

    def answered(self) -> "QuestionQuerySet":
        """What everyone who was asked may read, the newest answer first."""
        return self.filter(answered_at__isnull=False).order_by("-answered_at", "pk")

    def waiting(self) -> "QuestionQuerySet":
        """Those without an answer, the oldest first."""
        return self.filter(answered_at=None).order_by("asked_at", "pk")


class Question(models.Model):
    """A supplier's question, and the wording and answer that everyone who was asked reads.

    Nothing that others read leads to `invitation`: the asker is hidden.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="questions")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="questions")
    text = models.CharField(max_length=2000)
    asked_at = models.DateTimeField(default=timezone.now)
    wording = models.CharField(max_length=2000, blank=True)
    answer = models.CharField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="rfqs_question_says_something"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, wording="", answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False)
                & ~Q(wording="")
                & ~Q(answer=""),
                name="rfqs_question_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
