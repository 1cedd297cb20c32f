"""Requests, quotations, awards, approvals and orders, to look at. Nothing sealed is shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from quoteflow.admin_site import History, HistoryInline
from rfqs.models import (
    RFQ,
    Activation,
    ActivationDecision,
    ActivationStep,
    ApprovalRequest,
    ApprovalStep,
    Award,
    AwardLine,
    Decision,
    Invitation,
    PurchaseOrder,
    PurchaseOrderLine,
    Quotation,
    QuotationLine,
    RFQLine,
)
from rfqs.models.rfq import unopened

UNOPENED = unopened("rfq__")


class RFQLineInline(HistoryInline):
    """What is asked for, without the target price."""

    model = RFQLine
    fields = ["position", "item_code", "description", "quantity", "unit", "required_by"]
    ordering = ["position"]


class InvitationInline(HistoryInline):
    """Who was asked. Whether they quoted stays out while it is sealed."""

    model = Invitation
    fields = ["supplier", "sent_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the suppliers in one query."""
        return super().get_queryset(request).select_related("supplier")


@admin.register(RFQ)
class RFQAdmin(History):
    """Requests by number."""

    inlines = [RFQLineInline, InvitationInline]
    list_display = ["number", "title", "site", "status", "commodity_type", "requester", "deadline"]
    list_filter = ["status", "commodity_type", "site"]
    list_select_related = ["site", "requester"]
    search_fields = ["number__iexact", "reference__iexact"]
    search_help_text = "The whole number, such as GP-A001-007, or the outside reference"
    ordering = ["-created_at", "-pk"]
    sortable_by = ()
    fields = [
        "number", "reference", "title", "description", "site", "requester", "commodity_type", "status", "round",
        "is_urgent", "is_sealed", "deadline", "required_by", "delivery_place", "remarks", "closing_reason",
        "line_count", "invited_count", "quotation_count", "created_at", "published_at", "decided_at",
    ]  # fmt: skip


class QuotationLineInline(HistoryInline):
    """The answers, line by line; reached only through a quotation that may be seen."""

    model = QuotationLine
    fields = ["line", "unit_price", "price_basis", "discount_percent", "moq", "lead_days", "make"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the lines in one query."""
        return super().get_queryset(request).select_related("line").order_by("line__position")


@admin.register(Quotation)
class QuotationAdmin(History):
    """Opened quotations. Those of a sealed request do not exist here before its opening."""

    inlines = [QuotationLineInline]
    list_display = ["rfq", "supplier", "round", "revision", "status", "currency", "submitted_at"]
    list_filter = ["status"]
    list_select_related = ["rfq", "supplier"]
    search_fields = ["rfq__number__iexact"]
    search_help_text = "The whole number of the request"
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "rfq", "supplier", "round", "revision", "status", "quote_ref", "quoted_on", "valid_until", "currency",
        "freight_term", "freight_amount", "gst_scheme", "payment_terms", "lead_days", "delivery_term", "warranty",
        "remarks", "entered_by", "channel", "received_at", "no_source_reason", "late", "disqualified_reason",
        "submitted_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quotation]:
        """Nothing of a sealed request before its opening (S1)."""
        quotations: QuerySet[Quotation] = super().get_queryset(request)
        return quotations.exclude(UNOPENED)


class AwardLineInline(HistoryInline):
    """Who gets how much of what."""

    model = AwardLine
    fields = [
        "rfq_line",
        "supplier",
        "quantity",
        "order_quantity",
        "unit_price",
        "currency",
        "cost",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With lines and suppliers in one query."""
        rows = super().get_queryset(request).select_related("rfq_line", "supplier")
        return rows.order_by("rfq_line__position", "pk")


@admin.register(Award)
class AwardAdmin(History):
    """Proposals and what became of them; they exist only after the opening."""

    inlines = [AwardLineInline]
    list_display = ["rfq", "status", "author", "submitted_at", "approved_at", "apd_number"]
    list_filter = ["status"]
    list_select_related = ["rfq", "author"]
    search_fields = ["rfq__number__iexact", "apd_number__iexact"]
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "rfq", "status", "author", "total", "reasons", "recommendation", "apd_number", "created_at",
        "submitted_at", "approved_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Award]:
        """A further sealed round hides the award of the one before with its prices."""
        awards: QuerySet[Award] = super().get_queryset(request)
        return awards.exclude(UNOPENED)


class StepInline(HistoryInline):
    """The signatures asked for."""

    model = ApprovalStep
    fields = ["sequence", "role", "status", "activated_at"]
    ordering = ["sequence"]


class DecisionInline(HistoryInline):
    """What was said."""

    model = Decision
    fields = ["step", "outcome", "by", "comment", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With steps and people in one query."""
        return super().get_queryset(request).select_related("step", "by").order_by("at")


@admin.register(ApprovalRequest)
class ApprovalRequestAdmin(History):
    """Approvals, their steps and decisions."""

    inlines = [StepInline, DecisionInline]
    list_display = [
        "rfq", "subject", "status", "policy_name", "requested_by", "created_at", "closed_at",
    ]  # fmt: skip
    list_filter = ["status", "subject"]
    list_select_related = ["rfq", "requested_by"]
    search_fields = ["rfq__number__iexact"]
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "rfq", "subject", "status", "amount", "reason", "policy_name", "requested_by", "content_hash",
        "created_at", "closed_at",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApprovalRequest]:
        """The amount of an earlier round stays hidden while the next is sealed."""
        approvals: QuerySet[ApprovalRequest] = super().get_queryset(request)
        return approvals.exclude(UNOPENED)


class ActivationStepInline(HistoryInline):
    """The signatures asked for."""

    model = ActivationStep
    fields = ["sequence", "role", "person", "status", "activated_at", "due_at", "is_escalated"]
    ordering = ["sequence"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With people in one query."""
        return super().get_queryset(request).select_related("person")


class ActivationDecisionInline(HistoryInline):
    """What was said."""

    model = ActivationDecision
    fields = ["step", "outcome", "by", "on_behalf_of", "comment", "at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With steps and people in one query."""
        rows = super().get_queryset(request).select_related("step", "by", "on_behalf_of")
        return rows.order_by("at")


@admin.register(Activation)
class ActivationAdmin(History):
    """Suppliers on their way to being active."""

    inlines = [ActivationStepInline, ActivationDecisionInline]
    list_display = ["supplier", "status", "policy_name", "requested_by", "created_at", "closed_at"]
    list_filter = ["status"]
    list_select_related = ["supplier", "requested_by"]
    search_fields = ["supplier__code__iexact"]
    ordering = ["-pk"]
    sortable_by = ()
    fields = [
        "supplier", "status", "reason", "policy_name", "requested_by", "content_hash", "created_at", "closed_at",
        "used_at",
    ]  # fmt: skip


@admin.register(Decision)
class DecisionAdmin(History):
    """Decisions, newest first."""

    list_display = ["rfq", "outcome", "by", "on_behalf_of", "at"]
    list_filter = ["outcome"]
    list_select_related = ["rfq", "by", "on_behalf_of"]
    search_fields = ["rfq__number__iexact"]
    ordering = ["-pk"]
    sortable_by = ()
    fields = ["rfq", "outcome", "by", "on_behalf_of", "comment", "at"]


class OrderLineInline(HistoryInline):
    """What is ordered."""

    model = PurchaseOrderLine
    fields = ["position", "description", "quantity", "unit_code", "unit_price", "price_basis"]
    ordering = ["position"]


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(History):
    """Purchase orders by number."""

    inlines = [OrderLineInline]
    list_display = ["number", "rfq", "supplier", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["rfq", "supplier"]
    search_fields = ["number__iexact", "rfq__number__iexact"]
    ordering = ["-created_at", "-pk"]
    sortable_by = ()
    fields = ["number", "rfq", "supplier", "status", "currency", "cost", "created_at"]
