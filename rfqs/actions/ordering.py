"""What an approved award turns into: outcomes, remembered prices, one draft order per supplier."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from rfqs import numbering
from rfqs.actions.moving import settle_quotations
from rfqs.conversion import Conversion
from rfqs.models import RFQ, Award, AwardLine, Item, PurchaseOrder, PurchaseOrderLine


def fulfil(rfq: RFQ, award: Award) -> list[PurchaseOrder]:
    """Do everything that follows from the last approval, in the caller's transaction.

    A constant number of statements, however many lines; one more per supplier for its order number.
    Calling it again for the same award returns the orders that exist (W5).
    """
    existing = list(award.orders.order_by("number"))
    if existing:
        return existing
    lines = list(
        award.lines.select_related(
            "rfq_line__item__unit", "rfq_line__unit", "quotation_line", "supplier"
        ).order_by("rfq_line__position")
    )
    _settle_quotations(rfq, lines)
    _remember_prices(lines)
    return _draft_orders(rfq, award, lines)


def _settle_quotations(rfq: RFQ, lines: list[AwardLine]) -> None:
    """Every live quotation of the round gets its outcome."""
    won: dict[Any, Decimal] = defaultdict(Decimal)
    for line in lines:
        won[line.quotation_line.quotation_id] += line.quantity
    need = sum((quantity for quantity in rfq.lines.values_list("quantity", flat=True)), Decimal(0))
    whole = [pk for pk, quantity in won.items() if quantity >= need]
    part = [pk for pk in won if pk not in whole]
    settle_quotations(rfq, whole=whole, part=part)


def _remember_prices(lines: list[AwardLine]) -> None:
    """The catalogue item's last price: basic per unit of the item, base currency, without GST (COMPARISON 1).

    A line in a unit that does not convert to the item's leaves what is remembered as it is.
    """
    today = timezone.localdate()
    conversion = Conversion(line.rfq_line.item_id for line in lines)
    items: dict[Any, Item] = {}
    for line in lines:
        item = line.rfq_line.item
        if item is None:
            continue
        factor = conversion.factor(item.pk, line.rfq_line.unit, item.unit)
        if factor is None:
            continue
        item.last_price = (line.basic / (line.order_quantity * factor)).quantize(
            Decimal("0.0001"), ROUND_HALF_UP
        )
        item.last_currency, item.last_supplier, item.last_bought_on = (
            settings.BASE_CURRENCY,
            line.supplier,
            today,
        )
        items[item.pk] = item
    Item.objects.bulk_update(
        items.values(), ["last_price", "last_currency", "last_supplier", "last_bought_on"]
    )


def _draft_orders(rfq: RFQ, award: Award, lines: list[AwardLine]) -> list[PurchaseOrder]:
    by_supplier: dict[Any, list[AwardLine]] = defaultdict(list)
    for line in lines:
        by_supplier[line.supplier_id].append(line)
    orders, rows = [], []
    for supplier_id, own in sorted(by_supplier.items(), key=lambda pair: pair[1][0].supplier.code):
        order = PurchaseOrder(
            number=numbering.next_order_number(rfq.site), award=award, rfq=rfq, supplier_id=supplier_id,
            currency=own[0].currency, cost=sum((line.cost for line in own), Decimal(0)),
        )  # fmt: skip
        orders.append(order)
        rows += [_order_line(order, position, line) for position, line in enumerate(own, start=1)]
    PurchaseOrder.objects.bulk_create(orders)
    PurchaseOrderLine.objects.bulk_create(rows)
    return orders


def _order_line(order: PurchaseOrder, position: int, line: AwardLine) -> PurchaseOrderLine:
    return PurchaseOrderLine(
        order=order, award_line=line, position=position, description=line.rfq_line.description,
        quantity=line.order_quantity, unit_code=line.rfq_line.unit_id,
        price_unit_code=line.quotation_line.unit_id or line.rfq_line.unit_id,
        unit_price=line.unit_price, price_basis=line.price_basis,
    )  # fmt: skip
