"""A page in Chromium with the product's own scripts, for what only a browser can show."""

import os
import shutil

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import sync_playwright

STATIC = settings.BASE_DIR / "static"


@pytest.fixture(scope="module")
def chromium():
    path = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing; the browser tests need it.")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def load(chromium):
    """Return a function that shows a body with the scripts named, and gives the page."""
    context = chromium.new_context()

    def show(body, *scripts, page=None):
        page = page or context.new_page()
        page.set_content(f"<body>{body}{render_to_string('components/_texts.html')}</body>")
        for script in ("app", *scripts):
            page.add_script_tag(path=STATIC / "js" / f"{script}.js")
        return page

    yield show
    context.close()
