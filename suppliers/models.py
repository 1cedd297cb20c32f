"""Suppliers and the people who quote for them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quoteflow.lib.ids import new_id


class SupplierStatus(models.TextChoices):
    """Whether a supplier may be invited: only an active one may."""

    PENDING = "pending", _("Pending approval")
    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Inactive")
    SUSPENDED = "suspended", _("Suspended")


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Reads about suppliers."""

    def visible_to(self, user: User) -> "SupplierQuerySet":
        """Whoever has a role inside sees all suppliers; a supplier sees only their own company."""
        if user.is_supplier or not user.is_active or not user.roles:
            return self.filter(contacts__user=user)
        return self

    def search(self, text: str) -> "SupplierQuerySet":
        """Match name, code, GSTIN, place or category; trigram-indexed from three letters on."""
        for word in text.split():
            self = self.filter(search_text__contains=word.upper())  # noqa: PLW0642 (chained narrowing)
        return self

    def invitable(self) -> "SupplierQuerySet":
        """Suppliers that may be asked for a price."""
        return self.filter(status=SupplierStatus.ACTIVE)


class Supplier(models.Model):
    """A company that may quote."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(_("vendor code"), max_length=30, unique=True)
    name = models.CharField(_("legal name"), max_length=200)
    category = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=SupplierStatus, default=SupplierStatus.ACTIVE)
    rating = models.DecimalField(max_digits=2, decimal_places=1, null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="IN")
    postal_code = models.CharField(max_length=20, blank=True)
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=30, blank=True)
    currency = models.CharField(max_length=3, default="INR")
    payment_terms = models.CharField(max_length=120, blank=True)
    search_text = models.GeneratedField(
        expression=Upper(
            Concat(
                "code",
                Value(" "),
                "name",
                Value(" "),
                "category",
                Value(" "),
                "city",
                Value(" "),
                "state",
                Value(" "),
                "gstin",
                Value(" "),
                "email",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=SupplierStatus.values), name="suppliers_supplier_status"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=0, rating__lte=5),
                name="suppliers_supplier_rating",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="suppliers_supplier_currency"
            ),
        ]
        indexes = [
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="suppliers_supplier_search"),
            models.Index(Upper("name"), "id", name="suppliers_supplier_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Contact(models.Model):
    """A person at a supplier who receives requests and may have an account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_primary = models.BooleanField(default=False)
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Without it this person gets no mail, and links that were sent open nothing."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"],
                condition=Q(is_primary=True),
                name="suppliers_contact_one_primary",
            )
        ]

    def __str__(self) -> str:
        return self.name
