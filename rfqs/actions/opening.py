"""From collecting to comparing: the opening, and the exchange rates it freezes."""

from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError
from rfqs import policy
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import move, store
from rfqs.models import LIVE, RFQ, ExchangeRate, Opening
from rfqs.states import Event, Status, follow


@transaction.atomic
def begin_evaluation(*, rfq_id: UUID, by: User) -> RFQ:
    """Stop collecting and start comparing; the exchange rates of today (site time) are frozen.

    An open-quote request may go any time it has a quotation. A sealed one only after its closing
    time, and by two different people above the dual-opening limit: the first call then only records
    the wish. Raises DomainError with the reason when it is not possible yet.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    follow(rfq.status, Event.EVALUATE)
    now = database_now()
    live = rfq.quotations.filter(round=rfq.round, status__in=LIVE).count()
    if not live:
        raise DomainError(_("There is no quotation to compare yet."))
    if rfq.is_sealed and not rfq.is_closed_at(now):
        raise DomainError(_("A sealed request is opened after its closing time, not before."))
    if rfq.is_sealed and _needs_two(rfq) and rfq.opening_asked_by_id in (None, by.pk):
        store(rfq, opening_asked_by=by)
        journal.record("rfq.ask_opening", rfq, by=by)
        return rfq
    witness = rfq.opening_asked_by if rfq.is_sealed and _needs_two(rfq) else None
    Opening.objects.create(
        rfq=rfq, round=rfq.round, opened_by=by, witness=witness, opened_at=now, count=live
    )
    today = now.astimezone(rfq.site.zone).date()
    rates = {currency: str(rate) for currency, rate in ExchangeRate.objects.on(today).items()}
    move(rfq, Event.EVALUATE, by=by, note={"quotations": live}, rates=rates, rates_on=today)
    refresh_quotations(rfq)
    return rfq


def waits_for_second_person(rfq: RFQ) -> bool:
    """Whether one of two people has asked for the opening."""
    return rfq.status == Status.OPEN and rfq.opening_asked_by_id is not None


def _needs_two(rfq: RFQ) -> bool:
    return rfq.last_total is not None and rfq.last_total >= Decimal(settings.DUAL_OPENING_ABOVE)
