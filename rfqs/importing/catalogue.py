"""Catalogue items from a file (INTERFACES 2)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from quoteflow.lib.cellfields import ReadField, percent_field, price_field
from quoteflow.lib.fields import CurrencyField, FlexibleDateField
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import BATCH, Record, by_key, records, store
from quoteflow.lib.tabular import RowError, Table
from rfqs.importing.units import UnitBook
from rfqs.models import Item
from suppliers.models import Supplier

COLUMNS = Columns(
    required=("item_code", "description", "uom"),
    optional=(
        "specification", "category", "hsn", "gst_percent", "last_buying_price", "last_currency",
        "last_vendor", "last_bought_on",
    ),
    aliases={
        "code": "item_code",
        "item": "item_code",
        "material": "item_code",
        "unit": "uom",
        "unit of measure": "uom",
        "spec": "specification",
        "hsn/sac": "hsn",
        "hsn code": "hsn",
        "gst": "gst_percent",
        "gst %": "gst_percent",
        "last price": "last_buying_price",
        "lpp": "last_buying_price",
        "currency": "last_currency",
        "vendor": "last_vendor",
        "last date": "last_bought_on",
    },
)  # fmt: skip
LAST = ("last_price", "last_currency", "last_supplier_id", "last_bought_on")


def import_catalogue(table: Table, options: ImportOptions) -> ImportReport:
    """Create or update items by code, a fixed number of statements per 2,000 rows.

    A column the file lacks is left alone; an empty cell empties. What an item last cost is kept
    where the stored purchase is of a later day than the file's (DOMAIN 1), or the file has no day.
    """
    report = ImportReport()
    fields = _fields(UnitBook())
    found = by_key(records(table, fields, options, report.errors), ["item_code"], report.errors)
    vendors = _vendors({record.values.get("last_vendor", "") for record in found.values()} - {""})
    wanted = {code: _item(record, vendors, report.errors) for code, record in found.items()}
    if report.errors or not found:
        return report
    if "last_buying_price" in table.headings:
        _keep_later_purchases(wanted)
    store(Item, wanted, ["code"], report)
    return report


def hsn_field() -> forms.CharField:
    """An HSN or SAC code."""
    return forms.RegexField(
        r"^[0-9]{2,8}$",
        required=False,
        error_messages={"invalid": _("An HSN or SAC code has 2 to 8 digits, such as 7318.")},
    )


def _fields(book: UnitBook) -> dict[str, forms.Field]:
    return {
        "item_code": forms.CharField(max_length=40),
        "description": forms.CharField(max_length=500),
        "specification": forms.CharField(required=False),
        "uom": ReadField(book.find),
        "category": forms.CharField(required=False, max_length=80),
        "hsn": hsn_field(),
        "gst_percent": percent_field(),
        "last_buying_price": price_field(),
        "last_currency": CurrencyField(required=False),
        "last_vendor": forms.CharField(required=False, max_length=200),
        "last_bought_on": FlexibleDateField(required=False),
    }


def _vendors(texts: Iterable[str]) -> dict[str, Any]:
    """Return supplier ids by vendor code and by name, as far as the name is of one supplier only."""
    known: dict[str, Any] = {}
    wanted = sorted(texts)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        rows = Supplier.objects.filter(Q(code__in=batch) | Q(name__in=batch))
        for pk, code, name in rows.values_list("pk", "code", "name"):
            known[name] = pk if name not in known else None
            known[code] = pk
    return {text: pk for text, pk in known.items() if pk is not None}


def _item(record: Record, vendors: Mapping[str, Any], errors: list[RowError]) -> dict[str, Any]:
    cells = record.values
    same = ("description", "specification", "category", "hsn", "gst_percent")
    values = {name: cells[name] for name in same if name in cells} | {"unit_id": cells["uom"].pk}
    if "last_buying_price" in cells:
        values |= _last_purchase(record, vendors, errors)
    elif any(cells.get(name) for name in ("last_currency", "last_vendor", "last_bought_on")):
        problem = _("The last purchase needs its price, in the column last_buying_price.")
        errors.append(RowError(record.row.line, "last_buying_price", problem))
    return values


def _last_purchase(
    record: Record, vendors: Mapping[str, Any], errors: list[RowError]
) -> dict[str, Any]:
    cells = record.values
    price, vendor = cells["last_buying_price"], cells.get("last_vendor", "")
    if vendor and vendor not in vendors:
        problem = _(
            "“%(vendor)s” is no vendor code and not the name of exactly one supplier. "
            "Import the suppliers first, or write the vendor code."
        )
        errors.append(RowError(record.row.line, "last_vendor", problem % {"vendor": vendor}))
    if price is None:
        return dict(zip(LAST, (None, "", None, None), strict=True))
    currency = cells.get("last_currency") or settings.BASE_CURRENCY
    return dict(
        zip(LAST, (price, currency, vendors.get(vendor), cells.get("last_bought_on")), strict=True)
    )


def _keep_later_purchases(wanted: dict[str, dict[str, Any]]) -> None:
    """Put back what is stored where it is of a later day."""
    codes = list(wanted)
    for start in range(0, len(codes), BATCH):
        rows = Item.objects.filter(
            code__in=codes[start : start + BATCH], last_bought_on__isnull=False
        )
        for code, *stored in rows.values_list("code", *LAST):
            told = wanted[code]["last_bought_on"]
            if told is None or told < stored[-1]:
                wanted[code].update(zip(LAST, stored, strict=True))
