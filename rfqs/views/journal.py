"""The auditor's search over the journal of all sites."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from quoteflow.lib import keyset
from quoteflow.lib.browsing import PAGE_SIZE, Asked, slice_facts
from quoteflow.lib.errors import DomainError
from quoteflow.lib.htmx import render_swap, wants_fragment
from rfqs import policy, trail
from rfqs.exports import csv
from rfqs.forms.trail import JournalSearch
from rfqs.views.fetching import AuthedRequest

NAMES = ("person", "thing", "verb", "since", "until")


@require_safe
def index(request: AuthedRequest) -> HttpResponse:
    """The events that fit, newest first, one page of them."""
    policy.insist(policy.can_audit, request.user)
    form = JournalSearch(request.GET)
    return _answer(request, form, status=200 if form.is_valid() else 422)


@require_safe
def export(request: AuthedRequest) -> HttpResponse:
    """All that fits as CSV, with the hashes; a refusal is shown on the page."""
    policy.insist(policy.can_audit, request.user)
    form = JournalSearch(request.GET)
    if not form.is_valid():
        return _answer(request, form, status=422)
    try:
        body = trail.cells(form.wanted)
    except DomainError as refusal:
        return _answer(request, form, status=refusal.status, refusal=refusal)
    response = HttpResponse(
        csv.document(trail.header(), body), content_type="text/csv; charset=utf-8"
    )
    name = f"journal-{timezone.localtime():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _answer(
    request: AuthedRequest, form: JournalSearch, *, status: int, **more: Any
) -> HttpResponse:
    asked = Asked.of(request.GET, *NAMES)
    found = trail.events(form.wanted)
    page = keyset.page(found, trail.NEWEST, size=PAGE_SIZE, after=asked.after, before=asked.before)
    context = {
        "form": form,
        "rows": trail.rows(page.rows),
        "verbs": trail.VERBS,
        "export_query": asked.query(),
        **slice_facts(page, asked, None if wants_fragment(request) else found),
        **more,
    }
    return render_swap(
        request,
        page="rfqs/journal.html",
        fragment="rfqs/_journal_results.html",
        context=context,
        status=status,
    )
