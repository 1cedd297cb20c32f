"""What a supplier committed to, as one hash: said on the receipt, kept in the journal, checked at the opening.

The hash is SHA-256 over a salt, the canonical JSON of everything that was offered, and the SHA-256 of every file,
in that order (GUARANTEES 2.3, D). Without the salt, 128 random bits that only the supplier's receipt
shows, nobody finds the prices by trying. Empty values are left out, so that a column of a later
version changes no hash of an earlier one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quoteflow.audit.models import AuditEvent
from rfqs.models import LIVE, RFQ, Quotation

# What may change after the submission, and what the hash itself is made with.
_HEAD_APART = {
    "id", "status", "disqualified_reason", "typed", "version", "salt", "content_hash", "created_at",
    "addendum", "confirmed_at",
}  # fmt: skip
_LINE_APART = {"id", "quotation_id"}
_EMPTY = (None, "", False)


def content_of(quotation: Quotation) -> dict[str, Any]:
    """Everything that is offered, as stored: head, lines in the order of their ids, hashes of the files."""
    rows = quotation.lines.order_by("line").values()
    (head,) = Quotation.objects.filter(pk=quotation.pk).values()
    files = quotation.files.order_by("sha256").values_list("sha256", flat=True)
    return {
        "head": _filled(head, _HEAD_APART),
        "lines": [_filled(row, _LINE_APART) for row in rows],
        "files": list(files),
    }


def text_of(quotation: Quotation) -> str:
    """What is hashed, to the byte: whoever has this text computes the commitment with any SHA-256 program."""
    content = content_of(quotation)
    files = content.pop("files")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "".join([quotation.salt, text, *files])


def hash_of(quotation: Quotation) -> str:
    """The commitment to what is stored of this quotation now, 64 hexadecimal digits."""
    return hashlib.sha256(text_of(quotation).encode()).hexdigest()


def is_kept(quotation: Quotation) -> bool:
    """Whether the quotation still is what was received; one from before there were commitments is."""
    return not quotation.content_hash or hash_of(quotation) == quotation.content_hash


def broken(rfq: RFQ) -> list[Quotation]:
    """The live quotations of the round that are not what was received: by their own hash, or the journal's."""
    noted = AuditEvent.objects.of(rfq.pk).filter(
        verb__in=("quotation.submit", "quotation.capture", "quotation.carry")
    )
    journalled = {event.object_id: event.after.get("hash", "") for event in noted}
    live = rfq.quotations.filter(round=rfq.round, status__in=LIVE).order_by("pk")
    return [
        one
        for one in live
        if one.content_hash != journalled.get(str(one.pk), "") or not is_kept(one)
    ]


def found_broken(quotations: Iterable[Quotation]) -> list[Quotation]:
    """Those that the opening of their round found so, of a `with_altered` queryset, by supplier."""
    found = [one for one in quotations if str(one.pk) in (getattr(one, "altered", None) or ())]
    return sorted(found, key=lambda one: (one.supplier.name, one.pk))


def _filled(row: Mapping[str, Any], apart: set[str]) -> dict[str, Any]:
    kept = {name: _plain(value) for name, value in row.items() if name not in apart}
    return {name: value for name, value in kept.items() if value not in _EMPTY and value != []}


def _plain(value: Any) -> Any:
    """Numbers without the zeros that only a column's width adds; moments in ISO."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | bool | list | None) else str(value)
