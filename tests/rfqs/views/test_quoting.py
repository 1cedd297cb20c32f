"""Typing a supplier's quotation, and one quotation in full."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, SiteFactory
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened()


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def address(story, supplier=None):
    supplier = supplier or story.suppliers[0]
    return f"{reverse('rfqs:quotation_new', args=[story.rfq.number])}?supplier={supplier.pk}"


def page_of(quotation, name="quotation"):
    return reverse(f"rfqs:{name}", args=[quotation.rfq.number, quotation.pk])


def posted(*rows, **changes):
    data = {
        "channel": "mail",
        "received_at": "2026-01-05T17:00",
        "no_source_reason": "read out on the phone",
        "currency": "INR",
        "freight_term": "included",
        "gst_scheme": "regular",
    }
    for index, row in enumerate(rows):
        texts = {"price_basis": "1"} | row
        data |= {f"q-{index}-{name}": value for name, value in texts.items()}
    return data | changes


def test_without_a_supplier_one_is_chosen(story, browser):
    page = browser.get(reverse("rfqs:quotation_new", args=[story.rfq.number]))

    assert page.status_code == 200
    assert address(story) in page.content.decode()


def test_a_quotation_is_entered_with_its_file_and_terms(story, browser):
    file = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 offer")
    terms = {"tranches": "30%@-7; 70%@30", "lead_days": "14", "pf_percent": "1.5%"}

    answer = browser.post(
        address(story),
        posted({"unit_price": "₹ 1,250.50", "moq": "500", "unit": "H87"}, upload=file, **terms),
    )

    quotation = story.rfq.quotations.get()
    line = quotation.lines.get()
    assert (answer.status_code, answer.url) == (302, page_of(quotation))
    assert (quotation.tranches, quotation.lead_days) == ([["30", -7], ["70", 30]], 14)
    assert (quotation.pf_percent, quotation.source.name) == (Decimal("1.500"), "offer.pdf")
    assert (line.unit_price, line.moq) == (Decimal("1250.5000"), 500)
    assert quotation.received_at.isoformat() == "2026-01-05T11:30:00+00:00"  # 17:00 at the site
    assert "Entered by buyer" in browser.get(answer.url).content.decode()


def test_nothing_and_zero_are_not_the_same():
    line = stories.GOODS_LINE
    story = stories.opened(lines=[line, line | {"description": "Nut"}])

    signed_in(story.buyer).post(address(story), posted({"unit_price": ""}, {"unit_price": "0"}))

    quotation = story.rfq.quotations.get()
    answers = {row.line.position: row.unit_price for row in quotation.lines.all()}
    assert answers == {2: 0}


def test_what_is_wrong_is_said_and_what_was_typed_stays(story, browser):
    file = SimpleUploadedFile("offer.pdf", b"%PDF-1.7 offer")
    wrong = {"tranches": "half now", "freight_amount": "50", "remarks": "As agreed", "upload": file}

    answer = browser.post(address(story), posted({"unit_price": "1.2.3"}, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"tranches", "freight_term"}
    assert [link.anchor for link in answer.context["links"]] == ["id_q-0-unit_price"]
    assert ('value="1.2.3"' in page, "As agreed" in page) == (True, True)
    assert "choose the file again" in page
    assert story.rfq.quotations.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"no_source_reason": ""}, "upload"),
        ({"received_at": "2199-01-01T10:00"}, "received_at"),
        ({"pf_percent": "1", "pf_amount": "5"}, "pf_amount"),
        ({"freight_term": "amount"}, "freight_amount"),
        ({"tranches": "30%@0; 60%@30"}, "tranches"),
        ({"currency": "XXX"}, "currency"),
    ],
)
def test_each_rule_of_the_head_is_said_at_its_field(story, browser, changes, field):
    answer = browser.post(address(story), posted({"unit_price": "10"}, **changes))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_quotation_without_any_price_is_refused(story, browser):
    answer = browser.post(address(story), posted({"unit_price": ""}))

    assert answer.status_code == 422
    assert "Enter a price for at least one line." in answer.content.decode()


def test_a_revision_starts_from_the_last_one(story, browser):
    stories.quote(story, story.suppliers[0], "12.50", warranty="1 year")

    page = browser.get(address(story))
    browser.post(address(story), posted({"unit_price": "12"}))

    text = page.content.decode()
    assert ('value="12.5"' in text, 'value="1 year"' in text) == (True, True)
    assert sorted(story.rfq.quotations.values_list("revision", "status")) == [
        (1, "superseded"),
        (2, "submitted"),
    ]


def test_a_sealed_revision_starts_empty_and_shows_nothing():
    story = stories.opened(is_sealed=True)
    stories.quote(story, story.suppliers[0], "12.50")
    browser = signed_in(story.buyer)

    page = browser.get(address(story))
    answer = browser.post(address(story), posted({"unit_price": "12"}))

    assert "12.5" not in page.content.decode()
    assert answer.url == reverse("rfqs:quotations", args=[story.rfq.number])
    assert browser.get(page_of(story.rfq.quotations.first())).status_code == 404


@pytest.mark.parametrize(
    ("price", "sentence"),
    [
        ("2125", "Is the decimal mark in its place?"),
        ("400", "is far from the last price"),
        ("210", ""),
    ],
)
def test_odd_prices_are_pointed_out(price, sentence):
    story = stories.opened(lines=[stories.GOODS_LINE | {"last_price": Decimal("212.50")}])
    browser = signed_in(story.buyer)

    answer = browser.post(address(story), posted({"unit_price": price}), follow=True)

    assert [sentence in one for one in answer.context["warnings"]] == ([True] if sentence else [])


def test_strangers_see_nothing_and_nobody_goes_unsigned(story):
    quotation = stories.quote(story, story.suppliers[0])
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))

    for target in (address(story), page_of(quotation, "disqualify")):
        assert stranger.post(target).status_code == 404
        assert Client().post(target).status_code == 302


def test_an_approver_reads_but_does_not_type():
    story = stories.submitted()
    browser = signed_in(story.approver)
    quotation = story.rfq.quotations.first()

    assert browser.get(page_of(quotation)).status_code == 200
    assert browser.post(page_of(quotation, "disqualify"), {"reason": "too dear"}).status_code == 403
    assert browser.get(address(story)).status_code == 403


def test_a_request_that_is_not_open_takes_no_quotation():
    story = stories.evaluated()

    answer = signed_in(story.buyer).post(address(story), posted({"unit_price": "1"}))

    assert answer.status_code == 409


def test_disqualifying_needs_a_reason_and_shows_it(story, browser):
    quotation = stories.quote(story, story.suppliers[0])

    empty = browser.post(page_of(quotation, "disqualify"), {"reason": ""})
    done = browser.post(page_of(quotation, "disqualify"), {"reason": "Wrong grade"}, follow=True)
    again = browser.post(page_of(quotation, "disqualify"), {"reason": "Wrong grade"})

    assert (empty.status_code, again.status_code) == (422, 409)
    assert "Wrong grade" in done.content.decode()


def test_a_reason_longer_than_its_column_is_refused_in_place(story, browser):
    quotation = stories.quote(story, story.suppliers[0])

    answer = browser.post(page_of(quotation, "disqualify"), {"reason": "x" * 301})

    assert answer.status_code == 422
    assert "at most 300 characters" in answer.content.decode()


@pytest.mark.parametrize("lines", [1, 30])
def test_pages_of_a_quotation_ask_the_same_for_many_lines(lines):
    rows = [stories.GOODS_LINE | {"description": f"Bolt {n}"} for n in range(lines)]
    story = stories.opened(lines=rows)
    quotation = stories.quote(story, story.suppliers[0])
    browser = signed_in(story.buyer)

    with statements() as typing:
        browser.get(address(story))
    with statements() as reading:
        browser.get(page_of(quotation))

    # session with person, request, the clock, invitation, last revision and its lines, lines
    assert len(typing) == 7
    # session with person, request, quotation, answers, lines, revisions; and what the hash is over:
    # lines, head, files
    assert len(reading) == 9
