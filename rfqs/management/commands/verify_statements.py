"""Compute stored comparative statements again and compare them byte for byte."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from rfqs.models import StoredStatement
from rfqs.statements import problem_of


class Command(BaseCommand):
    """`manage.py verify_statements [NUMBER]`; exit 1 where one does not come out as it is stored."""

    help = (
        "Compute every stored comparative statement again; say which differs from what is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name a request, or check all of them."""
        parser.add_argument("number", nargs="?", help="only the statements of this request")

    def handle(self, *args: Any, number: str | None = None, **options: Any) -> None:
        """Go through them in the order they were stored, one at a time in memory."""
        stored = StoredStatement.objects.select_related("award__rfq").order_by("made_at", "pk")
        if number is not None:
            stored = stored.filter(award__rfq__number=number)
        good = bad = 0
        for statement in stored.iterator(chunk_size=50):
            problem = problem_of(statement)
            good += not problem
            bad += bool(problem)
            if problem:
                place = f"{statement.award.rfq.number} {statement.made_at:%Y-%m-%d %H:%M}"
                self.stderr.write(f"{place}: {problem}")
        if bad:
            raise CommandError(_("%(n)d stored statements do not compute as stored.") % {"n": bad})
        self.stdout.write(_("%(n)d stored statements compute as stored.") % {"n": good})
