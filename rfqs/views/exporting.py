"""Papers as downloads, and letters before they leave."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from rfqs import notices, policy
from rfqs.actions import drafting
from rfqs.exports import papers, pdf, requestpaper
from rfqs.models import RFQ
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_safe
def statement(request: AuthedRequest, number: str) -> HttpResponse:
    """The comparative statement as `?format=` pdf, xlsx or csv, to whoever may see its prices."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    form = request.GET.get("format", "pdf")
    if form not in papers.CONTENT_TYPES:
        raise Http404
    content = papers.statement_file(rfq, form, timezone.now())
    return download(content, f"{rfq.number}-statement.{form}", papers.CONTENT_TYPES[form])


@require_safe
def paper(request: AuthedRequest, number: str) -> HttpResponse:
    """The request as PDF, as suppliers get it."""
    return request_paper(visible_rfq(request, number))


def request_paper(rfq: RFQ) -> HttpResponse:
    """The request as PDF, to be saved."""
    content = pdf.compiled("request", requestpaper.paper(rfq))
    return download(content, f"{rfq.number}.pdf", pdf.CONTENT_TYPE)


@require_safe
def invitations(request: AuthedRequest, number: str) -> HttpResponse:
    """The invitations, to be read before the publication sends them."""
    rfq = visible_rfq(request, number)
    drafting.insist_draft(rfq, request.user)
    context = {"rfq": rfq, "letters": notices.invitations_preview(rfq)}
    return render(request, "rfqs/invitations.html", context)


@require_safe
def letters(request: AuthedRequest, number: str) -> HttpResponse:
    """The award and regret letters, to be read before the last approval sends them."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    award = rfq.awards.filter(status__in=("draft", "pending", "approved")).first()
    if award is None:
        raise Http404
    context = {"rfq": rfq, "award": award, "letters": notices.award_letters_preview(rfq, award)}
    return render(request, "rfqs/letters.html", context)


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Bytes to be saved; `name` is of our making, without any text a person typed."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
