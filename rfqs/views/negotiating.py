"""Another round: whom to ask again, about what, until when."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quoteflow.lib import once
from quoteflow.lib.errors import DomainError
from rfqs import policy
from rfqs.actions import negotiating
from rfqs.forms.negotiating import RoundForm
from rfqs.models import ASKABLE_AGAIN
from rfqs.states import Event, follow
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_http_methods(["GET", "HEAD", "POST"])
def negotiate(request: AuthedRequest, number: str) -> HttpResponse:
    """Ask chosen suppliers for another quotation, with a closing time of its own."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_buy, request.user, rfq)
    if request.method != "POST":
        follow(rfq.status, Event.NEGOTIATE)
    asked = rfq.invitations.filter(status__in=ASKABLE_AGAIN)
    found = list(asked.select_related("supplier").order_by("supplier__name", "pk"))
    form = RoundForm(rfq, found, request.POST if request.method == "POST" else None)
    context = {"rfq": rfq, "form": form, "next_round": rfq.round + 1}
    if not form.is_valid():
        return render(request, "rfqs/negotiate.html", context, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data) | {"once": once.read(request, request.user.pk)}
    try:
        negotiating.begin_round(
            rfq_id=rfq.pk, by=request.user, supplier_ids=facts.pop("suppliers"), **facts
        )
    except once.Repeated:
        return redirect("rfqs:detail", number)
    except DomainError as refusal:
        context["refusal"] = refusal
        return render(request, "rfqs/negotiate.html", context, status=refusal.status)
    messages.success(request, _("Round %(n)d is open.") % {"n": rfq.round + 1})
    return redirect("rfqs:detail", number)
