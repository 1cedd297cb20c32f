"""The portal's pages for quoting: from the form to the receipt, and what they keep to themselves."""

import re
from decimal import Decimal
from hashlib import sha256

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from quoteflow.lib.templatetags.qf import exactly
from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage
from rfqs.models import Quotation
from tests import pasts, stories
from tests.bids import bid, form
from tests.doors import entered, invitation_of
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db
LAST = stories.GOODS_LINE | {"target_price": Decimal("4321.5")}


@pytest.fixture
def story():
    return stories.opened(lines=[LAST, stories.GOODS_LINE | {"description": "Washer"}])


@pytest.fixture
def browser(story):
    return entered(story)


def at(story, name=""):
    return f"/portal/{story.rfq.number}/{name}"


def said(response):
    """The text of the page in front of the reader."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def sent(browser, story, prices, **changes):
    """Type, check and send; the answer to the last press."""
    answer = browser.post(at(story, "quote/"), form(story, prices, **changes))
    assert (answer.status_code, answer.url) == (302, at(story, "review/"))
    page = browser.get(at(story, "review/")).content.decode()
    names = ("quotation", "version")
    data = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in names}
    return browser.post(at(story, "submit/"), data)


def test_the_first_page_behind_the_door_is_the_form(story, browser):
    page = browser.get(at(story)).content.decode()

    assert page.count('name="q-0-unit_price"') == 1
    assert ("4321.5" in page, "4,321" in page, story.suppliers[1].name in page) == (False,) * 3


def test_a_quotation_goes_from_the_form_to_the_receipt(story, browser):
    answer = sent(browser, story, ["1,250.50", ""], payment_terms="30 days", freight_amount="")

    quotation = Quotation.objects.get()
    receipt = said(browser.get(answer.url))
    assert answer.url == at(story, "receipt/")
    prices = quotation.lines.order_by("line__position").values_list("unit_price", flat=True)
    assert (quotation.status, quotation.payment_terms) == ("submitted", "30 days")
    assert (list(prices), quotation.lead_days) == ([Decimal("1250.5"), None], 14)
    # 100 x 1,250.50 and 18 % of it
    assert "INR 1,47,559.00" in receipt
    assert quotation.content_hash in receipt
    assert f"{exactly(quotation.submitted_at)}" in receipt


def test_the_total_is_the_servers_whatever_a_browser_says(story, browser):
    sent(browser, story, ["10", "20"], total="1.00", supplier=str(story.suppliers[1].pk))

    quotation = Quotation.objects.get()
    assert quotation.supplier == story.suppliers[0]
    assert "INR 3,540.00" in said(browser.get(at(story)))


def test_one_may_be_free_of_charge_and_that_is_said(story, browser):
    browser.post(at(story, "quote/"), form(story, ["0", "5"]))

    assert "free of charge" in said(browser.get(at(story, "review/")))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"q-0-unit_price": ""}, "Line 1, Unit price: Enter a price, or tick “Not quoted”."),
        ({"q-0-unit_price": "1e5"}, "Line 1, Unit price:"),
        ({"q-0-not_quoted": "on"}, "Line 1, Not quoted: There is a price"),
        ({"lead_days": ""}, "Lead time, days: Fill this in."),
        ({"valid_until": "2020-01-01"}, "Valid until: This day is past."),
        ({"freight_term": ""}, "Freight:"),
        ({"freight_term": "amount"}, "Freight, amount: Enter the freight."),
        ({"currency": "XXX"}, "Currency:"),
        ({"q-0-gst_percent": "101"}, "Line 1, GST %:"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(story, browser, changes, sentence):
    answer = browser.post(at(story, "quote/"), form(story, ["12.5", "7"]) | changes)

    page = answer.content.decode()
    assert (answer.status_code, sentence in said(answer)) == (422, True)
    assert 'value="7"' in page
    assert Quotation.objects.get().status == "draft"
    again = browser.get(at(story, "quote/")).content.decode()
    for text in {text for name, text in changes.items() if text and name.startswith("q-0-u")}:
        assert f'value="{text}"' in again


def test_a_draft_is_kept_however_it_is_filled_in(story, browser):
    data = form(story, ["twelve", ""], then="save", remarks="ask Asha \0 first")

    answer = browser.post(at(story, "quote/"), data)

    page = browser.get(answer.url).content.decode()
    assert [text for text in ('value="twelve"', "ask Asha  first") if text not in page] == []


def test_two_windows_do_not_overwrite_each_other(story, browser):
    browser.post(at(story, "quote/"), form(story, ["1", "2"], then="save"))

    answer = browser.post(at(story, "quote/"), form(story, ["3", "4"], then="save"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert [text for text in ('value="3"', 'name="version" value="1"') if text not in page] == []


def test_a_quotation_that_is_sent_twice_is_there_once(story, browser):
    browser.post(at(story, "quote/"), form(story, ["1", "2"]))
    draft = Quotation.objects.get()
    data = {"quotation": str(draft.pk), "version": draft.version}

    answers = [browser.post(at(story, "submit/"), data) for _ in range(2)]

    assert {one.url for one in answers} == {at(story, "receipt/")}
    assert Quotation.objects.count() == 1


def test_nobody_sends_the_draft_of_another(story, browser):
    entered(story, 1).post(at(story, "quote/"), form(story, ["1", "2"]))
    theirs = Quotation.objects.get()

    answers = [
        browser.post(at(story, "submit/"), {"quotation": pk, "version": 1})
        for pk in (str(theirs.pk), "nonsense", "")
    ]

    theirs.refresh_from_db()
    assert ([one.status_code for one in answers], theirs.status) == ([404] * 3, "draft")


def test_files_come_with_the_quotation_and_can_be_left_out(story, browser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    files = [SimpleUploadedFile(name, b"%PDF-1.4") for name in ("offer.pdf", "drawing.pdf")]
    browser.post(at(story, "quote/"), form(story, ["1", "2"], upload=files, then="save"))
    kept = Quotation.objects.get().files.get(name="offer.pdf")

    sent(browser, story, ["1", "2"], version="1", keep=str(kept.pk))

    assert [one.name for one in Quotation.objects.get().files.all()] == ["offer.pdf"]


def test_a_file_that_cannot_be_kept_is_refused_with_everything_typed(story, browser):
    upload = SimpleUploadedFile("macro.exe", b"MZ")

    answer = browser.post(at(story, "quote/"), form(story, ["1.11", "2"], upload=upload))

    page = answer.content.decode()
    assert (answer.status_code, 'value="1.11"' in page) == (422, True)
    assert "cannot be stored" in said(answer)
    assert Quotation.objects.count() == 0


def test_too_late_is_said_with_both_times_and_nothing_is_stored(story, browser):
    pasts.close(story.rfq)

    answer = browser.post(at(story, "quote/"), form(story, ["1.11", "2"]))

    page = answer.content.decode()
    assert (answer.status_code, 'value="1.11"' in page) == (409, True)
    moment = r".{18,22}\.\d{3} UTC"
    told = f"It reached us at {moment}; the request closed at {moment}"
    assert re.search(told, said(answer))
    assert Quotation.objects.count() == 0


def test_a_checked_quotation_that_is_sent_too_late_stays_a_draft(story, browser):
    browser.post(at(story, "quote/"), form(story, ["1", "2"]))
    draft = Quotation.objects.get()
    pasts.close(story.rfq)

    answer = browser.post(at(story, "submit/"), {"quotation": str(draft.pk), "version": 1})

    draft.refresh_from_db()
    assert (answer.status_code, draft.status) == (409, "draft")
    assert "Your draft was not sent" in said(browser.get(at(story)))


def test_a_quotation_is_changed_and_taken_back(story, browser):
    sent(browser, story, ["10", "20"])
    revision = browser.get(at(story, "quote/")).content.decode()
    assert ('value="10"' in revision, "Revision 1" in revision) == (True, True)
    sent(browser, story, ["9", "20"])

    answer = browser.post(at(story, "withdraw/"))

    statuses = list(Quotation.objects.order_by("revision").values_list("status", flat=True))
    assert (answer.url, statuses) == (at(story), ["superseded", "withdrawn"])


def test_declining_says_why_and_can_be_undone(story, browser):
    assert browser.post(at(story, "decline/"), {"reason": ""}).status_code == 422

    browser.post(at(story, "decline/"), {"reason": "no capacity"})

    assert "You declined to quote. no capacity" in said(browser.get(at(story)))
    browser.post(at(story, "reconsider/"))
    assert invitation_of(story).status == "accepted"
    assert 'name="q-0-unit_price"' in browser.get(at(story)).content.decode()


def test_a_supplier_sees_nothing_of_the_others(story):
    bid(story, 1, price="777.77", remarks="secret remark")
    stories.quote(story, story.suppliers[1], "666.66")
    browser = entered(story)
    sent(browser, story, ["10", "20"])

    theirs = ("777.77", "666.66", "secret remark", story.suppliers[1].name)
    for page in ("", "quote/", "receipt/"):
        text = browser.get(at(story, page)).content.decode()
        assert [word for word in theirs if word in text] == []
    assert browser.get(at(story, "review/")).url == at(story)


def test_the_receipt_goes_to_the_supplier_alone(story, browser):
    sent(browser, story, ["10", "20"])

    letter = OutboxMessage.objects.get(kind="quotation_received")
    assert (letter.recipient, letter.is_confidential) == (story.suppliers[0].email, True)
    quotation = Quotation.objects.get()
    secrets = ("3,540.00", quotation.salt)
    assert [word for word in secrets if word in letter.text] == []  # prices lie in no queue
    outbox.deliver(str(letter.pk))
    (mailed,) = mail.outbox
    said = ("INR 3,540.00", "2 of 2 quoted", quotation.salt, quotation.content_hash)
    assert [word for word in said if word not in mailed.body] == []
    letter.refresh_from_db()
    assert [word for word in secrets if word in letter.text] == []


def test_the_supplier_computes_the_commitment_with_any_program(story, browser):
    upload = SimpleUploadedFile("offer.txt", b"10 and 20 each")
    sent(browser, story, ["10", "20"], upload=upload)
    quotation = Quotation.objects.get()

    hashed = browser.get(at(story, "receipt/hashed/"))

    assert sha256(hashed.content).hexdigest() == quotation.content_hash
    text = hashed.content.decode()
    assert text.startswith(quotation.salt + "{")
    assert text.endswith("}" + sha256(b"10 and 20 each").hexdigest())
    assert '"unit_price":"20"' in text


def test_what_a_buyer_typed_is_not_handed_out_with_the_buyers_words(story, browser):
    stories.quote(story, story.suppliers[0])

    assert browser.get(at(story, "receipt/hashed/")).status_code == 404


@pytest.mark.parametrize("kind", ["service", "transport"])
def test_services_and_lanes_are_quoted_too(kind):
    lines = {
        "service": {
            "description": "Upkeep", "quantity": 4, "unit_id": "H87", "periods": 4, "period_unit": "quarter",
        },
        "transport": {
            "from_location": "Pune", "to_location": "Hosur", "description": "Cargo", "load_t": 4,
            "trips_per_month": 26, "months": 12,
        },
    }  # fmt: skip
    story = stories.opened(commodity_type=kind, lines=[lines[kind]])
    browser = entered(story)
    basis = {"transport": {"q-0-rate_basis": "per_trip"}, "service": {"q-0-rate_period": ""}}[kind]

    answer = sent(browser, story, ["100"], **basis)

    # 4 for 4 quarters, 26 a month for 12 months; and 18 %
    total = {"service": "INR 1,888.00", "transport": "INR 36,816.00"}[kind]
    assert total in said(browser.get(answer.url))


def test_a_price_in_another_currency_stays_in_it(story):
    browser = entered(story)

    answer = sent(browser, story, ["10", "20"], currency="EUR")

    assert "EUR 3,540.00" in said(browser.get(answer.url))


def test_a_form_asks_the_database_as_often_for_fifty_lines_as_for_one():
    counts = []
    for lines in (1, 50):
        story = stories.opened(lines=[stories.GOODS_LINE] * lines, suppliers=1)
        browser = entered(story)
        with statements() as found:
            browser.get(at(story))
        counts.append(len(found))

    assert counts[0] == counts[1]


def test_who_was_not_asked_sees_nothing(story):
    stranger = stories.opened(suppliers=1)
    browser = entered(stranger)

    pages = ("", "quote/", "review/", "receipt/", "withdraw/", "decline/")
    assert [browser.get(at(story, page)).status_code for page in pages] == [404] * len(pages)
    verbs = ("quote/", "submit/", "withdraw/", "decline/", "reconsider/")
    assert [browser.post(at(story, page)).status_code for page in verbs] == [404] * len(verbs)
