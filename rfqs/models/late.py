"""Quotations after the closing time: admitted by two people, with a reason, before anybody opens (DOMAIN 3)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from quoteflow.lib.ids import new_id
from rfqs.models.sourcing import Invitation


class LateAdmission(models.Model):
    """That one supplier's quotation may be entered late in a round: asked for by one, confirmed by another.

    Where a policy covers it, its approval confirms it: the last of its deciders. `closed_at` says that it
    was refused, returned or taken back; then it may be asked for again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="admissions")
    round = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "round"],
                condition=Q(closed_at=None),
                name="rfqs_lateadmission_once_a_round",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(confirmed_by=None),
                name="rfqs_lateadmission_closed_unconfirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="rfqs_lateadmission_two_people",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="rfqs_lateadmission_confirmed_at",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rfqs_lateadmission_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} round {self.round}"
