"""Whether the journal is whole: by its own chain, and against heads kept outside the database."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

BEGIN = "# QuoteFlow journal heads"
END = "# sha256"
BATCH = 5_000


class NoAnchor(ValueError):
    """The file is no anchor, or not all of one; the message says what is wrong."""


@dataclass(frozen=True)
class Fault:
    """The first broken link of one story."""

    stream: str
    seq: int
    kind: str  # edited, deleted, inserted, moved, cut, head, or as the anchor says: lost, rewritten

    @property
    def sentence(self) -> str:
        """What is wrong there."""
        sentences = {
            "edited": _("event %(seq)d was edited"),
            "deleted": _("an event before event %(seq)d was deleted"),
            "inserted": _("an event was inserted at %(seq)d"),
            "moved": _("event %(seq)d is not where it was written"),
            "cut": _("the newest events are gone; event %(seq)d was the last"),
            "head": _("the head does not fit event %(seq)d"),
            "lost": _("event %(seq)d stands in the anchor and is gone"),
            "rewritten": _("event %(seq)d is another one than in the anchor"),
        }
        return sentences[self.kind] % {"seq": self.seq}


def broken_links() -> list[Fault]:
    """The first broken link of every broken story, by the chain itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, seq, fault FROM audit_verify()")
        return [Fault(*row) for row in cursor.fetchall()]


def counts() -> tuple[int, int]:
    """How many events there are, and how many stories."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT stream) FROM audit_auditevent")
        events, stories = cursor.fetchone()
        return events, stories


def anchor(at: str) -> Iterator[str]:
    """The lines of an anchor: the last event of every story, and a checksum of the lines before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stream, seq, hash FROM audit_audithead ORDER BY stream")
        heads = cursor.fetchall()
    digest = hashlib.sha256()
    for line in (f"{BEGIN} {at}", *(f"{stream} {seq} {link}" for stream, seq, link in heads)):
        digest.update(f"{line}\n".encode())
        yield line
    yield f"{END} {digest.hexdigest()}"


def against_anchor(lines: Iterable[str]) -> list[Fault]:
    """What an anchor holds and the journal does not hold any more. Raises NoAnchor."""
    heads = _heads(list(lines))
    faults: list[Fault] = []
    for start in range(0, len(heads), BATCH):
        faults += _missing(heads[start : start + BATCH])
    return faults


def _heads(lines: list[str]) -> list[tuple[str, int, str]]:
    text = [line.rstrip("\r\n") for line in lines]
    if not text or not text[0].startswith(BEGIN):
        raise NoAnchor(_("This is not a file of audit_anchor."))
    digest = hashlib.sha256("".join(f"{line}\n" for line in text[:-1]).encode()).hexdigest()
    if text[-1] != f"{END} {digest}":
        raise NoAnchor(_("The anchor is damaged: its last line does not fit the lines before it."))
    rows = [line.split(" ") for line in text[1:-1]]
    return [(stream, int(seq), link) for stream, seq, link in rows]


def _missing(heads: list[tuple[str, int, str]]) -> list[Fault]:
    streams, numbers, links = (list(column) for column in zip(*heads, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.stream, a.seq, CASE WHEN e.hash IS NULL THEN 'lost' ELSE 'rewritten' END"
            " FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS a (stream, seq, hash)"
            " LEFT JOIN audit_auditevent e ON e.stream = a.stream AND e.seq = a.seq"
            " WHERE e.hash IS DISTINCT FROM a.hash ORDER BY a.stream",
            [streams, numbers, links],
        )
        return [Fault(*row) for row in cursor.fetchall()]
