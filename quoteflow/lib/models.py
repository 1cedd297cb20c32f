"""The one table of the library: uses that are counted where no cache can lose them."""

from django.db import models
from django.db.models import Q


class Bucket(models.Model):
    """Uses of one limit by one key in the running window; see `quoteflow.lib.buckets`."""

    key = models.CharField(primary_key=True, max_length=64)  # a keyed hash: no address is stored
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(used__gte=1), name="lib_bucket_used")]
        indexes = [models.Index(fields=["ends_at"], name="lib_bucket_over")]

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at}"
