"""Requests from a file: one row per line, the head repeated (INTERFACES 2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.importing import AddressField, acting_user
from accounts.models import Site, User
from quoteflow.lib.cellfields import ListField, ReadField, WordField, YesNoField
from quoteflow.lib.dates import parse_datetime
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import BATCH, records
from quoteflow.lib.progress import track
from quoteflow.lib.tabular import RowError, Table
from rfqs.actions import drafting, sourcing
from rfqs.importing import rfqlines
from rfqs.importing.groups import Group, grouped, refusals_at
from rfqs.importing.units import UnitBook
from rfqs.models import RFQ, CommodityType
from rfqs.states import IllegalTransition, Status
from suppliers.models import Supplier

HEAD = ("site", "commodity_type", "title", "deadline", "sealed", "suppliers", "requester_email")
COLUMNS = Columns(
    required=("rfq_ref", "site", "commodity_type", "title", "line_no", "description"),
    optional=(
        "quantity", "uom", "deadline", "sealed", "suppliers", "requester_email", "item_code",
        "specification", "hsn", "gst_percent", "last_buying_price", "last_vendor", "required_by",
        *rfqlines.SERVICE_COLUMNS, *rfqlines.TRANSPORT_COLUMNS,
    ),
    aliases={
        "rfq": "rfq_ref",
        "reference": "rfq_ref",
        "ref": "rfq_ref",
        "plant": "site",
        "site code": "site",
        "type": "commodity_type",
        "closing time": "deadline",
        "vendors": "suppliers",
        "vendor codes": "suppliers",
        "requester": "requester_email",
        "line": "line_no",
        "no": "line_no",
        "item": "item_code",
        "qty": "quantity",
        "required quantity": "quantity",
        "unit": "uom",
        "unit of measure": "uom",
        "spec": "specification",
        "hsn/sac": "hsn",
        "hsn code": "hsn",
        "gst": "gst_percent",
        "gst %": "gst_percent",
        "last price": "last_buying_price",
        "lpp": "last_buying_price",
        "from": "from_location",
        "to": "to_location",
    },
)  # fmt: skip
KINDS = {kind.value: kind.value for kind in CommodityType} | {
    "goods": CommodityType.GOODS.value,
    "indent_items": CommodityType.GOODS.value,
}


@dataclass
class Plan:
    """What the file says of one request, with everything it names found."""

    line: int
    reference: str
    site: Site
    by: User
    names_requester: bool
    kind: str
    head: dict[str, Any]
    supplier_ids: list[Any] | None
    lines: list[dict[str, Any]]


def import_rfqs(table: Table, options: ImportOptions, *, publish: bool = False) -> ImportReport:
    """Create drafts, or bring drafts known by their rfq_ref up to date; with `publish` send them out.

    The acting buyer is `options.acting`, else each request's requester_email. A published request
    must be as the file says. Refusals of the actions are errors at the first line of their request.
    """
    report = ImportReport()
    found = records(table, _fields(UnitBook()), options, report.errors)
    groups = grouped(found, ["rfq_ref"], HEAD, report.errors)
    plans = _Planning(groups, options, report.errors).plans()
    if report.errors:
        return report
    known = _known(plan.reference for plan in plans)
    for plan in track(plans, _("requests"), total=len(plans), shown=options.progress):
        with refusals_at(plan.line, report.errors):
            outcome = _bring_in(plan, known.get(plan.reference), publish=publish)
            setattr(report, outcome, getattr(report, outcome) + 1)
    return report


class _Planning:
    """Finds what the groups name: sites, people and suppliers, one statement each."""

    def __init__(self, groups: list[Group], options: ImportOptions, errors: list[RowError]) -> None:
        self._groups, self._options, self._errors = groups, options, errors
        heads = [group.head for group in groups]
        codes = {head["site"] for head in heads}
        vendors = {code for head in heads for code in head.get("suppliers", [])}
        emails = {head.get("requester_email", "") for head in heads} - {""}
        people = User.objects.get_queryset().active().filter(email__in=emails)
        self._sites = {site.code: site for site in Site.objects.filter(code__in=codes)}
        self._vendors = dict(Supplier.objects.filter(code__in=vendors).values_list("code", "pk"))
        self._people = {user.email: user for user in people}
        self._acting = acting_user(options.acting) if options.acting else None

    def plans(self) -> list[Plan]:
        """Return a plan for each group that names only what exists; the others are errors."""
        made = [self._plan(group) for group in self._groups]
        return [plan for plan in made if plan is not None]

    def _plan(self, group: Group) -> Plan | None:
        site, by, deadline = self._site(group), self._by(group), None
        if site is not None:
            deadline = self._deadline(group, site)
        kind = group.head["commodity_type"]
        ordered = sorted(group.records, key=lambda record: record.values["line_no"])
        lines = [rfqlines.line_values(record, kind, self._errors) for record in ordered]
        suppliers = self._suppliers(group)
        self._check_numbers(group)
        if site is None or by is None:
            return None
        head = {"title": group.head["title"], "deadline": deadline}
        head["is_sealed"] = group.head.get("sealed")
        stated = {name: value for name, value in head.items() if value is not None}
        return Plan(
            line=group.line,
            reference=group.head["rfq_ref"],
            site=site,
            by=by,
            names_requester=bool(group.head.get("requester_email")),
            kind=kind,
            head=stated,
            supplier_ids=suppliers or None,
            lines=lines,
        )

    def _refuse(self, group: Group, column: str, problem: str) -> None:
        self._errors.append(RowError(group.line, column, problem))

    def _site(self, group: Group) -> Site | None:
        code = group.head["site"]
        if code not in self._sites:
            problem = _("There is no site %(code)s. Import the sites first, or correct the code.")
            self._refuse(group, "site", problem % {"code": code})
        return self._sites.get(code)

    def _by(self, group: Group) -> User | None:
        email = group.head.get("requester_email", "")
        requester = self._people.get(email)
        if email and requester is None:
            problem = _("Nobody active here has the address %(email)s.") % {"email": email}
        elif requester and self._acting and requester != self._acting:
            problem = _(
                "The requester is the person who acts, here %(acting)s. Leave --as or this column out."
            ) % {"acting": self._acting.email}
        elif requester or self._acting:
            return self._acting or requester
        else:
            problem = _("Name the requester here, or the acting person with --as.")
        self._refuse(group, "requester_email", problem)
        return None

    def _deadline(self, group: Group, site: Site) -> Any:
        text = group.head.get("deadline", "")
        if not text:
            return None
        try:
            return parse_datetime(text, site.zone, self._options.date_order)
        except ValueError as problem:
            self._refuse(group, "deadline", str(problem))
            return None

    def _suppliers(self, group: Group) -> list[Any]:
        codes = group.head.get("suppliers", [])
        unknown = [code for code in codes if code not in self._vendors]
        if unknown:
            problem = _(
                "There is no supplier %(codes)s. Import the suppliers first, or correct it."
            )
            self._refuse(group, "suppliers", problem % {"codes": ", ".join(unknown)})
        return [self._vendors[code] for code in codes if code in self._vendors]

    def _check_numbers(self, group: Group) -> None:
        """Line numbers are positions; with a gap, quotations would meet other lines than meant."""
        count = len(group.records)
        numbers = {record.values["line_no"] for record in group.records}
        if not self._errors and numbers != set(range(1, count + 1)):
            problem = _("Number the lines of %(ref)s from 1 to %(count)d without a gap.")
            self._refuse(group, "line_no", problem % {"ref": group.head["rfq_ref"], "count": count})


def _fields(book: UnitBook) -> dict[str, forms.Field]:
    return {
        "rfq_ref": forms.CharField(max_length=80),
        "site": ReadField(str.upper),
        "commodity_type": WordField(KINDS),
        "title": forms.CharField(max_length=200),
        "deadline": forms.CharField(required=False, max_length=40),
        "sealed": YesNoField(required=False),
        "suppliers": ListField(required=False),
        "requester_email": AddressField(required=False),
        **rfqlines.fields(book),
    }


def _known(references: Iterable[str]) -> dict[str, RFQ]:
    wanted = list(references)
    known: dict[str, RFQ] = {}
    for start in range(0, len(wanted), BATCH):
        rows = RFQ.objects.filter(reference__in=wanted[start : start + BATCH])
        found = rows.select_related("site").prefetch_related("lines", "invitations")
        known |= {rfq.reference: rfq for rfq in found}
    return known


def _bring_in(plan: Plan, known: RFQ | None, *, publish: bool) -> str:
    """Carry the plan out; return which count of the report it belongs to."""
    outcome = "unchanged"
    if known is None:
        rfq_id, outcome = _create(plan), "created"
    else:
        rfq_id = known.pk
        if differences := _differences(known, plan):
            _update(known, plan, differences)
            outcome = "updated"
    if publish and (known is None or known.status == Status.DRAFT):
        sourcing.publish(rfq_id=rfq_id, by=plan.by)
        outcome = "created" if known is None else "updated"
    return outcome


def _create(plan: Plan) -> Any:
    rfq = drafting.create(
        site_id=plan.site.pk,
        commodity_type=plan.kind,
        reference=plan.reference,
        by=plan.by,
        lines=plan.lines,
        **plan.head,
    )
    if plan.supplier_ids:
        sourcing.choose_suppliers(rfq_id=rfq.pk, supplier_ids=plan.supplier_ids, by=plan.by)
    return rfq.pk


def _update(rfq: RFQ, plan: Plan, differences: list[str]) -> None:
    fixed = {"site", "commodity_type", "requester_email"} & set(differences)
    if rfq.status != Status.DRAFT or fixed:
        raise IllegalTransition(
            _(
                "%(ref)s is %(number)s already, and differs in: %(differences)s. A request that has "
                "gone out, and the site, kind and requester of any, are not changed by a file."
            )
            % {
                "ref": plan.reference,
                "number": rfq.number,
                "differences": ", ".join(differences),
            }
        )
    stored = {line.position: line for line in rfq.lines.all()}
    lines: list[Mapping[str, Any]] = [
        values | ({"id": stored[number].pk} if number in stored else {})
        for number, values in enumerate(plan.lines, start=1)
    ]
    drafting.revise(rfq_id=rfq.pk, version=None, by=plan.by, head=plan.head, lines=lines)
    if plan.supplier_ids:
        sourcing.choose_suppliers(rfq_id=rfq.pk, supplier_ids=plan.supplier_ids, by=plan.by)


def _differences(rfq: RFQ, plan: Plan) -> list[str]:
    """Name what the file would change; what it leaves open is no difference."""
    facts = {
        "site": rfq.site_id == plan.site.pk,
        "commodity_type": rfq.commodity_type == plan.kind,
        "requester_email": rfq.requester_id == plan.by.pk or not plan.names_requester,
        **{name: getattr(rfq, name) == value for name, value in plan.head.items()},
    }
    if plan.supplier_ids is not None:
        asked = {invitation.supplier_id for invitation in rfq.invitations.all()}
        facts["suppliers"] = asked == set(plan.supplier_ids)
    stored = sorted(rfq.lines.all(), key=lambda line: line.position)
    same = len(stored) == len(plan.lines)
    pairs = zip(stored, plan.lines, strict=True) if same else ()
    facts["lines"] = same and not any(rfqlines.differing(*pair) for pair in pairs)
    return [name for name, is_same in facts.items() if not is_same]
