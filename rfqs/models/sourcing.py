"""Who was asked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ
from suppliers.models import Supplier


class InvitationStatus(models.TextChoices):
    """Where an invitation stands (DOMAIN 3)."""

    CREATED = "created", _("Not sent")
    SENT = "sent", _("Sent")
    VIEWED = "viewed", _("Opened")
    ACCEPTED = "accepted", _("Will quote")
    DECLINED = "declined", _("Declined")
    QUOTED = "quoted", _("Quoted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
    BOUNCED = "bounced", _("Mail returned")


# Which of these it is says who has quoted or means to: nobody's business while prices are sealed.
_UNTOLD = (InvitationStatus.VIEWED, InvitationStatus.ACCEPTED, InvitationStatus.QUOTED)
ACTIVE_INVITATIONS = ("created", "sent", "viewed", "accepted", "quoted")


class Invitation(models.Model):
    """One supplier asked to quote one request."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.CASCADE, related_name="invitations")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="invitations")
    status = models.CharField(
        max_length=10, choices=InvitationStatus, default=InvitationStatus.CREATED
    )
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "supplier"], name="rfqs_invitation_once"),
            models.CheckConstraint(
                condition=Q(status__in=InvitationStatus.values), name="rfqs_invitation_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.supplier_id}"

    @property
    def told(self) -> InvitationStatus:
        """The status as pages may show it; reads the request, which `rfq.invitations` carries along."""
        if self.status in _UNTOLD and self.rfq.prices_are_sealed:
            return InvitationStatus.SENT
        return InvitationStatus(self.status)
