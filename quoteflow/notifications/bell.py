"""The bell: what a person was told, how much of it is new, and which of it comes by mail.

A notice is a letter with a topic: the row that promises the mail is the row in the bell, so that telling
somebody twice costs the action nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from quoteflow.notifications.models import OutboxMessage, Reader, State, Topic

MOST_COUNTED = 99
AT_ONCE, DAILY, SILENT = "now", "daily", "silent"


def unread(user: Any) -> int:
    """How many notices are new to this person, at most one more than MOST_COUNTED.

    What waited for a decision and was decided since, by whomever, is none.
    """
    reader = Reader.objects.filter(user=user).only("seen_at").first()
    told = OutboxMessage.objects.told_to(user)
    if reader and reader.seen_at:
        told = told.filter(created_at__gt=reader.seen_at)
    asked = list(told.values_list("topic", "about")[: MOST_COUNTED + 1])
    over = settled(asked)
    return sum(about not in over for _topic, about in asked)


def settled(notices: Iterable[tuple[str, UUID | None]]) -> set[UUID]:
    """Of notices, each as topic and what it is about: the ids that no longer wait for anybody."""
    asked = {about for topic, about in notices if topic == Topic.APPROVALS and about}
    if not asked:
        return set()
    over: Collection[UUID] = import_string(settings.NOTICES_SETTLED)(asked)
    return set(over)


@transaction.atomic
def mark_read(*, by: Any) -> None:
    """Everything this person was told until now is old."""
    Reader.objects.update_or_create(user=by, defaults={"seen_at": timezone.now()})


@transaction.atomic
def choose(*, by: Any, ways: Mapping[str, str]) -> Reader:
    """Store how each topic reaches this person: AT_ONCE, DAILY or SILENT; topics left out come at once."""
    chosen = {
        "daily": [topic for topic in Topic.values if ways.get(topic) == DAILY],
        "silent": [topic for topic in Topic.values if ways.get(topic) == SILENT],
    }
    reader, _new = Reader.objects.update_or_create(user=by, defaults=chosen)
    return reader


def way(reader: Reader | None, topic: str) -> str:
    """How a topic reaches somebody."""
    if reader is None:
        return AT_ONCE
    if topic in reader.silent:
        return SILENT
    return DAILY if topic in reader.daily else AT_ONCE


def wanted(message: OutboxMessage) -> str | None:
    """What becomes of a notice that does not leave by mail now; None for all that does."""
    if not message.topic:
        return None
    reader = Reader.objects.filter(user__email=message.recipient).first()
    ends: dict[str, str] = {DAILY: State.HELD, SILENT: State.KEPT}
    return ends.get(way(reader, message.topic))
