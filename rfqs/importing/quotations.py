"""Quotations from a file, entered by a buyer for the suppliers (INTERFACES 2)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.importing import acting_user
from accounts.models import User
from quoteflow.lib.imports import ImportOptions, ImportReport
from quoteflow.lib.masterdata import records
from quoteflow.lib.progress import track
from quoteflow.lib.tabular import RowError, Table
from rfqs.actions import quoting
from rfqs.actions.attaching import attach
from rfqs.actions.figures import refresh_quotations
from rfqs.actions.moving import store
from rfqs.importing import quotationcells as cells
from rfqs.importing.groups import Group, grouped, refusals_at
from rfqs.models import RFQ, Attachment, AttachmentKind, Channel, Quotation, QuotationStatus
from suppliers.models import Supplier


@dataclass
class Plan:
    """One quotation of the file, with everything it names found."""

    group: Group
    rfq: RFQ
    supplier_id: Any
    by: User
    head: dict[str, Any]
    lines: dict[Any, dict[str, Any]]


def import_quotations(table: Table, options: ImportOptions) -> ImportReport:
    """Capture every quotation of the file; the lists' figures are computed once per request.

    The acting buyer is `options.acting`, else each request's requester. A quotation with the
    content of the supplier's latest one of the same quote_ref is unchanged, one that differs
    becomes a new revision. Refusals of the actions are errors at the first line of their quotation.
    """
    report = ImportReport()
    found = list(records(table, cells.fields(), options, report.errors))
    groups = grouped(found, ["rfq", "supplier", "quote_ref"], cells.HEAD, report.errors)
    plans = _Planning(groups, options, report.errors).plans()
    if report.errors or table.errors:
        return report
    sources = _Sources(table, options, plans)
    known = _latest(plans)
    captured: dict[Any, RFQ] = {}
    for plan in track(plans, _("quotations"), total=len(plans), shown=options.progress):
        earlier = known.get(_key(plan))
        if earlier is not None and _is_same(earlier, plan):
            report.unchanged += 1
            continue
        with refusals_at(plan.group.line, report.errors):
            _capture(plan, sources)
            captured[plan.rfq.pk] = plan.rfq
            report.created += earlier is None
            report.updated += earlier is not None
    for rfq_id in captured:
        _refresh(rfq_id)
    if report.errors or options.dry_run:
        sources.forget()
    return report


class _Planning:
    """Finds what the groups name: requests the acting people see, their lines, suppliers."""

    def __init__(self, groups: list[Group], options: ImportOptions, errors: list[RowError]) -> None:
        self._groups, self._errors = groups, errors
        acting = acting_user(options.acting) if options.acting else None
        names = {str(group.head["rfq"]) for group in groups}
        codes = {group.head["supplier"] for group in groups}
        rfqs = RFQ.objects.filter(Q(number__in=names) | Q(reference__in=names))
        rfqs = rfqs.select_related("site", "requester").prefetch_related("lines")
        self._suppliers = dict(Supplier.objects.filter(code__in=codes).values_list("code", "pk"))
        self._rfqs: dict[str, tuple[RFQ, User]] = {}
        for rfq, by in _seen(list(rfqs), acting):
            self._rfqs |= {rfq.reference: (rfq, by), rfq.number: (rfq, by)}

    def plans(self) -> list[Plan]:
        """Return a plan for each group that names only what exists; the others are errors."""
        made = [self._plan(group) for group in self._groups]
        return [plan for plan in made if plan is not None]

    def _plan(self, group: Group) -> Plan | None:
        head = cells.head_values(group.records[0], self._errors)
        rfq, by = self._rfqs.get(group.head["rfq"], (None, None))
        supplier = self._suppliers.get(group.head["supplier"])
        if rfq is None:
            problem = _(
                "There is no request “%(name)s” that the acting buyer sees. Write its number or "
                "rfq_ref, or name a buyer of its site with --as."
            )
            self._refuse(group, "rfq", problem % {"name": group.head["rfq"]})
        if supplier is None:
            problem = _("There is no supplier %(code)s. Import the suppliers first, or correct it.")
            self._refuse(group, "supplier", problem % {"code": group.head["supplier"]})
        if rfq is None or by is None or supplier is None:
            return None
        return Plan(group, rfq, supplier, by, head, self._lines(group, rfq))

    def _refuse(self, group: Group, column: str, problem: str) -> None:
        self._errors.append(RowError(group.line, column, problem))

    def _lines(self, group: Group, rfq: RFQ) -> dict[Any, dict[str, Any]]:
        own = {line.position: line.pk for line in rfq.lines.all()}
        lines = {}
        for record in group.records:
            number = record.values["line_no"]
            if number in own:
                lines[own[number]] = cells.line_values(record, rfq, self._errors)
            else:
                problem = _("%(rfq)s has no line %(number)d; its lines are 1 to %(last)d.")
                texts = {"rfq": rfq.number, "number": number, "last": len(own)}
                self._errors.append(RowError(record.row.line, "line_no", problem % texts))
        return lines


class _Sources:
    """Keeps the file with each request once. A file about several requests is parted first:

    nobody may read the prices of one request in the attachment of another.
    """

    def __init__(self, table: Table, options: ImportOptions, plans: list[Plan]) -> None:
        self._table, self._options = table, options
        self._rows: dict[Any, set[int]] = {}
        for plan in plans:
            rows = self._rows.setdefault(plan.rfq.pk, set())
            rows |= {record.row.line for record in plan.group.records}
        self._kept: dict[Any, Attachment] = {}

    def of(self, rfq: RFQ, by: User) -> Attachment:
        """Return the attachment of the request, made on the first call."""
        if rfq.pk not in self._kept:
            name, content = self._file(rfq)
            upload = ContentFile(content, name=name)
            self._kept[rfq.pk] = attach(
                rfq_id=rfq.pk, kind=AttachmentKind.SOURCE, upload=upload, by=by
            )
        return self._kept[rfq.pk]

    def forget(self) -> None:
        """Remove the stored files of an import that is about to be undone."""
        for attachment in self._kept.values():
            default_storage.delete(attachment.path)

    def _file(self, rfq: RFQ) -> tuple[str, bytes]:
        path = PurePath(self._options.name)
        if len(self._rows) == 1:
            suffix = path.suffix if path.suffix.lower() in (".csv", ".xlsx", ".txt") else ".csv"
            return f"{path.stem}{suffix}", self._options.content
        text = io.StringIO()
        writer = csv.DictWriter(text, self._table.headings)
        writer.writeheader()
        rows = (row for row in self._table if row.line in self._rows[rfq.pk])
        writer.writerows(dict(row.values) for row in rows)
        return f"{path.stem}-{rfq.number}.csv", text.getvalue().encode()


def _seen(rfqs: Iterable[RFQ], acting: User | None) -> list[tuple[RFQ, User]]:
    """Pair each request with who acts on it, where that person sees it."""
    by_person: dict[User, list[RFQ]] = {}
    for rfq in rfqs:
        by_person.setdefault(acting or rfq.requester, []).append(rfq)
    pairs: list[tuple[RFQ, User]] = []
    for user, theirs in by_person.items():
        ids = [rfq.pk for rfq in theirs]
        visible = set(RFQ.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
        pairs += [(rfq, user) for rfq in theirs if rfq.pk in visible]
    return pairs


def _latest(plans: list[Plan]) -> dict[tuple[Any, ...], Quotation]:
    """Return the newest quotation of each request, supplier and quote_ref that the file names.

    All rounds count, so that an old file run again does not bring old prices into a new round.
    """
    rows = Quotation.objects.filter(rfq__in={plan.rfq.pk for plan in plans})
    rows = rows.exclude(status=QuotationStatus.DRAFT)
    rows = rows.prefetch_related("lines").order_by("round", "revision")
    return {(row.rfq_id, row.supplier_id, row.quote_ref): row for row in rows}


def _key(plan: Plan) -> tuple[Any, ...]:
    return plan.rfq.pk, plan.supplier_id, plan.head["quote_ref"]


def _is_same(earlier: Quotation, plan: Plan) -> bool:
    if any(getattr(earlier, name) != value for name, value in plan.head.items()):
        return False
    stored = {line.line_id: line for line in earlier.lines.all()}
    return stored.keys() == plan.lines.keys() and all(
        getattr(stored[line_id], name) == value
        for line_id, values in plan.lines.items()
        for name, value in values.items()
    )


def _capture(plan: Plan, sources: _Sources) -> None:
    quoting.enter(
        rfq_id=plan.rfq.pk,
        supplier_id=plan.supplier_id,
        by=plan.by,
        head=plan.head,
        lines=plan.lines,
        receipt=quoting.Receipt(
            Channel.SHEET.value, timezone.now(), source=sources.of(plan.rfq, plan.by)
        ),
    )


@transaction.atomic
def _refresh(rfq_id: Any) -> None:
    rfq = RFQ.objects.lock(rfq_id)
    refresh_quotations(rfq)
    store(rfq)
