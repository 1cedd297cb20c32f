"""What people do on the pages, one function per intention; the same with and without JavaScript."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from suppliers.models import Supplier
from tests.journeys.conftest import Person

KINDS = {"provided_data": "Indent items", "service": "Service", "transport": "Transport"}


def begin(person: Person, kind: str, title: str) -> str:
    """Start a request; return its number."""
    page = person.go("/rfqs/new/")
    page.fill("input[name=title]", title)
    page.check(f"input[name=commodity_type][value={kind}]")
    page.click("main form button.btn-primary")
    page.wait_for_url("**/edit/")
    number = re.search(r"GP-[A-Z0-9]+-\d+", page.url)
    assert number is not None
    return number.group()


def type_line(page: Page, row: int, **cells: str) -> None:
    """Fill cells of one row of the grid."""
    for name, text in cells.items():
        field = page.locator(f"[name='l-{row}-{name}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)


def paste(page: Page, text: str) -> None:
    """Paste text into the focused cell, as a spreadsheet would hand it over."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const facts = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", facts));
        }""",
        text,
    )


def closing_in_days(page: Page, days: int) -> None:
    """Set the closing time, in the site's zone."""
    moment = timezone.localtime() + timedelta(days=days)
    page.fill("[name=deadline]", moment.strftime("%Y-%m-%dT%H:%M"))


def save(page: Page, target: str) -> None:
    """Press one of the save buttons of the editor: edit, suppliers or check."""
    page.click(f"button[name=next][value={target}]")
    page.wait_for_url(f"**/{target}/")


def choose(page: Page, suppliers: list[Supplier]) -> None:
    """Tick suppliers in the picker and add them."""
    for supplier in suppliers:
        page.check(f"input[name=s][value='{supplier.pk}']")
    page.click("#found button:has-text('Add'), form button:has-text('Ask')")
    for supplier in suppliers:
        expect(page.locator(".picked", has_text=supplier.name)).to_be_visible()


def send(person: Person, number: str, suppliers: int) -> None:
    """Check everything, then send."""
    page = person.go(f"/rfqs/{number}/check/")
    page.click(f"button:has-text('Send to {suppliers} supplier')")
    page.wait_for_url(f"**/rfqs/{number}/")


def enter_quotation(
    person: Person, number: str, supplier: Supplier, prices: list[str], **terms: str
) -> None:
    """Type a quotation that came by mail, one price per line."""
    page = person.go(f"/rfqs/{number}/quotations/new/?supplier={supplier.pk}")
    page.select_option("[name=channel]", "mail")
    page.fill("[name=no_source_reason]", "The mail is in the shared folder.")
    for row, price in enumerate(prices):
        page.fill(f"[name='q-{row}-unit_price']", price)
    page.select_option("[name=freight_term]", terms.pop("freight_term", "included"))
    for name, text in terms.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(text)
        else:
            field.fill(text)
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda url: "/quotations/new/" not in url)


def evaluate(person: Person, number: str) -> Page:
    """Stop collecting, start comparing."""
    page = person.go(f"/rfqs/{number}/compare/")
    page.click("button:has-text('Begin evaluation')")
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Evaluation")
    return page


def pick_lowest(page: Page) -> None:
    """Give every line to its lowest, and go on to the check without waiting."""
    page.click("button:has-text('Award lowest per line')")
    page.click("button:has-text('Check and submit')")
    page.wait_for_url("**/award/")


def submit_award(person: Person, number: str) -> None:
    """Explain what is unusual and submit."""
    page = person.go(f"/rfqs/{number}/award/")
    for field in page.locator("input[name^='reason-']").all():
        field.fill("Agreed with the plant head on the phone.")
    page.click("button[value=submit]")
    expect(page.locator("main")).to_contain_text("Awaiting approval")


def open_decision(person: Person, number: str) -> Page:
    """The award in the inbox."""
    page = person.go(f"/rfqs/inbox/{number}/")
    expect(page.locator("#decision")).to_be_visible()
    return page


def decide(page: Page, verb: str, comment: str = "") -> None:
    """Press approve, reject or return."""
    if comment:
        page.fill("#decision [name=comment]", comment)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click(f"#decision button[value={verb}]")
