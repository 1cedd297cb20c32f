"""Purchase orders: one per award and supplier (DOMAIN 5, 6 W5)."""

from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.lib.ids import new_id
from rfqs.models.award import Award, AwardLine, AwardStatus
from rfqs.models.rfq import RFQ
from rfqs.states import OrderStatus
from suppliers.models import Supplier


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    """Reads of orders."""

    def visible_to(self, user: User) -> "PurchaseOrderQuerySet":
        """Orders of visible requests."""
        return self.filter(rfq__in=RFQ.objects.visible_to(user).values("pk"))

    def announced_by(self, award: Award) -> list["PurchaseOrder"]:
        """The orders of an award; before its approval as they will be, without numbers, none stored."""
        orders = list(self.filter(award=award).select_related("supplier"))
        if orders or award.status == AwardStatus.APPROVED:
            return orders
        number = _("(number given with the approval)")
        winners = Supplier.objects.filter(award_lines__award=award).distinct().order_by("code")
        return [
            PurchaseOrder(number=number, rfq=award.rfq, award=award, supplier=one)
            for one in winners
        ]

    def lock(self, pk: UUID) -> "PurchaseOrder":
        """Fetch one order for change, after its request, whose lock comes first."""
        return self.select_for_update(of=("self",)).select_related("supplier").get(pk=pk)


class PurchaseOrder(models.Model):
    """What is bought from one supplier by one award, in the supplier's currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="orders")
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="orders")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=12, choices=OrderStatus, default=OrderStatus.DRAFT)
    currency = models.CharField(max_length=3)
    cost = models.DecimalField(
        max_digits=18, decimal_places=2
    )  # base currency, as the award counted it
    created_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0)  # how often it was issued
    issued_at = models.DateTimeField(null=True, blank=True)  # the last time
    remarks = models.CharField(max_length=500, blank=True)  # for the supplier, with this revision
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledgement = models.CharField(max_length=200, blank=True)  # how, and by whom
    reason = models.CharField(max_length=500, blank=True)  # why it was cancelled

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["award", "supplier"], name="rfqs_order_one_per_supplier"
            ),
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="rfqs_order_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("issued", "acknowledged", "closed"))
                | Q(issued_at__isnull=False, revision__gte=1),
                name="rfqs_order_issued",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("acknowledged", "closed"))
                | Q(acknowledged_at__isnull=False) & ~Q(acknowledgement=""),
                name="rfqs_order_acknowledged",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(reason=""), name="rfqs_order_cancelled"
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="rfqs_order_newest")]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """One line of an order; quantity and price equal the award line's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    award_line = models.OneToOneField(
        AwardLine, on_delete=models.PROTECT, related_name="order_line"
    )
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=500)
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    unit_code = models.CharField(max_length=4)
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    price_basis = models.PositiveSmallIntegerField(default=1)
    price_unit_code = models.CharField(max_length=4)  # the unit the price is for, as quoted

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="rfqs_orderline_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
