"""The append-only, hash-chained journal."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The journal."""

    name = "quoteflow.audit"
    label = "audit"
