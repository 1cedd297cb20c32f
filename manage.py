#!/usr/bin/env python3
"""Django's command line, with the embedded servers running where a command needs them."""

import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path

from quoteflow.embedded import EmbeddedError
from quoteflow.house import environment

BASE = Path(__file__).resolve().parent
# Commands that neither read nor write the database.
SERVERLESS = {
    "", "help", "version", "check", "collectstatic", "compilemessages", "diffsettings",
    "findstatic", "makemessages", "startapp", "startproject",
}  # fmt: skip


def main(arguments: list[str]) -> None:
    """Run a management command; find or start the servers of DATA around it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoteflow.settings")
    environment.load(BASE)
    command = next((word for word in arguments if not word.startswith("-")), "")
    asks_only = {"-h", "--help", "--version"} & set(arguments)
    serverless = asks_only or (command in SERVERLESS and "--database" not in arguments)
    # A terminated command still leaves the servers in order; the worker sets its own handler.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with nullcontext() if serverless else environment.servers(BASE):
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line([sys.argv[0], *arguments])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except EmbeddedError as refusal:
        sys.exit(str(refusal))
