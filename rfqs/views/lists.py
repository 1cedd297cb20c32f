"""The list of requests: searched, filtered, sorted, paged, exported, and kept as tabs."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.models import User
from quoteflow.lib import keyset
from quoteflow.lib.errors import DomainError
from quoteflow.lib.htmx import render_swap, wants_fragment
from rfqs import listing
from rfqs.exports import csv, requests, xlsx
from rfqs.forms.lists import RequestFilter
from rfqs.models.rfq import RFQQuerySet
from rfqs.views import rows
from rfqs.views.fetching import AuthedRequest

EXPORTS = {
    "csv": ("text/csv; charset=utf-8", csv.document),
    "xlsx": (xlsx.CONTENT_TYPE, lambda head, body: xlsx.workbook(_("Requests"), head, body)),
}


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The requests a person may see, one page of them."""
    form = RequestFilter(request.GET, request.user)
    return _answer(request, form, status=422 if form.errors else 200)


@require_safe
def export(request: AuthedRequest) -> HttpResponse:
    """The whole filtered list as a file; a refusal is shown on the list."""
    form = RequestFilter(request.GET, request.user)
    content_type, write = EXPORTS.get(request.GET.get("format", ""), EXPORTS["csv"])
    now = timezone.now()
    found = listing.narrowed(form.wanted, request.user, now)
    order = [key.order(backward=False) for key in listing.ORDERS[form.order]]
    try:
        body = requests.rows(found.order_by(*order), now)
    except DomainError as refusal:
        return _answer(request, form, status=refusal.status, refusal=refusal)
    suffix = "xlsx" if content_type == xlsx.CONTENT_TYPE else "csv"
    name = f"requests-{timezone.localtime(now):%Y-%m-%d}.{suffix}"
    response = HttpResponse(write(requests.header(), body), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def save_view(request: AuthedRequest) -> HttpResponse:
    """Keep the filter as a tab."""
    form = RequestFilter(QueryDict(request.POST.get("query", "").lstrip("?")), request.user)
    name = request.POST.get("name", "")
    try:
        actions.save_view(by=request.user, name=name, query=form.query())
    except DomainError as refusal:
        return _answer(request, form, status=refusal.status, refusal=refusal, name=name)
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": " ".join(name.split())})
    return redirect(reverse("rfqs:index") + form.query())


@require_POST
def remove_view(request: AuthedRequest) -> HttpResponse:
    """Forget a tab."""
    name = request.POST.get("name", "")
    actions.remove_view(by=request.user, name=name)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": name})
    return redirect("rfqs:index")


def _answer(
    request: AuthedRequest, form: RequestFilter, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page, or its table and tabs for htmx, which also learns the address to show."""
    now = timezone.now()
    found = listing.narrowed(form.wanted, request.user, now)
    cursor = {name: request.GET.get(name, "") for name in ("after", "before")}
    page = listing.one_page(found, rows.COLUMNS, form.order, size=form.page_size, **cursor)
    fragment, reader = wants_fragment(request), rows.reader(now)
    context = {
        "form": form,
        "currency": settings.BASE_CURRENCY,
        "rows": rows.body(page.rows, reader),
        "summary": _summary(page, form, None if fragment else found),
        "heads": _heads(form),
        "views": _views(form, request.user),
        "earlier": form.query(before=page.before) if page.before else "",
        "later": form.query(after=page.after) if page.after else "",
        "too_short": bool(form.wanted.q and not listing.words(form.wanted.q)),
        "may_create": request.user.is_buyer and bool(request.user.own_site_ids),
        "sees_nothing": not request.user.roles or request.user.is_supplier,
        **more,
    }
    response = render_swap(
        request,
        page="rfqs/index.html",
        fragment="rfqs/index_swap.html",
        context=context,
        status=status,
    )
    if fragment:
        here = {name: text for name, text in cursor.items() if text}
        response["HX-Push-Url"] = reverse("rfqs:index") + form.query(**here)
    return response


def _summary(page: keyset.Slice[Any], form: RequestFilter, found: RFQQuerySet | None) -> str:
    """How many there are; a swap is not worth counting, so it only says what it shows."""
    shown = len(page.rows)
    if page.before or page.after:
        if found is None:
            return _("%(n)d shown, there are more") % {"n": shown}
        count = keyset.capped_count(found, listing.MOST_COUNTED)
        if count > listing.MOST_COUNTED:
            return _("More than %(most)s requests") % {"most": f"{listing.MOST_COUNTED:,}"}
        shown = count
    return ngettext("%(n)d request", "%(n)d requests", shown) % {"n": shown}


def _heads(form: RequestFilter) -> dict[str, dict[str, str]]:
    """For each sortable column: where its link goes, and how the list stands sorted by it."""
    heads = {}
    for key in ("number", "status", "total", "closes"):
        state = {key: "ascending", f"-{key}": "descending"}.get(form.order, "")
        first = "-number" if key == "number" else key
        flipped = f"-{key}" if form.order == key else key
        heads[key] = {"href": form.query(sort=flipped if state else first), "state": state}
    return heads


def _views(form: RequestFilter, user: User) -> list[dict[str, Any]]:
    """The tabs: the built-in ones, then the person's own; the current one is marked."""
    everybody = {"requester": "all"} if user.is_buyer else {}
    built_in = [
        (_("All"), everybody),
        (_("Mine"), {"requester": "me"}),
        (_("Open"), everybody | {"status": "open"}),
        (_("Closing this week"), everybody | {"closing": "week"}),
        (_("Awaiting approval"), everybody | {"status": "pending"}),
    ]
    here = form.parameters(sort="", size="")
    tabs = [
        {"name": name, "query": f"?{urlencode(query)}", "current": query == here, "own": False}
        for name, query in built_in
        if user.is_buyer or query != {"requester": "me"}
    ]
    for view in user.saved_views:
        current = view["query"] == form.query()
        tabs.append({"name": view["name"], "query": view["query"], "current": current, "own": True})
    return tabs
