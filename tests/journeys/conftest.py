"""People in browsers: sign in through the page, look at what they see, and leave nothing unread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User
from tests import browser
from tests.factories import PASSWORD

DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
AXE = Axe()


OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="module")
def chromium(django_db_setup: None, django_db_blocker: Any) -> Iterator[Browser]:
    """One browser for the module; a question it asked last holds up nobody who drops the database."""
    with browser.running() as one:
        yield one
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)
    connection.close()


@dataclass
class Person:
    """Somebody at a screen. Whatever the console says is kept, and must stay nothing."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def sign_in(self, user: User, password: str = PASSWORD) -> "Person":
        """Through the sign-in page, as a person does."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", user.email)
        self.page.fill("input[name=password]", password)
        self.page.click("form[action*=login] button[type=submit], main button[type=submit]")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return self

    def looks_right(self, rules: tuple[str, ...] = ()) -> None:
        """No accessibility rule broken, no sideways scroll, nothing on the console.

        `rules` are axe's names of the standards that are asked; without any, its advice counts, too. What is
        being fetched stands paler for a moment; the page is looked at when it has come.
        """
        self.page.locator("[aria-busy=true]:not(dialog)").first.wait_for(state="detached")
        asked = {"runOnly": {"type": "tag", "values": list(rules)}} if rules else None
        found = AXE.run(self.page, options=asked).response["violations"]
        named = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]
        assert (self.page.url, named) == (self.page.url, [])
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        assert (self.page.url, self.complaints) == (self.page.url, [])


@pytest.fixture
def person(chromium: Browser, live_server: Any) -> Iterator[Callable[..., Person]]:
    """Make people: `person(user, javascript=False, size=PHONE, scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def make(
        user: User | None = None,
        *,
        javascript: bool = True,
        size: dict[str, int] = DESKTOP,
        scheme: str = "light",
    ) -> Person:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="en-IN",
            timezone_id="Asia/Kolkata",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        one = Person(context.new_page(), live_server.url)
        one.page.on("console", lambda m: m.type == "error" and one.complaints.append(m.text))
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        return one.sign_in(user) if user else one

    yield make
    for context in contexts:
        context.close()
