"""One mail a day for those who want their notices together."""

from django.db import transaction
from django.utils import timezone

from quoteflow.notifications.models import OutboxMessage, State
from quoteflow.notifications.outbox import Letter, enqueue


def send_all() -> int:
    """Send what is held for each person; return how many mails that are. Again, it sends nothing more."""
    held = OutboxMessage.objects.filter(state=State.HELD)
    people = list(held.order_by("recipient").values_list("recipient", flat=True).distinct())
    return sum(_send(recipient) for recipient in people)


@transaction.atomic
def _send(recipient: str) -> bool:
    """One mail with all that is held for somebody; two workers at once send it once."""
    held = OutboxMessage.objects.filter(state=State.HELD, recipient=recipient)
    notices = list(held.select_for_update(skip_locked=True).order_by("created_at", "pk"))
    if not notices:
        return False
    enqueue([Letter("digest", str(notices[-1].pk), recipient, {"notices": notices})])
    ids = [notice.pk for notice in notices]
    OutboxMessage.objects.filter(pk__in=ids).update(state=State.SENT, sent_at=timezone.now())
    return True
