"""Looks after approvals that wait, as the worker does every five minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from quoteflow.lib.clock import database_now
from rfqs.actions import watching


class Command(BaseCommand):
    """For a scheduler of one's own, or to see now what is due; twice does no harm."""

    help = "Remind at half of an approval's time limit, and add the heads when it is over."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many."""
        done = watching.watch(database_now())
        self.stdout.write(", ".join(f"{name}: {count}" for name, count in done.items()))
