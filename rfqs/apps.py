"""The product: requests, quotations, comparison, approval, award, orders, catalogue."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RfqsConfig(AppConfig):
    """Requests for quotation."""

    name = "rfqs"
    verbose_name = _("Requests and catalogue")
