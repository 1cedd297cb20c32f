"""Who was asked."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ
from rfqs.states import InvitationStatus
from suppliers.models import Contact, Supplier, SupplierStatus

# Which of these an invitation is says who has quoted or means to: nobody's business while prices are sealed.
_UNTOLD = (InvitationStatus.VIEWED, InvitationStatus.ACCEPTED, InvitationStatus.QUOTED)
ACTIVE_INVITATIONS = ("created", "sent", "viewed", "accepted", "quoted")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def visible_to(self, user: User) -> "InvitationQuerySet":
        """A supplier's own, once they were sent; everybody else works with the request's."""
        own = self.filter(
            supplier__status=SupplierStatus.ACTIVE,
            supplier__contacts__in=Contact.objects.filter(user=user, is_active=True),
        ).exclude(status__in=(InvitationStatus.CREATED, InvitationStatus.WITHDRAWN))
        return own if user.is_supplier else self.none()


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

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "supplier"], name="rfqs_invitation_once"),
            models.CheckConstraint(
                condition=Q(status__in=InvitationStatus.values), name="rfqs_invitation_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("declined", "withdrawn")) | ~Q(reason=""),
                name="rfqs_invitation_reason",
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
