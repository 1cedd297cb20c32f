"""Addenda: the buyer writes, checks and issues them; suppliers read them and stand by their quotations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quoteflow.lib import once
from quoteflow.lib.errors import DomainError
from quoteflow.lib.numbers import small_count
from rfqs import linetable, policy, versions
from rfqs.actions import amending, bidding
from rfqs.forms.amending import Amending
from rfqs.forms.drafting import SUGGESTED_TERMS
from rfqs.forms.grid import SPARE_ROWS
from rfqs.forms.units import USUAL
from rfqs.models import RFQ, Addendum
from rfqs.views.fetching import AuthedRequest, visible_rfq
from rfqs.views.pages import tab
from rfqs.views.portal import request_page
from rfqs.views.visiting import page_of, portal_page, visitor


@dataclass(frozen=True)
class Told:
    """An addendum as a page shows it: what changed, and the lines as they were before."""

    addendum: Addendum
    changes: list[versions.Difference]
    earlier: list[linetable.Row]


@require_safe
def addenda(request: AuthedRequest, number: str) -> HttpResponse:
    """What changed since the request went out."""
    rfq = visible_rfq(request, number)
    return tab(request, rfq, "addenda", _told(rfq))


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: AuthedRequest, number: str) -> HttpResponse:
    """Write an addendum, check what suppliers will read, issue it."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_buy, request.user, rfq)
    if request.method != "POST":
        amending.insist_open(rfq)
        return _page(request, Amending(rfq))
    written = Amending(rfq, request.POST, request.FILES)
    if "add" in request.POST:
        written.grid.spare(SPARE_ROWS)
        return _page(request, written)
    if not written.is_valid():
        return _page(request, written, status=422)
    if request.POST.get("then") != "issue":
        return _check(request, written)
    return _issue(request, written)


@require_safe
@portal_page
def supplier_addenda(request: HttpRequest, number: str) -> HttpResponse:
    """What changed since the request went out, for a supplier."""
    who = visitor(request, number)
    return render(request, "portal/addenda.html", page_of(who) | _told(who.invitation.rfq))


@require_POST
@portal_page
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Stand by the quotation as it is."""
    who = visitor(request, number)
    seen = small_count(request.POST.get("addendum", ""))
    try:
        bidding.confirm(invitation_id=who.invitation.pk, addendum=seen)
    except DomainError as refusal:
        return request_page(request, visitor(request, number), refusal=refusal)
    messages.success(request, _("Your quotation is confirmed; it counts again."))
    return redirect("portal:request", number)


def _check(request: AuthedRequest, written: Amending) -> HttpResponse:
    """The page again, with what suppliers will read above it."""
    try:
        changes = amending.preview(written.rfq, written.amendment())
    except DomainError as refusal:
        return _page(request, written, refusal=refusal, status=refusal.status)
    return _page(request, written, checked=True, changes=changes, note=written.text)


def _issue(request: AuthedRequest, written: Amending) -> HttpResponse:
    rfq, key = written.rfq, once.read(request, request.user.pk)
    number = small_count(request.POST.get("number", ""))
    try:
        amending.issue(
            rfq_id=rfq.pk, number=number, by=request.user, text=written.text,
            amendment=written.amendment(), once=key,
        )  # fmt: skip
    except once.Repeated:
        return redirect("rfqs:addenda", rfq.number)
    except DomainError as refusal:
        rfq.refresh_from_db(fields=["addendum_count"])
        return _page(request, written, refusal=refusal, status=refusal.status)
    facts = {"n": number}
    messages.success(request, _("Addendum %(n)d is out; everyone who was asked is told.") % facts)
    return redirect("rfqs:addenda", rfq.number)


def _page(
    request: AuthedRequest,
    written: Amending,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "rfq": written.rfq,
        "form": written.form,
        "grid": written.grid,
        "links": written.links,
        "number": written.rfq.addendum_count + 1,
        "units": USUAL.values(),
        "terms": SUGGESTED_TERMS,
        "refusal": refusal,
        "file_again": bool(request.FILES),
    }
    return render(request, "rfqs/amend.html", context | more, status=status)


def _told(rfq: RFQ) -> dict[str, Any]:
    """The addenda of a request, the newest first."""
    issued = rfq.addenda.filter(issued_at__lt=rfq.deadline)  # as a supplier may know the request
    found: Iterable[Addendum] = issued.select_related("issued_by").order_by("-number")
    told = [
        Told(
            one,
            versions.differences(one.before, one.after),
            linetable.asked_rows(rfq, versions.lines_of(one.before, rfq.commodity_type)),
        )
        for one in found
    ]
    return {"told": told, "earlier_heads": linetable.asked_columns(rfq)}
