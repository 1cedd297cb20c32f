"""What an approved award turns into: outcomes, remembered prices, one draft order per supplier."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from rfqs import numbering
from rfqs.actions.moving import settle_quotations
from rfqs.actions.remembering import remember
from rfqs.models import RFQ, Award, AwardLine, PurchaseOrder, PurchaseOrderLine


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
        ).order_by("rfq_line__position", "pk")
    )
    _settle_quotations(rfq, lines)
    remember(lines)
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
