"""The comparison: reading it, beginning the evaluation, picking who gets what."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from quoteflow.lib.errors import DomainError, Stale
from quoteflow.lib.holes import HOLE, put_in
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.numbers import small_count
from rfqs import commitment, matrix, policy, reports, rounds
from rfqs.actions import awarding, opening
from rfqs.comparison import ComparisonSheet
from rfqs.forms.awarding import radio_picks
from rfqs.listing import derived_status
from rfqs.matrix.options import CURRENCIES, VIEWS
from rfqs.matrix.unstated import wanted_taxes
from rfqs.matrix.working import working_of
from rfqs.models import RFQ, Award, AwardGap
from rfqs.states import Status
from rfqs.views.fetching import AuthedRequest, version_of, visible_rfq
from rfqs.views.rows import status_badge


@require_GET
def compare(request: AuthedRequest, number: str) -> HttpResponse:
    """The comparative statement; of a sealed request only how many quotations there are."""
    rfq = visible_rfq(request, number)
    if "round" in request.GET:
        return _earlier(request, rfq, small_count(request.GET["round"]))
    if not policy.can_see_prices(request.user, rfq):
        return render(request, "rfqs/sealed.html", _opening_facts(request, rfq))
    if "cell" in request.GET:
        return _working(request, rfq, request.GET["cell"])
    return _matrix_page(request, rfq)


def _earlier(request: AuthedRequest, rfq: RFQ, number: int) -> HttpResponse:
    """The comparison of an earlier round, which was opened, as it was; nothing is picked in it."""
    earlier = rounds.as_of(rfq, number)
    if earlier is None or not policy.can_see_prices(request.user, earlier):
        raise Http404
    if "cell" in request.GET:
        return _working(request, earlier, request.GET["cell"])
    return _matrix_page(request, earlier, present=rfq)


@require_POST
def evaluate(request: AuthedRequest, number: str) -> HttpResponse:
    """Stop collecting, start comparing; or record that the first of two people asked for it."""
    rfq = visible_rfq(request, number)
    try:
        rfq = opening.begin_evaluation(rfq_id=rfq.pk, by=request.user)
    except DomainError as refusal:
        rfq = visible_rfq(request, number)
        if policy.can_see_prices(request.user, rfq):
            return _matrix_page(request, rfq, refusal=refusal)
        context = _opening_facts(request, rfq) | {"refusal": refusal}
        return render(request, "rfqs/sealed.html", context, status=refusal.status)
    if opening.waits_for_second_person(rfq):
        messages.info(request, _("You asked for the opening. Another buyer of the site opens it."))
    else:
        messages.success(request, _("%(number)s is under evaluation now.") % {"number": rfq.number})
    return redirect("rfqs:compare", number=number)


@require_POST
def add_rates(request: AuthedRequest, number: str) -> HttpResponse:
    """Freeze the exchange rates that were missing when the evaluation began."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    try:
        opening.add_rates(rfq_id=rfq.pk, by=request.user)
    except DomainError as refusal:
        return _matrix_page(request, visible_rfq(request, number), refusal=refusal)
    messages.success(request, _("The missing exchange rates are frozen with the others."))
    return redirect("rfqs:compare", number=number)


@require_POST
def save_picks(request: AuthedRequest, number: str) -> HttpResponse:
    """Store who gets what as the draft award: by radios, or by one of the quick buttons."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    picks: list[awarding.Pick] = []
    try:
        picks, said = _wanted(request, rfq)
        award = awarding.save_draft(
            rfq_id=rfq.pk,
            picks=picks,
            by=request.user,
            gaps=_stored_gaps(rfq),
            version=_version(request),
        )
    except DomainError as refusal:
        return _refused_picks(request, visible_rfq(request, number), refusal, picks)
    if wants_fragment(request):
        return _saved_picks(request, picks, award)
    if request.POST.get("do") == "check":  # the picks go along, however quickly it was pressed
        return redirect("rfqs:award", number=number)
    messages.success(request, said)
    return redirect("rfqs:compare", number=number)


def _wanted(request: HttpRequest, rfq: RFQ) -> tuple[list[awarding.Pick], str]:
    """The picks that were asked for, and the sentence that says so.

    A fragment is an autosave of the radios: htmx sends the button clicked last along with it.
    """
    do = "" if wants_fragment(request) else request.POST.get("do", "")
    if do == "clear":
        return [], _("The picks are cleared.")
    statement = reports.statement(rfq)
    stored = matrix.Picks.stored(rfq, statement.sheet)
    if do == "lowest":
        picks, ties = matrix.lowest_per_line(statement.sheet, stored)
        said = _("Each line with one lowest offer is picked.")
        left = ngettext("%(n)d tie is left for you.", "%(n)d ties are left for you.", ties)
        return picks, f"{said} {left % {'n': ties}}" if ties else said
    if do == "all":
        picks = matrix.all_to(statement.sheet, request.POST.get("all_to", ""))
        lines = ngettext("%(n)d line is picked.", "%(n)d lines are picked.", len(picks))
        return picks, lines % {"n": len(picks)}
    return radio_picks(request.POST, statement.lines, stored), _("The picks are saved.")


def _version(request: HttpRequest) -> int:
    """That of the picks on the page; of those it was told of, where a person saves over them."""
    told = "" if wants_fragment(request) else request.POST.get("overwrite", "")
    return small_count(told) if told else version_of(request)


def _stored_gaps(rfq: RFQ) -> dict[Any, str]:
    """The reasons of lines that are not awarded; a new pick makes the action drop its line's."""
    gaps = AwardGap.objects.filter(award__rfq=rfq, award__status="draft")
    return dict(gaps.values_list("rfq_line_id", "reason"))


def _saved_picks(request: AuthedRequest, picks: list[awarding.Pick], award: Award) -> HttpResponse:
    """What is picked now, for the page whose radios saved themselves."""
    context = {
        "picks": {"count": len({pick.line_id for pick in picks}), "total": award.total},
        "version": award.version,
        "saved_at": timezone.now(),
        "base_currency": settings.BASE_CURRENCY,
    }
    return render(request, "rfqs/_picks.html", context)


def _refused_picks(
    request: AuthedRequest, rfq: RFQ, refusal: DomainError, picks: list[awarding.Pick]
) -> HttpResponse:
    """The refusal beside the picks, or on the page with what was picked still marked.

    A fragment keeps its version: what saves itself must not save over what a person has not seen.
    """
    if not wants_fragment(request):
        return _matrix_page(request, rfq, refusal=refusal, picks=picks)
    context = {"refusal": refusal, "rfq": rfq, "picks": {"count": 0, "total": None}}
    context["version"] = version_of(request)
    if isinstance(refusal, Stale):
        statement = reports.statement(rfq)
        stored = matrix.Picks.stored(rfq, statement.sheet)
        mine = matrix.Picks.of(picks, statement.sheet)
        context["differences"] = matrix.pick_differences(statement, mine, stored)
        context["overwrite"] = stored.version
    return render(request, "rfqs/_picks.html", context, status=refusal.status)


def _matrix_page(
    request: AuthedRequest,
    rfq: RFQ,
    refusal: DomainError | None = None,
    picks: Sequence[awarding.Pick] = (),
    present: RFQ | None = None,
) -> HttpResponse:
    """The comparison; with `present` that of an earlier round of it, to be read only."""
    statement = reports.statement(rfq)
    stored = matrix.Picks.stored(rfq, statement.sheet)
    mine = matrix.Picks.of(picks, statement.sheet)
    marked = mine if picks or isinstance(refusal, Stale) else stored
    may_pick = (
        present is None and rfq.status == Status.EVALUATION and policy.can_buy(request.user, rfq)
    )
    options = matrix.Options.read(request.GET)
    today = timezone.now().astimezone(rfq.site.zone).date()
    before = rounds.superseded(rfq)
    shown = matrix.build(
        statement, options, marked, may_pick=may_pick, today=today, superseded=before
    )
    context = _opening_facts(request, rfq) | {
        "statement": statement,
        "matrix": shown,
        "body_hole": HOLE,
        "present": present,
        "is_present": present is None,
        "of_round": f"&round={rfq.round}" if present else "",
        "round_numbers": range(1, (present or rfq).round + 1),
        **_toolbar(options),
        "picks": stored,
        "may_pick": may_pick,
        "unrated": _unrated(statement.sheet) if may_pick else "",
        "untaxed": wanted_taxes(statement.sheet) if may_pick else (),
        "altered": commitment.found_broken(statement.quotations),
        "refusal": refusal,
        "version": stored.version if may_pick else None,
    }
    if isinstance(refusal, Stale):
        context["differences"] = matrix.pick_differences(statement, mine, stored)
    elif refusal is not None and "version" in request.POST:
        context["version"] = version_of(request)
    page = render_swap(
        request,
        page="rfqs/compare.html",
        fragment="rfqs/_matrix.html",
        context=context,
        status=refusal.status if refusal else 200,
    )
    return put_in(page, shown.body)


def _unrated(sheet: ComparisonSheet) -> str:
    """The currencies that are quoted and have no rate."""
    return ", ".join(sorted({one.currency for one in sheet.offers if one.rate is None}))


def _toolbar(options: matrix.Options) -> dict[str, Any]:
    """The choices of the toolbar, each with the address of the page as it would be."""
    views = [(name, label, options.address(view=name)) for name, label in VIEWS.items()]
    currencies = [
        (name, label, options.address(currency=name)) for name, label in CURRENCIES.items()
    ]
    return {"options": options, "views": views, "currencies": currencies}


def _opening_facts(request: AuthedRequest, rfq: RFQ) -> dict[str, Any]:
    """What the pages say about beginning the evaluation."""
    closed = rfq.is_closed_at(timezone.now())
    may_begin = policy.can_buy(request.user, rfq) and rfq.status == Status.OPEN
    waits = opening.waits_for_second_person(rfq)
    status = derived_status(rfq.status, rfq.deadline, rfq.quotation_count, timezone.now())
    return {
        "rfq": rfq,
        "badge": status_badge(status),
        "round_numbers": range(1, rfq.round + 1),
        "is_closed": closed,
        "may_begin": may_begin and rfq.quotation_count > 0 and (closed or not rfq.is_sealed),
        "asked_by": rfq.opening_asked_by if waits else None,
        "needs_two": rfq.status == Status.OPEN and opening.needs_two(rfq),
    }


def _working(request: AuthedRequest, rfq: RFQ, place: str) -> HttpResponse:
    """The arithmetic of one cell, as a dialog or a page."""
    working = working_of(reports.statement(rfq), place, request.user)
    if working is None:
        raise Http404
    return render_swap(
        request,
        page="rfqs/working.html",
        fragment="rfqs/_working.html",
        context={"rfq": rfq, "working": working},
    )
