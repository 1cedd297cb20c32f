"""The only writers of a status: of the request, of its award, of its approval."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from quoteflow.audit import journal
from rfqs.models import RFQ, ApprovalRequest, Award, StepStatus
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


def move_award(award_id: UUID, status: str, **facts: Any) -> None:
    """Write the status of an award, and `facts` with it; triggers refuse what may not be (W4)."""
    Award.objects.filter(pk=award_id).update(status=status, **facts)


def close_approval(request: ApprovalRequest, status: str, *, at: datetime) -> None:
    """End an approval with a result or without one; steps that nobody decided are skipped."""
    request.status, request.closed_at = status, at
    request.save(update_fields=["status", "closed_at"])
    undecided = request.steps.filter(status__in=(StepStatus.ACTIVE, StepStatus.WAITING))
    undecided.update(status=StepStatus.SKIPPED)
