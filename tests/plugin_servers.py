"""Runs the embedded servers around a test run; parallel processes share those of the first."""

from pathlib import Path

import pytest

from quoteflow.embedded import Servers
from quoteflow.house import environment

BASE = Path(__file__).resolve().parent.parent
_servers = pytest.StashKey[Servers]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers of DATA, or join their users; nothing runs for `--help`."""
    if config.option.help or config.option.version:
        return
    # tests.settings has been imported by now and has put DATA into the environment.
    config.stash[_servers] = environment.servers(BASE, fast=True)
    config.stash[_servers].ensure()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave; the last process stops the servers."""
    if servers := config.stash.get(_servers, None):
        servers.release()
