"""Purchase orders: read, printed, issued, acknowledged, closed, cancelled."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quoteflow.lib import keyset
from quoteflow.lib.browsing import PAGE_SIZE, Asked, slice_facts
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.keyset import Key
from quoteflow.lib.money import format_money
from quoteflow.lib.templatetags.qf import day
from rfqs import notices, policy
from rfqs.actions import issuing
from rfqs.exports import orders, pdf, ubl
from rfqs.models import OrderStatus, PurchaseOrder
from rfqs.ordersheet import sheet_of
from rfqs.states import ORDER_ARROWS
from rfqs.views.exporting import download, shown
from rfqs.views.fetching import AuthedRequest
from rfqs.views.rows import order_badge

NEWEST = (
    Key("created_at", keyset.moment, descending=True),
    Key("id", UUID, descending=True),
)
LONGEST = {"remarks": 500, "how": 200, "reason": 500}
COLUMNS = (
    "id", "number", "supplier__name", "rfq__number", "rfq__title", "status", "cost", "created_at",
)  # fmt: skip


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The orders of visible requests, newest first."""
    asked = Asked.of(request.GET, "status", "q")
    found = PurchaseOrder.objects.visible_to(request.user)
    if asked["status"] in OrderStatus.values:
        found = found.filter(status=asked["status"])
    if asked["q"]:
        found = found.filter(number__icontains=asked["q"])
    page = keyset.page(
        found.values_list(*COLUMNS), NEWEST, size=PAGE_SIZE, after=asked.after, before=asked.before,
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
        **slice_facts(page, asked, None if wants_fragment(request) else found),
    }  # fmt: skip
    return render_swap(
        request, page="rfqs/orders.html", fragment="rfqs/_orders_results.html", context=context
    )


@require_safe
def detail(request: AuthedRequest, number: str) -> HttpResponse:
    """One order, ready to print, with what can be done next."""
    return _page(request, _visible(request, number))


@require_safe
def order_pdf(request: AuthedRequest, number: str) -> HttpResponse:
    """The order as PDF, or with `?format=ubl` as UBL."""
    order = _visible(request, number)
    if request.GET.get("format") == "ubl":
        return download(ubl.order(order), f"{order.number}-{order.revision}.xml", ubl.CONTENT_TYPE)
    content = pdf.compiled("order", orders.paper(order, sheet_of(order), timezone.now()))
    return download(content, f"{order.number}-{order.revision}.pdf", pdf.CONTENT_TYPE)


@require_POST
def order_preview(request: AuthedRequest, number: str) -> HttpResponse:
    """The order's letter as issuing would send it, or with `paper` its PDF; nothing is written."""
    order, words = _visible(request, number), request.POST.get("remarks", "")
    try:
        _insist_fits(request)
        issued = issuing.as_issued(order=order, by=request.user, remarks=words)
    except DomainError as refusal:
        return _page(request, order, refusal=refusal)
    if "paper" in request.POST:
        facts = orders.paper(issued, sheet_of(issued), timezone.now())
        return shown(pdf.compiled("order", facts), f"{number}-{issued.revision}")
    context = {"order": issued, "letters": notices.order_preview(issued)}
    return render(request, "rfqs/order_preview.html", context)


@require_POST
def order_issue(request: AuthedRequest, number: str) -> HttpResponse:
    """Send it to the supplier."""
    words = request.POST.get("remarks", "")
    return _done(
        request, number, lambda pk: issuing.issue(order_id=pk, by=request.user, remarks=words)
    )


@require_POST
def order_acknowledge(request: AuthedRequest, number: str) -> HttpResponse:
    """Note the supplier's acknowledgement."""
    words = request.POST.get("how", "")
    return _done(
        request, number, lambda pk: issuing.acknowledge(order_id=pk, by=request.user, how=words)
    )


@require_POST
def order_close(request: AuthedRequest, number: str) -> HttpResponse:
    """Everything is delivered."""
    return _done(request, number, lambda pk: issuing.close(order_id=pk, by=request.user))


@require_POST
def order_cancel(request: AuthedRequest, number: str) -> HttpResponse:
    """Take it back."""
    words = request.POST.get("reason", "")
    return _done(
        request, number, lambda pk: issuing.cancel(order_id=pk, by=request.user, reason=words)
    )


def _visible(request: AuthedRequest, number: str) -> PurchaseOrder:
    visible = PurchaseOrder.objects.visible_to(request.user)
    return get_object_or_404(
        visible.select_related("supplier", "rfq__site", "award"), number=number
    )


def _done(
    request: AuthedRequest, number: str, act: Callable[[UUID], PurchaseOrder]
) -> HttpResponse:
    """Act, and show the page anew; a refusal stands on the page with what was typed."""
    order = _visible(request, number)
    try:
        _insist_fits(request)
        order = act(order.pk)
    except DomainError as refusal:
        return _page(request, _visible(request, number), refusal=refusal)
    facts = {"number": number, "status": str(OrderStatus(order.status).label).lower()}
    messages.success(request, _("%(number)s is %(status)s now.") % facts)
    return redirect("rfqs:order", number)


def _insist_fits(request: AuthedRequest) -> None:
    for name, most in LONGEST.items():
        if len(request.POST.get(name, "")) > most:
            raise Incomplete(_("This is too long; %(n)d characters fit.") % {"n": most})


def _page(
    request: AuthedRequest, order: PurchaseOrder, *, refusal: DomainError | None = None
) -> HttpResponse:
    may_act = policy.can_buy(request.user, order.rfq)
    context = {
        "order": order,
        "sheet": sheet_of(order),
        "badge": order_badge(order.status),
        "currency": settings.BASE_CURRENCY,
        "may": {end.value for end in ORDER_ARROWS[OrderStatus(order.status)]} if may_act else set(),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    status = refusal.status if refusal else 200
    return render(request, "rfqs/order.html", context, status=status)
