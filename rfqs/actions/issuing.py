"""Purchase orders on their way: issued, acknowledged, closed, cancelled (DOMAIN 5)."""

from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.lib.errors import Incomplete
from rfqs import notices, policy
from rfqs.actions.moving import move_order
from rfqs.models import RFQ, PurchaseOrder
from rfqs.states import OrderStatus, follow_order


@transaction.atomic
def issue(*, order_id: UUID, by: User, remarks: str = "") -> PurchaseOrder:
    """Send the order to its supplier; again, it is the next revision and wants a new acknowledgement."""
    order = _locked(order_id, by)
    move_order(order, OrderStatus.ISSUED, **_next_issue(order, remarks))
    _record("issue", order, by, revision=order.revision)
    notices.order_issued(order)
    return order


def as_issued(*, order: PurchaseOrder, by: User, remarks: str = "") -> PurchaseOrder:
    """A copy of the order as `issue` would make it now, to be read before; nothing is written.

    Raises what `issue` would raise.
    """
    policy.insist(policy.can_buy, by, order.rfq)
    follow_order(order.status, OrderStatus.ISSUED)
    seen = copy(order)
    for name, value in _next_issue(order, remarks).items():
        setattr(seen, name, value)
    return seen


@transaction.atomic
def acknowledge(*, order_id: UUID, by: User, how: str) -> PurchaseOrder:
    """Note that the supplier accepts the order; `how` says by what and by whom."""
    order = _locked(order_id, by)
    if not how.strip():
        raise Incomplete(_("Say how the supplier acknowledged it."))
    move_order(
        order, OrderStatus.ACKNOWLEDGED, acknowledged_at=timezone.now(), acknowledgement=how.strip()
    )
    _record("acknowledge", order, by)
    return order


@transaction.atomic
def close(*, order_id: UUID, by: User) -> PurchaseOrder:
    """Everything is delivered: nothing more happens to the order."""
    order = _locked(order_id, by)
    move_order(order, OrderStatus.CLOSED)
    _record("close", order, by)
    return order


@transaction.atomic
def cancel(*, order_id: UUID, by: User, reason: str) -> PurchaseOrder:
    """Take the order back, with the reason; its supplier is told where it had been issued."""
    order = _locked(order_id, by)
    if not reason.strip():
        raise Incomplete(_("Say why the order is cancelled."))
    was_issued = order.revision > 0
    move_order(order, OrderStatus.CANCELLED, reason=reason.strip())
    _record("cancel", order, by, reason=order.reason)
    if was_issued:
        notices.order_cancelled(order)
    return order


def _next_issue(order: PurchaseOrder, remarks: str) -> dict[str, Any]:
    """What changes of an order when it is issued, beside its status."""
    return {
        "revision": order.revision + 1, "issued_at": timezone.now(), "remarks": remarks.strip(),
        "acknowledged_at": None, "acknowledgement": "",
    }  # fmt: skip


def _locked(order_id: UUID, by: User) -> PurchaseOrder:
    """The order under its request's lock, for a buyer of the site."""
    rfq = RFQ.objects.lock(PurchaseOrder.objects.values_list("rfq_id", flat=True).get(pk=order_id))
    policy.insist(policy.can_buy, by, rfq)
    order = PurchaseOrder.objects.lock(order_id)
    order.rfq = rfq
    return order


def _record(verb: str, order: PurchaseOrder, by: User, **facts: Any) -> None:
    after = {"order": order.number, "status": order.status} | facts
    journal.record(f"order.{verb}", order, by=by, stream=order.rfq_id, after=after)
