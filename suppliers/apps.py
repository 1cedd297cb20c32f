"""Who may quote."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    """Suppliers and their contacts."""

    name = "suppliers"
    verbose_name = _("Suppliers")
