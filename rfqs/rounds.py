"""Reading earlier rounds: the request as it was evaluated then, and the prices that a later round replaced."""

from collections.abc import Mapping
from copy import copy
from uuid import UUID

from quoteflow.lib.money import format_rate
from rfqs.models import LIVE, RFQ, Invitation, QuotationLine
from rfqs.states import Status

Superseded = Mapping[
    tuple[UUID, int], str
]  # by supplier and line number: as quoted, with its currency


def as_of(rfq: RFQ, number: int) -> RFQ | None:
    """A copy of the request as round `number` was evaluated, not to be saved; None where it has none such.

    Every round before the present one was opened, so its prices may be seen by whoever sees the request.
    """
    later = rfq.rounds.filter(number=number + 1).first() if 0 < number < rfq.round else None
    if later is None:
        return None
    earlier = copy(rfq)
    earlier.round, earlier.status, earlier.deadline = number, Status.EVALUATION, later.closed_at
    earlier.rates, earlier.rates_on = later.rates, later.rates_on
    return earlier


def superseded(rfq: RFQ) -> Superseded:
    """The unit prices of the round before; nothing in the first round. One statement."""
    if rfq.round == 1:
        return {}
    rows = QuotationLine.objects.filter(
        quotation__rfq=rfq,
        quotation__round=rfq.round - 1,
        quotation__status__in=LIVE,
        unit_price__isnull=False,
    ).values_list("quotation__supplier", "line__position", "quotation__currency", "unit_price")
    return {
        (supplier, position): f"{currency} {format_rate(price, currency)}"
        for supplier, position, currency, price in rows
    }


def as_known_to(invitation: Invitation) -> Invitation:
    """The invitation with its request as a supplier may know it, not to be saved.

    Who was not asked to a later round finds the request as it was when their own closed, and learns
    nothing of the others' going on. Takes `own_closing` of the queryset `with_own_closing`.
    """
    rfq = invitation.rfq
    if invitation.round >= rfq.round:
        return invitation
    rfq.round, rfq.deadline = invitation.round, invitation.own_closing  # type: ignore[attr-defined]
    if rfq.status == Status.OPEN:
        rfq.status = Status.EVALUATION
    return invitation
