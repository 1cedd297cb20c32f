"""Suppliers, their contacts and the people who sign in for them, from a file (INTERFACES 2)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.importing import USER_COLUMNS, import_users, user_fields
from accounts.models import Role, User
from quoteflow.lib import copying
from quoteflow.lib.cellfields import WordField
from quoteflow.lib.fields import CountryField, CurrencyField, GSTINField
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import BATCH, Record, by_key, records, store
from quoteflow.lib.tabular import RowError, Table
from suppliers.activation import needs_approval
from suppliers.models import Contact, Supplier, SupplierStatus

SUPPLIER_COLUMNS = Columns(
    required=("vendor_code", "name"),
    optional=(
        "category", "contact_name", "email", "phone", "address", "city", "state", "country",
        "postal_code", "gstin", "vat_number", "currency", "payment_terms", "status",
    ),
    aliases={
        "code": "vendor_code",
        "vendor": "vendor_code",
        "supplier": "vendor_code",
        "supplier code": "vendor_code",
        "vendor name": "name",
        "supplier name": "name",
        "legal name": "name",
        "company": "name",
        "contact": "contact_name",
        "contact person": "contact_name",
        "e-mail": "email",
        "mail": "email",
        "mobile": "phone",
        "telephone": "phone",
        "contact no": "phone",
        "pin code": "postal_code",
        "pin": "postal_code",
        "zip": "postal_code",
        "zip code": "postal_code",
        "gst no": "gstin",
        "gst number": "gstin",
        "vat no": "vat_number",
        "vat": "vat_number",
        "terms": "payment_terms",
    },
)  # fmt: skip
PEOPLE_COLUMNS = Columns(
    required=USER_COLUMNS.required,
    optional=(*USER_COLUMNS.optional, "vendor_code"),
    aliases={**USER_COLUMNS.aliases, "vendor": "vendor_code", "supplier": "vendor_code"},
)
# What an empty cell means where a supplier must have something.
DEFAULTS = {
    "country": "IN",
    "currency": settings.BASE_CURRENCY,
    "status": SupplierStatus.ACTIVE.value,
}


def import_suppliers(table: Table, options: ImportOptions) -> ImportReport:
    """Create or update suppliers by vendor code, a fixed number of statements per 2,000 rows.

    A column the file lacks is left alone; an empty cell empties. `contact_name` with the row's
    e-mail and phone becomes the supplier's first contact. Where a policy asks for an approval before a
    supplier becomes active, a new one waits for it, and one that is not active stays what it is.
    """
    report = ImportReport()
    found = by_key(
        records(table, _fields(), options, report.errors), ["vendor_code"], report.errors
    )
    if report.errors or not found:
        return report
    wanted = {code: _facts(record) for code, record in found.items()}
    if needs_approval():
        _wait_for_approval(wanted, report)
    changed = store(Supplier, wanted, ["code"], report)
    touched = _store_contacts(found)
    retouched = len(touched - set(changed))
    report.updated += retouched
    report.unchanged -= retouched
    return report


def import_people(table: Table, options: ImportOptions) -> ImportReport:
    """Create or update people by e-mail address; suppliers' people become contacts of their company."""
    report = ImportReport()
    fields = user_fields() | {"vendor_code": forms.CharField(required=False, max_length=30)}
    found = by_key(records(table, fields, options, report.errors), ["email"], report.errors)
    codes = {record.values.get("vendor_code", "") for record in found.values()} - {""}
    companies = {supplier.code: supplier for supplier in Supplier.objects.filter(code__in=codes)}
    for record in found.values():
        _check_company(record, companies, report.errors)
    people = import_users(found, report)
    if not report.errors:
        _link(found, people, companies, report)
    return report


def _fields() -> dict[str, forms.Field]:
    statuses = {status.value: status.value for status in SupplierStatus}
    return {
        "vendor_code": forms.CharField(max_length=30),
        "name": forms.CharField(max_length=200),
        "category": forms.CharField(required=False, max_length=80),
        "contact_name": forms.CharField(required=False, max_length=120),
        "email": forms.EmailField(required=False),
        "phone": forms.CharField(required=False, max_length=40),
        "address": forms.CharField(required=False),
        "city": forms.CharField(required=False, max_length=80),
        "state": forms.CharField(required=False, max_length=80),
        "country": CountryField(required=False),
        "postal_code": forms.CharField(required=False, max_length=20),
        "gstin": GSTINField(required=False),
        "vat_number": forms.CharField(required=False, max_length=30),
        "currency": CurrencyField(required=False),
        "payment_terms": forms.CharField(required=False, max_length=120),
        "status": WordField(statuses, required=False),
    }


def _facts(record: Record) -> dict[str, Any]:
    return {
        name: value or DEFAULTS.get(name, "")
        for name, value in record.values.items()
        if name not in ("vendor_code", "contact_name")
    }


def _wait_for_approval(wanted: Mapping[str, dict[str, Any]], report: ImportReport) -> None:
    """Let no row make a supplier active: that is approved, one by one. The report says how many wait."""
    stored: dict[str, str] = {}
    codes = list(wanted)
    for start in range(0, len(codes), BATCH):
        rows = Supplier.objects.filter(code__in=codes[start : start + BATCH])
        stored |= dict(rows.values_list("code", "status"))
    waiting = 0
    for code, facts in wanted.items():
        was = stored.get(code, SupplierStatus.PENDING.value)
        asked = facts.get("status", stored.get(code, SupplierStatus.ACTIVE.value))
        held = asked == SupplierStatus.ACTIVE and was != SupplierStatus.ACTIVE
        facts["status"] = was if held else asked
        waiting += held
    if waiting:
        report.notes.append(
            ngettext(
                "%(n)d supplier is not active: a policy asks for an approval. Ask for it on its page.",
                "%(n)d suppliers are not active: a policy asks for an approval. Ask for it on their pages.",
                waiting,
            )
            % {"n": waiting}
        )


def _store_contacts(found: Mapping[str, Record]) -> set[str]:
    """Make the named person the first contact; return the codes of suppliers where that was news."""
    named = {code: record for code, record in found.items() if record.values.get("contact_name")}
    fresh: list[dict[str, Any]] = []
    changed: list[Contact] = []
    touched: set[str] = set()
    for code, supplier_id, contact in _primary_contacts(list(named)):
        facts = _contact(named[code])
        if contact is None:
            fresh.append(
                {"supplier_id": supplier_id, "is_primary": True, "email": "", "phone": "", **facts}
            )
        elif any(getattr(contact, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(contact, name, value)
            changed.append(contact)
        else:
            continue
        touched.add(code)
    copying.upsert(Contact, ["id"], fresh)
    Contact.objects.bulk_update(changed, ["name", "email", "phone"], batch_size=BATCH)
    return touched


def _primary_contacts(codes: list[str]) -> list[tuple[str, Any, Contact | None]]:
    """Return code and id of each supplier, with its first contact if it has one."""
    found: list[tuple[str, Any, Contact | None]] = []
    for start in range(0, len(codes), BATCH):
        rows = Supplier.objects.filter(code__in=codes[start : start + BATCH])
        ids = dict(rows.values_list("code", "pk"))
        primary = Contact.objects.filter(supplier__in=ids.values(), is_primary=True)
        contacts = {contact.supplier_id: contact for contact in primary}
        found += [(code, pk, contacts.get(pk)) for code, pk in ids.items()]
    return found


def _contact(record: Record) -> dict[str, str]:
    """What the row says of the person; a column the file lacks says nothing."""
    told = [name for name in ("email", "phone") if name in record.values]
    facts: dict[str, str] = {name: record.values[name] for name in told}
    return {"name": record.values["contact_name"], **facts}


def _check_company(
    record: Record, companies: Mapping[str, Supplier], errors: list[RowError]
) -> None:
    """A supplier's person names a known company, everybody else none."""
    code = record.values.get("vendor_code", "")
    if Role.SUPPLIER in record.values["roles"] and not code:
        problem = _("A person with the role supplier needs the vendor code of the company.")
    elif Role.SUPPLIER not in record.values["roles"] and code:
        problem = _("Only a person with the role supplier has a vendor code. Empty this cell.")
    elif code and code not in companies:
        problem = _("There is no supplier %(code)s. Import the suppliers first.") % {"code": code}
    else:
        return
    errors.append(RowError(record.row.line, "vendor_code", problem))


def _link(
    found: Mapping[str, Record],
    people: Mapping[str, User],
    companies: Mapping[str, Supplier],
    report: ImportReport,
) -> None:
    """Tie each supplier's person to a contact of the company, the one of that address if there is one."""
    theirs = {email: people[email] for email, r in found.items() if r.values.get("vendor_code")}
    match = Q(user__in=theirs.values()) | Q(supplier__in=companies.values(), user=None)
    contacts = list(Contact.objects.filter(match).select_related("supplier").order_by("pk"))
    linked = {contact.user_id: contact for contact in contacts if contact.user_id}
    waiting = {(c.supplier_id, c.email.lower()): c for c in contacts if c.user_id is None}
    for email, user in theirs.items():
        company = companies[found[email].values["vendor_code"]]
        own = linked.get(user.pk)
        if own is not None and own.supplier_id != company.pk:
            problem = _("%(email)s signs in for %(company)s already. Use another address.")
            texts = {"email": email, "company": own.supplier.name}
            report.errors.append(RowError(found[email].row.line, "vendor_code", problem % texts))
        elif own is None:
            _tie(waiting.get((company.pk, email)), company, user)


def _tie(contact: Contact | None, company: Supplier, user: User) -> None:
    if contact is None:
        Contact.objects.create(supplier=company, name=user.full_name, email=user.email, user=user)
    else:
        contact.user = user
        contact.save(update_fields=["user"])
