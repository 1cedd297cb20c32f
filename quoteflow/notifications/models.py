"""The outbox: an e-mail is a row first, written with the change it tells about."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.ids import new_id


class State(models.TextChoices):
    """Where a message stands."""

    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("For the daily mail")
    KEPT = "kept", _("In the bell only")


class Topic(models.TextChoices):
    """What a notice to a person of the house is about; each person chooses which come by mail."""

    APPROVALS = "approvals", _("What waits for my decision")
    DECISIONS = "decisions", _("What was decided on my requests")
    QUOTATIONS = "quotations", _("Quotations and questions of suppliers")
    DEADLINES = "deadlines", _("Closing times that come near")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Reads of the outbox."""

    def due(self) -> "OutboxQuerySet":
        """Queued messages whose time has come."""
        return self.filter(state=State.QUEUED, not_before__lte=timezone.now())

    def told_to(self, user: Any) -> "OutboxQuerySet":
        """The notices in this person's bell, newest first."""
        told = self.filter(recipient=user.email).exclude(topic="")
        return told.order_by("-created_at", "-pk")

    def lock_queued(self, pk: str) -> "OutboxMessage | None":
        """Lock one message that is still queued; None if it is sent or another worker holds it."""
        return self.filter(pk=pk, state=State.QUEUED).select_for_update(skip_locked=True).first()


class OutboxMessage(models.Model):
    """One e-mail to one person, promised in the transaction of the change it reports."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    recipient = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    token_seed = models.CharField(
        max_length=32, blank=True
    )  # of the token that stands for TOKEN_MARK
    is_confidential = models.BooleanField(default=False)  # nobody is told to whom it went
    complement = models.CharField(max_length=40, blank=True)  # of settings.OUTBOX_COMPLEMENTS
    about = models.UUIDField(null=True, blank=True)  # what the complement is made of
    topic = models.CharField(max_length=12, choices=Topic, blank=True)  # of a notice in the bell
    link = models.CharField(max_length=200, blank=True)  # where a notice leads
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    not_before = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="notifications_message_state"
            ),
            models.CheckConstraint(
                condition=Q(topic="") | Q(topic__in=Topic.values) & ~Q(link=""),
                name="notifications_message_topic",
            ),
            models.CheckConstraint(
                condition=Q(complement="") | Q(about__isnull=False),
                name="notifications_message_complement_is_about",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | Q(~Q(state=State.SENT), sent_at=None),
                name="notifications_message_sent_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(state=State.QUEUED), name="notifications_queued"
            ),
            models.Index(
                fields=["recipient", "-created_at", "-id"],
                condition=~Q(topic=""),
                name="notifications_bell",
            ),
            models.Index(
                fields=["about", "id"], condition=Q(about__isnull=False), name="notifications_about"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Reader(models.Model):
    """What a person has seen of their notices, and which of them come by mail; without one: all, at once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="notice_reader",
    )
    seen_at = models.DateTimeField(null=True, blank=True)
    daily = ArrayField(models.CharField(max_length=12, choices=Topic), default=list, blank=True)
    silent = ArrayField(models.CharField(max_length=12, choices=Topic), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    daily__contained_by=list(Topic.values), silent__contained_by=list(Topic.values)
                ),
                name="notifications_reader_topics",
            ),
            models.CheckConstraint(
                condition=~Q(daily__overlap=models.F("silent")), name="notifications_reader_one_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"
