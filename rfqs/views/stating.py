"""The GST and customs duty that quotations leave open, added by a buyer under evaluation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quoteflow.lib.errors import DomainError
from rfqs import policy, reports
from rfqs.actions import stating
from rfqs.forms.stating import TaxesForm
from rfqs.matrix.unstated import open_taxes
from rfqs.states import IllegalTransition, Status
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_http_methods(["GET", "HEAD", "POST"])
def state_taxes(request: AuthedRequest, number: str) -> HttpResponse:
    """Every line that somebody quotes without GST or customs duty, with a field for what it is."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_buy, request.user, rfq)
    is_over = rfq.status != Status.EVALUATION
    over = IllegalTransition(_("GST and customs duty are added under evaluation only."))
    if is_over and (request.method != "POST" or not policy.can_see_prices(request.user, rfq)):
        raise over
    rows = open_taxes(reports.statement(rfq))
    form = TaxesForm(rfq, rows, request.POST if request.method == "POST" else None)
    context = {"rfq": rfq, "form": form, "refusal": over if is_over else None}
    if is_over:  # what was typed stays on the page
        return render(request, "rfqs/taxes.html", context, status=over.status)
    if not form.is_valid():
        return render(request, "rfqs/taxes.html", context, status=422 if form.is_bound else 200)
    source = form.cleaned_data["source"]
    try:
        stating.state_taxes(rfq_id=rfq.pk, by=request.user, percents=form.percents(), source=source)
    except DomainError as refusal:
        context["refusal"] = refusal
        return render(request, "rfqs/taxes.html", context, status=refusal.status)
    messages.success(request, _("The percentages count in the comparison now."))
    return redirect("rfqs:compare", number=number)
