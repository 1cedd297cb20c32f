"""The supplier portal: the invitations of a supplier, and one request as a supplier sees it."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rfqs.actions import linking, reading
from rfqs.models import Attachment, Invitation
from rfqs.views import linetable
from rfqs.views.files import as_download
from rfqs.views.visiting import Visitor, invitations, portal_page, visitor


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
    """The request: what is asked for, where, until when."""
    who = visitor(request, number)
    if who.access is None:
        linking.visit(invitation_id=who.invitation.pk)
    return render(request, "portal/request.html", page_of(who))


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


def page_of(who: Visitor) -> dict[str, object]:
    """What every page of a request says to its supplier: nobody else's doings, no price but their own."""
    rfq, now = who.invitation.rfq, timezone.now()
    lines = list(rfq.lines.select_related("unit").order_by("position"))
    return {
        "rfq": rfq,
        "invitation": who.invitation,
        "supplier_name": who.invitation.supplier.name,
        "heads": linetable.asked_columns(rfq),
        "rows": linetable.asked_rows(rfq, lines),
        "files": Attachment.objects.for_suppliers(rfq),
        "now": now,
        "closed": rfq.status != "open" or rfq.is_closed_at(now),
    }


def _name(found: list[Invitation]) -> str:
    return found[0].supplier.name if found else ""
