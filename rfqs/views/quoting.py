"""Quotations that a buyer types for a supplier, and one quotation in full."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from quoteflow.lib import once
from quoteflow.lib.errors import DomainError
from rfqs import commitment, policy
from rfqs.actions import quoting
from rfqs.forms import quoting as forms
from rfqs.forms.drafting import SUGGESTED_TERMS, DisqualifyForm
from rfqs.forms.grid import Grid
from rfqs.forms.tranches import spoken_tranches
from rfqs.forms.units import USUAL
from rfqs.models import RFQ, Invitation, InvitationStatus, Quotation, QuotationStatus
from rfqs.pricehistory import Memory
from rfqs.states import Status
from rfqs.views.fetching import visible_rfq


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, number: str) -> HttpResponse:
    """Type a supplier's quotation, as its next revision; without a supplier, choose one."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    key = once.read(request, user.pk)
    invitation = _invitation(request, rfq)
    if key is None or request.method != "POST":  # a form that was sent may have been in time
        quoting.insist_enterable(rfq, invitation)
    if invitation is None:
        return _choice(request, rfq)
    context = _form(request, rfq, invitation)
    form, grid = context["form"], context["grid"]
    if request.method != "POST":
        return _typing(request, context)
    prices_fit = forms.check_prices(grid)
    if not form.is_valid() or not prices_fit:
        return _typing(request, context, status=422)
    try:
        quotation = quoting.capture(
            rfq_id=rfq.pk, supplier_id=invitation.supplier_id, by=user, head=form.facts(),
            lines=forms.answers(grid), receipt=form.receipt(key),
        )  # fmt: skip
    except once.Repeated as done_before:
        return _shown(rfq, done_before.subject)
    except DomainError as refusal:
        return _typing(request, context, refusal=refusal, status=refusal.status)
    return _captured(request, rfq, quotation)


@require_http_methods(["GET"])
def detail(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """One quotation in full, with its other revisions."""
    rfq = visible_rfq(request, number)
    return _quotation(request, rfq, _visible(request, rfq, pk))


@require_POST
def disqualify(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Take a quotation out of the running, in writing."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    quotation = _visible(request, rfq, pk)
    form = DisqualifyForm(request.POST)
    if not form.is_valid():
        return _quotation(request, rfq, quotation, form=form, status=422)
    try:
        quoting.disqualify(quotation_id=quotation.pk, by=user, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        return _quotation(
            request, rfq, quotation, form=form, refusal=refusal, status=refusal.status
        )
    facts = {"name": quotation.supplier.name}
    messages.success(request, _("The quotation of %(name)s is disqualified.") % facts)
    return redirect("rfqs:quotation", number, pk)


def _invitation(request: HttpRequest, rfq: RFQ) -> Invitation | None:
    """The invitation of ?supplier=, or None where none is named that was asked."""
    try:
        supplier = UUID(request.GET.get("supplier", ""))
    except ValueError:
        return None
    return rfq.invitations.select_related("supplier").filter(supplier=supplier).first()


def _choice(request: HttpRequest, rfq: RFQ) -> HttpResponse:
    invitations = rfq.invitations.filter(round=rfq.round).exclude(status=InvitationStatus.WITHDRAWN)
    context = {
        "rfq": rfq,
        "invitations": invitations.select_related("supplier").order_by("supplier__name", "pk"),
    }
    return render(request, "rfqs/quotation_choose.html", context)


def _form(request: HttpRequest, rfq: RFQ, invitation: Invitation) -> dict[str, Any]:
    """The form and its grid: what was sent, else the last revision's values."""
    earlier = forms.earlier_quotation(invitation, rfq)
    lines = list(rfq.lines.select_related("unit").order_by("position"))
    sent = request.method == "POST"
    data = (request.POST, request.FILES) if sent else ()
    currency = invitation.supplier.currency
    form = forms.QuotationForm(rfq, earlier, *data, currency=currency)
    grid = forms.price_grid(rfq, lines, earlier, request.POST if sent else None)
    return {"rfq": rfq, "invitation": invitation, "earlier": earlier, "form": form, "grid": grid}


def _typing(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    grid, form = context["grid"], context["form"]
    in_base = form["currency"].value() == settings.BASE_CURRENCY
    more = {
        "refusal": refusal,
        "links": grid.links,
        "warnings": _warnings(request, grid) if in_base else [],
        "units": USUAL.values(),
        "terms": SUGGESTED_TERMS,
        "file_again": bool(request.FILES) and status != 200,  # noqa: PLR2004 (OK)
    }
    return render(request, "rfqs/quotation_new.html", context | more, status=status)


def _warnings(request: HttpRequest, grid: Grid) -> list[str]:
    pairs = forms.typed_answers(grid)
    memory = Memory(cast(User, request.user), (line for line, _answer in pairs))
    return forms.warnings(pairs, memory)


def _captured(request: HttpRequest, rfq: RFQ, quotation: Quotation) -> HttpResponse:
    """Say it is in; its page shows odd prices. A sealed one shows nothing, not even to its typist."""
    facts = {"name": quotation.invitation.supplier.name, "n": quotation.revision}
    messages.success(request, _("The quotation of %(name)s is entered, revision %(n)s.") % facts)
    return _shown(rfq, quotation.pk)


def _shown(rfq: RFQ, pk: UUID) -> HttpResponse:
    """On to the quotation, or to how many there are where its prices are sealed."""
    if rfq.prices_are_sealed:
        return redirect("rfqs:quotations", rfq.number)
    return redirect("rfqs:quotation", rfq.number, pk)


def _visible(request: HttpRequest, rfq: RFQ, pk: UUID) -> Quotation:
    rows = Quotation.objects.visible_to(cast(User, request.user)).filter(rfq=rfq)
    return get_object_or_404(
        rows.select_related(
            "supplier", "entered_by", "source", "invitation", "late__asked_by", "late__confirmed_by"
        ),
        pk=pk,
    )


def _quotation(
    request: HttpRequest, rfq: RFQ, quotation: Quotation, *, status: int = 200, **more: Any
) -> HttpResponse:
    answers = {row.line_id: row for row in quotation.lines.select_related("unit")}
    lines = [
        (line, answers.get(line.pk))
        for line in rfq.lines.select_related("unit").order_by("position")
    ]
    in_base = quotation.currency == settings.BASE_CURRENCY
    user = cast(User, request.user)
    pairs = [(line, vars(one)) for line, one in lines if one]
    odd = forms.warnings(pairs, Memory(user, (line for line, _one in pairs))) if in_base else []
    live = quotation.status == QuotationStatus.SUBMITTED and rfq.status in (
        Status.OPEN,
        Status.EVALUATION,
    )
    may_buy = policy.can_buy(cast(User, request.user), rfq)
    context = {
        "rfq": rfq,
        "quotation": quotation,
        "lines": lines,
        "revisions": quotation.invitation.quotations.sent().order_by("-round", "-revision"),
        "warnings": odd,
        "files": quotation.files.order_by("name", "version"),
        "is_kept": commitment.is_kept(quotation),
        "payments": spoken_tranches(quotation.tranches),
        "may_disqualify": live and may_buy,
        "may_revise": may_buy and rfq.status == Status.OPEN,
        "form": DisqualifyForm(),
        "refusal": None,
    }
    return render(request, "rfqs/quotation.html", context | more, status=status)
