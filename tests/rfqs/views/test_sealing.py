"""What a sealed request gives away before its opening: how many have quoted, and nothing else (S1)."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Role
from rfqs.actions import drafting, opening, quoting
from rfqs.models import Attachment, Quotation
from tests import stories
from tests.conftest import signed_in
from tests.factories import ItemFactory, UserFactory
from tests.pasts import close as close_now
from tests.pasts import tamper

pytestmark = pytest.mark.django_db

PRICE = "4711.25"


def sealed(**options):
    """A sealed request with the quotation of one supplier of two."""
    story = stories.opened(is_sealed=True, **options)
    stories.quote(story, story.suppliers[0], PRICE)
    story.rfq.refresh_from_db()
    return story


def test_calling_a_sealed_request_off_does_not_open_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    story = sealed()
    line = story.rfq.lines.get()
    quoting.capture(
        rfq_id=story.rfq.pk,
        supplier_id=story.suppliers[1].pk,
        by=story.buyer,
        head={"currency": "INR", "freight_term": "included"},
        lines={line.pk: {"unit_price": 12}},
        receipt=quoting.Receipt(
            "mail", timezone.now(), upload=ContentFile(b"12 each", "quote.txt")
        ),
    )
    auditor = UserFactory(roles=[Role.AUDITOR.value])

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed any more")

    for reader in (story.buyer, auditor):
        assert not Quotation.objects.visible_to(reader).exists()
        assert not Attachment.objects.visible_to(reader).exists()
        page = signed_in(reader).get(f"/rfqs/{story.rfq.number}/compare/").content.decode()
        assert "ended before its opening" in page
        assert "4,711" not in page


def test_what_was_opened_before_it_was_called_off_stays_readable():
    story = stories.evaluated(is_sealed=False)
    tamper("rfqs_rfq", "UPDATE rfqs_rfq SET is_sealed = true WHERE id = %s", story.rfq.pk)

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed any more")

    assert Quotation.objects.visible_to(story.buyer).count() == 2


@pytest.mark.parametrize("page", ["", "quotations/new/", "suppliers/", "quotations/", "activity/"])
def test_no_page_says_who_has_quoted(page):
    story = sealed()

    shown = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/{page}").content.decode()

    assert "Quoted" not in shown
    assert "4,711" not in shown


def test_who_quoted_a_sealed_request_is_not_suggested_for_the_next():
    item = ItemFactory()
    line = stories.GOODS_LINE | {"item_code": item.code, "target_price": Decimal(20)}
    asked = sealed(lines=[line])
    other = stories.drafted(lines=[line], site=asked.site)
    address = f"/rfqs/{other.rfq.number}/suppliers/"
    quoted = asked.suppliers[0]

    before = signed_in(other.buyer).get(address).context["suggestions"]
    close_now(asked.rfq)
    opening.begin_evaluation(rfq_id=asked.rfq.pk, by=asked.buyer)
    after = signed_in(other.buyer).get(address).context["suggestions"]

    assert (before, after) == ([], [quoted])
