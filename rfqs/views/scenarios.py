"""Ways of awarding beside one another: a page, and a region, of its own, for a solver takes its time."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from quoteflow.lib.errors import DomainError
from quoteflow.lib.htmx import render_swap
from rfqs import matrix, optimising, policy, reports
from rfqs.comparison import Conditions
from rfqs.forms.conditions import ConditionsForm
from rfqs.states import Status
from rfqs.views.fetching import AuthedRequest, visible_rfq

SECONDS = 5  # for each search
TWO = Conditions(max_suppliers=2)


@require_GET
def scenarios(request: AuthedRequest, number: str) -> HttpResponse:
    """All to the lowest, the lowest of every line, the best award, with two suppliers, as wished."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_see_prices, request.user, rfq)
    statement = reports.statement(rfq)
    form = ConditionsForm(statement.sheet, request.GET)
    context: dict[str, Any] = {"rfq": rfq, "form": form, "base": statement.sheet.base_currency}
    status = 200 if form.is_valid() else 422
    try:
        wish = form.conditions() if form.is_valid() else None
        context["scenarios"] = _scenarios(statement, wish)
    except DomainError as refusal:
        context["refusal"], status = refusal, refusal.status
    may_buy = policy.can_buy(request.user, rfq)
    context |= {
        "may_pick": rfq.status == Status.EVALUATION and may_buy,
        "wished": bool(request.GET),
    }
    return render_swap(
        request,
        page="rfqs/scenarios.html",
        fragment="rfqs/_scenarios.html",
        context=context,
        status=status,
    )


def _scenarios(statement: reports.Statement, wish: Conditions | None) -> list[matrix.Scenario]:
    wishes = {_("Best award"): Conditions(), _("Best with two suppliers"): TWO}
    if wish is not None:
        wishes[_("Best under your conditions")] = wish
    found = optimising.cheapest(statement.inputs, list(wishes.values()), seconds=SECONDS)
    named = list(zip(wishes, found, strict=True))
    return matrix.scenarios_of(statement.inputs, statement.sheet, named)
