"""Who was asked."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ
from rfqs.states import InvitationStatus
from suppliers.models import Contact, Supplier, SupplierStatus

# Which of these an invitation is says who has quoted or means to: nobody's business while prices are sealed.
_UNTOLD = (InvitationStatus.VIEWED, InvitationStatus.ACCEPTED, InvitationStatus.QUOTED)
ACTIVE_INVITATIONS = ("created", "sent", "viewed", "accepted", "quoted")
ASKABLE_AGAIN = (*ACTIVE_INVITATIONS, "declined")  # to a later round


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
    round = models.PositiveSmallIntegerField(default=1)  # the last one the supplier is asked for
    # The last round that the supplier declined and did not come back to: no quotation of before stands.
    declined_round = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    unreachable_since = models.DateTimeField(
        null=True, blank=True
    )  # a buyer says the address is wrong
    # Where mail of this request goes instead of the supplier's address, and who said so.
    mail_to = models.EmailField(blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

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
            models.CheckConstraint(
                condition=Q(
                    status="declined", declined_round__isnull=False, declined_round=F("round")
                )
                | (
                    ~Q(status="declined")
                    & (Q(declined_round=None) | Q(declined_round__lt=F("round")))
                ),
                name="rfqs_invitation_declined_round",
            ),
            models.CheckConstraint(
                condition=Q(mail_to="", corrected_by=None)
                | (~Q(mail_to="") & Q(corrected_by__isnull=False)),
                name="rfqs_invitation_correction_has_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.supplier_id}"

    @property
    def told(self) -> InvitationStatus:
        """The status as pages may show it; reads the request, which `rfq.invitations` carries along.

        That an address does not work is a note of the buyer's beside the status: were it an arrow, its
        being possible would tell of a sealed request who has looked or quoted.
        """
        untold = self.status in _UNTOLD and self.rfq.prices_are_sealed
        status = InvitationStatus.SENT if untold else InvitationStatus(self.status)
        if self.unreachable_since and status == InvitationStatus.SENT:
            return InvitationStatus.BOUNCED
        return status
