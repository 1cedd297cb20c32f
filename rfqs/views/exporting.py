"""Papers as downloads, and letters before they leave."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quoteflow.lib.numbers import small_count
from rfqs import notices, policy, rounds
from rfqs.actions import drafting
from rfqs.exports import letters as papers_of
from rfqs.exports import papers, pdf, requestpaper, ubl
from rfqs.models import LIVE_AWARDS, RFQ, Award, PurchaseOrder
from rfqs.states import Status
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_safe
def statement(request: AuthedRequest, number: str) -> HttpResponse:
    """The comparative statement as `?format=` pdf, xlsx, csv, json or ocds, to whoever may see its prices.

    With `?round=` that of an earlier round, without ocds.
    """
    rfq = visible_rfq(request, number)
    if "round" in request.GET:
        return _round(request, rfq, small_count(request.GET["round"]))
    policy.insist(policy.can_see_prices, request.user, rfq)
    form = request.GET.get("format", "pdf")
    if form not in papers.CONTENT_TYPES or form in papers.WITHOUT_PRICES:
        raise Http404
    content = papers.statement_file(rfq, form, timezone.now())
    name = f"{rfq.number}-statement.{papers.ENDINGS.get(form, form)}"
    return download(content, name, papers.CONTENT_TYPES[form])


def _round(request: AuthedRequest, rfq: RFQ, number: int) -> HttpResponse:
    earlier, form = rounds.as_of(rfq, number), request.GET.get("format", "pdf")
    seen = earlier is not None and policy.can_see_prices(request.user, earlier)
    if earlier is None or not seen or form not in papers.OF_A_ROUND:
        raise Http404
    content = papers.round_file(earlier, form, timezone.now())
    name = f"{rfq.number}-round-{number}-statement.{form}"
    return download(content, name, papers.CONTENT_TYPES[form])


@require_safe
def paper(request: AuthedRequest, number: str) -> HttpResponse:
    """The request as PDF, as suppliers get it, or with `?format=ubl` as UBL."""
    rfq = visible_rfq(request, number)
    if request.GET.get("format") == "ubl":
        return download(ubl.request(rfq), f"{rfq.number}.xml", ubl.CONTENT_TYPE)
    return request_paper(rfq)


def request_paper(rfq: RFQ) -> HttpResponse:
    """The request as PDF, to be saved."""
    content = pdf.compiled("request", requestpaper.paper(rfq))
    return download(content, f"{rfq.number}.pdf", pdf.CONTENT_TYPE)


@require_safe
def invitations(request: AuthedRequest, number: str) -> HttpResponse:
    """The invitations before they leave: all of a draft's; of an open request what others would get."""
    rfq = visible_rfq(request, number)
    if rfq.status == Status.OPEN:
        policy.insist(policy.can_buy, request.user, rfq)
        told = notices.further_preview(rfq)
    else:
        drafting.insist_draft(rfq, request.user)
        told = notices.invitations_preview(rfq)
    context = {"rfq": rfq, "letters": told}
    return render(request, "rfqs/invitations.html", context)


@require_safe
def letters(request: AuthedRequest, number: str) -> HttpResponse:
    """The award and regret letters, to be read before the last approval sends them."""
    rfq, award = _awarded(request, number)
    told = notices.award_letters_preview(rfq, award)
    quoted = rfq.invitations.filter(status="quoted").select_related("supplier")
    reached = {supplier.pk for _message, supplier in told}
    context = {
        "rfq": rfq, "award": award, "letters": told,
        "without": [one.supplier for one in quoted if one.supplier_id not in reached],
    }  # fmt: skip
    return render(request, "rfqs/letters.html", context)


@require_safe
def letter(request: AuthedRequest, number: str, pk: UUID) -> HttpResponse:
    """The paper of one supplier's letter, of award or of regret, as it is or will be attached."""
    rfq, award = _awarded(request, number)
    orders = PurchaseOrder.objects.announced_by(award)
    won = next((order for order in orders if order.supplier_id == pk), None)
    if won is not None:
        return shown(
            pdf.compiled("letter", papers_of.award(won, timezone.now())), f"{number}-award"
        )
    quoted = rfq.invitations.filter(status="quoted").select_related("rfq__site", "supplier")
    invitation = get_object_or_404(quoted, supplier=pk)
    return shown(
        pdf.compiled("letter", papers_of.regret(invitation, timezone.now())), f"{number}-result"
    )


def _awarded(request: AuthedRequest, number: str) -> tuple[RFQ, Award]:
    """The request, to who may see its prices, and its award that is not cancelled."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    award = rfq.awards.select_related("rfq__site").filter(status__in=LIVE_AWARDS).first()
    if award is None:
        raise Http404
    return rfq, award


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Bytes to be saved; `name` is of our making, without any text a person typed."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def shown(content: bytes, name: str) -> HttpResponse:
    """A PDF of our own making, to be read in the browser; `name` without its ending, if it is saved."""
    response = download(content, f"{name}.pdf", pdf.CONTENT_TYPE)
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
