"""Files: stored outside every web root, hashed, versioned, never replaced."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quoteflow.lib.ids import new_id
from rfqs.models.rfq import RFQ, unopened
from rfqs.models.sourcing import Invitation


class AttachmentKind(models.TextChoices):
    """What a file is for."""

    BOQ = "boq", _("Signed bill of quantities")
    DRAWING = "drawing", _("Signed drawing")
    TENDER = "tender", _("Document for suppliers")
    APPROVAL = "approval", _("Urgent approval")
    SOURCE = "source", _("Source of a quotation")
    OTHER = "other", _("Other")


FOR_SUPPLIERS = ("boq", "drawing", "tender")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads of files."""

    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Files of visible requests; what a quotation came from stays shut until the opening (S1)."""
        quoted = Exists(self.model.objects.filter(pk=OuterRef("pk"), quotations__isnull=False))
        of_quotations = Q(kind=AttachmentKind.SOURCE) | Q(quoted)
        sent = self.model.objects.filter(
            pk=OuterRef("pk"), offered_with__submitted_at__isnull=False
        )
        visible = self.filter(rfq__in=RFQ.objects.visible_to(user).values("pk"))
        return visible.filter(Q(invitation=None) | Exists(sent)).exclude(
            unopened("rfq__") & of_quotations
        )

    def for_suppliers(self, rfq: RFQ) -> "AttachmentQuerySet":
        """What every supplier of this request may read: drawings, bills of quantities, documents.

        Of a request that reads as an earlier version those that it had then.
        """
        rows = self.filter(rfq=rfq, kind__in=FOR_SUPPLIERS).order_by("kind", "name", "-version")
        if rfq.read_as is not None:
            rows = rows.filter(pk__in=[one["id"] for one in rfq.read_as["files"]])
        return rows


class Attachment(models.Model):
    """One version of one file of a request; a new version of the same name is a new row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="attachments")
    kind = models.CharField(max_length=10, choices=AttachmentKind)
    name = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    path = models.CharField(max_length=200, unique=True, editable=False)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    invitation = models.ForeignKey(
        Invitation, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )  # of a file that the supplier uploaded

    uploaded_at = models.DateTimeField(default=timezone.now)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rfq", "kind", "name", "version"],
                condition=Q(invitation=None),
                name="rfqs_attachment_version",
            ),
            models.UniqueConstraint(
                fields=["invitation", "name", "version"], name="rfqs_attachment_of_supplier"
            ),
            models.CheckConstraint(
                condition=Q(uploaded_by__isnull=False) | Q(invitation__isnull=False, kind="source"),
                name="rfqs_attachment_has_origin",
            ),
        ]

    def __str__(self) -> str:
        return self.name
