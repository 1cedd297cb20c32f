"""To suppliers after a decision: awards, regrets, orders."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from quoteflow.notifications.models import OutboxMessage
from quoteflow.notifications.outbox import Letter, enqueue, preview
from rfqs.models import RFQ, Award, PurchaseOrder
from rfqs.notices.post import for_suppliers, letters_to, to_suppliers
from suppliers.models import Supplier


def award_letters(rfq: RFQ, award: Award, orders: list[PurchaseOrder]) -> None:
    """Award letters to the winners, regret letters, without anybody's prices, to the others."""
    enqueue(_of_award(rfq, award, orders))


def award_letters_preview(rfq: RFQ, award: Award) -> list[tuple[OutboxMessage, Supplier]]:
    """The letters as the last approval would send them, each with whom it is for."""
    letters = _of_award(rfq, award, PurchaseOrder.objects.announced_by(award))
    read = zip(preview(letters), (one.context["supplier"] for one in letters), strict=True)
    return sorted(read, key=lambda one: one[0].kind)  # those of award first


def award_cancelled(rfq: RFQ) -> None:
    """Tell everyone who quoted in the last round that the award is off and their quotation counts again."""
    quoted = rfq.invitations.filter(status="quoted", round=rfq.round).select_related("supplier")
    invitations = list(quoted.prefetch_related("supplier__contacts", "copies"))
    to_suppliers("award_cancelled", f"{rfq.pk}:{rfq.version}", invitations, {"rfq": rfq})


def order_issued(order: PurchaseOrder) -> None:
    """The order to its supplier, each revision once."""
    enqueue(_issue_letters(order))


def order_preview(order: PurchaseOrder) -> list[OutboxMessage]:
    """The letter with which an order, as it would be issued, would leave; none without an address."""
    return preview(_issue_letters(order))


def order_cancelled(order: PurchaseOrder) -> None:
    """Take an order back that had been issued."""
    enqueue(_order_letters("order_cancelled", order, {}))


def _of_award(rfq: RFQ, award: Award, orders: Sequence[PurchaseOrder]) -> list[Letter]:
    winners = {order.supplier_id: order for order in orders}
    invitations = list(
        rfq.invitations.filter(status="quoted")
        .select_related("supplier")
        .prefetch_related("supplier__contacts")
    )
    won: dict[Any, list[Any]] = defaultdict(list)
    for line in award.lines.select_related("rfq_line__unit").order_by("rfq_line__position"):
        won[line.supplier_id].append(line)
    letters: list[Letter] = []
    for invitation in invitations:
        order = winners.get(invitation.supplier_id)
        kind = "award_letter" if order else "regret_letter"
        context = {"rfq": rfq, "order": order, "lines": won[invitation.supplier_id]}
        about = order.pk if order else invitation.pk
        found = letters_to(kind, str(award.pk), invitation, context)
        letters += [replace(letter, complement=kind, about=about) for letter in found]
    return letters


def _issue_letters(order: PurchaseOrder) -> list[Letter]:
    lines = list(order.lines.order_by("position"))
    more = {"complement": "order", "about": order.pk}
    return _order_letters("order_issued", order, {"lines": lines}, **more)


def _order_letters(
    kind: str, order: PurchaseOrder, context: dict[str, Any], **more: Any
) -> list[Letter]:
    invitations = order.rfq.invitations.filter(supplier=order.supplier_id)
    asked = list(invitations.select_related("supplier").prefetch_related("supplier__contacts"))
    context = {"rfq": order.rfq, "order": order} | context
    return for_suppliers(kind, f"{order.pk}:{order.revision}", asked, context, **more)
