"""Units and items (DOMAIN 1): what can be asked for, and how it is counted."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quoteflow.lib.ids import new_id
from suppliers.models import Supplier


class Unit(models.Model):
    """A unit of measure by its UN/ECE Recommendation 20 (or 21, packages) code."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=120)
    symbol = models.CharField(max_length=30, blank=True)
    dimension = models.CharField(
        max_length=60, blank=True, help_text=_("Units convert only inside one dimension.")
    )
    factor = models.DecimalField(
        max_digits=60,
        decimal_places=40,
        null=True,
        blank=True,
        help_text=_("Base units of the dimension in one of these."),
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(factor=None) | Q(factor__gt=0), name="rfqs_unit_factor_positive"
            )
        ]

    def __str__(self) -> str:
        return self.symbol or self.code


class UnitAlias(models.Model):
    """What people write for a unit: NOS, KGS, MTS."""

    alias = models.CharField(max_length=20, primary_key=True, help_text=_("In capital letters."))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        verbose_name_plural = _("unit aliases")

    def __str__(self) -> str:
        return self.alias


class ItemQuerySet(models.QuerySet["Item"]):
    """Reads of the catalogue."""

    def visible_to(self, user: User) -> "ItemQuerySet":
        """Whoever has a role inside sees the catalogue; suppliers do not (it holds last prices)."""
        return self if user.is_active and user.roles and not user.is_supplier else self.none()

    def active(self) -> "ItemQuerySet":
        """Items that may be asked for."""
        return self.filter(is_active=True)

    def search(self, text: str) -> "ItemQuerySet":
        """Match code, description, specification or category, word by word."""
        for word in text.split():
            self = self.filter(search_text__contains=word.upper())  # noqa: PLW0642 (chained narrowing)
        return self


class Item(models.Model):
    """A catalogue item with the ERP's code; it remembers what it last cost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("item code"), max_length=40, unique=True)
    description = models.CharField(max_length=500)
    specification = models.TextField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="items")
    category = models.CharField(max_length=80, blank=True)
    hsn = models.CharField("HSN/SAC", max_length=8, blank=True)
    gst_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    last_price = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    last_currency = models.CharField(max_length=3, blank=True)
    last_supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, blank=True, related_name="last_sold_items"
    )
    last_bought_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    search_text = models.GeneratedField(
        expression=Upper(
            Concat(
                "code",
                Value(" "),
                "description",
                Value(" "),
                "specification",
                Value(" "),
                "category",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_price=None, last_currency="")
                | Q(
                    last_price__isnull=False,
                    last_price__gte=0,
                    last_currency__regex=r"^[A-Z]{3}$",
                ),
                name="rfqs_item_last_price_has_currency",
            ),
            models.CheckConstraint(
                condition=Q(gst_percent=None) | Q(gst_percent__gte=0, gst_percent__lte=100),
                name="rfqs_item_gst",
            ),
        ]
        indexes = [GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="rfqs_item_search")]

    def __str__(self) -> str:
        return f"{self.code} {self.description}"


class ItemUnit(models.Model):
    """An item's own conversion: one box of this item holds twelve."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    factor = models.DecimalField(
        max_digits=18,
        decimal_places=6,
        help_text=_("How many of the item's own unit one of these holds."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "unit"], name="rfqs_itemunit_once"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="rfqs_itemunit_factor_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.unit_id} = {self.factor}"
