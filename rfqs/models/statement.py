"""The comparative statement as it stood when an award was submitted, with all it was computed from."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from quoteflow.lib.ids import new_id
from rfqs.models.award import Award


class StoredStatement(models.Model):
    """Inputs and result as canonical JSON text, so that anybody can compute it again, byte for byte.

    Text and not JSON columns, which would keep neither the order nor the digits. A row is written
    with every submission and never changed; `digest` is the SHA-256 of both, a line feed between.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="statements")
    made_at = models.DateTimeField(default=timezone.now)
    inputs = models.TextField()
    result = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="rfqs_storedstatement_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.digest[:12]}"
