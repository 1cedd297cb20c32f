"""Lets Django find the template tags and the table of the buckets."""

from django.apps import AppConfig


class LibConfig(AppConfig):
    """Domain-free helpers, one subject per file."""

    name = "quoteflow.lib"
    label = "lib"
