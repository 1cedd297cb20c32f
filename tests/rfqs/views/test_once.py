"""Forms that make something make it once, however often they are sent."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quoteflow.notifications.models import OutboxMessage
from rfqs.models import RFQ, Attachment, Quotation
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory
from tests.pasts import close

pytestmark = pytest.mark.django_db

KEY = re.compile(r'<input type="hidden" name="once" value="([0-9a-f-]{36})">')


@pytest.fixture
def story():
    return stories.opened()


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def key_of(answer):
    (key,) = set(KEY.findall(answer.content.decode()))
    return key


def new_form(story, **changes):
    facts = {"title": "Gaskets", "site": story.site.pk, "commodity_type": "provided_data"}
    return facts | changes


def quotation_address(story):
    address = reverse("rfqs:quotation_new", args=[story.rfq.number])
    return f"{address}?supplier={story.suppliers[0].pk}"


def quotation_form(**changes):
    facts = {
        "channel": "mail",
        "received_at": "2026-01-05T17:00",
        "no_source_reason": "read out on the phone",
        "currency": "INR",
        "freight_term": "included",
        "gst_scheme": "regular",
        "q-0-unit_price": "10",
        "q-0-price_basis": "1",
    }
    return facts | changes


def twice(browser, address, form, **options):
    return [browser.post(address, dict(form), **options) for _again in range(2)]


def test_a_new_request_sent_twice_is_one(story, browser):
    address = reverse("rfqs:new")
    form = new_form(story, once=key_of(browser.get(address)))

    first, second = twice(browser, address, form)

    made = RFQ.objects.exclude(pk=story.rfq.pk).get()
    edit = reverse("rfqs:edit", args=[made.number])
    assert (first.url, second.url) == (edit, edit)


def test_control_without_a_key_there_are_two(story, browser):
    twice(browser, reverse("rfqs:new"), new_form(story))

    assert RFQ.objects.exclude(pk=story.rfq.pk).count() == 2


def test_a_form_that_was_corrected_after_a_refusal_goes_through(story, browser):
    address, key = reverse("rfqs:new"), str(uuid4())

    refused = browser.post(address, new_form(story, once=key, title=""))
    accepted = browser.post(address, new_form(story, once=key))

    assert (refused.status_code, accepted.status_code) == (422, 302)


def test_the_same_form_with_other_values_comes_back_with_them(story, browser):
    address, key = reverse("rfqs:new"), str(uuid4())
    browser.post(address, new_form(story, once=key))

    other = browser.post(address, new_form(story, once=key, title="Flanges"))

    page = other.content.decode()
    assert (other.status_code, RFQ.objects.count()) == (422, 2)
    assert ("sent before with other values" in page, 'value="Flanges"' in page) == (True, True)
    assert key_of(other) != key


def test_somebody_elses_key_is_another_key(story, browser):
    address, form = reverse("rfqs:new"), new_form(story, once=str(uuid4()))

    browser.post(address, form)
    signed_in(BuyerFactory(sites=[story.site])).post(address, form)

    assert RFQ.objects.exclude(pk=story.rfq.pk).count() == 2


def test_a_copy_sent_twice_is_one_copy(story, browser, htmx):
    address = reverse("rfqs:copy", args=[story.rfq.number])
    page = {"once": key_of(browser.get(address))}
    dialog = {"once": key_of(browser.get(address, headers=htmx))}

    pages = twice(browser, address, page)
    dialogs = twice(browser, address, dialog, headers=htmx)

    first, second = RFQ.objects.exclude(pk=story.rfq.pk).order_by("created_at")
    edits = [reverse("rfqs:edit", args=[one.number]) for one in (first, second)]
    assert [answer.url for answer in pages] == [edits[0]] * 2
    assert [answer["HX-Redirect"] for answer in dialogs] == [edits[1]] * 2


def test_a_quotation_sent_twice_is_one_revision(story, browser):
    address = quotation_address(story)
    form = quotation_form(once=key_of(browser.get(address)))

    first, second = twice(browser, address, form)

    made = Quotation.objects.get()
    page = reverse("rfqs:quotation", args=[story.rfq.number, made.pk])
    assert (first.url, second.url, made.revision) == (page, page, 1)


def test_a_quotation_sent_again_after_the_closing_time_was_in_time(story, browser):
    form = quotation_form(once=str(uuid4()))
    browser.post(quotation_address(story), form)
    close(story.rfq)

    again = browser.post(quotation_address(story), form)
    late = browser.post(quotation_address(story), form | {"once": str(uuid4())})

    assert (again.status_code, late.status_code) == (302, 409)
    assert Quotation.objects.count() == 1


def test_a_sealed_quotation_sent_twice_shows_nothing_twice():
    story = stories.opened(is_sealed=True)
    form = quotation_form(once=str(uuid4()))

    answers = twice(signed_in(story.buyer), quotation_address(story), form)

    page = reverse("rfqs:quotations", args=[story.rfq.number])
    assert [answer.url for answer in answers] == [page] * 2
    assert Quotation.objects.count() == 1


def test_a_changed_quotation_under_the_same_key_comes_back_with_what_was_typed(story, browser):
    form = quotation_form(once=str(uuid4()))
    browser.post(quotation_address(story), form)

    other = browser.post(quotation_address(story), form | {"q-0-unit_price": "11.75"})
    meant = form | {"q-0-unit_price": "11.75", "once": key_of(other)}
    again = browser.post(quotation_address(story), meant)

    assert (other.status_code, 'value="11.75"' in other.content.decode()) == (422, True)
    assert (again.status_code, Quotation.objects.count()) == (302, 2)


def test_a_file_sent_twice_is_one_version(story, browser):
    address = reverse("rfqs:attach", args=[story.rfq.number])
    page = browser.get(reverse("rfqs:files", args=[story.rfq.number]))
    key = key_of(page)

    answers = [
        browser.post(
            address,
            {"once": key, "kind": "other", "upload": SimpleUploadedFile("a.txt", b"note")},
        )
        for _again in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Attachment.objects.get().version == 1


def test_an_invitation_sent_again_twice_is_mailed_once_more(story, browser):
    supplier = story.suppliers[0]
    address = reverse("rfqs:send_again", args=[story.rfq.number, supplier.pk])
    page = browser.get(reverse("rfqs:detail", args=[story.rfq.number])).content.decode()
    before = OutboxMessage.objects.filter(recipient=supplier.email).count()

    answers = twice(browser, address, {"once": KEY.findall(page)[0]})

    assert [answer.status_code for answer in answers] == [302, 302]
    assert OutboxMessage.objects.filter(recipient=supplier.email).count() == before + 1
