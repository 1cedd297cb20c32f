"""The only writer of a request's status."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from quoteflow.audit import journal
from rfqs.models import RFQ
from rfqs.states import Event, follow


def move(
    rfq: RFQ, event: Event, *, by: User | None, note: dict[str, Any] | None = None, **facts: Any
) -> None:
    """Follow `event` on a locked row, store `facts` with it, and record that it happened.

    `note` is added to the journal's `after`: what a reader of the story wants to know (no price of
    a sealed quotation). Raises IllegalTransition.
    """
    before = rfq.status
    rfq.status = follow(rfq.status, event)
    store(rfq, status=rfq.status, **facts)
    journal.record(
        f"rfq.{event.value}",
        rfq,
        by=by,
        before={"status": before},
        after={"status": rfq.status} | (note or {}),
    )


def store(rfq: RFQ, **facts: Any) -> None:
    """Write facts of a locked row, and count its version up."""
    for name, value in facts.items():
        setattr(rfq, name, value)
    rfq.version += 1
    rfq.updated_at = timezone.now()
    rfq.save(update_fields=["version", "updated_at", *facts])
