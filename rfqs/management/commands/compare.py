"""Print the comparative statement of a request."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError
from quoteflow.lib.numbers import parse_percent, small_count
from rfqs import comparison, optimising, reports
from rfqs.exports import plaintext
from rfqs.importing.rates import parse_rate
from rfqs.management.reading import readable

MOST_INTEREST, MOST_CREDIT_DAYS = 100, 3650
MOST_SECONDS = 20
T = TypeVar("T")


class Command(BaseCommand):
    """`manage.py compare NUMBER [--json]`; options override the request's policy for reading only."""

    help = "Print the comparative statement of a request, as text or with --json as data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the request, the reader, and what to compare differently."""
        parser.add_argument("number", help="the request's number, or its outside reference")
        parser.add_argument("--json", action="store_true", dest="as_data")
        parser.add_argument(
            "--as", dest="acting", metavar="EMAIL", help="read with this person's rights"
        )
        parser.add_argument("--tax", choices=[tax.value for tax in comparison.Tax])
        parser.add_argument("--quantity", choices=[basis.value for basis in comparison.Quantity])
        parser.add_argument("--interest", type=_told(_interest), metavar="PERCENT")
        parser.add_argument("--credit-days", type=_told(_credit_days), metavar="DAYS")
        parser.add_argument(
            "--rate",
            type=_told(parse_rate),
            action="append",
            default=[],
            metavar="EUR=92.4567",
            help="base currency for one unit; may be repeated",
        )

        parser.add_argument(
            "--solve",
            type=_told(_seconds),
            default=MOST_SECONDS,
            metavar="SECONDS",
            help="how long to look for the cheapest award at most, 0 for not at all; default 20",
        )

    def handle(self, *args: Any, number: str, acting: str | None, **options: Any) -> None:
        """Compute and print; CommandError (exit 1) where the prices may not be seen."""
        try:
            rfq = readable(number, acting)
            inputs = reports.comparison_inputs(rfq, rates=dict(options["rate"]), **_policy(options))
            sheet = comparison.build(inputs)
            if sheet.offers and options["solve"]:
                sheet = self._with_cheapest(inputs, sheet, options["solve"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        if options["as_data"]:
            data = comparison.as_json(sheet)
            self.stdout.write(json.dumps(data, indent=2, ensure_ascii=False))
        else:
            self.stdout.write(plaintext.render(sheet))

    def _with_cheapest(
        self, inputs: comparison.Inputs, sheet: comparison.ComparisonSheet, seconds: int
    ) -> comparison.ComparisonSheet:
        """The sheet with the best award; without it, and a word on stderr, where none is found."""
        try:
            [optimum] = optimising.cheapest(inputs, [comparison.Conditions()], seconds=seconds)
        except optimising.Busy as refusal:
            self.stderr.write(str(refusal))
            return sheet
        return comparison.with_cheapest(sheet, optimum)


def _policy(options: dict[str, Any]) -> dict[str, Any]:
    stated = {
        "tax": comparison.Tax(options["tax"]) if options["tax"] else None,
        "quantity": comparison.Quantity(options["quantity"]) if options["quantity"] else None,
        "interest_percent": options["interest"],
        "credit_days": options["credit_days"],
    }
    return {name: value for name, value in stated.items() if value is not None}


def _told(parse: Callable[[str], T]) -> Callable[[str], T]:
    """Let the parser of arguments print the sentence of a ValueError."""

    def checked(text: str) -> T:
        try:
            return parse(text)
        except ValueError as problem:
            raise ArgumentTypeError(str(problem)) from None

    return checked


def _interest(text: str) -> Decimal:
    percent = parse_percent(text)
    if percent > MOST_INTEREST:
        raise ValueError(_("The interest is a percentage a year, from 0 to 100."))
    return percent


def _seconds(text: str) -> int:
    seconds = small_count(text)
    if (not seconds and text != "0") or seconds > MOST_CREDIT_DAYS:
        raise ValueError(_("The time is a whole number of seconds from 0 to 3650."))
    return seconds


def _credit_days(text: str) -> int:
    days = small_count(text)
    if (not days and text != "0") or days > MOST_CREDIT_DAYS:
        raise ValueError(_("The credit days are a whole number from 0 to 3650."))
    return days
