"""The request as PDF: what every supplier may read, attached to the invitation as it leaves."""

import io
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.utils.html import escape
from pypdf import PdfReader

from quoteflow.notifications import outbox
from quoteflow.notifications.models import OutboxMessage, State
from rfqs.actions import attaching, sourcing
from rfqs.exports import pdf, requestpaper
from tests import stories
from tests.conftest import signed_in
from tests.doors import entered
from tests.factories import SupplierFactory, UserFactory
from tests.rfqs.exports.test_papers import NASTY

pytestmark = pytest.mark.django_db

INSIDE = {
    "target_price": Decimal("777.77"),
    "last_price": Decimal("666.66"),
    "last_vendor": "Old Vendor",
}


def text_of(content):
    """All words of a PDF, in one line."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_it_says_what_is_asked_and_until_when():
    story = stories.opened(
        title=NASTY, delivery_place="Gate 2", contact="Asha, 020 1234", is_sealed=True
    )
    closes = story.rfq.deadline.astimezone(story.site.zone)

    text = text_of(pdf.compiled("request", requestpaper.paper(story.rfq)))

    said = (
        story.rfq.number, " ".join(NASTY.split()), "Hex bolt M12 x 50", "100", "Gate 2", "Asha, 020 1234",
        f"{closes:%H:%M} IST", "sealed until the opening",
    )  # fmt: skip
    assert [word for word in said if word not in text] == []
    assert "DRAFT" not in text


def test_it_says_nothing_that_stays_inside(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    story = stories.drafted(lines=[stories.GOODS_LINE | INSIDE], remarks="inside only")
    for kind, name in (("drawing", "drawing.pdf"), ("other", "budget.pdf")):
        upload = ContentFile(b"%PDF-1.4", name)
        attaching.attach(rfq_id=story.rfq.pk, kind=kind, upload=upload, by=story.buyer)

    text = text_of(pdf.compiled("request", requestpaper.paper(story.rfq)))

    inside = ["777.77", "666.66", "Old Vendor", "inside only", "budget.pdf", "/s/"]
    inside += [supplier.name for supplier in story.suppliers]
    assert [word for word in inside if word in text] == []
    assert ("drawing.pdf" in text, "DRAFT" in text) == (True, True)


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("service", {"description": "Upkeep", "quantity": 4, "unit_id": "H87", "periods": 4,
                     "period_unit": "quarter"}, "4 × quarter"),
        ("transport", {"from_location": "Pune", "to_location": "Hosur", "description": "Cargo", "load_t": 4,
                       "trips_per_month": 26, "months": 12}, "26 a month × 12"),
    ],
)  # fmt: skip
def test_services_and_lanes_are_papers_too(kind, line, said):
    story = stories.opened(commodity_type=kind, lines=[line])

    assert said.lower() in text_of(pdf.compiled("request", requestpaper.paper(story.rfq))).lower()


def test_an_invitation_leaves_with_it():
    story = stories.opened(suppliers=1)
    message = OutboxMessage.objects.get(kind="invitation")

    assert outbox.deliver(str(message.pk)) == State.SENT

    ((name, content, kind),) = mail.outbox[0].attachments
    assert (name, kind) == (f"{story.rfq.number}.pdf", "application/pdf")
    assert story.rfq.title in text_of(content)


def test_buyer_and_supplier_save_the_same_paper():
    story = stories.opened(suppliers=1)

    buyers = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/paper/")
    suppliers = entered(story).get(f"/portal/{story.rfq.number}/paper/")

    assert buyers["Content-Disposition"] == f'attachment; filename="{story.rfq.number}.pdf"'
    assert text_of(buyers.content) == text_of(suppliers.content)


def test_the_letters_are_read_before_they_leave():
    story = stories.drafted(suppliers=2)

    page = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/check/letters/").content.decode()

    assert [one.email in page for one in story.suppliers] == [True, True]
    assert page.count("/s/[the key is put in when the mail leaves]/") == 2
    assert not OutboxMessage.objects.exists()


def test_the_letter_to_whoever_is_asked_later_is_read_before_it_leaves():
    story = stories.opened(suppliers=1)
    later, before = SupplierFactory(), set(OutboxMessage.objects.values_list("pk", flat=True))
    auditor = UserFactory(roles=["auditor"])
    browser, address = signed_in(story.buyer), f"/rfqs/{story.rfq.number}/check/letters/"

    page = browser.get(address).content.decode()

    assert address in browser.get(f"/rfqs/{story.rfq.number}/suppliers/").content.decode()
    assert signed_in(auditor).get(address).status_code == 403
    assert set(OutboxMessage.objects.values_list("pk", flat=True)) == before
    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=[later.pk], by=story.buyer)
    sent = OutboxMessage.objects.get(recipient=later.email)
    told = page.replace("[the supplier]", later.name)
    assert [word for word in escape(sent.text).split() if word not in told] == []


def test_a_closed_request_has_no_letters_to_read():
    story = stories.evaluated()

    answer = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/check/letters/")

    assert answer.status_code == 409
