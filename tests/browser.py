"""A real Chromium: found where the machine has one, demanded where CI=true."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these the browser looks for its maker's hosts at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser; skip the test where there is none, fail it under CI=true."""
    given = os.environ.get("CHROMIUM", "")
    path = next(filter(None, map(shutil.which, filter(None, (given, *NAMES)))), None)
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium is missing; the browser tests need it.")
    if path is None:
        pytest.skip("Chromium is not installed")
    # Playwright keeps an event loop in this thread; Django would mistake the tests for async code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
