import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from quoteflow.embedded import Servers


@pytest.fixture(scope="session")
def created(tmp_path_factory) -> Path:
    """A data directory whose database is made once; its servers are stopped."""
    data = tmp_path_factory.mktemp("embedded")
    with Servers(data, fast=True, valkey=False):
        pass
    return data


@pytest.fixture
def data(created, tmp_path) -> Iterator[Path]:
    """A data directory of the test's own; whatever it leaves running is stopped."""
    home = tmp_path / "data"
    shutil.copytree(created, home, ignore=shutil.ignore_patterns("*.lock"))
    yield home
    last = Servers(home, fast=True)
    if last.sockets.exists():
        last.ensure()
        last.release()
