"""Lets Django find the template tags; the library has no models."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Domain-free helpers, one subject per file."""

    name = "quoteflow.lib"
    label = "lib"
