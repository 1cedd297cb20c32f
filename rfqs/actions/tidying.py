"""What nobody refers to any more: files of transactions that failed, and links that open nothing."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Q
from django.db.models.functions import Coalesce

from rfqs.models import Access, Attachment
from rfqs.models.access import READABLE_FOR
from rfqs.states import TERMINAL

STRAY_AFTER = timedelta(days=1)  # longer than any transaction that may still write its row
LINKS_KEPT = timedelta(days=30)  # after a link is dead (GUARANTEES 2.12)
_FOLDER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # the id of a request
_FILE = re.compile(r"[0-9a-f]{32}")


def stray_files(now: datetime) -> Iterator[str]:
    """Names of stored files that no attachment refers to and that are a day old at `now`.

    Only what the product itself could have stored there is looked at; one query for each request's folder.
    """
    folders, _files = default_storage.listdir("") if default_storage.exists("") else ([], [])
    for folder in sorted(filter(_FOLDER.fullmatch, folders)):
        names = {
            f"{folder}/{name}"
            for name in default_storage.listdir(folder)[1]
            if _FILE.fullmatch(name)
        }
        known = Attachment.objects.filter(path__in=names).values_list("path", flat=True)
        for name in sorted(names.difference(known)):
            if default_storage.get_modified_time(name) < now - STRAY_AFTER:
                yield name


def sweep_files(now: datetime) -> list[str]:
    """Delete the stray files; return their names. Files with a row are never touched."""
    swept = list(stray_files(now))
    for name in swept:
        default_storage.delete(name)
    return swept


def forget_links(now: datetime) -> int:
    """Delete links that have been dead for thirty days: replaced, or of a request that ended long ago."""
    ended = Coalesce("invitation__rfq__decided_at", "invitation__rfq__updated_at")
    over = Q(invitation__rfq__status__in=TERMINAL, ended_at__lt=now - READABLE_FOR - LINKS_KEPT)
    rows = Access.objects.annotate(ended_at=ended)
    return rows.filter(Q(revoked_at__lt=now - LINKS_KEPT) | over).delete()[0]
