"""Forms that make something are carried out once, however often they are sent.

The page puts a key of its own into the form (`{% once %}`), the view reads it here, and the action claims
it in the transaction that makes the thing: a double click waits for the first to end and is then told
what that made. Work that fails takes its key back with it.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.core.files.base import File
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.models import Sending

FIELD = "once"
KEPT = timedelta(days=2)  # longer than anybody leaves a form open to send it again
LOCK_NOT_AVAILABLE = "55P03"
_IGNORED = (FIELD, "csrfmiddlewaretoken")
_CLAIM = """
INSERT INTO lib_sending (key, owner, body, subject, sent_at) VALUES (%s, %s, %s, %s, clock_timestamp())
ON CONFLICT (key, owner) DO NOTHING
"""


class Repeated(DomainError):
    """The form was sent before and is done; `subject` is the id of what it made."""

    def __init__(self, subject: UUID) -> None:
        super().__init__(_("This was sent twice. It is done, once."))
        self.subject = subject


class Reused(Incomplete):
    """The form was sent before, with other values."""


@dataclass(frozen=True)
class Once:
    """One form as one person sent it; `body` is a keyed hash of its address, fields and files."""

    key: UUID
    owner: UUID
    body: str

    def claim(self, subject: UUID) -> None:
        """Take the key for `subject`, which the caller makes next in the same transaction.

        One statement; it waits while another transaction holds the same key. Raises Repeated where
        that made its thing, Reused where it was sent with other values.
        """
        try:
            with connection.cursor() as cursor:
                cursor.execute(_CLAIM, [self.key, self.owner, self.body, subject])
                if cursor.rowcount:
                    return
        except OperationalError as failure:
            if getattr(failure.__cause__, "sqlstate", "") == LOCK_NOT_AVAILABLE:
                raise DomainError(
                    _(
                        "The same form is being carried out just now. Wait a moment, then look at the result."
                    )
                ) from failure
            raise
        first = Sending.objects.get(key=self.key, owner=self.owner)
        if first.body == self.body:
            raise Repeated(first.subject)
        raise Reused(
            _(
                "This form was sent before with other values, and what was sent first is done."
                " Send it again to make another one."
            )
        )


def read(request: HttpRequest, owner: UUID) -> Once | None:
    """The key of the posted form, of this owner; None for a form without one."""
    try:
        key = UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None
    fields = sorted((n, values) for n, values in request.POST.lists() if n not in _IGNORED)
    files = [(name, _facts(one)) for name, many in request.FILES.lists() for one in many]
    text = json.dumps([request.get_full_path(), fields, files])
    body = salted_hmac("quoteflow.once", text, algorithm="sha256").hexdigest()
    return Once(key, owner, body)


def forget_over() -> int:
    """Delete the keys that nobody sends again; return how many."""
    return Sending.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]


def _facts(upload: File) -> tuple[str, int, str]:  # type: ignore[type-arg]
    digest = sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return str(upload.name), upload.size, digest.hexdigest()
