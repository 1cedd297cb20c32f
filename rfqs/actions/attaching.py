"""Storing files: checked, hashed, versioned, outside every web root."""

import hashlib
from pathlib import PurePath
from typing import IO, Any, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.errors import Incomplete
from quoteflow.lib.ids import new_id
from quoteflow.lib.once import Once
from quoteflow.lib.pictures import pixels
from quoteflow.lib.tablerows import UnreadableTable
from quoteflow.lib.uploads import NoRoom, wanting_room
from quoteflow.lib.xlsxfile import check_archive
from rfqs import policy
from rfqs.models import RFQ, Attachment, AttachmentKind, Invitation
from rfqs.models.attachment import FOR_SUPPLIERS
from rfqs.states import IllegalTransition

MOST_PIXELS = 50_000_000
PICTURE_HEAD = (
    4 * 1024 * 1024
)  # bytes in which a picture says its size; a JPEG may put much before it
ARCHIVES = (".xlsx", ".docx")
PICTURES = (".png", ".jpg", ".jpeg")
LONGEST_NAME = 200  # characters: the column
# Extension: (content type, what the file must begin with). Text has no signature.
ALLOWED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        (b"PK\x03\x04",),
    ),
    ".docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (b"PK\x03\x04",),
    ),
    ".csv": ("text/csv", ()),
    ".txt": ("text/plain", ()),
    ".eml": ("message/rfc822", ()),
}


@action
def attach(
    *,
    rfq_id: Any,
    kind: str,
    upload: File,  # type: ignore[type-arg]
    by: User,
    once: Once | None = None,
) -> Attachment:
    """Keep a file with a request as the next version of its name; the caller's transaction may undo it.

    Raises Incomplete for an empty, too large or unknown kind of file, IllegalTransition once the
    request has ended: what was decided stays as it was decided. Raises Repeated where the form `once`
    was sent before.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    attachment_id = new_id()
    if once:
        once.claim(attachment_id)
    if rfq.is_finished:
        raise IllegalTransition(_("The request has ended; no file is added to it any more."))
    if rfq.published_at is not None and kind in FOR_SUPPLIERS:
        raise IllegalTransition(
            _("Suppliers read this document: while the request is open, add it with an addendum.")
        )
    attachment = _stored(rfq, upload, id=attachment_id, kind=kind, uploaded_by=by)
    return _noted(attachment, by)


@transaction.atomic
def attach_document(*, rfq: RFQ, kind: str, upload: File, by: User) -> Attachment:  # type: ignore[type-arg]
    """Keep a document that suppliers read with a request that the caller has locked. Raises Incomplete."""
    if kind not in FOR_SUPPLIERS:
        raise Incomplete(_("Choose what the document is."))
    return _noted(_stored(rfq, upload, kind=kind, uploaded_by=by), by)


@transaction.atomic
def attach_offered(*, invitation: Invitation, upload: File) -> Attachment:  # type: ignore[type-arg]
    """Keep a file of a supplier's own; the caller holds the request's lock and has checked the time.

    Nothing says whose it is until the quotation it belongs to may be seen. Raises Incomplete.
    """
    attachment = _stored(invitation.rfq, upload, kind=AttachmentKind.SOURCE, invitation=invitation)
    after = {"sha256": attachment.sha256}
    journal.record("rfq.attach", attachment, by=None, stream=invitation.rfq_id, after=after)
    return attachment


def _noted(attachment: Attachment, by: User) -> Attachment:
    kind, rfq = attachment.kind, attachment.rfq
    facts = {"sha256": attachment.sha256}
    if not (kind == AttachmentKind.SOURCE and rfq.prices_are_sealed):
        facts["name"] = attachment.name  # that of a sealed quotation's file says whose it is
    journal.record("rfq.attach", attachment, by=by, stream=rfq.pk, after=facts)
    return attachment


def _stored(rfq: RFQ, upload: File, **facts: Any) -> Attachment:  # type: ignore[type-arg]
    """Check a file, write it down and hash it; its row has these facts."""
    name = _fitting(PurePath(upload.name or "file"))
    content_type = _checked(name, upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    path = f"{rfq.pk}/{uuid4().hex}"
    try:
        with wanting_room():
            default_storage.save(path, upload)
    except NoRoom:
        default_storage.delete(path)  # what of it there was room for
        raise
    # The row is the promise; a transaction that fails afterwards leaves a file nobody refers to.
    same = {"kind": facts["kind"], "name": name, "invitation": facts.get("invitation")}
    return Attachment.objects.create(
        rfq=rfq, name=name, version=rfq.attachments.filter(**same).count() + 1, path=path,
        content_type=content_type, size=upload.size, sha256=digest.hexdigest(), **facts,
    )  # fmt: skip


def _fitting(path: PurePath) -> str:
    """The file's name; of an overlong one the end of the stem goes, never the suffix."""
    suffix = path.suffix[:LONGEST_NAME]
    return f"{path.stem[: LONGEST_NAME - len(suffix)]}{suffix}"


def _checked(name: str, upload: File) -> str:  # type: ignore[type-arg]
    if not upload.size:
        raise Incomplete(_("%(name)s is empty.") % {"name": name})
    if upload.size > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise Incomplete(
            _("%(name)s is larger than %(limit)d MB.") % {"name": name, "limit": limit}
        )
    content_type, signatures = ALLOWED.get(PurePath(name).suffix.lower(), ("", ()))
    upload.seek(0)
    start = upload.read(16)
    upload.seek(0)
    if not content_type or (signatures and not start.startswith(signatures)):
        kinds = ", ".join(sorted(suffix.lstrip(".") for suffix in ALLOWED))
        raise Incomplete(
            _("%(name)s cannot be stored. Use one of: %(kinds)s.") % {"name": name, "kinds": kinds}
        )
    _insist_harmless(name, upload)
    return content_type


def _insist_harmless(name: str, upload: File) -> None:  # type: ignore[type-arg]
    """Refuse what would unpack or unfold into too much, or carries code (GUARANTEES 2.10)."""
    suffix = PurePath(name).suffix.lower()
    if suffix in ARCHIVES:
        try:
            check_archive(cast(IO[bytes], upload))
        except UnreadableTable:
            text = _(
                "%(name)s cannot be stored: it is broken, holds code, or would unpack into too much."
                " Save it anew, without macros, or as PDF."
            )
            raise Incomplete(text % {"name": name}) from None
        upload.seek(0)
    if suffix in PICTURES:
        size = pixels(upload.read(PICTURE_HEAD))
        if size is None:
            raise Incomplete(_("%(name)s is not a picture that can be read.") % {"name": name})
        if size > MOST_PIXELS:
            facts = {"name": name, "most": MOST_PIXELS // 1_000_000}
            raise Incomplete(
                _("%(name)s has more than %(most)d million pixels. Save it smaller.") % facts
            )
    upload.seek(0)
