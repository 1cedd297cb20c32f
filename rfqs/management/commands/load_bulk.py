"""Fill a database with invented requests, so that its speed can be measured."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.progress import Progress
from rfqs import routing
from rfqs.bulk import batch, masters
from rfqs.models import RFQ

BATCH = 2000  # requests a transaction


class Command(BaseCommand):
    """`manage.py load_bulk --rfqs 100000`"""

    help = "Add invented requests with lines, quotations and approvals, for measuring."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nobody can sign in as the invented people unless a password is given."""
        parser.add_argument("--rfqs", type=int, required=True, help="how many requests to add")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other requests")
        parser.add_argument(
            "--password", help="for the invented people, such as buyer@bulk.example.com"
        )
        parser.add_argument(
            "--waiting", action="store_true", help="all of them wait for an approval"
        )
        parser.add_argument(
            "--yes", action="store_true", help="also into a database that holds anything else"
        )

    def handle(self, *args: Any, rfqs: int, seed: int, **options: Any) -> None:
        """Add them in transactions of two thousand; what is written stays if it is interrupted."""
        if rfqs < 1:
            raise CommandError(_("--rfqs must be at least 1."))
        if not options["yes"] and masters.is_foreign():
            raise CommandError(
                _(
                    "This database holds data that was not invented here. Use an empty one,"
                    " or say --yes to add %(n)d invented requests to it."
                )
                % {"n": rfqs}
            )
        if masters.lacks_suppliers() and routing.activation_is_asked():
            raise CommandError(
                _(
                    "A policy asks for an approval before a supplier becomes active, and nobody approves invented"
                    " ones. Make that policy inactive, load, and make it active again."
                )
            )
        started, rows = time.monotonic(), 0
        masters.ensure(seed, options["password"])
        batch.begin(seed)
        first, now = RFQ.objects.filter(site__code__startswith="BK").count() + 1, timezone.now()
        last = first + rfqs - 1
        with Progress(_("requests"), total=rfqs, shown=options["verbosity"] > 0) as progress:
            for done, start in enumerate(range(first, last + 1, BATCH), start=1):
                until = min(start + BATCH - 1, last)
                rows += batch.write(
                    start, until, first=first, last=last, now=now, waiting=options["waiting"]
                )
                progress.advance(until - start + 1)
                if done.bit_count() == 1:  # after 1, 2, 4 ... batches
                    batch.analyse()
        batch.settle()
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(n)s requests, %(rows)s rows in %(seconds).1f s: %(rate)s rows/s.")
            % {
                "n": f"{rfqs:,}",
                "rows": f"{rows:,}",
                "seconds": seconds,
                "rate": f"{rows / seconds:,.0f}",
            }
        )
