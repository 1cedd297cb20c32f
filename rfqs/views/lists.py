"""The list of requests: searched, filtered, sorted, paged, exported, and kept as tabs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from quoteflow.lib import keyset
from quoteflow.lib.errors import DomainError
from quoteflow.lib.htmx import render_swap, wants_fragment
from rfqs import listing
from rfqs.exports import csv, requests, xlsx
from rfqs.forms.lists import RequestFilter
from rfqs.views import listparts, rows
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
    request: AuthedRequest, form: RequestFilter, *, status: int = 200, name: str = "", **more: Any
) -> HttpResponse:
    """The page, or its table and tabs for htmx, which also learns the address to show."""
    now, user = timezone.now(), request.user
    wanted, fragment = form.wanted, wants_fragment(request)
    cursor = {name: request.GET.get(name, "") for name in ("after", "before")}
    window = listing.Window(form.order, form.page_size, **cursor)
    page = listing.one_page(wanted, user, now, window)
    context = {
        "form": form,
        "order": form.order,
        "query": form.query(),
        "tabs": listparts.tabs(request, form, name=name, oob=fragment),
        "filters": "" if fragment else listparts.filters(form),
        "chips": listparts.chips(form),
        "table": listparts.table(page, form, rows.reader(now)),
        "earlier": page.before,
        "summary": _summary(
            page, lambda: None if fragment else listing.capped_count(wanted, user, now)
        ),
        "too_short": bool(wanted.q and not listing.words(wanted.q)),
        "may_create": user.is_buyer and bool(user.own_site_ids),
        "sees_nothing": not user.roles or user.is_supplier,
        **more,
    }
    response = render_swap(
        request, page="rfqs/index.html", fragment="rfqs/index_swap.html", context=context, status=status
    )  # fmt: skip
    if fragment:
        here = {name: text for name, text in cursor.items() if text}
        response["HX-Push-Url"] = reverse("rfqs:index") + form.query(**here)
    return response


def _summary(page: keyset.Slice[Any], counted: Callable[[], int | None]) -> str:
    """How many there are; a swap is not worth counting, so it only says what it shows."""
    shown = len(page.rows)
    if page.before or page.after:
        count = counted()
        if count is None:
            return _("%(n)d shown, there are more") % {"n": shown}
        if count > listing.MOST_COUNTED:
            return _("More than %(most)s requests") % {"most": f"{listing.MOST_COUNTED:,}"}
        shown = count
    return ngettext("%(n)d request", "%(n)d requests", shown) % {"n": shown}
