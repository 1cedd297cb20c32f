"""A person's own page."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import absence as away
from accounts import actions
from accounts.forms import AbsenceForm, PreferencesForm
from accounts.models import Delegation, Role, User
from quoteflow.lib.errors import DomainError, NotAllowed


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here, and how I like the pages."""
    return _page(request, PreferencesForm(cast(User, request.user)))


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Store the preferences that were sent; `next` is the page to go back to."""
    user = cast(User, request.user)
    form = PreferencesForm(user, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.set_preferences(by=user, **form.sent())
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(
        back, {request.get_host()}, request.is_secure()
    ):
        return redirect(back)
    messages.success(request, _("Your preferences are stored."))
    return redirect("accounts:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    """Who decides for me while I am away, and for whom I decide."""
    user = cast(User, request.user)
    if not user.is_approver:
        raise NotAllowed(away.for_approvers())
    form = AbsenceForm(user, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _absence_page(request, form)
    if not form.is_valid():
        return _absence_page(request, form, status=422)
    said = form.cleaned_data
    try:
        made = away.delegate(
            by=user, deputy_id=said["deputy"].pk, first=said["first"], last=said["last"],
            reason=said["reason"],
        )  # fmt: skip
    except DomainError as refusal:
        return _absence_page(request, form, status=refusal.status, refusal=refusal)
    messages.success(request, _("%(name)s decides for you then.") % {"name": made.deputy})
    return redirect("accounts:absence")


@require_POST
def end_absence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide alone again."""
    try:
        away.end(by=cast(User, request.user), delegation_id=pk)
    except Delegation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Only you decide for yourself again."))
    return redirect("accounts:absence")


def _absence_page(
    request: HttpRequest, form: AbsenceForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    user = cast(User, request.user)
    standing = Delegation.objects.standing().select_related("person", "deputy")
    context = {
        "form": form,
        "mine": list(standing.filter(person=user).order_by("starts_at", "pk")),
        "others": list(standing.filter(deputy=user).order_by("starts_at", "pk")),
        **more,
    }
    return render(request, "accounts/absence.html", context, status=status)


def _page(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    roles = [str(Role(role).label) for role in user.roles]
    context = {"form": form, "roles": roles, "sites": user.own_sites}
    return render(request, "accounts/profile.html", context, status=status)
