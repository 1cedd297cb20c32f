"""Whether somebody has to approve that a supplier becomes active; policies live above this app."""

from django.conf import settings
from django.utils.module_loading import import_string


def needs_approval() -> bool:
    """Whether a policy asks for it: then neither the back office nor a file makes a supplier active."""
    asked: bool = import_string(settings.SUPPLIER_ACTIVATION_ASKED)()
    return asked
