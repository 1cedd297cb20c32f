"""The catalogue: items, what they last cost, and the search of the line editor."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quoteflow.lib import keyset
from quoteflow.lib.browsing import PAGE_SIZE, Asked, searchable, slice_facts
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.keyset import Key
from quoteflow.lib.money import format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs import charts, pricehistory
from rfqs.conversion import Conversion
from rfqs.listing import derived_status
from rfqs.models import RFQ, Item
from rfqs.views.fetching import AuthedRequest
from rfqs.views.rows import status_badge

BY_CODE = (Key("code", str),)
COLUMNS = (
    "id", "code", "description", "specification", "unit__symbol", "unit__name", "category", "last_price",
    "last_currency", "last_supplier__name", "last_bought_on", "is_active",
)  # fmt: skip
MOST_SUGGESTED = 12
MOST_SHOWN = 25
MOST_CHARTED = 200


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The items, by code."""
    asked = Asked.of(request.GET, "q", "category", "state")
    items = Item.objects.visible_to(request.user).search(searchable(asked["q"]))
    if asked["category"]:
        items = items.filter(category=asked["category"])
    if asked["state"] in ("active", "inactive"):
        items = items.filter(is_active=asked["state"] == "active")
    page = keyset.page(
        items.values_list(*COLUMNS), BY_CODE, size=PAGE_SIZE, after=asked.after, before=asked.before,
        columns=COLUMNS,
    )  # fmt: skip
    fragment = wants_fragment(request)
    context = {
        "rows": [_cells(row) for row in page.rows],
        **slice_facts(page, asked, None if fragment else items),
    }
    return render_swap(
        request,
        page="rfqs/catalogue.html",
        fragment="rfqs/_catalogue_results.html",
        context=context,
    )


@require_safe
def search(request: AuthedRequest) -> HttpResponse:
    """Up to twelve active items as buttons for the line editor; nothing below three letters."""
    text = searchable(request.GET.get("q", "").replace("\0", ""))
    items = Item.objects.visible_to(request.user).active().select_related("unit").search(text)
    found = list(items.order_by("code", "pk")[:MOST_SUGGESTED]) if text else []
    return render(request, "rfqs/_item_search.html", {"items": found, "text": text})


@require_safe
def item(request: AuthedRequest, code: str) -> HttpResponse:
    """One item: facts, what was paid for it, and the requests that asked for it."""
    items = Item.objects.visible_to(request.user).select_related("unit", "last_supplier")
    shown = get_object_or_404(items, code=code)
    bought = pricehistory.purchases(request.user, [shown.pk], most=MOST_CHARTED).get(shown.pk, [])
    requests = (
        RFQ.objects.visible_to(request.user)
        .filter(Q(pk__in=shown.rfq_lines.values("rfq")))
        .order_by("-created_at", "-pk")
    )
    now = timezone.now()
    context = {
        "item": shown,
        "bought": bought[::-1][:MOST_SHOWN],
        "chart": _chart(shown, bought),
        "requests": [
            (rfq.number, rfq.title, status_badge(_status(rfq, now)), day(rfq.created_at))
            for rfq in requests[:MOST_SHOWN]
        ],
        "currency": settings.BASE_CURRENCY,
    }
    return render(request, "rfqs/item.html", context)


def _chart(item: Item, bought: Sequence[pricehistory.Purchase]) -> charts.Chart | None:
    """The prices per unit of the item; those of a unit that does not convert are left to the table."""
    conversion = Conversion([item.pk])
    points = [
        (one.at, one.price / factor)
        for one in bought
        if (factor := conversion.factor(item.pk, one.unit, item.unit))
    ]
    return charts.price_line(points, settings.BASE_CURRENCY)


def _status(rfq: RFQ, now: datetime) -> str:
    return derived_status(rfq.status, rfq.deadline, rfq.quotation_count, now)


def _cells(row: tuple[object, ...]) -> tuple[object, ...]:
    """The cells of a tuple of COLUMNS, as text."""
    (_id, code, description, spec, symbol, unit, category, price, currency, vendor, on, active) = (
        row
    )
    return (
        code,
        description,
        spec,
        symbol or unit,
        category,
        f"{currency} {format_rate(price, str(currency))}" if price is not None else "—",  # type: ignore[arg-type]
        vendor or "",
        day(on) if on else "",  # type: ignore[arg-type]
        "" if active else _("Inactive"),
    )
