"""Puts our back office in the place of Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    """The admin, behind the application's own sign-in."""

    default_site = "quoteflow.admin_site.BackOffice"
