"""Who else at a supplier reads what is written about a request."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from quoteflow.lib.ids import new_id
from rfqs.models.sourcing import Invitation
from suppliers.models import Contact


class InvitationCopy(models.Model):
    """That another person of the asked supplier gets copies of the letters of an invitation.

    A copy never has the link: that belongs to the one person it was mailed to, who is known by it and
    whose leaving ends it (GUARANTEES 2.7, docs/adr/0033). A trigger keeps people of other suppliers out.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="copies")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "contact"], name="rfqs_invitationcopy_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.contact_id}"
