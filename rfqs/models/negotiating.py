"""Further rounds of a request: each begins out of the evaluation of the one before."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ


class Round(models.Model):
    """A round after the first, and how the one before it was evaluated: its closing time, its rates and taxes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=2000)
    closed_at = models.DateTimeField()
    rates = models.JSONField(default=dict, blank=True)
    rates_on = models.DateField(null=True, blank=True)
    added_taxes = models.JSONField(default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "number"], name="rfqs_round_once"),
            models.CheckConstraint(condition=Q(number__gte=2), name="rfqs_round_after_the_first"),
            models.CheckConstraint(condition=~Q(text=""), name="rfqs_round_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} round {self.number}"
