"""What a supplier does in the portal: type a quotation, check and send it, take it back, decline."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quoteflow.lib.errors import DomainError
from quoteflow.lib.numbers import small_count
from rfqs import commitment, ownprice
from rfqs.actions import bidding
from rfqs.forms import bidding as forms
from rfqs.forms.drafting import SUGGESTED_TERMS
from rfqs.forms.units import USUAL
from rfqs.models import Attachment, Quotation, QuotationStatus, RFQLine
from rfqs.views import pricesheet
from rfqs.views.exporting import download
from rfqs.views.visiting import (
    Visitor,
    begun,
    draft_of,
    lines_of,
    live_of,
    page_of,
    portal_page,
    stands_of,
    visitor,
)

# The terms that most quotations leave empty; they open where one of them is wrong.
FOLDED = {
    "pf_percent", "pf_amount", "insurance", "other_charges", "header_discount_percent", "gst_scheme",
    "quote_ref", "quoted_on", "tranches",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def quote(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a quotation; every press of a button keeps what was typed."""
    who = visitor(request, number)
    if request.method != "POST":
        return form_page(request, who)
    lines = lines_of(who)
    if request.POST.get("then") == "sheet":
        return _with_sheet(request, who, lines)
    form, grid = forms.OfferForm(request.POST), _posted_grid(request, who, lines)
    good = forms.check_offer(grid) & form.is_valid()
    try:
        bidding.save_draft(
            invitation_id=who.invitation.pk, version=_version(request),
            typed=forms.typed_of(request, lines, who.invitation),
        )  # fmt: skip
    except DomainError as refusal:
        return form_page(request, who, form=form, grid=grid, refusal=refusal)
    if request.POST.get("then") != "review":
        messages.success(request, _("The draft is saved. Nobody else sees it."))
        return redirect("portal:quote", number)
    if not good:
        return form_page(request, who, form=form, grid=grid, status=422)
    return redirect("portal:review", number)


@require_safe
@portal_page
def review(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that will be sent, added up by the server."""
    return review_page(request, visitor(request, number))


@require_POST
@portal_page
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """Send the draft that was checked; a second press finds it sent."""
    who = visitor(request, number)
    draft = _named_draft(request, who)
    if draft.status == QuotationStatus.DRAFT:
        form, grid, good = _read(who, draft)
        if not good:
            return redirect("portal:review", number)
        try:
            bidding.submit(
                quotation_id=draft.pk,
                version=_version(request),
                offer=forms.offer_of(form, grid),
                addendum=small_count(request.POST.get("addendum", "")),
            )
        except DomainError as refusal:
            return review_page(request, who, refusal=refusal)
    return redirect("portal:receipt", number)


@require_safe
@portal_page
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What was received, when, and the commitment to it."""
    who = visitor(request, number)
    quotation = live_of(who)
    if quotation is None:
        raise Http404
    context = page_of(who) | {"quotation": quotation, "price": ownprice.of_quotation(quotation)}
    return render(request, "portal/receipt.html", context)


@require_safe
@portal_page
def hashed(request: HttpRequest, number: str) -> HttpResponse:
    """What the commitment is the hash of, to the byte; not of what a buyer typed, which holds their words."""
    quotation = live_of(visitor(request, number))
    if quotation is None or quotation.is_surrogate:
        raise Http404
    name = f"{number}-{quotation.round}-{quotation.revision}-hashed.txt"
    return download(commitment.text_of(quotation).encode(), name, "text/plain; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the live quotation back."""
    who = visitor(request, number)
    if request.method != "POST":
        return render(request, "portal/withdraw.html", page_of(who))
    try:
        bidding.withdraw(invitation_id=who.invitation.pk)
    except DomainError as refusal:
        context = page_of(who) | {"refusal": refusal}
        return render(request, "portal/withdraw.html", context, status=refusal.status)
    messages.success(request, _("The quotation is taken back. You may send another one."))
    return redirect("portal:request", number)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Say that no quotation will come, and why."""
    who = visitor(request, number)
    form = forms.DeclineForm(request.POST if request.method == "POST" else None)
    context = page_of(who) | {"form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "portal/decline.html", context, status=status)
    try:
        bidding.decline(invitation_id=who.invitation.pk, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        context["refusal"] = refusal
        return render(request, "portal/decline.html", context, status=refusal.status)
    return redirect("portal:request", number)


@require_POST
@portal_page
def reconsider(request: HttpRequest, number: str) -> HttpResponse:
    """Come back after declining."""
    who = visitor(request, number)
    bidding.reconsider(invitation_id=who.invitation.pk)
    return redirect("portal:request", number)


def form_page(
    request: HttpRequest,
    who: Visitor,
    *,
    form: forms.OfferForm | None = None,
    grid: Any = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form: as it was typed, else as the draft or the quotation before has it."""
    draft, lines = draft_of(who), lines_of(who)
    earlier = live_of(who)
    if form is None or grid is None:
        head, text = begun(who)
        form = forms.OfferForm(initial=head)
        grid = forms.offer_grid(who.invitation.rfq, lines, text)
    context = (
        page_of(who)
        | _fields(who, form, grid)
        | {
            "version": draft.version if draft else 0,
            "draft": draft,
            "earlier": earlier,
            "stands": stands_of(who),
            "files": _files(draft or earlier),
            "refusal": refusal,
            "problems": getattr(refusal, "problems", []),
            "file_again": bool(request.FILES) and bool(refusal),
        }
    )
    shown = refusal.status if refusal else status
    return render(request, "portal/quote.html", context, status=shown)


def review_page(
    request: HttpRequest, who: Visitor, *, refusal: DomainError | None = None
) -> HttpResponse:
    """The check before sending; a draft that cannot be sent yet goes back to the form."""
    draft = draft_of(who)
    if draft is None:
        return redirect("portal:request", who.invitation.rfq.number)
    form, grid, good = _read(who, draft)
    if not good:
        return form_page(request, who, form=form, grid=grid, status=422)
    offer = forms.offer_of(form, grid)
    for name, value in offer.head.items():
        setattr(draft, name, value)
    context = page_of(who) | {
        "draft": draft,
        "price": ownprice.of_answers(draft, offer.lines),
        "files": _files(draft),
        "refusal": refusal,
    }
    return render(request, "portal/review.html", context, status=refusal.status if refusal else 200)


def _read(who: Visitor, draft: Quotation) -> tuple[forms.OfferForm, Any, bool]:
    """The form of a draft, read as if it had just been posted; whether it can be sent."""
    head, text = forms.from_draft(draft)
    form = forms.OfferForm(head)
    grid = forms.offer_grid(who.invitation.rfq, lines_of(who), text)
    return form, grid, forms.check_offer(grid) & form.is_valid()


def _named_draft(request: HttpRequest, who: Visitor) -> Quotation:
    rows = Quotation.objects.filter(invitation=who.invitation).select_related("rfq__site")
    try:
        return rows.get(pk=UUID(request.POST.get("quotation", "")))
    except (Quotation.DoesNotExist, ValueError):
        raise Http404 from None


def _fields(who: Visitor, form: forms.OfferForm, grid: Any) -> dict[str, Any]:
    """The fields, those of a line in front and folded away, and what is wrong with them."""
    front = len(forms.IN_FRONT[who.invitation.rfq.commodity_type])
    return {
        "form": form,
        "grid": grid,
        "heads": grid.columns[:front],
        "rows": [row.in_parts(front) for row in grid.rows],
        "links": grid.links,
        "more_open": bool(set(form.errors) & FOLDED),
        "units": USUAL.values(),
        "terms": SUGGESTED_TERMS,
    }


def _with_sheet(request: HttpRequest, who: Visitor, lines: list[RFQLine]) -> HttpResponse:
    """The prices come out of a sheet; what was typed stays where they cannot."""
    try:
        return pricesheet.take(request, who, _version(request))
    except DomainError as refusal:
        head = forms.typed_of(request, lines, who.invitation).head
        grid = _posted_grid(request, who, lines)
        form = forms.OfferForm(initial=head)
        return form_page(request, who, form=form, grid=grid, refusal=refusal)


def _files(quotation: Quotation | None) -> list[Attachment]:
    return list(quotation.files.order_by("name", "version")) if quotation else []


def _posted_grid(request: HttpRequest, who: Visitor, lines: list[RFQLine]) -> Any:
    return forms.offer_grid(who.invitation.rfq, lines, forms.posted(request.POST))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # noqa: PLR2004
