"""The versions of a request: what suppliers read of it, and what an addendum changed.

A version is plain JSON, so that it stays as it was read whatever happens to the tables:
{"head": {field: text}, "lines": [{"id": …, "position": …, field: text}], "files": [{"id": …, "name": …}]}.
Empty values are left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from quoteflow.lib.money import format_quantity
from quoteflow.lib.templatetags.qf import day
from rfqs.models import RFQ, Attachment, Quotation, RFQLine, Unit

HEAD = (
    "title", "description", "project_name", "required_by", "delivery_place", "delivery_terms", "contact",
)  # fmt: skip
LINE = (
    "description", "specification", "quantity", "unit_id", "hsn", "gst_percent", "required_by", "note",
    "alternative_allowed", "item_code", "indent_number", "make_accepted", "drawing_number", "work_type",
    "periods", "period_unit", "starts_on", "ends_on", "from_location", "to_location", "vehicle_size", "load_t",
    "dimensions", "distance_km", "trips_per_month", "months",
)  # fmt: skip
FOUND_BY_TRIPS = ("quantity", "unit_id")  # of transport: the product of the trips, in trips

Version = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One thing that changed: where, what it is called, and how it reads before and after."""

    place: str
    label: str
    old: str
    new: str


def version_of(rfq: RFQ, lines: Iterable[RFQLine], files: Iterable[Attachment]) -> dict[str, Any]:
    """The request as suppliers read it, with these lines and documents."""
    return {
        "head": _filled(rfq, HEAD),
        "lines": [
            {"id": str(line.pk), "position": line.position} | _filled(line, LINE) for line in lines
        ],
        "files": [
            {"id": str(file.pk), "name": file.name, "version": file.version, "kind": file.kind}
            for file in files
        ],
    }


def lines_of(version: Version, kind: str) -> list[RFQLine]:
    """The lines of a version, not stored, with their units: for the tables that show lines."""
    units = Unit.objects.in_bulk({row.get("unit_id", "") for row in version["lines"]})
    lines = []
    for row in version["lines"]:
        values = {name: _field(name).to_python(text) for name, text in row.items() if name in LINE}
        line = RFQLine(kind=kind, position=row["position"], **values)
        line.unit = units[row["unit_id"]]
        lines.append(line)
    return lines


def put_back(rfq: RFQ, version: Version, addendum: int) -> None:
    """Let a request in memory, not to be saved, read as it did in a version: that after this addendum."""
    _put(rfq, HEAD, version["head"])
    rfq.addendum_count, rfq.read_as = addendum, version


def lines_read(rfq: RFQ) -> list[RFQLine]:
    """The lines of a request with their units, in order: the present ones, or of the version it reads as."""
    if rfq.read_as is None:
        return list(rfq.lines.select_related("unit").order_by("position"))
    rows = rfq.read_as["lines"]
    stored = RFQLine.ever.in_bulk([UUID(row["id"]) for row in rows])
    units = Unit.objects.in_bulk({row["unit_id"] for row in rows})
    found = []
    for row in rows:
        line = stored[UUID(row["id"])]
        _put(line, LINE, row)
        line.position, line.dropped_by, line.unit = row["position"], None, units[row["unit_id"]]
        found.append(line)
    return found


def quoted_version(rfq: RFQ, quotation: Quotation) -> Version | None:
    """The request as it was when the quotation was made or confirmed; None where that is the present one."""
    next_one = rfq.addenda.filter(number=quotation.addendum + 1).first()
    return None if next_one is None else next_one.before


def differences(before: Version, after: Version) -> list[Difference]:
    """What changed for suppliers, in the order they read it."""
    found = _changes(_("Request"), before["head"], after["head"], HEAD, RFQ)
    old, new = _by_id(before["lines"]), _by_id(after["lines"])
    units = Unit.objects.in_bulk({row.get("unit_id", "") for row in (*old.values(), *new.values())})
    names = {code: str(unit.symbol or unit.name) for code, unit in units.items()}
    for key, row in old.items():
        place = _("Line %(n)s") % {"n": row["position"]}
        if key not in new:
            found.append(Difference(place, _("Removed"), _summary(row, names), ""))
        else:
            found += _changes(place, _named(row, names), _named(new[key], names), LINE, RFQLine)
    for key, row in new.items():
        if key not in old:
            place = _("Line %(n)s") % {"n": row["position"]}
            found.append(Difference(place, _("Added"), "", _summary(row, names)))
    known = _by_id(before["files"])
    for key, row in _by_id(after["files"]).items():
        if key not in known:
            name = row["name"]
            if row["version"] > 1:
                name = _("%(name)s, version %(n)s") % {"name": name, "n": row["version"]}
            found.append(Difference(_("Documents"), _("Added"), "", name))
    return found


def _changes(
    place: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    names: Iterable[str],
    model: Any,
) -> list[Difference]:
    return [
        Difference(
            place, _label(model, name), _shown(model, name, before), _shown(model, name, after)
        )
        for name in names
        if before.get(name) != after.get(name)
    ]


def _named(row: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, Any]:
    """A line whose unit is called as people call it; what its trips say is not said twice."""
    named = dict(row)
    if "trips_per_month" in row:
        return {name: value for name, value in named.items() if name not in FOUND_BY_TRIPS}
    named["unit_id"] = units.get(row.get("unit_id", ""), row.get("unit_id", ""))
    return named


def _summary(row: Mapping[str, Any], units: Mapping[str, str]) -> str:
    lane = " → ".join(row[name] for name in ("from_location", "to_location") if name in row)
    amount = f"{format_quantity(Decimal(row['quantity']))} {units.get(row['unit_id'], '')}"
    return ", ".join(part for part in (lane, row.get("description", ""), amount.strip()) if part)


def _label(model: Any, name: str) -> str:
    return str(capfirst(model._meta.get_field(name.removesuffix("_id")).verbose_name))  # noqa: SLF001 (Django's own public name)


def _shown(model: Any, name: str, values: Mapping[str, Any]) -> str:
    """A value as people read it."""
    text = values.get(name)
    if text is None:
        return ""
    field = model._meta.get_field(name.removesuffix("_id"))  # noqa: SLF001
    if field.choices:
        return str(dict(field.choices).get(text, text))
    if field.get_internal_type() == "DateField":
        return day(date.fromisoformat(text))
    if field.get_internal_type() == "DecimalField":
        return format_quantity(Decimal(text))
    if isinstance(text, bool):
        return _("yes") if text else _("no")
    return str(text)


def _filled(row: Any, names: Iterable[str]) -> dict[str, Any]:
    values = {name: _plain(getattr(row, name)) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else value


def _put(row: Any, names: Iterable[str], values: Mapping[str, Any]) -> None:
    """What `_filled` took, back into the row; what was left out is empty."""
    for name in names:
        field = row._meta.get_field(name.removesuffix("_id"))  # noqa: SLF001 (Django's own public name)
        value = field.get_default()
        if name in values:
            value = field.to_python(values[name])
        if isinstance(value, Decimal):
            value = round(value, field.decimal_places)
        setattr(row, name, value)


def _field(name: str) -> Any:
    return RFQLine._meta.get_field(name.removesuffix("_id") if name == "unit_id" else name)  # noqa: SLF001


def _by_id(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in rows}
