"""The request for quotation."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from quoteflow.lib.ids import new_id
from rfqs.models.deputies import through
from rfqs.states import IN_APPROVAL, PUBLISHED, TERMINAL, Status


class CommodityType(models.TextChoices):
    """The three kinds of request, in the words of the first product."""

    GOODS = "provided_data", _("Indent items")
    SERVICE = "service", _("Service")
    TRANSPORT = "transport", _("Transport")


class Priority(models.TextChoices):
    """How much it matters."""

    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


def unopened(to_request: str = "") -> Q:
    """The condition behind `RFQ.prices_are_sealed`; `to_request` leads to the request, as in "rfq__".

    What ended before its opening stays shut for good: else calling a request off would open it (S1).
    """
    waits = Q(**{f"{to_request}status__in": (Status.DRAFT, Status.REVIEW, Status.OPEN)})
    ended = {
        f"{to_request}status__in": (Status.CANCELLED, Status.UNSUCCESSFUL),
        f"{to_request}rates_on": None,
    }
    return Q(**{f"{to_request}is_sealed": True}) & (waits | Q(**ended))


class RFQQuerySet(models.QuerySet["RFQ"]):
    """Reads of requests; every one for a person starts at `visible_to`."""

    def visible_to(self, user: User) -> "RFQQuerySet":
        """DOMAIN 8: auditors and heads see all sites; buyers their sites; approvers what came to them."""
        if not user.is_active or user.is_supplier:
            return self.none()
        if user.is_auditor:
            return self
        reachable = Q(pk__in=[])
        if user.is_head:
            reachable |= ~Q(status=Status.DRAFT)
        if user.is_buyer:
            reachable |= Q(site__in=user.own_site_ids)
        if user.is_approver:
            reachable |= Q(site__in=user.own_site_ids, status__in=IN_APPROVAL)
            asked_late = RFQ.objects.filter(approval_requests__late__isnull=False)
            reachable |= Q(site__in=user.own_site_ids, pk__in=asked_late.values("pk"))
            for person in user.principals:
                reachable |= through(person, asked_late)
            reachable |= Q(
                pk__in=RFQ.objects.filter(approval_requests__decisions__by=user).values("pk")
            )
        if user.is_pricing:
            reachable |= Q(status=Status.APPROVED, site__in=user.own_site_ids)
        return self.filter(reachable)

    def lock(self, pk: UUID | str) -> "RFQ":
        """Fetch one row for change; the caller must be inside a transaction."""
        return self.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=pk)

    def search(self, text: str) -> "RFQQuerySet":
        """Match number, title, items or suppliers, word by word, through the trigram index."""
        for word in text.split():
            self = self.filter(search_text__contains=word.upper())  # noqa: PLW0642 (chained narrowing)
        return self


class RFQ(models.Model):
    """A request for priced offers on stated lines, from a buyer's draft to an approved award."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=24, unique=True, editable=False)
    serial = models.PositiveIntegerField(editable=False)
    reference = models.CharField(_("outside reference"), max_length=80, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rfqs")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rfqs"
    )
    commodity_type = models.CharField(max_length=15, choices=CommodityType)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    project_name = models.CharField(max_length=120, blank=True)
    department = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    is_urgent = models.BooleanField(_("urgent work"), default=False)
    is_sealed = models.BooleanField(_("sealed"), default=False)
    deadline = models.DateTimeField(_("closing time"), null=True, blank=True)
    questions_until = models.DateTimeField(
        _("questions until"), null=True, blank=True
    )  # none: until the closing time
    required_by = models.DateField(null=True, blank=True)
    delivery_place = models.CharField(max_length=200, blank=True)
    delivery_terms = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    remarks = models.CharField(max_length=1000, blank=True)
    closing_reason = models.CharField(max_length=500, blank=True)
    typed = models.JSONField(
        null=True, blank=True, editable=False
    )  # raw fields of a draft that do not validate yet
    reminded_for = models.DateTimeField(
        null=True, blank=True, editable=False
    )  # the closing time of which the suppliers were reminded
    opening_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )  # the first of the two people who open a large sealed request

    # How offers are compared (COMPARISON 5): stored here, printed on the statement.
    tax_basis = models.CharField(
        max_length=15,
        choices=[("net_of_credit", _("Net of input credit")), ("gross", _("Including GST"))],
        default="net_of_credit",
    )
    quantity_basis = models.CharField(
        max_length=10,
        choices=[("committed", _("Committed")), ("required", _("Required"))],
        default="committed",
    )
    incomplete_basis = models.CharField(
        max_length=12,
        choices=[
            ("exclude", _("Left out of the ranking")),
            ("load_highest", _("Left out, but shown with the gaps at the others' highest")),
        ],
        default="exclude",
    )
    split_basis = models.CharField(
        max_length=11,
        choices=[
            ("full", _("Each supplier's lump sums in full")),
            ("apportioned", _("Lump sums by share, a lower bound")),
        ],
        default="full",
    )
    interest_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    credit_days = models.PositiveSmallIntegerField(default=30)
    rates = models.JSONField(
        default=dict, blank=True
    )  # {"EUR": "92.456700"}, frozen when evaluation begins
    rates_on = models.DateField(null=True, blank=True)
    added_taxes = models.JSONField(
        default=dict, blank=True
    )  # {line: {"gst": "18.00", "duty": "7.50"}}, percent, where nobody states them (docs/adr/0035)

    # Figures of the list, kept by the actions so that a page of requests is one query.
    line_count = models.PositiveSmallIntegerField(default=0, editable=False)
    invited_count = models.PositiveSmallIntegerField(default=0, editable=False)
    quotation_count = models.PositiveSmallIntegerField(default=0, editable=False)
    addendum_count = models.PositiveSmallIntegerField(default=0, editable=False)
    open_question_count = models.PositiveSmallIntegerField(default=0, editable=False)
    best_total = models.DecimalField(max_digits=18, decimal_places=2, null=True, editable=False)
    last_total = models.DecimalField(max_digits=18, decimal_places=2, null=True, editable=False)
    versus_last = models.DecimalField(
        max_digits=9, decimal_places=2, null=True, editable=False
    )  # percent by which the best offer's basic exceeds the last prices of the lines that have one
    search_text = models.TextField(default="", editable=False)

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    # The version that a request in memory reads as (rfqs.versions.put_back), None for what is stored.
    read_as: Mapping[str, Any] | None = None

    objects = RFQQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="rfqs_rfq_status_known"
            ),
            models.CheckConstraint(
                condition=Q(commodity_type__in=CommodityType.values),
                name="rfqs_rfq_commodity_known",
            ),
            models.UniqueConstraint(fields=["site", "serial"], name="rfqs_rfq_serial_once"),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="rfqs_rfq_reference_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=PUBLISHED)
                | Q(published_at__isnull=False, deadline__isnull=False),
                name="rfqs_rfq_published_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(questions_until=None)
                | Q(deadline=None)
                | Q(questions_until__lte=F("deadline")),
                name="rfqs_rfq_questions_before_closing",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("approved", "rejected")) | Q(decided_at__isnull=False),
                name="rfqs_rfq_decided_at",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("cancelled", "unsuccessful")) | ~Q(closing_reason=""),
                name="rfqs_rfq_closing_reason",
            ),
            models.CheckConstraint(
                condition=~Q(commodity_type=CommodityType.TRANSPORT) | Q(is_urgent=False),
                name="rfqs_rfq_transport_not_urgent",
            ),
            models.CheckConstraint(
                condition=Q(best_total=None)
                | Q(is_sealed=False)
                | ~Q(status__in=("draft", "review", "open")),
                name="rfqs_rfq_sealed_shows_no_total",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1, round__gte=1), name="rfqs_rfq_counts_from_one"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="rfqs_rfq_newest"),
            models.Index(fields=["status", "-created_at", "-id"], name="rfqs_rfq_by_status"),
            models.Index(  # the two usual filters; carries the site, so that counting reads no row
                fields=["status", "commodity_type", "-created_at", "-id"],
                include=["site"],
                name="rfqs_rfq_by_status_type",
            ),
            models.Index(fields=["site", "-created_at", "-id"], name="rfqs_rfq_by_site"),
            models.Index(fields=["requester", "-created_at", "-id"], name="rfqs_rfq_by_requester"),
            models.Index(
                fields=["deadline"], condition=Q(status="open"), name="rfqs_rfq_open_deadline"
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="rfqs_rfq_search"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The request's own page."""
        return f"/rfqs/{self.number}/"

    @property
    def is_goods(self) -> bool:
        """Indent items with catalogue codes."""
        return self.commodity_type == CommodityType.GOODS

    @property
    def is_service(self) -> bool:
        """A repair, a contract, work by the hour."""
        return self.commodity_type == CommodityType.SERVICE

    @property
    def is_transport(self) -> bool:
        """Lanes and trucks."""
        return self.commodity_type == CommodityType.TRANSPORT

    @property
    def is_finished(self) -> bool:
        """Nothing more will happen to it."""
        return self.status in TERMINAL

    @property
    def prices_are_sealed(self) -> bool:
        """No price may be shown to anyone but its supplier: sealed, and not opened; as `unopened`."""
        ended_unopened = (
            self.status in (Status.CANCELLED, Status.UNSUCCESSFUL) and self.rates_on is None
        )
        waits = self.status in (Status.DRAFT, Status.REVIEW, Status.OPEN)
        return self.is_sealed and (waits or ended_unopened)

    def is_closed_at(self, now: Any) -> bool:
        """Whether the closing time had passed at `now`; equality is closed (DOMAIN 6, S2)."""
        return self.deadline is not None and now >= self.deadline

    def takes_questions_at(self, now: Any) -> bool:
        """Whether suppliers may still ask at `now`: while it is open, until its question time if it has one."""
        over = self.questions_until is not None and now >= self.questions_until
        return self.status == Status.OPEN and not over and not self.is_closed_at(now)


class Counter(models.Model):
    """The last number given out at a site, for each kind of document; locked while one is taken."""

    scope = models.CharField(max_length=40, primary_key=True)
    value = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.scope} {self.value}"
