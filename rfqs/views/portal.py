"""The supplier portal: the invitations of a supplier, and one request as a supplier sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from quoteflow.lib.errors import DomainError
from rfqs import ownprice, versions
from rfqs.actions import linking, reading
from rfqs.models import RFQ, Attachment, Invitation, InvitationStatus, Quotation, QuotationStatus
from rfqs.states import Status
from rfqs.views.bidding import form_page
from rfqs.views.exporting import request_paper
from rfqs.views.files import as_download
from rfqs.views.visiting import (
    Visitor,
    draft_of,
    invitations,
    live_of,
    own_quotations,
    page_of,
    portal_page,
    visitor,
)


@require_safe
@portal_page
def home(request: HttpRequest) -> HttpResponse:
    """Every invitation that this session opens."""
    found = invitations(request)
    if not found and not getattr(request.user, "is_supplier", False):
        raise Http404
    now, sent = timezone.now(), own_quotations(found)
    rows = [(one, *_standing(one, sent.get(one.pk, ""), now)) for one in found]
    context = {"invitations": rows, "now": now, "supplier_name": _name(found)}
    return render(request, "portal/home.html", context)


@require_safe
@portal_page
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The request: a form to quote while it is open, else what became of it."""
    who = visitor(request, number)
    if who.access is None:
        linking.visit(invitation_id=who.invitation.pk)
    return request_page(request, who)


@require_safe
@portal_page
def download(request: HttpRequest, number: str, pk: str) -> FileResponse:
    """A document of the request, to be saved."""
    who = visitor(request, number)
    file = Attachment.objects.for_suppliers(who.invitation.rfq).filter(pk=pk).first()
    if file is None:
        raise Http404
    answer = as_download(file)
    if request.method == "GET":
        reading.record_download(attachment=file, by=None)
    return answer


@require_safe
@portal_page
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The request as PDF, the same for every supplier."""
    return request_paper(visitor(request, number).invitation.rfq)


def request_page(
    request: HttpRequest, who: Visitor, *, refusal: DomainError | None = None
) -> HttpResponse:
    """A request as its supplier finds it; after a refusal with its sentence and status."""
    live = live_of(who)
    page = page_of(who)
    declined = who.invitation.status == InvitationStatus.DECLINED
    if not page["closed"] and live is None and not declined:
        return form_page(request, who, refusal=refusal)
    more: dict[str, Any] = {"quotation": live, "declined": declined, "draft": draft_of(who)}
    more |= {"outcome": _outcome(who.invitation.rfq, live), "refusal": refusal}
    if live is not None:
        more |= {"price": ownprice.of_quotation(live), "changes": _changes_since(live)}
    status = refusal.status if refusal else 200
    return render(request, "portal/request.html", page | more, status=status)


def _changes_since(live: Quotation) -> list[versions.Difference]:
    """What changed since the quotation was made, where its supplier has to confirm it."""
    if live.status != QuotationStatus.NEEDS_RECONFIRMATION:
        return []
    rfq = live.rfq
    before = versions.quoted_version(rfq, live)
    latest = rfq.addenda.filter(number__lte=rfq.addendum_count).order_by("-number").first()
    return versions.differences(before, latest.after) if before and latest else []


@dataclass(frozen=True)
class Outcome:
    """What became of a request, for the supplier who reads it: a sentence, and how it is shown."""

    sentence: Any
    icon: str
    tone: str = "info"


RESULTS = {
    QuotationStatus.AWARDED.value: Outcome(
        _lazy("The award is yours. The order follows by e-mail."), "trophy", "ok"
    ),
    QuotationStatus.PARTLY_AWARDED.value: Outcome(
        _lazy("Part of the award is yours. The order follows by e-mail."), "trophy", "ok"
    ),
    QuotationStatus.NOT_AWARDED.value: Outcome(
        _lazy("The award was made; your offer was not chosen this time."), "circle-minus"
    ),
}


RESULT_WORDS = {
    QuotationStatus.AWARDED: _lazy("Awarded to you"),
    QuotationStatus.PARTLY_AWARDED: _lazy("Partly awarded to you"),
    QuotationStatus.NOT_AWARDED: _lazy("Not awarded"),
}


def _standing(one: Invitation, own: str, now: datetime) -> tuple[str, Any]:
    """How a request stands for this supplier, as a status and its word; `own` is that of their quotation."""
    rfq, is_taking = one.rfq, one.rfq.status == Status.OPEN and not one.rfq.is_closed_at(now)
    counts = own not in ("", QuotationStatus.DRAFT, QuotationStatus.NEEDS_RECONFIRMATION)
    if rfq.status == Status.APPROVED and counts and own not in RESULT_WORDS:  # of an earlier round
        own = QuotationStatus.NOT_AWARDED
    if own in RESULT_WORDS:
        return own, RESULT_WORDS[QuotationStatus(own)]
    if rfq.is_finished:
        return (
            ("cancelled", _("Cancelled"))
            if rfq.status == Status.CANCELLED
            else ("closed", _("Ended"))
        )
    if one.status == InvitationStatus.DECLINED:
        return "declined", _("Declined")
    if is_taking:
        return _to_do(own)
    return ("evaluation", _("Being compared")) if counts else ("closed", _("Closed"))


def _to_do(own: str) -> tuple[str, Any]:
    """What there is to do while quotations are taken."""
    if own == QuotationStatus.NEEDS_RECONFIRMATION:
        return own, _("To be confirmed")
    if own == QuotationStatus.DRAFT:
        return own, _("Draft, not sent")
    return ("quoted", _("Quoted")) if own else ("open", _("To quote"))


def _outcome(rfq: RFQ, live: Quotation | None) -> Outcome | None:
    """Nothing while it is open; then how far it has come, and in the end one's own result."""
    own = live.status if live else ""
    running = (QuotationStatus.NEEDS_RECONFIRMATION, QuotationStatus.SUBMITTED)
    if own in running and rfq.status == Status.APPROVED:  # of a round before the last
        own = QuotationStatus.NOT_AWARDED
    if own in RESULTS:
        return RESULTS[own]
    if rfq.status == Status.CANCELLED:
        return Outcome(_("The request was cancelled; no quotation is needed any more."), "circle-x")
    if rfq.is_finished:
        return Outcome(_("The request has ended."), "circle-minus")
    if rfq.status != Status.OPEN and live:
        return Outcome(_("The request is closed; the quotations are being compared."), "scale")
    return None


def _name(found: list[Invitation]) -> str:
    return found[0].supplier.name if found else ""
