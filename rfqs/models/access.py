"""The keys of the supplier portal: one link in force per invitation, known by its hash alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from quoteflow.lib.ids import new_id
from quoteflow.lib.tokens import derived, hashed, new_seed
from rfqs.models.sourcing import Invitation
from rfqs.states import TERMINAL, InvitationStatus
from suppliers.models import Contact, SupplierStatus

READABLE_FOR = timedelta(days=90)  # after the outcome, GUARANTEES 2.7


class AccessQuerySet(models.QuerySet["Access"]):
    """Reads of links."""

    def live(self, now: datetime | None = None) -> "AccessQuerySet":
        """Links that open: not revoked, of an active supplier and contact, until 90 days after the outcome."""
        rows = self.filter(
            revoked_at=None, invitation__supplier__status=SupplierStatus.ACTIVE
        ).exclude(invitation__status__in=(InvitationStatus.CREATED, InvitationStatus.WITHDRAWN))
        gone = Q(contact__is_active=False) | Q(contact__user__is_active=False)
        rows = rows.exclude(Q(contact__isnull=False) & gone)
        over = (now or timezone.now()) - READABLE_FOR
        ended = Coalesce("invitation__rfq__decided_at", "invitation__rfq__updated_at")
        return rows.annotate(ended_at=ended).exclude(
            invitation__rfq__status__in=TERMINAL, ended_at__lte=over
        )

    def opened_by(self, token: str) -> "AccessQuerySet":
        """The live link with this token; none for one that is wrong, expired or revoked."""
        return self.live().filter(token_hash=hashed(token))

    def seeds(self, invitations: Iterable[Invitation]) -> dict[object, str]:
        """Invitation ids and the seeds of the links in force; none made under another secret key."""
        rows = self.filter(revoked_at=None, invitation__in=[one.pk for one in invitations])
        found = rows.values_list("invitation_id", "seed", "token_hash")
        return {pk: seed for pk, seed, known in found if hashed(derived(seed)) == known}


class Access(models.Model):
    """A link that was mailed: it opens one invitation. The token itself is stored nowhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="accesses")
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, null=True, blank=True, related_name="accesses"
    )  # whom it was mailed to; none where the company's own address was used
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation"],
                condition=Q(revoked_at=None),
                name="rfqs_access_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="rfqs_access_revoked_later",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def minted(cls, invitation: Invitation, contact: Contact | None) -> "Access":
        """A new link, not saved yet."""
        access = cls(invitation=invitation, contact=contact)
        access.token_hash = hashed(derived(access.seed))
        return access
