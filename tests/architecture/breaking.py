"""For every named constraint of a table, a plain write that it must refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from quoteflow.lib.ids import new_id
from quoteflow.notifications.models import OutboxMessage, Reader
from rfqs.models import (
    RFQ,
    ApprovalBand,
    ApprovalPolicy,
    Award,
    AwardGap,
    ExchangeRate,
    Item,
    ItemUnit,
    Opening,
    PurchaseOrder,
    StoredStatement,
    Unit,
)
from tests import stories
from tests.factories import (
    ApproverFactory,
    ContactFactory,
    ItemFactory,
    RateFactory,
    SupplierFactory,
    TaxRateFactory,
    UserFactory,
)
from tests.stories import Story

Break = Callable[["World"], Any]
LANE = {"trips_per_month": 1, "months": 1, "from_location": "Pune", "to_location": "Chennai"}


@dataclass
class World:
    """Requests in four states, to break things on."""

    drafted: Story
    picked: Story
    submitted: Story
    approved: Story

    @property
    def quotation(self) -> Any:
        """A live quotation under evaluation."""
        return self.picked.rfq.quotations.order_by("pk").first()

    @property
    def award(self) -> Award:
        """A draft award, of everything to one supplier."""
        return self.picked.rfq.awards.get(status="draft")

    @property
    def line(self) -> Any:
        """The line of the draft."""
        return self.drafted.rfq.lines.get()


def refused_by(act: Callable[[], Any]) -> str | None:
    """The name of the constraint that refuses `act`, checked at once; None where nothing does."""
    try:
        with transaction.atomic():
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as refusal:
        name: str = refusal.__cause__.diag.constraint_name  # type: ignore[union-attr]
        return name
    except Exception as mistake:  # noqa: BLE001 (a break that breaks otherwise is shown in the table)
        return repr(mistake)
    return None


def clone(row: Model, **changes: Any) -> Model:
    """Insert a copy of the row with these values changed."""
    twin = type(row)._base_manager.get(pk=row.pk)
    twin.pk = new_id() if twin._meta.pk.get_internal_type() == "UUIDField" else None
    for name, value in changes.items():
        setattr(twin, name, value)
    twin.save(force_insert=True)
    return twin


def rfq(**changes: Any) -> Break:
    """A copy of the draft, numbered anew."""
    facts = {"number": "GP-X-999", "serial": 999} | changes
    return lambda world: clone(world.drafted.rfq, **facts)


def line(**changes: Any) -> Break:
    """A second line of the draft."""
    return lambda world: clone(world.line, **({"position": 2} | changes))


def quotation(**changes: Any) -> Break:
    """A further revision of a quotation that is not live."""
    facts = {"revision": 99, "status": "superseded"} | changes
    return lambda world: clone(world.quotation, **facts)


def answer(**changes: Any) -> Break:
    """A changed line of a live quotation."""
    return lambda world: world.quotation.lines.update(**changes)


def award_line(**changes: Any) -> Break:
    """A changed line of the draft award."""
    return lambda world: world.award.lines.update(**changes)


def request(**changes: Any) -> Break:
    """A copy of a closed approval."""
    return lambda world: clone(world.approved.request, **changes)


def step(**changes: Any) -> Break:
    """A changed step of a pending approval."""
    return lambda world: world.submitted.request.steps.update(**changes)


def message(**changes: Any) -> Break:
    """A copy of a queued letter."""
    return lambda _world: clone(OutboxMessage.objects.first(), **changes)


def reader(**changes: Any) -> Break:
    """What a person chose of their notices."""
    return lambda world: Reader.objects.create(user=world.submitted.buyer, **changes)


def decision(**changes: Any) -> Break:
    """A decision on the pending award by its approver."""

    def decide(world: World) -> None:
        asked = world.submitted.request
        facts = {
            "step": asked.steps.get(sequence=1),
            "rfq": asked.rfq,
            "by": world.submitted.approver,
            "outcome": "approved",
            "content_hash": asked.content_hash,
        }
        asked.decisions.create(**(facts | changes))

    return decide


def second_decision(world: World) -> None:
    """The same person at two steps of one request."""
    asked = world.submitted.request
    asked.steps.create(sequence=2, role="approver", site=world.submitted.site)
    decision()(world)
    asked.steps.filter(sequence=1).update(status="approved")
    asked.steps.filter(sequence=2).update(status="active", activated_at=timezone.now())
    decision(step=asked.steps.get(sequence=2))(world)


def taken_step(world: World) -> None:
    """Two people at one step."""
    decision()(world)
    decision(by=ApproverFactory(sites=[world.submitted.site]))(world)


def in_turn(*breaks: Break) -> Break:
    """The first of these that is refused; all of them are when each alone is."""

    def act(world: World) -> None:
        refused = {refused_by(lambda brk=brk: brk(world)) for brk in breaks}
        assert len(refused) == 1, refused
        breaks[0](world)

    return act


def twice(*rows: Callable[[], Any]) -> Break:
    """These rows, one after the other."""
    return lambda _world: [row() for row in rows]


def band(**facts: Any) -> Any:
    """A band of a policy."""
    policy, _new = ApprovalPolicy.objects.get_or_create(name="P")
    return ApprovalBand.objects.create(**({"policy": policy, "steps": ["approver"]} | facts))


def unit_of_item(**facts: Any) -> Any:
    """A box of an item."""
    item = Item.objects.filter(code="BOX").first() or ItemFactory(code="BOX")
    return ItemUnit.objects.create(item=item, unit=item.unit, **({"factor": 12} | facts))


def contact(world: World) -> Any:
    """A second primary contact of a supplier."""
    return ContactFactory(supplier=world.drafted.suppliers[0])


def person() -> Any:
    """Somebody without a role, once."""
    return UserFactory._meta.model.objects.filter(email="p@example.com").first() or UserFactory(
        email="p@example.com"
    )


def second_order_line(world: World) -> None:
    """Two lines of one order at the same position: of a second award line, made while it may be."""
    lines = [stories.GOODS_LINE, stories.GOODS_LINE]
    story = stories.approved(prices=("10",), lines=lines)
    story.rfq.orders.get().lines.update(position=1)


def order(world: World) -> PurchaseOrder:
    """The order of the approved award."""
    return world.approved.rfq.orders.get()


BREAKS: dict[str, Break] = {
    # suppliers
    "suppliers_supplier_status": lambda _world: SupplierFactory(status="liked"),
    "suppliers_supplier_rating": lambda _world: SupplierFactory(rating=Decimal("5.1")),
    "suppliers_supplier_currency": lambda _world: SupplierFactory(currency="Rs"),
    "suppliers_supplier_code_key": lambda world: SupplierFactory(
        code=world.drafted.suppliers[0].code
    ),
    "suppliers_contact_one_primary": lambda world: (contact(world), contact(world)),
    "suppliers_contact_user_id_key": twice(
        lambda: ContactFactory(user=person()), lambda: ContactFactory(user=person())
    ),
    # notifications
    "notifications_message_state": message(state="lost", dedupe_key="x"),
    "notifications_message_sent_at": message(state="sent", dedupe_key="x"),
    "notifications_message_complement_is_about": message(about=None, dedupe_key="x"),
    "notifications_message_topic": in_turn(
        message(topic="tea", link="/", dedupe_key="x"), message(topic="decisions", dedupe_key="x")
    ),
    "notifications_reader_topics": in_turn(reader(daily=["tea"]), reader(silent=["tea"])),
    "notifications_reader_one_way": reader(daily=["decisions"], silent=["decisions"]),
    "notifications_outboxmessage_dedupe_key_key": message(),
    # catalogue and rates
    "rfqs_unit_factor_positive": lambda _world: Unit.objects.update(factor=0),
    "rfqs_item_last_price_has_currency": in_turn(
        lambda _world: ItemFactory(last_price=Decimal(1)),
        lambda _world: ItemFactory(last_currency="INR"),
    ),
    "rfqs_item_gst": lambda _world: ItemFactory(gst_percent=Decimal("100.01")),
    "rfqs_item_code_key": twice(lambda: ItemFactory(code="A"), lambda: ItemFactory(code="A")),
    "rfqs_itemunit_once": twice(unit_of_item, unit_of_item),
    "rfqs_itemunit_factor_positive": lambda _world: unit_of_item(factor=0),
    "rfqs_exchangerate_once_a_day": twice(RateFactory, RateFactory),
    "rfqs_exchangerate_positive": lambda _world: RateFactory(rate_to_base=0),
    "rfqs_exchangerate_currency": lambda _world: ExchangeRate.objects.create(
        currency="eur", on=date(2026, 1, 1), rate_to_base=1
    ),
    "rfqs_taxrate_once_a_day": twice(TaxRateFactory, TaxRateFactory),
    "rfqs_taxrate_percent": lambda _world: TaxRateFactory(gst_percent=Decimal("100.01")),
    "rfqs_taxrate_code": lambda _world: TaxRateFactory(hsn="73a"),
    # requests
    "rfqs_rfq_status_known": rfq(status="lost"),
    "rfqs_rfq_commodity_known": rfq(commodity_type="people"),
    "rfqs_rfq_serial_once": lambda world: clone(world.drafted.rfq, number="GP-X-999"),
    "rfqs_rfq_number_key": lambda world: clone(world.drafted.rfq, serial=999),
    "rfqs_rfq_reference_once": lambda world: [
        clone(world.drafted.rfq, number=f"GP-X-{n}", serial=n, reference="R") for n in (998, 999)
    ],
    "rfqs_rfq_published_has_deadline": rfq(status="open"),
    "rfqs_rfq_decided_at": rfq(status="approved", published_at=timezone.now()),
    "rfqs_rfq_closing_reason": rfq(status="cancelled"),
    "rfqs_rfq_transport_not_urgent": rfq(commodity_type="transport", is_urgent=True),
    "rfqs_rfq_sealed_shows_no_total": rfq(is_sealed=True, best_total=Decimal(1)),
    "rfqs_rfq_counts_from_one": rfq(version=0),
    "rfqs_rfq_questions_before_closing": lambda world: RFQ.objects.filter(
        pk=world.drafted.rfq.pk
    ).update(questions_until=world.drafted.rfq.deadline + timedelta(microseconds=1)),
    "rfqs_line_position_once": line(position=1),
    "rfqs_line_quantity_positive": line(quantity=Decimal(0)),
    "rfqs_line_position_from_one": line(position=0),
    "rfqs_line_gst": line(gst_percent=Decimal("-0.01")),
    "rfqs_line_service_periods": in_turn(
        line(kind="service"),
        line(kind="service", period_unit="month"),
        line(kind="service", periods=1),
    ),
    "rfqs_line_transport_lane": in_turn(
        line(kind="transport", **(LANE | {"to_location": "Pune"})),
        line(kind="transport", **(LANE | {"months": None})),
        line(kind="transport", **(LANE | {"trips_per_month": None})),
        line(kind="transport", **(LANE | {"from_location": ""})),
    ),
    "rfqs_line_service_dates": line(starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1)),
    "rfqs_line_load_positive": line(load_t=Decimal(0)),
    "rfqs_invitation_once": lambda world: clone(world.drafted.rfq.invitations.first()),
    "rfqs_invitation_correction_has_author": lambda world: world.submitted.rfq.invitations.update(
        mail_to="other@example.com"
    ),
    "rfqs_invitation_reason": lambda world: world.submitted.rfq.invitations.update(
        status="withdrawn"
    ),
    "rfqs_invitation_status_known": lambda world: clone(
        world.drafted.rfq.invitations.first(), supplier=SupplierFactory(), status="hm"
    ),
    "rfqs_attachment_version": lambda world: [attachment(world, path) for path in ("a", "b")],
    "rfqs_attachment_path_key": lambda world: [
        attachment(world, "a", version=version) for version in (1, 2)
    ],
    # quotations
    "rfqs_quotation_revision": lambda world: clone(world.quotation, status="superseded"),
    "rfqs_quotation_one_live": lambda world: clone(world.quotation, revision=99),
    "rfqs_quotation_status_known": quotation(status="lovely"),
    "rfqs_quotation_currency": quotation(currency="Rs."),
    "rfqs_quotation_freight": in_turn(
        quotation(freight_term="amount"),
        quotation(freight_term="amount", freight_amount=Decimal(-1)),
        quotation(freight_term="included", freight_amount=Decimal(1)),
    ),
    "rfqs_quotation_packing_one_way": quotation(pf_percent=Decimal(1), pf_amount=Decimal(1)),
    "rfqs_quotation_surrogate_has_source": quotation(no_source_reason=""),
    "rfqs_quotation_disqualified": quotation(status="disqualified"),
    "rfqs_quotationline_once": lambda world: clone(world.quotation.lines.get()),
    "rfqs_quotationline_price": answer(unit_price=Decimal(-1)),
    "rfqs_quotationline_basis": answer(price_basis=10),
    "rfqs_quotationline_moq": answer(moq=Decimal(0)),
    "rfqs_quotationline_multiple": answer(order_multiple=Decimal(0)),
    "rfqs_quotationline_discount": answer(discount_percent=Decimal("100.001")),
    "rfqs_quotationline_offered": answer(offered_quantity=Decimal(-1)),
    "rfqs_storedstatement_digest": lambda world: StoredStatement(
        award=world.award, inputs="{}", result="{}", digest="none"
    ).save(force_insert=True),
    "rfqs_opening_once": lambda _world: clone(Opening.objects.first()),
    "rfqs_opening_two_people": lambda world: clone(
        Opening.objects.first(), round=9, witness=Opening.objects.first().opened_by
    ),
    # awards
    "rfqs_award_status_known": lambda world: clone(world.award, status="fine"),
    "rfqs_award_one_live": lambda world: clone(world.award),
    "rfqs_award_submitted_has_total": lambda world: clone(world.award, status="pending"),
    "rfqs_award_approved_at": lambda world: clone(
        world.award, status="approved", submitted_at=timezone.now()
    ),
    "rfqs_award_apd_number_key": lambda world: [
        clone(world.award, status="cancelled", apd_number="A") for _two in range(2)
    ],
    "rfqs_awardline_once": lambda world: clone(world.award.lines.get(), quantity=Decimal(1)),
    "rfqs_awardline_quantity": award_line(quantity=Decimal(0)),
    "rfqs_awardline_orders_the_need": award_line(order_quantity=Decimal(99)),
    "rfqs_awardgap_once": lambda world: [gap(world) for _two in range(2)],
    "rfqs_awardgap_reason": lambda world: gap(world, reason=""),
    # orders
    "rfqs_order_one_per_supplier": lambda world: clone(order(world), number="PO-X-1"),
    "rfqs_order_issued": lambda world: PurchaseOrder.objects.update(status="issued"),
    "rfqs_order_acknowledged": lambda world: clone(
        order(world),
        number="PO-X-2",
        supplier=SupplierFactory(),
        status="acknowledged",
        issued_at=timezone.now(),
        revision=1,
    ),
    "rfqs_order_cancelled": lambda world: PurchaseOrder.objects.update(status="cancelled"),
    "rfqs_order_status_known": lambda world: clone(
        order(world), number="PO-X-3", supplier=SupplierFactory(), status="fine"
    ),
    "rfqs_purchaseorder_number_key": lambda world: clone(
        order(world), supplier=SupplierFactory(), number=order(world).number
    ),
    "rfqs_orderline_position": second_order_line,
    "rfqs_purchaseorderline_award_line_id_key": lambda world: clone(
        order(world).lines.get(), position=2
    ),
    # journal: its trigger numbers every row, so only an update could repeat a number, and that is refused
}


def attachment(world: World, path: str, **changes: Any) -> Any:
    """A file of the draft."""
    facts = {"kind": "other", "name": "a.pdf", "size": 1, "uploaded_by": world.drafted.buyer}
    return world.drafted.rfq.attachments.create(**(facts | {"path": path} | changes))


def gap(world: World, **changes: Any) -> AwardGap:
    """A line that the draft award leaves out."""
    facts = {"rfq_line": world.picked.rfq.lines.get(), "reason": "later"}
    made: AwardGap = world.award.gaps.create(**(facts | changes))
    return made
