"""What a request asks for, line by line."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.ids import new_id
from rfqs.models.catalogue import Item, Unit
from rfqs.models.rfq import RFQ, CommodityType


class WorkType(models.TextChoices):
    """Kinds of service."""

    REPAIR = "repair", _("Repair")
    CIVIL = "civil", _("Civil work")
    FABRICATION = "fabrication", _("Fabrication")
    AMC = "amc", _("Annual maintenance")
    OTHER = "other", _("Other")


class PeriodUnit(models.TextChoices):
    """The period a service line is counted in (COMPARISON 12)."""

    ONCE = "once", _("Once")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR = "year", _("Year")


class AskedLines(models.Manager["RFQLine"]):
    """The lines that are asked for: those that an addendum removed are kept, and left out."""

    def get_queryset(self) -> models.QuerySet["RFQLine"]:
        """Lines that no addendum removed."""
        return super().get_queryset().filter(dropped_by=None)


class RFQLine(models.Model):
    """One thing asked for. `kind` repeats the request's type so that the database can check the fields."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=15, choices=CommodityType)
    position = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=500)
    specification = models.TextField(blank=True)
    quantity = models.DecimalField(max_digits=15, decimal_places=3)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    hsn = models.CharField("HSN/SAC", max_length=8, blank=True)
    gst_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    required_by = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    target_price = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    alternative_allowed = models.BooleanField(default=False)

    # A snapshot of what the item last cost, in base currency per unit, without GST.
    last_price = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    last_vendor = models.CharField(max_length=200, blank=True)
    last_bought_on = models.DateField(null=True, blank=True)

    # Goods
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="rfq_lines"
    )
    item_code = models.CharField(max_length=40, blank=True)
    is_new_item = models.BooleanField(default=False)
    indent_number = models.CharField(max_length=40, blank=True)
    make_accepted = models.CharField(max_length=120, blank=True)
    drawing_number = models.CharField(max_length=60, blank=True)

    # Service
    work_type = models.CharField(max_length=12, choices=WorkType, blank=True)
    periods = models.PositiveSmallIntegerField(null=True, blank=True)
    period_unit = models.CharField(max_length=10, choices=PeriodUnit, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    # Transport
    from_location = models.CharField(max_length=120, blank=True)
    to_location = models.CharField(max_length=120, blank=True)
    vehicle_size = models.CharField(max_length=60, blank=True)
    load_t = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    dimensions = models.CharField(max_length=60, blank=True)
    distance_km = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    trips_per_month = models.PositiveSmallIntegerField(null=True, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)

    dropped_by = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False
    )  # the number of the addendum that removed it

    objects = AskedLines()
    ever = models.Manager["RFQLine"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rfq", "position"],
                name="rfqs_line_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="rfqs_line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="rfqs_line_position_from_one"
            ),
            models.CheckConstraint(
                condition=Q(gst_percent=None) | Q(gst_percent__gte=0, gst_percent__lte=100),
                name="rfqs_line_gst",
            ),
            models.CheckConstraint(
                condition=~Q(kind="service")
                | Q(periods__isnull=False, periods__gte=1) & ~Q(period_unit=""),
                name="rfqs_line_service_periods",
            ),
            models.CheckConstraint(
                condition=~Q(kind="transport")
                | Q(trips_per_month__isnull=False, trips_per_month__gte=1)
                & Q(months__isnull=False, months__gte=1)
                & ~Q(from_location="")
                & ~Q(to_location=F("from_location")),
                name="rfqs_line_transport_lane",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="rfqs_line_service_dates",
            ),
            models.CheckConstraint(
                condition=Q(load_t=None) | Q(load_t__gt=0), name="rfqs_line_load_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
