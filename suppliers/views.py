"""Suppliers, read: the list and one company."""

from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Upper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.models import User
from quoteflow.lib import keyset
from quoteflow.lib.browsing import PAGE_SIZE, Asked, searchable, slice_facts
from quoteflow.lib.countries import NAMES
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.keyset import Key
from suppliers.forms import SupplierFilter
from suppliers.models import Supplier, SupplierStatus

BY_NAME = (Key("sorting_name", str), Key("id", UUID))
COLUMNS = ("id", "code", "name", "category", "city", "state", "status", "rating", "sorting_name")
MOST_SUGGESTED = 12
MOST_SHOWN = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The suppliers by name, with how many open requests each was asked in."""
    user = cast(User, request.user)
    form = SupplierFilter(request.GET)
    asked = Asked.of(request.GET, "q", "status", "category", "state")
    found = form.narrow(Supplier.objects.visible_to(user).search(searchable(asked["q"])))
    page = keyset.page(
        found.annotate(sorting_name=Upper("name")).values_list(*COLUMNS),
        BY_NAME,
        size=PAGE_SIZE,
        after=asked.after,
        before=asked.before,
        columns=COLUMNS,
    )
    fragment = wants_fragment(request)
    context = {
        "rows": _rows(page.rows, user),
        "form": form,
        **slice_facts(page, asked, None if fragment else found),
    }
    return render_swap(
        request, page="suppliers/index.html", fragment="suppliers/_results.html", context=context
    )


@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One company: facts, contacts, and the quotations and orders this person may see."""
    user = cast(User, request.user)
    supplier = get_object_or_404(Supplier.objects.visible_to(user), pk=pk)
    quotations = (
        supplier.quotations.visible_to(user).select_related("rfq").order_by("-created_at", "-pk")
    )
    orders = supplier.orders.visible_to(user).select_related("rfq").order_by("-created_at", "-pk")
    context = {
        "supplier": supplier,
        "country": NAMES.get(supplier.country, supplier.country),
        "contacts": supplier.contacts.order_by("-is_primary", "name", "pk"),
        "quotations": quotations[:MOST_SHOWN],
        "orders": orders[:MOST_SHOWN],
    }
    return render(request, "suppliers/detail.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Up to twelve suppliers as links; nothing below three letters."""
    text = searchable(request.GET.get("q", "").replace("\0", ""))
    found = Supplier.objects.visible_to(cast(User, request.user)).search(text)
    suppliers = found.order_by(Upper("name"), "pk")[:MOST_SUGGESTED] if text else []
    return render(request, "suppliers/_search.html", {"suppliers": suppliers, "text": text})


def _rows(page: list[tuple[Any, ...]], user: User) -> list[tuple[Any, ...]]:
    """The cells of each supplier as text."""
    counts = _open_requests([row[0] for row in page], user)
    badges = {
        status: render_to_string("components/_badge.html", {"status": status, "label": label})
        for status, label in SupplierStatus.choices
        if any(row[6] == status for row in page)
    }
    return [
        (
            str(pk),
            code,
            name,
            category or "—",
            ", ".join(part for part in (city, state) if part) or "—",
            badges[status],
            str(rating) if rating is not None else "—",
            str(counts.get(pk, 0)),
        )
        for pk, code, name, category, city, state, status, rating, _sorting in page
    ]


def _open_requests(suppliers: list[UUID], user: User) -> dict[UUID, int]:
    """For each supplier of a page, the open requests at this person's sites that ask them."""
    reach = Q(invitations__rfq__status="open")
    if not (user.is_head or user.is_auditor):
        reach &= Q(invitations__rfq__site__in=user.own_site_ids)
    counted: QuerySet[Supplier, tuple[UUID, int]] = (
        Supplier.objects.filter(reach, pk__in=suppliers)
        .values("pk")
        .annotate(n=Count("invitations"))
        .values_list("pk", "n")
    )
    return dict(counted)
