"""The supplier portal: the invitations of a supplier, and one request as a supplier sees it."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rfqs import ownprice
from rfqs.actions import linking, reading
from rfqs.models import Attachment, Invitation, InvitationStatus
from rfqs.views.bidding import form_page
from rfqs.views.files import as_download
from rfqs.views.visiting import draft_of, invitations, live_of, page_of, portal_page, visitor


@require_safe
@portal_page
def home(request: HttpRequest) -> HttpResponse:
    """Every invitation that this session opens."""
    found = list(invitations(request)[:200])
    if not found and not getattr(request.user, "is_supplier", False):
        raise Http404
    context = {"invitations": found, "now": timezone.now(), "supplier_name": _name(found)}
    return render(request, "portal/home.html", context)


@require_safe
@portal_page
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The request: a form to quote while it is open, else what became of it."""
    who = visitor(request, number)
    if who.access is None:
        linking.visit(invitation_id=who.invitation.pk)
    live = live_of(who)
    page = page_of(who)
    declined = who.invitation.status == InvitationStatus.DECLINED
    if not page["closed"] and live is None and not declined:
        return form_page(request, who)
    more: dict[str, Any] = {"quotation": live, "declined": declined, "draft": draft_of(who)}
    if live is not None:
        more["price"] = ownprice.of_quotation(live)
    return render(request, "portal/request.html", page | more)


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


def _name(found: list[Invitation]) -> str:
    return found[0].supplier.name if found else ""
