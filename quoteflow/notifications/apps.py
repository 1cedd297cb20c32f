"""E-mail that survives a crash."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The outbox."""

    name = "quoteflow.notifications"
    label = "notifications"
