"""Promising an e-mail, and keeping the promise."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string

from quoteflow.audit import journal
from quoteflow.lib.inserting import insert
from quoteflow.lib.tokens import derived
from quoteflow.notifications import bell
from quoteflow.notifications.models import OutboxMessage, State

ATTEMPTS = 8  # with the back-off of the task this is about six hours
TOKEN_MARK = "[the key is put in when the mail leaves]"  # noqa: S105 (no key)
_FOR_GOOD = 500  # replies from here on are final
_ENHANCED = re.compile(rb"\d\.\d{1,3}\.\d{1,3}\b")  # RFC 3463, like 5.1.1
DEFER = """
SELECT procrastinate_defer_jobs_v1(array_agg(
  ROW('mail', %s, 0, NULL, NULL, job.args, NULL)::procrastinate_job_to_defer_v1))
FROM jsonb_array_elements(%s::jsonb) AS job(args)
"""
WAIT = 4  # seconds, to the power of the attempts so far
# SMTP errors are OSErrors, impossible text a ValueError; the others are of a complement that cannot be made.
_FAILURES = (OSError, ValueError, RuntimeError, ObjectDoesNotExist)


@dataclass(frozen=True)
class Letter:
    """One e-mail to be: `kind` names the templates, `key` makes it unique.

    With a `token_seed` the template has `token`: the queue holds a mark in its place, and the token
    itself is put in when the mail leaves (docs/adr/0012). That somebody gets a `confidential` one is
    nobody's business: the back office is not told to whom it went. A `complement`, a name of
    OUTBOX_COMPLEMENTS, is made when the mail leaves of what `about` names (docs/adr/0019). With a
    `topic` it is a notice, too: the bell of its recipient shows the subject, which leads to `link`.
    """

    kind: str
    key: str
    to: str
    context: dict[str, Any]
    token_seed: str = ""
    confidential: bool = False
    complement: str = ""
    about: UUID | None = None
    topic: str = ""
    link: str = ""


@dataclass(frozen=True)
class Complement:
    """What a letter gets as it leaves: words for their marks in the text, and files (name, content, type)."""

    words: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[tuple[str, bytes, str]] = ()


def enqueue(letters: Iterable[Letter]) -> None:
    """Write the messages and their job in the caller's transaction; repeats of a key are dropped.

    Templates are `emails/<kind>.subject.txt` and `emails/<kind>.txt`. Two statements and one job,
    however many letters there are; the worker makes it one job a message.
    """
    messages = _rendered(letters)
    if not messages:
        return
    insert(messages, skip_existing=True)
    ids = [str(message.pk) for message in messages]
    if len(ids) == 1:
        queue_each(ids)
    else:
        _defer("quoteflow.notifications.hand_out", [{"message_ids": ids}])


def queue_each(message_ids: Iterable[str]) -> None:
    """A job for each of these messages, in one statement; nothing for none."""
    _defer("quoteflow.notifications.deliver", [{"message_id": one} for one in message_ids])


def _defer(task: str, jobs: Sequence[Mapping[str, Any]]) -> None:
    """Jobs of one task, by procrastinate's own function in the database: its way there in Python costs more."""
    if jobs:
        with connection.cursor() as cursor:
            cursor.execute(DEFER, [task, json.dumps(jobs)])


def deliver(message_id: str) -> str:
    """Send one queued message and mark it sent; return its state afterwards.

    The row is locked while the mail leaves, so two workers never send it twice; a crash between
    sending and marking repeats it with the same Message-ID. An unknown id (a dropped repeat) is
    silently done. Raises what the mail server raised, until the attempts are used up.
    """
    with transaction.atomic():
        message = OutboxMessage.objects.lock_queued(message_id)
        if message is None:
            return State.SENT
        wanted = bell.wanted(message)
        if wanted is not None:
            message.state = wanted
            message.save(update_fields=["state"])
            return wanted
        message.attempts += 1
        try:
            _send(message)
        except _FAILURES as failure:
            message.last_error = _named(failure)
            over = _is_final(failure) or message.attempts >= ATTEMPTS
            message.state = State.FAILED if over else State.QUEUED
            # Due again when the job is tried again, so that the sweep takes it for lost only after that.
            message.not_before = timezone.now() + timedelta(seconds=WAIT**message.attempts)
        else:
            message.state, message.sent_at, message.last_error = State.SENT, timezone.now(), ""
        message.save(update_fields=["attempts", "last_error", "state", "sent_at", "not_before"])
    return message.state


@transaction.atomic
def send_again(*, message_ids: Collection[UUID], by: Any) -> int:
    """Queue the failed ones of these messages anew, with all their attempts; return how many."""
    failed = OutboxMessage.objects.filter(pk__in=message_ids, state=State.FAILED)
    messages = list(failed.select_for_update().order_by("pk"))
    for message in messages:
        message.state, message.attempts, message.not_before = State.QUEUED, 0, timezone.now()
        message.save(update_fields=["state", "attempts", "not_before"])
        journal.record("outboxmessage.send_again", message, by=by, after={"kind": message.kind})
    queue_each(str(message.pk) for message in messages)
    return len(messages)


def preview(letters: Iterable[Letter]) -> list[OutboxMessage]:
    """The messages as `enqueue` would write them, and none of them written."""
    return _rendered(letters)


def _rendered(letters: Iterable[Letter]) -> list[OutboxMessage]:
    """A message for each letter; the words of those that say the same are written once."""
    words: dict[tuple[str, int, bool], tuple[str, str]] = {}
    messages = []
    for letter in list(letters):  # held, so that no two contexts are ever at the same place
        same = letter.kind, id(letter.context), bool(letter.token_seed)
        if same not in words:
            words[same] = _words(letter)
        subject, text = words[same]
        messages.append(
            OutboxMessage(
                dedupe_key=f"{letter.kind}:{letter.key}:{letter.to}"[:200],
                kind=letter.kind,
                recipient=letter.to,
                subject=subject,
                text=text,
                token_seed=letter.token_seed,
                is_confidential=letter.confidential,
                complement=letter.complement,
                about=letter.about,
                topic=letter.topic,
                link=letter.link,
            )
        )
    return messages


def _words(letter: Letter) -> tuple[str, str]:
    token = TOKEN_MARK if letter.token_seed else ""
    context = letter.context | {"site_url": settings.SITE_URL, "token": token}
    subject = render_to_string(f"emails/{letter.kind}.subject.txt", context)
    text = render_to_string(f"emails/{letter.kind}.txt", context)
    return " ".join(subject.split())[:200], text


def _is_final(failure: Exception) -> bool:
    """Whether the server refuses this recipient or this letter for good (RFC 5321: 5yz)."""
    codes = _replies(failure)
    refused = isinstance(failure, SMTPRecipientsRefused | SMTPDataError)
    return refused and bool(codes) and all(code >= _FOR_GOOD for code, _said in codes)


def _named(failure: Exception) -> str:
    """What happened, with the codes of the server's reply; its words may hold the address."""
    words = [type(failure).__name__]
    for code, said in _replies(failure):
        enhanced = _ENHANCED.match(said)
        words += [str(code), *([enhanced.group().decode()] if enhanced else [])]
    return " ".join(words)[:300]


def _replies(failure: Exception) -> list[tuple[int, bytes]]:
    if isinstance(failure, SMTPRecipientsRefused):
        return list(failure.recipients.values())
    if isinstance(failure, SMTPResponseException):
        said = failure.smtp_error
        return [(failure.smtp_code, said if isinstance(said, bytes) else said.encode())]
    return []


def _complement(message: OutboxMessage) -> Complement:
    """What the message gets now; nothing of it is stored."""
    if not message.complement:
        return Complement()
    made: Complement = import_string(settings.OUTBOX_COMPLEMENTS[message.complement])(message.about)
    return made


def _as_it_leaves(message: OutboxMessage, words: Mapping[str, str]) -> str:
    """The text with the key and the words in the places of their marks."""
    text = message.text
    if message.token_seed:
        text = text.replace(TOKEN_MARK, derived(message.token_seed))
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def _send(message: OutboxMessage) -> None:
    host = settings.SITE_URL.rpartition("//")[2].partition("/")[0].partition(":")[0] or "localhost"
    complement = _complement(message)
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=_as_it_leaves(message, complement.words),
        to=[message.recipient],
        headers={"Message-ID": f"<outbox-{message.pk}@{host}>"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for name, content, content_type in complement.files:
        mail.attach(name, content, content_type)
    mail.send()
