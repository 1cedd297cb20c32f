"""A person's own page."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.forms import PreferencesForm
from accounts.models import Role, User


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


def _page(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    roles = [str(Role(role).label) for role in user.roles]
    context = {"form": form, "roles": roles, "sites": user.own_sites}
    return render(request, "accounts/profile.html", context, status=status)
