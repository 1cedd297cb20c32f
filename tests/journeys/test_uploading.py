"""Files on their way: how far they are, said and shown; nothing typed is lost when one is refused."""

import pytest
from playwright.sync_api import expect

from rfqs.importing import units
from rfqs.models import Attachment
from tests import stories
from tests.doors import invitation_of, link_of
from tests.journeys.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LARGE = {"name": "drawing.txt", "mimeType": "text/plain", "buffer": b"A line of text.\n" * 30_000}
TINY = {"name": "drawing.txt", "mimeType": "text/plain", "buffer": b"A line.\n"}
WRONG = {"name": "drawing.pdf", "mimeType": "application/pdf", "buffer": b"This is no PDF.\n"}
LISTEN = """() => {
    const box = document.querySelector("[data-qf-progress]");
    const status = box.querySelector("[role=status]");
    const told = () => window.heard(box.hidden ? "" : status.textContent, box.querySelector("progress").position);
    new MutationObserver(told).observe(status, {childList: true});
}"""


@pytest.fixture
def story():
    units.load()
    return stories.opened(suppliers=1, is_sealed=False)


def slowed(page, bytes_per_second):
    """Let what the page sends leave at this rate."""
    facts = {"offline": False, "latency": 0, "downloadThroughput": -1}
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", facts | {"uploadThroughput": bytes_per_second})


def listening(page):
    """What is said of an upload from now on, each with where the bar stands."""
    heard = []
    page.expose_function("heard", lambda words, value: heard.append((words, value)))
    page.evaluate(LISTEN)
    return heard


def at_the_form(person, story, **options):
    someone = person(**options)
    someone.page.goto(someone.address + link_of(invitation_of(story)))
    someone.page.click("main form button")
    someone.page.fill("[name='q-0-unit_price']", "1,250.50")
    someone.page.fill("[name=lead_days]", "14")
    someone.page.select_option("[name=freight_term]", "included")
    return someone


def test_a_supplier_sees_and_hears_how_far_the_files_are(person, story):
    someone = at_the_form(person, story, size=PHONE)
    page = someone.page
    heard = listening(page)
    slowed(page, 200_000)
    page.set_input_files("[name=upload]", LARGE)

    page.click("button[value=review]")
    expect(page.get_by_label("Uploading the files")).to_be_visible()
    someone.looks_right()
    page.wait_for_url("**/review/")

    expect(page.locator("main")).to_contain_text("drawing.txt")
    assert (heard[0], heard[-1]) == (
        ("0 percent is sent", 0),
        ("Everything is sent; the files are being examined.", 1),
    )
    between = [place for _words, place in heard[1:-1]]
    assert (between == sorted(between), 0 < min(between) < 1) == (True, True)


def test_a_refused_file_leaves_what_was_typed_and_says_why(person, story):
    someone = at_the_form(person, story)
    page = someone.page
    page.set_input_files("[name=upload]", WRONG)

    page.click("button[value=review]")

    expect(page.locator(".errsum")).to_contain_text("drawing.pdf")
    expect(page.locator("[name='q-0-unit_price']")).to_have_value("1,250.50")
    expect(page.get_by_label("Uploading the files")).to_be_hidden()
    page.set_input_files("[name=upload]", TINY)
    page.click("button[value=review]")
    page.wait_for_url("**/review/")
    assert list(Attachment.objects.values_list("name", flat=True)) == ["drawing.txt"]


def test_a_buyer_attaches_and_comes_back_to_the_files(person, story):
    someone = person(story.buyer, size=DESKTOP)
    page = someone.go(f"/rfqs/{story.rfq.number}/files/")
    heard = listening(page)
    page.set_input_files("[name=upload]", TINY)

    page.get_by_role("button", name="Attach").click()

    expect(page.get_by_role("link", name="drawing.txt")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("drawing.txt is attached.")
    assert heard[-1][0] == "Everything is sent; the files are being examined."
    someone.looks_right()
