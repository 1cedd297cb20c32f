"""Bring the units of measure of the standard up to date."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from rfqs.importing import units


class Command(BaseCommand):
    """`manage.py load_units`"""

    help = (
        "Load the units of UN/ECE Recommendations 20 and 21 and their usual spellings; repeatable."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Fill both tables and say how much there is."""
        count, spellings = units.load()
        self.stdout.write(
            _("%(units)d units and %(spellings)d usual spellings are in place.")
            % {"units": count, "spellings": spellings}
        )
