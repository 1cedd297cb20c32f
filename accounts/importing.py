"""Sites and people from a file (INTERFACES 2)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from accounts.models import Role, Site, User, check_time_zone
from quoteflow.audit import journal
from quoteflow.lib.cellfields import ListField
from quoteflow.lib.errors import Incomplete
from quoteflow.lib.fields import CountryField, GSTINField
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import Record, by_key, records, store
from quoteflow.lib.tabular import RowError, Table

ADMIN = "admin"  # the word of the file for the back office
COUNTRY, ZONE = "IN", "Asia/Kolkata"

SITE_COLUMNS = Columns(
    required=("code", "name"),
    optional=("address", "city", "state", "country", "timezone", "gstin", "head_email"),
    aliases={
        "site": "code",
        "site code": "code",
        "plant": "code",
        "site name": "name",
        "time zone": "timezone",
        "tz": "timezone",
        "gst no": "gstin",
        "gst number": "gstin",
        "head": "head_email",
    },
)
USER_COLUMNS = Columns(
    required=("email", "full_name", "roles"),
    optional=("sites",),
    aliases={
        "e-mail": "email",
        "mail": "email",
        "name": "full_name",
        "role": "roles",
        "site": "sites",
        "plants": "sites",
    },
)


def acting_user(email: str) -> User:
    """Return the active person with this address; Incomplete with a sentence when there is none."""
    user = User.objects.get_queryset().active().filter(email=email.strip().lower()).first()
    if user is None:
        raise Incomplete(_("Nobody active here has the address %(email)s.") % {"email": email})
    return user


def import_sites(table: Table, options: ImportOptions) -> ImportReport:
    """Create or update sites by code. A column the file lacks is left alone; an empty cell empties.

    The head must be a person already; sites without the column come first, then people, then heads.
    """
    report = ImportReport()
    found = by_key(records(table, _site_fields(), options, report.errors), ["code"], report.errors)
    emails = {record.values.get("head_email", "") for record in found.values()}
    heads = dict(User.objects.get_queryset().filter(email__in=emails).values_list("email", "pk"))
    wanted = {code: _site(record, heads, report.errors) for code, record in found.items()}
    if not report.errors:
        store(Site, wanted, ["code"], report)
    return report


def import_users(found: Mapping[str, Record], report: ImportReport) -> dict[str, User]:
    """Create or update people by e-mail address; return all of them, by address.

    `found` has records of `user_fields`. Roles and sites become exactly those of the file, sites
    only where it has the column. New people have no password: they ask for a reset mail.
    """
    people = User.objects.get_queryset().filter(email__in=found).prefetch_related("sites")
    known = {user.email: user for user in people}
    codes = {code for record in found.values() for code in record.values.get("sites", [])}
    sites = dict(Site.objects.filter(code__in=codes).values_list("code", "pk"))
    for record in found.values():
        _refuse_unknown_sites(record, sites, report.errors)
    if report.errors:
        return known
    for email, record in found.items():
        ids = [sites[code] for code in record.values["sites"]] if "sites" in record.values else None
        facts = _person(record.values)
        if email in known:
            _revise_person(known[email], facts, ids, report)
        else:
            known[email] = _new_person(email, facts, ids or [], report)
    return known


def user_fields() -> dict[str, forms.Field]:
    """The cells of one person."""
    return {
        "email": AddressField(),
        "full_name": forms.CharField(max_length=120),
        "roles": _RolesField(),
        "sites": _CodesField(required=False),
    }


class AddressField(forms.EmailField):
    """An e-mail address in small letters."""

    def clean(self, value: Any) -> str:
        return str(super().clean(value)).lower()


class _CodesField(ListField):
    """Site codes in capital letters."""

    def to_python(self, value: Any) -> list[str]:
        return [code.upper() for code in super().to_python(value)]


class _RolesField(ListField):
    """Roles and `admin`; a supplier has no other."""

    def clean(self, value: Any) -> list[str]:
        roles = [role.lower() for role in super().clean(value)]
        unknown = [role for role in roles if role not in (*Role.values, ADMIN)]
        if unknown:
            raise ValidationError(
                _("“%(role)s” is not a role. Write some of: %(roles)s."),
                params={"role": unknown[0], "roles": ", ".join((*Role.values, ADMIN))},
            )
        if Role.SUPPLIER in roles and len(roles) > 1:
            raise ValidationError(_("A supplier cannot have another role as well."))
        return roles


def _site_fields() -> dict[str, forms.Field]:
    code = RegexValidator(
        r"^[A-Z0-9]{2,10}$", _("Use 2 to 10 capital letters and digits, like A001.")
    )
    return {
        "code": forms.CharField(validators=[code]),
        "name": forms.CharField(max_length=120),
        "address": forms.CharField(required=False),
        "city": forms.CharField(required=False, max_length=80),
        "state": forms.CharField(required=False, max_length=80),
        "country": CountryField(required=False),
        "timezone": forms.CharField(required=False, validators=[check_time_zone]),
        "gstin": GSTINField(required=False),
        "head_email": AddressField(required=False),
    }


def _site(record: Record, heads: Mapping[str, Any], errors: list[RowError]) -> dict[str, Any]:
    values = {name: value for name, value in record.values.items() if name != "code"}
    if "country" in values:
        values["country"] = values["country"] or COUNTRY
    if "timezone" in values:
        values["time_zone"] = values.pop("timezone") or ZONE
    if "head_email" in values:
        email = values.pop("head_email")
        values["head_id"] = heads.get(email)
        if email and email not in heads:
            errors.append(
                RowError(
                    record.row.line,
                    "head_email",
                    _(
                        "Nobody here has the address %(email)s. Import the sites without this column, "
                        "then the people, then this file again."
                    )
                    % {"email": email},
                )
            )
    return values


def _refuse_unknown_sites(record: Record, sites: Mapping[str, Any], errors: list[RowError]) -> None:
    unknown = [code for code in record.values.get("sites", []) if code not in sites]
    if unknown:
        errors.append(
            RowError(
                record.row.line,
                "sites",
                _("There is no site %(code)s. Import the sites first, or correct the code.")
                % {"code": unknown[0]},
            )
        )


def _person(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "full_name": values["full_name"],
        "roles": [role for role in values["roles"] if role != ADMIN],
        "is_staff": ADMIN in values["roles"],
    }


def _new_person(email: str, facts: dict[str, Any], ids: list[Any], report: ImportReport) -> User:
    user = User(email=email, password=make_password(None), **facts)
    user.save(force_insert=True)
    user.sites.set(ids)
    report.created += 1
    journal.record("user.import", user, by=None, after=_rights(facts, ids))
    return user


def _revise_person(
    user: User, facts: dict[str, Any], ids: list[Any] | None, report: ImportReport
) -> None:
    """Write what differs, and say in the journal what the person may do from now on."""
    before = {name: getattr(user, name) for name in facts}
    sites = [site.pk for site in user.sites.all()]
    same_sites = ids is None or set(ids) == set(sites)
    if same_sites and _without_order(before) == _without_order(facts):
        report.unchanged += 1
        return
    for name, value in facts.items():
        setattr(user, name, value)
    user.save(update_fields=list(facts))
    if not same_sites:
        user.sites.set(ids or [])
    report.updated += 1
    journal.record(
        "user.import",
        user,
        by=None,
        before=_rights(before, sites),
        after=_rights(facts, sites if ids is None else ids),
    )


def _without_order(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "roles": sorted(facts["roles"])}


def _rights(facts: Mapping[str, Any], ids: list[Any]) -> dict[str, Any]:
    return {
        "roles": sorted(facts["roles"]),
        "is_staff": facts["is_staff"],
        "sites": sorted(map(str, ids)),
    }
