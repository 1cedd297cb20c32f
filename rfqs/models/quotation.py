"""A supplier's priced reply, every revision kept (DOMAIN 3, 7)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quoteflow.lib.ids import new_id
from rfqs.models.attachment import Attachment
from rfqs.models.catalogue import Unit
from rfqs.models.late import LateAdmission
from rfqs.models.line import PeriodUnit, RFQLine
from rfqs.models.rfq import RFQ, unopened
from rfqs.models.sourcing import Invitation
from rfqs.states import QuotationStatus
from suppliers.models import Supplier

LIVE = (
    "submitted",
    "needs_reconfirmation",
    "disqualified",
    "awarded",
    "partly_awarded",
    "not_awarded",
)


class Channel(models.TextChoices):
    """How a quotation that the buyer types reached the buyer."""

    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Phone")
    PAPER = "paper", _("Paper")
    SHEET = "sheet", _("Spreadsheet")


class FreightTerm(models.TextChoices):
    """Freight: an amount, inside the price, or not stated, which is not the same as nothing."""

    NOT_STATED = "not_stated", _("Not stated")
    INCLUDED = "included", _("Included in the price")
    AMOUNT = "amount", _("Amount")


class GSTScheme(models.TextChoices):
    """How the supplier is taxed (COMPARISON 1)."""

    REGULAR = "regular", _("Regular")
    COMPOSITION = "composition", _("Composition")
    UNREGISTERED = "unregistered", _("Unregistered")
    IMPORT = "import", _("Import")
    REVERSE_CHARGE = "reverse_charge", _("Reverse charge")


class RateBasis(models.TextChoices):
    """What a transport rate is for (COMPARISON 11); rates of different bases never meet."""

    PER_TRIP = "per_trip", _("Per trip")
    PER_TONNE = "per_tonne", _("Per tonne")
    PER_KM = "per_km", _("Per km")


class QuotationQuerySet(models.QuerySet["Quotation"]):
    """Reads of quotations; prices only where the request shows them."""

    def visible_to(self, user: User) -> "QuotationQuerySet":
        """Quotations of visible requests, no draft, none of a sealed round before its opening."""
        visible = self.sent().filter(rfq__in=RFQ.objects.visible_to(user).values("pk"))
        opened = Opening.objects.filter(rfq=OuterRef("rfq"), round=OuterRef("round"))
        return visible.exclude(unopened("rfq__") & ~Exists(opened))

    def sent(self) -> "QuotationQuerySet":
        """What reached the buyer; a draft is its supplier's alone."""
        return self.exclude(status=QuotationStatus.DRAFT)

    def with_altered(self) -> "QuotationQuerySet":
        """Carry along which quotations the opening of their round found changed: `altered`, ids as text."""
        opening = Opening.objects.filter(rfq=OuterRef("rfq"), round=OuterRef("round"))
        return self.annotate(altered=Subquery(opening.values("altered")[:1]))

    def live(self) -> "QuotationQuerySet":
        """The one revision of each invitation and round that counts."""
        return self.filter(status__in=LIVE)

    def last_before(self, number: int) -> "QuotationQuerySet":
        """Of each invitation the live one of the last round before `number` in which anything was sent."""
        sent = Quotation.objects.sent().filter(invitation=OuterRef("invitation"), round__lt=number)
        return self.live().filter(round=Subquery(sent.order_by("-round").values("round")[:1]))

    def standing_in(self, number: int) -> "QuotationQuerySet":
        """Of each invitation the one that stands in round `number` because nothing was sent in it."""
        sent = Quotation.objects.sent().filter(invitation=OuterRef("invitation"), round=number)
        standing = (QuotationStatus.SUBMITTED, QuotationStatus.NEEDS_RECONFIRMATION)
        found = self.last_before(number).filter(status__in=standing).exclude(Exists(sent))
        return found.exclude(
            invitation__declined_round__gte=F("round")
        )  # a no ends what was offered


class Quotation(models.Model):
    """One revision of one supplier's offer in one round, in one currency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="quotations")
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="quotations")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="quotations")
    round = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=20, choices=QuotationStatus, default=QuotationStatus.SUBMITTED
    )

    quote_ref = models.CharField(_("supplier's number"), max_length=80, blank=True)
    quoted_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    header_discount_percent = models.DecimalField(
        null=True, blank=True, max_digits=6, decimal_places=3
    )
    discount_on_full_order = models.BooleanField(
        default=False
    )  # the discount above falls away where only a part is ordered
    pf_percent = models.DecimalField(null=True, blank=True, max_digits=6, decimal_places=3)
    pf_amount = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    freight_term = models.CharField(
        max_length=10, choices=FreightTerm, default=FreightTerm.NOT_STATED
    )
    freight_amount = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    insurance = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    other_charges = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    clearing_charges = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    gst_scheme = models.CharField(max_length=14, choices=GSTScheme, default=GSTScheme.REGULAR)
    payment_terms = models.CharField(max_length=200, blank=True)
    tranches = models.JSONField(
        default=list, blank=True
    )  # [["100", 30]]: share %, days after delivery
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    delivery_term = models.CharField(max_length=80, blank=True)
    warranty = models.CharField(max_length=120, blank=True)
    remarks = models.CharField(max_length=1000, blank=True)

    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entered_quotations",
    )  # the buyer who typed it; None when the supplier did
    channel = models.CharField(max_length=6, choices=Channel, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    source = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="quotations"
    )
    no_source_reason = models.CharField(max_length=300, blank=True)
    late = models.ForeignKey(
        LateAdmission, on_delete=models.PROTECT, null=True, blank=True, related_name="quotations"
    )  # by which it was admitted after the closing time
    disqualified_reason = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    addendum = models.PositiveSmallIntegerField(
        default=0, editable=False
    )  # the number of the last one its supplier knew: the version of the request that it is for
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    files = models.ManyToManyField(Attachment, blank=True, related_name="offered_with")
    salt = models.CharField(max_length=32, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)  # rfqs.commitment
    # Of a supplier's draft: the texts of the form as they were typed, and how often it was saved.
    typed = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = QuotationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "round", "revision"], name="rfqs_quotation_revision"
            ),
            models.UniqueConstraint(
                fields=["invitation", "round"],
                condition=Q(status__in=LIVE),
                name="rfqs_quotation_one_live",
            ),
            models.UniqueConstraint(
                fields=["invitation", "round"],
                condition=Q(status="draft"),
                name="rfqs_quotation_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", typed__isnull=False, submitted_at=None)
                | (~Q(status="draft") & Q(typed__isnull=True)),
                name="rfqs_quotation_draft_is_typed",
            ),
            models.CheckConstraint(
                condition=Q(entered_by__isnull=False) | Q(status="draft") | ~Q(content_hash=""),
                name="rfqs_quotation_is_committed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=QuotationStatus.values), name="rfqs_quotation_status_known"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="rfqs_quotation_currency"
            ),
            models.CheckConstraint(
                condition=Q(
                    freight_term="amount", freight_amount__isnull=False, freight_amount__gte=0
                )
                | (~Q(freight_term="amount") & Q(freight_amount=None)),
                name="rfqs_quotation_freight",
            ),
            models.CheckConstraint(
                condition=Q(pf_percent=None) | Q(pf_amount=None),
                name="rfqs_quotation_packing_one_way",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None)
                | ~Q(channel="")
                & Q(received_at__isnull=False)
                & (Q(source__isnull=False) | ~Q(no_source_reason="")),
                name="rfqs_quotation_surrogate_has_source",
            ),
            models.CheckConstraint(
                condition=~Q(status="disqualified") | ~Q(disqualified_reason=""),
                name="rfqs_quotation_disqualified",
            ),
        ]
        indexes = [models.Index(fields=["rfq", "round"], name="rfqs_quotation_by_round")]

    def __str__(self) -> str:
        return f"{self.supplier_id} round {self.round} revision {self.revision}"

    @property
    def is_surrogate(self) -> bool:
        """Typed by a buyer for the supplier; said wherever the quotation shows."""
        return self.entered_by_id is not None

    @property
    def is_late(self) -> bool:
        """Admitted after the closing time by two people; said wherever the quotation shows."""
        return self.late_id is not None


class QuotationLine(models.Model):
    """The answer to one line; no price means not quoted, 0 means free of charge."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(RFQLine, on_delete=models.PROTECT, related_name="answers")
    unit_price = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    price_basis = models.PositiveSmallIntegerField(default=1)
    discount_percent = models.DecimalField(null=True, blank=True, max_digits=6, decimal_places=3)
    moq = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    order_multiple = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    offered_quantity = models.DecimalField(max_digits=15, decimal_places=3, null=True, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    gst_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    duty_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(null=True, blank=True)
    make = models.CharField(max_length=120, blank=True)
    remarks = models.CharField(max_length=300, blank=True)
    stated_total = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True
    )  # what the supplier wrote beside the line, before discount: checked, never used
    # Service
    rate_period = models.CharField(max_length=10, choices=PeriodUnit, blank=True)
    # Transport
    rate_basis = models.CharField(max_length=10, choices=RateBasis, blank=True)
    minimum_weight_t = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)
    fuel_percent = models.DecimalField(null=True, blank=True, max_digits=6, decimal_places=3)
    toll = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    loading = models.DecimalField(null=True, blank=True, max_digits=18, decimal_places=4)
    capacity_t = models.DecimalField(max_digits=10, decimal_places=3, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quotation", "line"], name="rfqs_quotationline_once"),
            models.CheckConstraint(
                condition=Q(unit_price=None) | Q(unit_price__gte=0), name="rfqs_quotationline_price"
            ),
            models.CheckConstraint(
                condition=Q(price_basis__in=(1, 100, 1000)), name="rfqs_quotationline_basis"
            ),
            models.CheckConstraint(
                condition=Q(moq=None) | Q(moq__gt=0), name="rfqs_quotationline_moq"
            ),
            models.CheckConstraint(
                condition=Q(order_multiple=None) | Q(order_multiple__gt=0),
                name="rfqs_quotationline_multiple",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent=None)
                | Q(discount_percent__gte=0, discount_percent__lte=100),
                name="rfqs_quotationline_discount",
            ),
            models.CheckConstraint(
                condition=Q(offered_quantity=None) | Q(offered_quantity__gte=0),
                name="rfqs_quotationline_offered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.unit_price}"


class Opening(models.Model):
    """The recorded act of looking at the prices of a round; once per round (DOMAIN 6, S4)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rfq = models.ForeignKey(RFQ, on_delete=models.PROTECT, related_name="openings")
    round = models.PositiveSmallIntegerField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    count = models.PositiveSmallIntegerField()
    altered = models.JSONField(
        default=list, blank=True
    )  # ids of quotations that are not as received

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfq", "round"], name="rfqs_opening_once"),
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=F("opened_by")),
                name="rfqs_opening_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rfq_id} round {self.round}"
