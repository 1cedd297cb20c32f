"""Writing a request."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quoteflow.lib.errors import Incomplete, NotAllowed, Stale
from rfqs.actions import copying, drafting
from rfqs.models import RFQ, CommodityType, InvitationCopy
from rfqs.states import IllegalTransition, Status
from tests import stories
from tests.factories import (
    BuyerFactory,
    ContactFactory,
    ItemFactory,
    RateFactory,
    SiteFactory,
    SupplierFactory,
    UnitFactory,
)
from tests.trails import facts, last_event, recipients, verbs

pytestmark = pytest.mark.django_db

LINE = stories.GOODS_LINE
LANE = {
    "description": "Coils",
    "from_location": "Pune",
    "to_location": "Chennai",
    "trips_per_month": 4,
    "months": 6,
}
VISIT = LINE | {"description": "Overhaul", "periods": 4, "period_unit": "quarter"}


def test_create_begins_a_numbered_draft(site, buyer):
    rfq = drafting.create(site_id=site.pk, commodity_type="provided_data", title="Bolts", by=buyer)

    assert (rfq.status, rfq.number, rfq.requester) == (
        Status.DRAFT,
        f"GP-{site.code}-001",
        buyer,
    )
    after = {"number": rfq.number, "title": "Bolts"}
    assert facts(last_event(rfq)) == (buyer, "rfq.create", "rfqs.rfq", {}, after)


def test_create_takes_lines_along(site, buyer):
    UnitFactory()
    lines = [LINE, LINE | {"description": "Nut", "last_price": Decimal("2.50")}]

    rfq = drafting.create(
        site_id=site.pk, commodity_type="provided_data", title="Bolts", by=buyer, lines=lines
    )

    assert list(rfq.lines.order_by("position").values_list("position", "description")) == [
        (1, LINE["description"]),
        (2, "Nut"),
    ]
    rfq.refresh_from_db()
    assert (rfq.line_count, rfq.last_total) == (2, Decimal("250.00"))


@pytest.mark.parametrize("change", [{"sites": []}, {"roles": []}, {"is_active": False}])
def test_create_is_for_buyers_of_the_site(site, change):
    person = BuyerFactory(**({"sites": [site]} | change))

    with pytest.raises(NotAllowed):
        drafting.create(site_id=site.pk, commodity_type="service", title="Repair", by=person)
    assert RFQ.objects.count() == 0


def test_a_site_that_seals_seals_its_new_requests(buyer, site):
    site.sealed_by_default = True
    site.save(update_fields=["sealed_by_default"])

    rfq = drafting.create(site_id=site.pk, commodity_type="provided_data", title="Bolts", by=buyer)

    assert rfq.is_sealed


def test_status_and_number_in_the_fields_are_ignored(site, buyer):
    rfq = drafting.create(
        site_id=site.pk, commodity_type="provided_data", title="Bolts", by=buyer, status="approved",
        number="GP-1", best_total=Decimal(1),
    )  # fmt: skip
    drafting.revise(
        rfq_id=rfq.pk, version=None, by=buyer, head={"status": "approved", "site_id": None}
    )

    rfq.refresh_from_db()
    assert (rfq.status, rfq.number, rfq.site) == (Status.DRAFT, f"GP-{site.code}-001", site)


def test_revise_replaces_the_words_and_tells_what_changed():
    story = stories.drafted()
    version = story.rfq.version

    rfq = drafting.revise(
        rfq_id=story.rfq.pk, version=version, by=story.buyer, head={"title": "Nuts", "remarks": ""}
    )

    assert (rfq.title, rfq.version) == ("Nuts", version + 1)
    assert facts(last_event(rfq))[3:] == ({"title": "Bolts for the shutdown"}, {"title": "Nuts"})


def test_revise_keeps_a_line_that_says_its_id_and_drops_the_others():
    story = stories.drafted(lines=[LINE, LINE | {"description": "Nut"}])
    bolt, nut = story.rfq.lines.order_by("position")

    lines = [{"id": nut.pk, "quantity": Decimal(5)}, LINE | {"description": "Washer"}]
    drafting.revise(rfq_id=story.rfq.pk, version=None, by=story.buyer, lines=lines)

    rows = story.rfq.lines.order_by("position")
    assert [(row.description, row.quantity) for row in rows] == [("Nut", 5), ("Washer", 100)]
    assert rows[0].pk == nut.pk
    assert bolt.pk not in {row.pk for row in rows}


def test_revise_refuses_what_was_changed_meanwhile_and_shows_it():
    story = stories.drafted()
    read = story.rfq.version
    drafting.revise(rfq_id=story.rfq.pk, version=read, by=story.buyer, head={"title": "Nuts"})

    with pytest.raises(Stale) as refusal:
        drafting.revise(rfq_id=story.rfq.pk, version=read, by=story.buyer, head={"title": "Nails"})

    assert refusal.value.theirs["title"] == "Nuts"


def test_revise_is_for_drafts_of_the_own_site():
    story = stories.opened()

    with pytest.raises(IllegalTransition, match="Only a draft can be changed"):
        drafting.revise(rfq_id=story.rfq.pk, version=None, by=story.buyer, head={"title": "x"})
    with pytest.raises(NotAllowed):
        drafting.revise(rfq_id=story.rfq.pk, version=None, by=BuyerFactory(), head={"title": "x"})


def test_an_item_code_brings_the_catalogue_along():
    supplier = SupplierFactory(name="Fasteners Ltd")
    item = ItemFactory(
        hsn="7318", gst_percent=Decimal(18), last_price=Decimal("12.5"), last_currency="INR",
        last_supplier=supplier,
    )  # fmt: skip
    story = stories.drafted(lines=[{"item_code": item.code, "quantity": Decimal(10)}])

    line = story.rfq.lines.get()

    assert (line.item, line.description, line.hsn) == (item, item.description, "7318")
    assert (line.last_price, line.last_vendor) == (Decimal("12.5"), "Fasteners Ltd")
    assert (line.is_new_item, story.rfq.last_total) == (False, Decimal("125.00"))


@pytest.mark.parametrize(("rate", "price"), [("84", Decimal("1050")), (None, None)])
def test_a_last_price_in_another_currency_is_converted_or_left_out(rate, price):
    item = ItemFactory(last_price=Decimal("12.5"), last_currency="USD")
    if rate:
        RateFactory(currency="USD", rate_to_base=Decimal(rate))

    story = stories.drafted(lines=[{"item_code": item.code, "quantity": Decimal(10)}])

    assert story.rfq.lines.get().last_price == price
    item.refresh_from_db()
    assert item.last_price == Decimal("12.5")


def test_an_unknown_item_code_is_a_new_item():
    story = stories.drafted(lines=[LINE | {"item_code": "NEW-1"}])

    assert story.rfq.lines.get().is_new_item


def test_trips_times_months_is_the_quantity_of_a_lane():
    story = stories.drafted(lines=[LANE], commodity_type=CommodityType.TRANSPORT)

    line = story.rfq.lines.get()

    assert (line.quantity, line.unit_id) == (24, "E54")


def test_a_service_costs_its_last_price_in_every_period():
    line = VISIT | {"quantity": Decimal(2), "last_price": Decimal(100)}

    story = stories.drafted(lines=[line], commodity_type=CommodityType.SERVICE)

    assert story.rfq.last_total == Decimal("800.00")


@pytest.mark.parametrize("when", ["created", "revised"])
def test_transport_is_never_urgent(when, site, buyer):
    urgent = {"is_urgent": True} if when == "created" else {}

    with pytest.raises(Incomplete, match="no urgent option"):
        drafting.revise(
            rfq_id=drafting.create(
                site_id=site.pk, commodity_type="transport", title="Coils", by=buyer, **urgent
            ).pk,
            version=None,
            by=buyer,
            head={"is_urgent": True},
        )


def test_a_request_has_a_most_of_lines():
    story = stories.drafted()

    with pytest.raises(Incomplete, match="at most 500 lines"):
        drafting.revise(rfq_id=story.rfq.pk, version=None, by=story.buyer, lines=[LINE] * 501)


def test_what_does_not_validate_yet_is_kept_until_it_does():
    story = stories.drafted()
    typed = {"quantity": ["1.2.3"]}

    kept = drafting.keep_typed(
        rfq_id=story.rfq.pk, version=story.rfq.version, by=story.buyer, typed=typed
    )
    assert kept.typed == typed

    saved = drafting.revise(rfq_id=story.rfq.pk, version=kept.version, by=story.buyer, head={})
    assert saved.typed is None


def test_copy_begins_a_draft_with_the_same_words_and_suppliers():
    story = stories.opened(lines=[LINE, LINE], suppliers=2, remarks="Pack in boxes of 50.")
    retired = story.suppliers[0]
    retired.status = "inactive"
    retired.save(update_fields=["status"])

    new = drafting.copy(rfq_id=story.rfq.pk, by=story.buyer)

    new.refresh_from_db()
    assert (new.status, new.title, new.remarks, new.deadline) == (
        Status.DRAFT,
        story.rfq.title,
        story.rfq.remarks,
        None,
    )
    assert (new.line_count, new.invited_count) == (2, 1)
    assert [one.supplier for one in new.invitations.all()] == [story.suppliers[1]]


def test_a_copy_takes_the_people_who_get_copies_along_as_far_as_they_still_can():
    story = stories.opened(suppliers=1)
    kept, gone = (
        ContactFactory(supplier=story.suppliers[0], is_primary=False, name=name)
        for name in ("Kept", "Gone")
    )
    ContactFactory(supplier=story.suppliers[0])
    copying.copy_to(
        rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer,
        contact_ids=[kept.pk, gone.pk],
    )  # fmt: skip
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    other = BuyerFactory(sites=[story.site])

    new = drafting.copy(rfq_id=story.rfq.pk, by=other)

    copied = InvitationCopy.objects.filter(invitation__rfq=new)
    assert [(one.contact, one.added_by) for one in copied] == [(kept, other)]


def test_copy_is_for_those_who_see_the_request():
    story = stories.opened()

    with pytest.raises(RFQ.DoesNotExist):
        drafting.copy(rfq_id=story.rfq.pk, by=BuyerFactory(sites=[SiteFactory()]))


def test_cancel_ends_a_draft_quietly():
    story = stories.drafted()

    rfq = drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason=" not needed ")

    assert (rfq.status, rfq.closing_reason) == (Status.CANCELLED, "not needed")
    assert recipients("rfq_cancelled") == []


@pytest.mark.parametrize(
    "begin", [stories.opened, stories.quoted, stories.evaluated, stories.picked]
)
def test_cancel_tells_everyone_who_was_asked(begin):
    story = begin()

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed")

    assert recipients("rfq_cancelled") == sorted(one.email for one in story.suppliers)
    assert verbs(story.rfq)[-1] == "rfq.cancel"


def test_cancel_while_it_waits_for_approval_ends_the_approval():
    story = stories.submitted()
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="not needed")

    request = story.request
    assert request.status == "voided"
    assert [step.status for step in request.steps.all()] == ["skipped"]
    assert story.rfq.awards.get().status == "cancelled"


def test_cancel_needs_a_buyer_a_reason_and_something_to_cancel():
    story = stories.approved()

    with pytest.raises(NotAllowed):
        drafting.cancel(rfq_id=story.rfq.pk, by=story.approver, reason="no")
    with pytest.raises(Incomplete):
        drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason=" ")
    with pytest.raises(IllegalTransition):
        drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no")


def test_the_search_finds_number_title_lines_and_suppliers():
    story = stories.drafted(title="Shutdown", deadline=timezone.now() + timedelta(days=2))
    words = [story.rfq.number, "shutdown", "hex bolt", story.suppliers[0].name]

    assert [list(RFQ.objects.search(word)) for word in words] == [[story.rfq]] * 4


def test_a_value_beyond_its_column_is_refused_with_a_sentence():
    line = {"quantity": Decimal("999999999999"), "last_price": Decimal("99999999999999")}

    with pytest.raises(Incomplete, match="too many digits"):
        stories.drafted(lines=[stories.GOODS_LINE | line])
