"""A sealed price that a supplier typed is found nowhere before its opening, by anybody (S1, T4)."""

import json
import logging
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.jsonlog import JsonFormatter
from quoteflow.notifications.models import OutboxMessage
from rfqs.actions import opening
from rfqs.models import Quotation
from tests import pasts
from tests.bids import bid, form
from tests.conftest import signed_in
from tests.doors import entered
from tests.factories import UserFactory
from tests.negotiating import next_round, opened_again
from tests.stories import opened

pytestmark = pytest.mark.django_db

CANARY, REMARK = "48211.37", "canaryremark"
# The price as any page, file or log might write it, alone or times the hundred bolts of the line.
TRACES = (
    "48211.37",
    "48,211.37",
    "4821137",
    "48,21,137",
    "4,821,137",
    "5688941",
    "56,88,941",
    REMARK,
)
PRINCIPALS = ("buyer", "approver", "head", "pricing", "auditor", "staff", "other supplier")
EXTRA = (
    "/rfqs/export/?format=csv",
    "/rfqs/export/?format=xlsx",
    "/rfqs/?sort=best",
    "/notices/",
    "/notices/count/",
    "/notices/choices/",
)
BACK_OFFICE = (
    "/admin/rfqs/quotation/", "/admin/rfqs/rfq/", "/admin/rfqs/attachment/", "/admin/audit/auditevent/",
    "/admin/notifications/outboxmessage/",
)  # fmt: skip


# What differs from one request to the next.
CHANGING = re.compile(
    r"[0-9a-f-]{36}|csrfmiddlewaretoken\" value=\"\w+\"|\d\d:\d\d|T\d{3}|datetime=\"[^\"]+\"|Person \d+"
)


class Lines(logging.Handler):
    """Everything that was logged, as it would be written."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.written = []
        self.setFormatter(JsonFormatter())

    def emit(self, record):
        self.written.append(self.format(record))


@pytest.fixture
def logged():
    handler = Lines()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.written
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def sealed(settings, tmp_path):
    """A sealed request that one supplier has quoted in the portal, with a file."""
    settings.MEDIA_ROOT = tmp_path
    return opened(is_sealed=True, suppliers=2)


def send(story, which=0):
    """Quote the canary in the portal."""
    browser = entered(story, which)
    upload = SimpleUploadedFile(f"{REMARK}.txt", CANARY.encode())
    page = f"/portal/{story.rfq.number}/"
    browser.post(f"{page}quote/", form(story, [CANARY], remarks=REMARK, upload=upload))
    draft = Quotation.objects.get(status="draft")
    browser.post(f"{page}submit/", {"quotation": str(draft.pk), "version": draft.version})
    draft.refresh_from_db()
    assert draft.status == "submitted"
    return draft


def people(story):
    """A browser for each principal that is not the quoting supplier."""
    return {
        "buyer": signed_in(story.buyer),
        "approver": signed_in(story.approver),
        "head": signed_in(story.head),
        "pricing": signed_in(UserFactory(roles=[Role.PRICING.value], sites=[story.site])),
        "auditor": signed_in(UserFactory(roles=[Role.AUDITOR.value])),
        "staff": signed_in(UserFactory(is_staff=True, is_superuser=True)),
        "other supplier": entered(story, 1),
    }


def addresses(story, quotation):
    """Every address of the site that is about the request or lists requests."""
    number, supplier = story.rfq.number, story.suppliers[0].pk
    tabs = (
        "", "lines/", "quotations/", "files/", "activity/", "compare/", "compare/?cell=x", "award/", "suppliers/",
        "questions/", "addenda/", "amend/", "quotations/new/",
        f"quotations/new/?supplier={supplier}", f"quotations/{quotation.pk}/",
        f"files/{quotation.files.get().pk}/", "extend/", "copy/", "cancel/",
    )  # fmt: skip
    portal = (
        "",
        "questions/",
        "changes/",
        "quote/",
        "review/",
        "receipt/",
        "withdraw/",
        "decline/",
    )
    about = [f"/rfqs/{number}/{tab}" for tab in tabs] + [
        f"/portal/{number}/{tab}" for tab in portal
    ]
    lists = [
        "/", "/rfqs/", "/rfqs/?requester=all", "/rfqs/inbox/", "/rfqs/orders/", "/rfqs/catalogue/",
        "/rfqs/journal/", "/suppliers/", f"/suppliers/{supplier}/", "/portal/", "/me/",
    ]  # fmt: skip
    objects = [
        f"/admin/rfqs/quotation/{quotation.pk}/change/", f"/admin/rfqs/rfq/{story.rfq.pk}/change/",
        *(f"/admin/audit/auditevent/{event.pk}/change/" for event in AuditEvent.objects.of(story.rfq.pk)),
        *(f"/admin/notifications/outboxmessage/{one.pk}/change/" for one in OutboxMessage.objects.all()),
    ]  # fmt: skip
    return [*about, *lists, *EXTRA, *BACK_OFFICE, *objects]


def found_by(browser, paths):
    """(path, trace) of every answer, a page or a fragment, that gives the canary away."""
    found = []
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = browser.get(path, headers=headers, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode(errors="replace")
            found += [(path, trace) for trace in TRACES if trace in text]
    return found


@pytest.mark.parametrize("who", PRINCIPALS)
def test_nobody_finds_a_sealed_price_before_its_opening(sealed, who):
    quotation = send(sealed)

    assert found_by(people(sealed)[who], addresses(sealed, quotation)) == []


def test_the_control_finds_it_once_it_is_opened(sealed):
    """The same walk over the same pages, after the opening: it would have been found."""
    quotation = send(sealed)
    pasts.close(sealed.rfq)
    opening.begin_evaluation(rfq_id=sealed.rfq.pk, by=sealed.buyer)
    if sealed.rfq.opening_asked_by_id is None:
        second = UserFactory(roles=[Role.BUYER.value], sites=[sealed.site])
        opening.begin_evaluation(rfq_id=sealed.rfq.pk, by=second)

    pages = {
        path for path, _trace in found_by(people(sealed)["buyer"], addresses(sealed, quotation))
    }

    number = sealed.rfq.number
    shown = {f"/rfqs/{number}/compare/", f"/rfqs/{number}/quotations/{quotation.pk}/"}
    assert shown <= pages


@pytest.mark.parametrize("who", PRINCIPALS)
def test_nobody_finds_a_price_of_a_second_sealed_round(sealed, who):
    """The first round is opened and may be read; the second is as shut as the first was."""
    bid(sealed, 1, price="99")
    opened_again(sealed)
    next_round(sealed, 0)
    quotation = send(sealed)

    rounds = [f"/rfqs/{sealed.rfq.number}/compare/?round={n}" for n in (1, 2)]
    assert found_by(people(sealed)[who], [*addresses(sealed, quotation), *rounds]) == []


def test_nobody_finds_a_request_by_its_sealed_price(sealed):
    send(sealed)

    for words in (CANARY, "48211", REMARK):
        shown = people(sealed)["buyer"].get("/rfqs/", {"q": words, "requester": "all"})
        assert sealed.rfq.number not in shown.content.decode()


def test_its_supplier_finds_it(sealed):
    quotation = send(sealed)

    assert found_by(entered(sealed), [f"/portal/{sealed.rfq.number}/"]) != []
    assert quotation.supplier == sealed.suppliers[0]


def test_no_log_journal_or_queue_holds_it(sealed, logged):
    send(sealed)

    events = json.dumps(list(AuditEvent.objects.values("before", "after", "verb")), default=str)
    letters = json.dumps(list(OutboxMessage.objects.values("subject", "text", "html")))
    text = " ".join([events, letters, *logged])
    assert (len(logged) > 0, [trace for trace in TRACES if trace in text]) == (True, [])


def test_the_back_office_does_not_learn_who_got_a_receipt(sealed):
    send(sealed)
    staff = people(sealed)["staff"]
    address = sealed.suppliers[0].email
    listed = staff.get("/admin/notifications/outboxmessage/?kind=quotation_received")
    searched = staff.get(f"/admin/notifications/outboxmessage/?q={address}&kind=quotation_received")

    assert address not in listed.content.decode()
    assert "quotation_received" not in searched.content.decode().partition('id="result_list"')[2]


def test_pages_are_the_same_whatever_the_sealed_prices_are():
    """Two sealed requests alike but for who quoted what: a buyer cannot tell which is which."""
    told = []
    for low, high in ((0, 1), (1, 0)):
        story = opened(is_sealed=True, suppliers=2)
        bid(story, low, price="10")
        bid(story, high, price="99")
        buyer = signed_in(story.buyer)
        tabs = ("", "quotations/", "compare/")
        pages = [buyer.get(f"/rfqs/{story.rfq.number}/{tab}") for tab in tabs]
        words = [story.rfq.number]
        words += [word for one in story.suppliers for word in (one.name, one.code)]
        told.append([_without(page.content.decode(), words) for page in pages])

    assert [a == b for a, b in zip(*told, strict=True)] == [True] * 3


def _without(text, words):
    text = text.partition("<main")[2].partition("</main>")[0]
    for word in words:
        text = text.replace(word, "…")
    return CHANGING.sub("", text)
