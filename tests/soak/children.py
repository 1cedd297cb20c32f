"""Processes of the product beside a test, on the test's own database, to be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

BASE = Path(__file__).resolve().parent.parent.parent


def variables(**more: str) -> dict[str, str]:
    """The environment of a process on the test's database."""
    address = settings.DATABASE_URL or settings.EMBEDDED.database_url
    own = {
        "DATA": str(settings.DATA_DIR),
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{connection.settings_dict['NAME']}",
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
        "PYTHONPATH": str(BASE),
    }
    return dict(os.environ) | own | more


@contextmanager
def child(*words: str, log: Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python program that runs until the block ends, if nobody kills it before."""
    with log.open("ab") as lines:
        process = subprocess.Popen(
            [sys.executable, *words], env=variables(**more), cwd=BASE, stdout=lines, stderr=lines
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
