"""Changing a request that suppliers are quoting: by a numbered addendum, and in no other way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import Incomplete, Stale
from quoteflow.lib.once import Once
from rfqs import notices, policy, versions
from rfqs.actions.attaching import attach_document
from rfqs.actions.figures import refresh_quotations, search_text
from rfqs.actions.lining import WRITTEN, rows_of, sums_of, words_of
from rfqs.actions.moving import store, unconfirm_quotations
from rfqs.actions.sourcing import DeadlinePassed
from rfqs.models import RFQ, Addendum, Attachment, RFQLine
from rfqs.states import IllegalTransition, Status


@dataclass(frozen=True)
class Amendment:
    """What an addendum changes: words of `versions.HEAD`, all lines as `drafting.revise` takes them,
    and documents, each with its kind. A line that is not among them is removed. None leaves it alone.
    """

    head: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[Mapping[str, Any]] | None = None
    documents: Sequence[tuple[str, File]] = ()  # type: ignore[type-arg]


@dataclass
class _Changed:
    """A request and its lines as they would become, in memory; and how suppliers read it before."""

    rfq: RFQ
    rows: list[RFQLine]
    dropped: list[UUID]
    before: dict[str, Any]

    def after(self) -> dict[str, Any]:
        """How suppliers read it then."""
        return versions.version_of(self.rfq, self.rows, Attachment.objects.for_suppliers(self.rfq))


@action
def issue(
    *,
    rfq_id: UUID,
    number: int,
    by: User,
    text: str,
    amendment: Amendment,
    once: Once | None = None,
) -> Addendum:
    """Change an open request as addendum `number`; everyone who was asked is told what changed.

    Quotations that are in count again once their suppliers have confirmed or revised them. Raises
    IllegalTransition, DeadlinePassed, Stale where `number` is not the next one, Incomplete, Repeated.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if once:
        once.claim(rfq.pk)
    insist_open(rfq)
    if number != rfq.addendum_count + 1:
        raise Stale(_("Another addendum was issued in the meantime. Look at it, then issue yours."))
    if not text.strip():
        raise Incomplete(_("Say what changes and why; the suppliers read it."))
    old_head = {name: getattr(rfq, name) for name in versions.HEAD}
    changed = _changed(rfq, amendment)
    for kind, upload in amendment.documents:
        attach_document(rfq=rfq, kind=kind, upload=upload, by=by)
    after = changed.after()
    addendum = Addendum.objects.create(
        rfq=rfq, number=number, text=text.strip(), before=changed.before, after=after,
        needs_confirmation=changed.before != after, issued_by=by, issued_at=database_now(),
    )  # fmt: skip
    _write(changed, old_head, amendment)
    unconfirmed = unconfirm_quotations(rfq) if addendum.needs_confirmation else 0
    store(rfq, addendum_count=number)
    refresh_quotations(rfq)
    facts = {"number": number, "comment": addendum.text, "unconfirmed": unconfirmed}
    journal.record("rfq.amend", addendum, by=by, stream=rfq.pk, after=facts)
    notices.addendum_issued(rfq, addendum)
    insist_open(rfq)  # the clock once more, when nothing is left to wait for
    return addendum


def preview(rfq: RFQ, amendment: Amendment) -> list[versions.Difference]:
    """What suppliers would be told has changed; `rfq` is changed in memory. Raises Incomplete.

    Documents are not among it: they are stored with the addendum only.
    """
    changed = _changed(rfq, amendment)
    return versions.differences(changed.before, changed.after())


def insist_open(rfq: RFQ) -> None:
    """Raise IllegalTransition or DeadlinePassed unless suppliers can still react to a change."""
    if rfq.status != Status.OPEN:
        raise IllegalTransition(
            _("Only an open request is changed by an addendum; it is “%(status)s” now.")
            % {"status": rfq.get_status_display()}
        )
    if rfq.is_closed_at(database_now()):
        raise DeadlinePassed(_("The closing time has passed; nobody could answer a change."))


def _changed(rfq: RFQ, amendment: Amendment) -> _Changed:
    stored = {row.pk: row for row in rfq.lines.order_by("position")}
    files = Attachment.objects.for_suppliers(rfq)
    before = versions.version_of(rfq, stored.values(), files)
    rows, dropped = list(stored.values()), []
    if amendment.lines is not None:
        last = RFQLine.ever.filter(rfq=rfq).aggregate(last=Max("position"))["last"] or 0
        rows = rows_of(rfq, amendment.lines, stored, after=last)
        dropped = list(stored.keys() - {row.pk for row in rows})
        rows.sort(key=lambda row: row.position)
    if not rows:
        raise Incomplete(_("A request has at least one line."))
    for name, value in amendment.head.items():
        if name in versions.HEAD:
            setattr(rfq, name, value)
    if not rfq.title.strip():
        raise Incomplete(_("A request has a title."))
    return _Changed(rfq, rows, dropped, before)


def _write(changed: _Changed, old_head: Mapping[str, Any], amendment: Amendment) -> None:
    rfq, rows = changed.rfq, changed.rows
    facts = {name: getattr(rfq, name) for name in old_head}
    facts = {name: value for name, value in facts.items() if value != old_head[name]}
    if amendment.lines is not None:
        RFQLine.objects.filter(pk__in=changed.dropped).update(dropped_by=rfq.addendum_count + 1)
        RFQLine.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
        )
        facts |= sums_of(rows)
    facts["search_text"] = search_text(rfq, [words_of(row) for row in rows], suppliers=True)
    store(rfq, **facts)
