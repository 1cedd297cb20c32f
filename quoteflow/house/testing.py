"""The test run: a database of its own, all cores, and a browser where there is one."""

import os
import shutil
import sys
from pathlib import Path

from quoteflow.house.errors import Refusal

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(base: Path, arguments: list[str]) -> int:
    """Become pytest, whose closing line stays the last one. Raises Refusal."""
    os.environ["CHROMIUM"] = browser()
    os.environ["DATA"] = os.environ.get("DATA") or str(base / ".data" / "test")
    os.chdir(base)
    words = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *arguments]
    os.execv(sys.executable, words)


def browser() -> str:
    """The path of a Chromium; empty when there is none, which continuous integration refuses."""
    given = os.environ.get("CHROMIUM", "")
    found = next(filter(None, map(shutil.which, filter(None, (given, *BROWSERS)))), None)
    if given and not shutil.which(given):
        raise Refusal(f"CHROMIUM={given} is not a program. Correct it or leave it out.")
    if found is None and os.environ.get("CI") == "true":
        raise Refusal(
            "CI=true wants the browser tests, and there is no Chromium. Install it"
            " (Debian: apt-get install chromium) or name one with CHROMIUM=<path>."
        )
    return found or ""
