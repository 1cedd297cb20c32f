"""The award: checking and submitting it, withdrawing it, what became of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from quoteflow.lib.errors import DomainError, Stale
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.numbers import small_count
from rfqs import matrix, policy, reports, routing
from rfqs.actions import awarding, deciding
from rfqs.dossier import Dossier, dossier
from rfqs.forms.award_fields import exception_fields, gap_fields, split_fields
from rfqs.forms.awarding import (
    APDForm,
    exception_reasons,
    gap_reasons,
    split_picks,
)
from rfqs.models import RFQ, Award, AwardStatus, RequestStatus
from rfqs.reports import Statement
from rfqs.route import stages, steps_of
from rfqs.states import Status
from rfqs.views.fetching import AuthedRequest, version_of, visible_rfq


@require_GET
def award(request: AuthedRequest, number: str) -> HttpResponse:
    """Who gets what: to be checked by a buyer, or as it was submitted and decided."""
    return _page(request, visible_rfq(request, number))


@require_POST
def submit(request: AuthedRequest, number: str) -> HttpResponseBase:
    """Store split quantities and gaps, then ask for approval; `do=save` only stores."""
    rfq, version = visible_rfq(request, number), version_of(request)
    policy.insist(policy.can_see_prices, request.user, rfq)
    try:
        version = _store(request, rfq, version)
        if request.POST.get("do") == "save":
            return _page(request, visible_rfq(request, number))
        awarding.submit(
            rfq_id=rfq.pk,
            by=request.user,
            reasons=exception_reasons(request.POST),
            recommendation=request.POST.get("recommendation", "")[:1000],
            version=version,
        )
    except DomainError as refusal:
        return _page(request, visible_rfq(request, number), refusal, version)
    messages.success(request, _("%(number)s waits for approval now.") % {"number": number})
    return _done(request, number)


@require_POST
def withdraw(request: AuthedRequest, number: str) -> HttpResponseBase:
    """Take the award back before anybody decided."""
    rfq = visible_rfq(request, number)
    try:
        awarding.withdraw(rfq_id=rfq.pk, by=request.user)
    except DomainError as refusal:
        return _page(request, visible_rfq(request, number), refusal=refusal)
    messages.success(
        request, _("The award of %(number)s is withdrawn and can be changed.") % {"number": number}
    )
    return _done(request, number)


@require_POST
def apd(request: AuthedRequest, number: str) -> HttpResponseBase:
    """Add the APD number to an approved award."""
    rfq = visible_rfq(request, number)
    typed = request.POST.get("apd_number", "")
    try:
        stored = deciding.add_apd_number(rfq_id=rfq.pk, by=request.user, apd_number=typed)
    except DomainError as refusal:
        return _page(request, visible_rfq(request, number), refusal=refusal)
    named = {"number": number, "apd": stored.apd_number}
    messages.success(request, _("%(number)s has the APD number %(apd)s now.") % named)
    return _done(request, number)


def _done(request: AuthedRequest, number: str) -> HttpResponseBase:
    """Show the award's page anew: by a redirect, which htmx follows as a whole page."""
    target = redirect("rfqs:award", number=number)
    return HttpResponseClientRedirect(target.url) if wants_fragment(request) else target


def _store(request: AuthedRequest, rfq: RFQ, version: int) -> int:
    """Save quantities and gap reasons, where the page had inputs for any; the version that is stored."""
    asked = any(name == "split" or name.startswith("gap-") for name in request.POST)
    if not asked:
        return version
    statement = reports.statement(rfq)
    stored = matrix.Picks.stored(rfq, statement.sheet)
    picks = split_picks(request.POST, statement.lines, stored)
    gaps = gap_reasons(request.POST, statement.lines)
    return awarding.save_draft(
        rfq_id=rfq.pk, picks=picks, gaps=gaps, by=request.user, version=version
    ).version


def _page(
    request: AuthedRequest,
    rfq: RFQ,
    refusal: DomainError | None = None,
    version: int | None = None,
) -> HttpResponse:
    """The award's page; after a refusal of another kind than Stale it keeps the version it was made from."""
    status = refusal.status if refusal else 200
    found = None
    if policy.can_see_prices(request.user, rfq):
        found = rfq.awards.select_related("author").order_by("-created_at").first()
    context: dict[str, Any] = {"rfq": rfq, "award": found, "refusal": refusal}
    if found is None:
        return render(request, "rfqs/award_none.html", context, status=status)
    statement = reports.statement(rfq)
    context |= {"statement": statement, "base": settings.BASE_CURRENCY}
    context["dossier"] = read = dossier(found, statement)
    may_edit = policy.can_buy(request.user, rfq) and rfq.status == Status.EVALUATION
    if may_edit and found.status == AwardStatus.DRAFT:
        context |= _editing(request, rfq, found, statement, read)
        if isinstance(refusal, Stale):
            context["differences"] = _differences(request, rfq, found, statement)
        elif version is not None:
            context["version"] = version
        page, fragment = "rfqs/award.html", "rfqs/_award.html"
    else:
        context |= _outcome(request, rfq, found)
        page, fragment = "rfqs/outcome.html", "rfqs/_outcome.html"
    return render_swap(request, page=page, fragment=fragment, context=context, status=status)


def _editing(
    request: AuthedRequest, rfq: RFQ, found: Award, statement: Statement, read: Dossier
) -> dict[str, Any]:
    """The inputs of the check page, with what was typed before anything stored."""
    held = awarding.exceptions(rfq, found, statement.sheet) if read.is_current else []
    route = routing.route_for(rfq, found.total) if found.total else None
    typed = request.POST if request.method == "POST" else None
    picks = matrix.Picks.stored(rfq, statement.sheet)
    shown = request.POST.getlist("split") if typed else request.GET.getlist("split")
    return {
        "exceptions": exception_fields(held, found.reasons, typed),
        "gaps": gap_fields(read.missing, typed),
        "splits": split_fields(statement, picks, shown, typed),
        "split_lines": {small_count(position) for position in shown},
        "version": found.version,
        "recommendation": typed.get("recommendation", "") if typed else found.recommendation,
        "route": routing.labels(route) if route else [],
        "route_name": route.policy_name if route else "",
    }


def _differences(
    request: AuthedRequest, rfq: RFQ, found: Award, statement: Statement
) -> list[matrix.Difference]:
    """The quantities and reasons that were typed against those that somebody else stored."""
    stored = matrix.Picks.stored(rfq, statement.sheet)
    typed = split_picks(request.POST, statement.lines, stored)
    mine = matrix.Picks.of(typed, statement.sheet)
    kept = dict(found.gaps.values_list("rfq_line_id", "reason"))
    shown = {line.pk for line in statement.lines if f"gap-{line.position}" in request.POST}
    gaps = {line: reason for line, reason in kept.items() if line in shown}
    return [
        *matrix.pick_differences(statement, mine, stored),
        *matrix.gap_differences(statement, gap_reasons(request.POST, statement.lines), gaps),
    ]


def _outcome(request: AuthedRequest, rfq: RFQ, found: Award) -> dict[str, Any]:
    approval = (
        found.approval_requests.select_related("requested_by").order_by("-created_at").first()
    )
    may_withdraw = False
    if approval is not None and approval.status == RequestStatus.PENDING:
        may_withdraw = policy.can_withdraw(request.user, rfq, approval)
    may_number = found.status == AwardStatus.APPROVED and not found.apd_number
    return {
        "stages": stages(approval, steps_of(approval)) if approval else [],
        "may_withdraw": may_withdraw,
        "orders": list(found.orders.select_related("supplier").order_by("number")),
        "apd_form": APDForm(request.POST or None)
        if may_number and policy.can_number(request.user, rfq)
        else None,
    }
