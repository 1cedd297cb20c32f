"""The buyer's side of taking an approved award back: ask for it, or keep the award after all."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quoteflow.lib.errors import DomainError
from rfqs import policy
from rfqs.actions import cancelling
from rfqs.forms.drafting import ReasonForm
from rfqs.views.asking import Question, ask, done
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_http_methods(["GET", "POST"])
def cancel_award(request: AuthedRequest, number: str) -> HttpResponse:
    """Ask for the approval of a cancellation, with a reason."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_buy, request.user, rfq)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    question = Question(
        title=_("Cancel the award of %(number)s") % {"number": number},
        text=_("This is approved like the award was. Then its draft orders are cancelled, the suppliers are told,"
               " and the quotations can be awarded anew. Until then everything stays as it is."),
        button=_("Ask for the cancellation"), tone="bad", form=form,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    reason = form.cleaned_data["reason"]
    try:
        cancelling.ask_cancellation(rfq_id=rfq.pk, by=request.user, reason=reason)
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(request, _("The cancellation waits for its approval."))
    return done(request, reverse("rfqs:detail", args=[number]))


@require_POST
def keep_award(request: AuthedRequest, number: str) -> HttpResponse:
    """Withdraw the wish; a refusal is a page of its own."""
    rfq = visible_rfq(request, number)
    cancelling.withdraw_cancellation(rfq_id=rfq.pk, by=request.user)
    messages.success(request, _("The award of %(number)s stands.") % {"number": number})
    return done(request, reverse("rfqs:detail", args=[number]))
