"""GST rates from a file (INTERFACES 2)."""

from typing import Any

from django import forms

from quoteflow.lib.cellfields import percent_field
from quoteflow.lib.fields import FlexibleDateField
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import by_key, records, store
from quoteflow.lib.tabular import Table
from rfqs.importing.catalogue import hsn_field
from rfqs.models import TaxRate

COLUMNS = Columns(
    required=("hsn", "valid_from", "gst_percent"),
    optional=("source",),
    aliases={
        "hsn/sac": "hsn",
        "hsn code": "hsn",
        "sac": "hsn",
        "from": "valid_from",
        "date": "valid_from",
        "gst": "gst_percent",
        "gst %": "gst_percent",
        "rate": "gst_percent",
    },
)


def import_tax_rates(table: Table, options: ImportOptions) -> ImportReport:
    """Create or correct the GST percent of HSN and SAC codes by the day it holds from."""
    report = ImportReport()
    found = by_key(
        records(table, _fields(), options, report.errors), ["hsn", "valid_from"], report.errors
    )
    wanted: dict[Any, dict[str, Any]] = {
        key: {name: record.values[name] for name in ("gst_percent", "source") if name in record.values}
        for key, record in found.items()
    }  # fmt: skip
    if not report.errors:
        store(TaxRate, wanted, ["hsn", "valid_from"], report)
    return report


def _fields() -> dict[str, forms.Field]:
    code, percent = hsn_field(), percent_field()
    code.required = percent.required = True  # an empty rate is no rate of nothing
    return {
        "hsn": code,
        "valid_from": FlexibleDateField(),
        "gst_percent": percent,
        "source": forms.CharField(required=False, max_length=120),
    }
