"""What an action left behind: the last event of the journal, and the letters that wait."""

from quoteflow.audit.models import AuditEvent
from quoteflow.notifications.models import OutboxMessage
from rfqs.models import RFQ


def last_event(rfq: RFQ) -> AuditEvent:
    """The newest event of the story of `rfq`."""
    return AuditEvent.objects.of(rfq.pk).last()


def verbs(rfq: RFQ) -> list[str]:
    """Everything that happened to `rfq`, oldest first."""
    return [event.verb for event in AuditEvent.objects.of(rfq.pk)]


def recipients(kind: str) -> list[str]:
    """Who gets a letter of this kind, in order."""
    rows = OutboxMessage.objects.filter(kind=kind).order_by("recipient")
    return list(rows.values_list("recipient", flat=True))


def facts(event: AuditEvent) -> tuple:
    """Who did what to which kind of object, and the state before and after."""
    return event.actor, event.verb, event.object_type, event.before, event.after
