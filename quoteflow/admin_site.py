"""The back office: Django's admin behind the application's own sign-in."""

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class BackOffice(admin.AdminSite):
    """Master data, users and policies; no status, no money, no password."""

    site_header = _("QuoteFlow back office")
    site_title = _("QuoteFlow back office")
    index_title = _("Master data, people and policies")
    site_url = "/"

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Send people to the one sign-in page, so that its limits hold here too."""
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
