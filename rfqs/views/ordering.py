"""Purchase orders, read and printed."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quoteflow.lib import keyset
from quoteflow.lib.browsing import PAGE_SIZE, Asked, slice_facts
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.keyset import Key
from quoteflow.lib.money import format_money
from quoteflow.lib.templatetags.qf import day
from rfqs.models import OrderStatus, PurchaseOrder, Unit
from rfqs.views.fetching import AuthedRequest
from rfqs.views.rows import order_badge

NEWEST = (
    Key("created_at", keyset.moment, descending=True),
    Key("id", UUID, descending=True),
)
COLUMNS = (
    "id", "number", "supplier__name", "rfq__number", "rfq__title", "status", "cost", "created_at",
)  # fmt: skip


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The orders of visible requests, newest first."""
    asked = Asked.of(request.GET, "status", "q")
    orders = PurchaseOrder.objects.visible_to(request.user)
    if asked["status"] in OrderStatus.values:
        orders = orders.filter(status=asked["status"])
    if asked["q"]:
        orders = orders.filter(number__icontains=asked["q"])
    page = keyset.page(
        orders.values_list(*COLUMNS), NEWEST, size=PAGE_SIZE, after=asked.after, before=asked.before,
        columns=COLUMNS,
    )  # fmt: skip
    context = {
        "rows": [
            (number, supplier, rfq, title, order_badge(status),
             format_money(cost, settings.BASE_CURRENCY), day(at))
            for _id, number, supplier, rfq, title, status, cost, at in page.rows
        ],
        "statuses": OrderStatus.choices,
        "currency": settings.BASE_CURRENCY,
        **slice_facts(page, asked, None if wants_fragment(request) else orders),
    }  # fmt: skip
    return render_swap(
        request, page="rfqs/orders.html", fragment="rfqs/_orders_results.html", context=context
    )


@require_safe
def detail(request: AuthedRequest, number: str) -> HttpResponse:
    """One order, ready to print."""
    orders = PurchaseOrder.objects.visible_to(request.user).select_related(
        "supplier", "rfq__site", "award"
    )
    order = get_object_or_404(orders, number=number)
    lines = list(order.lines.order_by("position"))
    codes = {code for line in lines for code in (line.unit_code, line.price_unit_code)}
    units = {unit.code: unit.symbol or unit.name for unit in Unit.objects.filter(code__in=codes)}
    rows = [
        (line, units.get(line.unit_code, line.unit_code), units.get(line.price_unit_code, ""))
        for line in lines
    ]
    context = {
        "order": order,
        "rows": rows,
        "badge": order_badge(order.status),
        "currency": settings.BASE_CURRENCY,
    }
    return render(request, "rfqs/order.html", context)
