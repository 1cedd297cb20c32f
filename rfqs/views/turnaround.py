"""How long approvals take."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quoteflow.lib.clock import database_now
from quoteflow.lib.numbers import small_count
from rfqs import policy
from rfqs import turnaround as reading
from rfqs.views.fetching import AuthedRequest

USUAL = 90  # days


@require_safe
def turnaround(request: AuthedRequest) -> HttpResponse:
    """Who holds what for how long, and how quickly each person decided."""
    policy.insist(policy.can_see_turnaround, request.user)
    asked = small_count(request.GET.get("days", ""))
    days = asked if asked in reading.PERIODS else USUAL
    context = {
        "report": reading.turnaround(request.user, database_now(), days),
        "days": days,
        "periods": list(reading.PERIODS.items()),
        "normal": settings.APPROVAL_HOURS,
        "urgent": settings.APPROVAL_HOURS_URGENT,
        "most": reading.MOST_DECISIONS,
    }
    return render(request, "rfqs/turnaround.html", context)
