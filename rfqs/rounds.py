"""Reading rounds: an earlier one as it was evaluated, what a later one replaced, what suppliers may know."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import JSONObject

from quoteflow.lib.money import format_rate
from rfqs import versions
from rfqs.models import RFQ, Addendum, Invitation, Question, Quotation, QuotationLine, Round
from rfqs.models.sourcing import InvitationQuerySet
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
    earlier.added_taxes = later.added_taxes
    changed = rfq.addenda.filter(issued_at__gte=later.closed_at).order_by("number").first()
    if changed is not None:
        versions.put_back(earlier, changed.before, changed.number - 1)
    return earlier


def superseded(rfq: RFQ) -> Superseded:
    """The unit prices that each supplier quoted last in an earlier round; nothing in the first. One statement."""
    if rfq.round == 1:
        return {}
    last = Quotation.objects.filter(rfq=rfq).last_before(rfq.round)
    rows = QuotationLine.objects.filter(
        quotation__in=last.values("pk"), unit_price__isnull=False
    ).values_list("quotation__supplier", "line__position", "quotation__currency", "unit_price")
    return {
        (supplier, position): f"{currency} {format_rate(price, currency)}"
        for supplier, position, currency, price in rows
    }


@dataclass(frozen=True)
class Missed:
    """What everybody else was told while a supplier was left out, the oldest first."""

    addenda: Sequence[Addendum]
    answers: Sequence[Question]


def missed(rfq: RFQ, invitations: Iterable[Invitation]) -> dict[UUID, Missed]:
    """By invitation what those missed who were left out until now; read before they are asked again."""
    left = [one for one in invitations if one.round < rfq.round]
    if not left:
        return {}
    closed = dict(rfq.rounds.values_list("number", "closed_at"))
    addenda = list(rfq.addenda.order_by("number"))
    answers = list(rfq.questions.answered().order_by("answered_at", "pk"))
    found = {}
    for one in left:
        since = closed[one.round + 1]
        found[one.pk] = Missed(
            [told for told in addenda if told.issued_at >= since],
            [told for told in answers if told.answered_at and told.answered_at >= since],
        )
    return found


def standing(rfq: RFQ, invitations: Iterable[Invitation]) -> dict[UUID, bool]:
    """The invitations whose last quotation stands if nothing is sent in the present round, and whether it counts.

    It does not where the request has changed since: then its supplier sends it again. Two statements.
    """
    if rfq.round == 1:
        return {}
    changes = rfq.addenda.filter(needs_confirmation=True, number__lte=rfq.addendum_count)
    latest = changes.aggregate(number=Max("number"))["number"] or 0
    rows = Quotation.objects.filter(invitation__in=[one.pk for one in invitations])
    last = rows.standing_in(rfq.round).values_list("invitation", "addendum")
    return {invitation: addendum >= latest for invitation, addendum in last}


def with_own_view(rows: InvitationQuerySet) -> InvitationQuerySet:
    """Carry along when the supplier's last round closed, if a later one began, and what changed first after it."""
    next_round = Round.objects.filter(rfq=OuterRef("rfq"), number=OuterRef("round") + 1)
    rows = rows.annotate(own_closing=Subquery(next_round.values("closed_at")[:1]))
    later = Addendum.objects.filter(rfq=OuterRef("rfq"), issued_at__gte=OuterRef("own_closing"))
    told = later.order_by("number").values(told=JSONObject(number="number", before="before"))
    return rows.annotate(first_unknown=Subquery(told[:1]))


def as_known_to(invitation: Invitation) -> Invitation:
    """The invitation with its request as a supplier may know it, not to be saved.

    Who was not asked to a later round finds the request as it was when their own closed, its words,
    lines and documents too, and learns nothing of the others' going on. The invitation comes out of
    `with_own_view`.
    """
    rfq, own = invitation.rfq, cast(Any, invitation)
    if invitation.round >= rfq.round:
        return invitation
    rfq.round, rfq.deadline = invitation.round, own.own_closing
    if rfq.status == Status.OPEN:
        rfq.status = Status.EVALUATION
    if own.first_unknown is not None:
        versions.put_back(rfq, own.first_unknown["before"], own.first_unknown["number"] - 1)
    return invitation
