"""The journal's tables. Rows are added by `journal.record` alone; a trigger chains and seals them."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Reads of the journal."""

    def of(self, stream: object) -> "AuditEventQuerySet":
        """The events of one object, oldest first, with the people in them."""
        return (
            self.filter(stream=str(stream)).select_related("actor", "on_behalf_of").order_by("seq")
        )


class AuditEvent(models.Model):
    """One thing somebody did: who, on whose behalf, to what, what changed, when by the database.

    `seq`, `at`, `previous` and `hash` are written by a trigger, whatever the INSERT says. Personal
    data stays out: people stand as foreign keys, never as names or addresses (docs/adr/0005).
    """

    stream = models.CharField(max_length=64)
    seq = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, default="")
    hash = models.CharField(max_length=64, default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_event_stream_seq")
        ]
        indexes = [
            BrinIndex(fields=["at"], name="audit_event_at"),
            models.Index(fields=["-at", "-id"], name="audit_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.stream} #{self.seq} {self.verb}"


class AuditHead(models.Model):
    """The last link of each stream's chain; locked while the next one is forged."""

    stream = models.CharField(max_length=64, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.stream} #{self.seq}"
