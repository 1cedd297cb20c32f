"""The front door: everyone is sent to where their work is."""

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from quoteflow.lib import jsonlog


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Buyers and auditors to the requests, approvers to their inbox, back office to the admin."""
    user = request.user
    if user.is_buyer or user.is_auditor or user.is_pricing:  # type: ignore[union-attr]
        return redirect("rfqs:index")
    if user.is_approver:  # type: ignore[union-attr]
        return redirect("rfqs:inbox")
    if user.is_supplier:  # type: ignore[union-attr]
        return redirect("portal:home")
    if user.is_staff:
        return redirect("admin:index")
    return redirect("accounts:profile")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of pages that name none, as those of the admin do."""
    response = redirect(static("favicon.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """The page of an error on our side, with the reference under which the log has it."""
    context = {"request_id": jsonlog.current_request_id()}
    return HttpResponse(render_to_string("500.html", context), status=500)
