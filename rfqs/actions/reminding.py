"""Reminding suppliers, once per closing time, shortly before it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from quoteflow.audit import journal
from quoteflow.lib.clock import database_now
from rfqs import notices
from rfqs.models import RFQ
from rfqs.states import Status


def remind_due() -> int:
    """Remind for every open request whose time has come; return for how many. Repeating it changes nothing."""
    now = database_now()
    soon = RFQ.objects.filter(
        status=Status.OPEN,
        deadline__gt=now,
        deadline__lte=now + timedelta(hours=settings.REMIND_HOURS_BEFORE),
    )
    waiting = soon.filter(Q(reminded_for=None) | ~Q(reminded_for=F("deadline")))
    ids = list(waiting.order_by("deadline", "pk").values_list("pk", flat=True))
    return sum(_remind(pk, now) for pk in ids)


@transaction.atomic
def _remind(rfq_id: UUID, now: datetime) -> bool:
    """Remind for one request, unless somebody did so meanwhile or it is not its time yet."""
    rfq = (
        RFQ.objects.select_for_update(of=("self",), no_key=True)
        .select_related("site")
        .get(pk=rfq_id)
    )
    if rfq.status != Status.OPEN or rfq.is_closed_at(database_now()) or not _is_time(rfq, now):
        return False
    RFQ.objects.filter(pk=rfq.pk).update(reminded_for=rfq.deadline)
    reminded = notices.closing_soon(rfq)
    journal.record("rfq.remind", rfq, by=None, after={"reminded": reminded})
    return True


def _is_time(rfq: RFQ, now: datetime) -> bool:
    """Within the hours before the closing time that the setting says, or the second half of a short request."""
    if rfq.deadline is None or rfq.reminded_for == rfq.deadline:
        return False
    ahead = timedelta(hours=settings.REMIND_HOURS_BEFORE)
    if rfq.published_at is not None:
        ahead = min(ahead, (rfq.deadline - rfq.published_at) / 2)
    return now >= rfq.deadline - ahead
