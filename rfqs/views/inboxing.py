"""The inbox around whatever waits: the list of one tab, what is open beside it, and the answer to a decision."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.lib.numbers import small_count
from rfqs import inbox as reading
from rfqs.views.fetching import AuthedRequest


def page(request: AuthedRequest, context: dict[str, Any]) -> HttpResponse:
    """The page; for htmx the list alone where the list asked, else list and what is open."""
    only_list = request.htmx and request.htmx.target == "inbox-list"
    fragment = "rfqs/_inbox_list.html" if only_list else "rfqs/_inbox.html"
    return render_swap(request, page="rfqs/inbox.html", fragment=fragment, context=context)


def listed(request: AuthedRequest) -> dict[str, Any]:
    """The list of the tab that is asked for."""
    tab = request.GET.get("tab", "")
    tab = tab if tab in reading.TABS else "waiting"
    asked = small_count(request.GET.get("page", ""))
    number = asked if 0 < asked < 10000 else 1  # noqa: PLR2004 (no such page)
    rows, has_more = reading.rows_of(request.user, tab, number)
    waiting, applicants = reading.overview(request.user, tab)
    return {
        "rows": rows,
        "has_more": has_more,
        "applicants": applicants if number == 1 else [],
        "page": number,
        "tab": tab,
        "tabs": list(reading.TABS.items()),
        "waiting": waiting,
        "base": settings.BASE_CURRENCY,
        "open_number": "",
        "current": request.GET.get("open", ""),
    }


def decided(request: AuthedRequest, sentence: str) -> HttpResponse:
    """Tell the new fact where the buttons were; the list asks again."""
    if wants_fragment(request):
        response = render(request, "rfqs/_decision.html", {"sentence": sentence})
        response["HX-Trigger"] = json.dumps({"qf:tick": {}})
        return response
    messages.success(request, sentence)
    return redirect("rfqs:inbox")


def refused(request: AuthedRequest, context: dict[str, Any]) -> HttpResponse:
    """What is open, with its `refusal` where the buttons are."""
    status = context["refusal"].status
    if wants_fragment(request):
        return render(request, "rfqs/_decision.html", context, status=status)
    return render(request, "rfqs/inbox.html", listed(request) | context, status=status)
