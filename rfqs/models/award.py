"""The proposal who gets what, and why (DOMAIN 5, 6 W1-W6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.ids import new_id
from rfqs.models.line import RFQLine
from rfqs.models.quotation import QuotationLine
from rfqs.models.rfq import RFQ
from suppliers.models import Supplier


class AwardStatus(models.TextChoices):
    """Where an award stands; triggers refuse any change of its lines once it is pending."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("Awaiting approval")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_AWARDS = ("draft", "pending", "approved")


class Exceptional(models.TextChoices):
    """What is unusual about an award; each that holds asks for its own reason (DOMAIN 5)."""

    NOT_LOWEST = "not_lowest", _("Not the lowest")
    TIE = "tie", _("Tie for the lowest")
    SINGLE_BID = "single_bid", _("Single bid")
    ABOVE_LAST = "above_last", _("Above the last price")
    ABOVE_ESTIMATE = "above_estimate", _("Above the estimate")
    EXPIRED = "expired", _("Expired quotation")
    FEW_BIDS = "few_bids", _("Fewer bids than the site's minimum")
    PARTIAL = "partial", _("Partial award")


class Award(models.Model):
    """One proposal to buy; at most one lives per request."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="awards")
    status = models.CharField(max_length=10, choices=AwardStatus, default=AwardStatus.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="awards"
    )
    version = models.PositiveIntegerField(default=0, editable=False)  # how often it was saved
    total = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    reasons = models.JSONField(default=dict, blank=True)  # {Exceptional value: text}
    recommendation = models.CharField(max_length=1000, blank=True)
    apd_number = models.CharField(max_length=40, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=AwardStatus.values), name="rfqs_award_status_known"
            ),
            models.UniqueConstraint(
                fields=["rfq"],
                condition=Q(status__in=LIVE_AWARDS),
                name="rfqs_award_one_live",
            ),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(status="cancelled")
                | Q(total__isnull=False, submitted_at__isnull=False),
                name="rfqs_award_submitted_has_total",
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(approved_at__isnull=False),
                name="rfqs_award_approved_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} {self.status}"


class AwardLine(models.Model):
    """So much of one line to one supplier. Amounts are in base currency unless they say otherwise."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="lines")
    rfq_line = models.ForeignKey(RFQLine, on_delete=models.PROTECT, related_name="award_lines")
    quotation_line = models.ForeignKey(
        QuotationLine, on_delete=models.PROTECT, related_name="award_lines"
    )
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="award_lines")
    quantity = models.DecimalField(max_digits=15, decimal_places=3)  # of the need that this covers
    order_quantity = models.DecimalField(
        max_digits=15, decimal_places=3
    )  # what is ordered: MOQ, multiples
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)  # as quoted
    price_basis = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=3)
    basic = models.DecimalField(max_digits=18, decimal_places=2)
    cost = models.DecimalField(
        max_digits=18, decimal_places=2
    )  # on the request's tax basis; sums to the total
    is_lowest = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "quotation_line"], name="rfqs_awardline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, order_quantity__gt=0), name="rfqs_awardline_quantity"
            ),
            models.CheckConstraint(
                condition=Q(order_quantity__gte=models.F("quantity")),
                name="rfqs_awardline_orders_the_need",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_line_id} {self.quantity}"


class AwardGap(models.Model):
    """A line that is not awarded, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="gaps")
    rfq_line = models.ForeignKey(RFQLine, on_delete=models.PROTECT, related_name="award_gaps")
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "rfq_line"], name="rfqs_awardgap_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="rfqs_awardgap_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_line_id} not awarded"
