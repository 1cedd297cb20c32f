"""The cells of a quotation and of its lines."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quoteflow.lib.cellfields import (
    QUANTITY_DIGITS,
    CountField,
    WordField,
    YesNoField,
    below,
    percent_field,
    price_field,
    quantity_field,
)
from quoteflow.lib.fields import CurrencyField, FlexibleDateField, QuantityField
from quoteflow.lib.imports import Columns
from quoteflow.lib.masterdata import Record
from quoteflow.lib.tabular import RowError
from rfqs.importing.terms import FreightField, TranchesField
from rfqs.models import RFQ, GSTScheme, PeriodUnit, RateBasis

HEAD = (
    "currency", "quoted_at", "valid_until", "header_discount_percent", "discount_on_full_order", "pf_percent",
    "pf_amount", "freight", "insurance", "other_charges", "clearing_charges", "payment_terms", "gst_scheme",
)  # fmt: skip
SERVICE_COLUMNS = ("rate_period",)
TRANSPORT_COLUMNS = (
    "rate_basis", "minimum_weight_t", "fuel_percent", "toll", "loading", "capacity_t",
)  # fmt: skip
LINE = (
    "unit_price", "price_basis", "discount_percent", "moq", "order_multiple", "offered_quantity", "gst_percent",
    "duty_percent", "lead_days", "make", "remarks", "stated_total", *SERVICE_COLUMNS, *TRANSPORT_COLUMNS,
)  # fmt: skip
COLUMNS = Columns(
    required=("rfq", "supplier", "currency", "line_no"),
    optional=("quote_ref", *HEAD[1:], *LINE),
    aliases={
        "rfq number": "rfq",
        "rfq_ref": "rfq",
        "vendor": "supplier",
        "vendor_code": "supplier",
        "supplier code": "supplier",
        "quotation no": "quote_ref",
        "quote no": "quote_ref",
        "quotation date": "quoted_at",
        "quoted on": "quoted_at",
        "validity": "valid_until",
        "discount": "discount_percent",
        "p&f": "pf_percent",
        "p&f %": "pf_percent",
        "line": "line_no",
        "rate": "unit_price",
        "price": "unit_price",
        "per": "price_basis",
        "gst": "gst_percent",
        "gst %": "gst_percent",
        "lead time": "lead_days",
        "stated amount": "stated_total",
    },
)
EMPTY_TEXTS = frozenset({"make", "remarks", "rate_period", "rate_basis"})


class PriceBasisField(CountField):
    """The number of units a price is for: 1 when empty, 100 or 1000."""

    def clean(self, value: Any) -> int:
        """Return one of the three."""
        basis = super().clean(value) or 1
        if basis not in (1, 100, 1000):
            raise ValidationError(_("A price is per 1, per 100 or per 1000."))
        return basis


def fields() -> dict[str, forms.Field]:
    """The cells of one row."""
    return _head_fields() | _line_fields()


def head_values(record: Record, errors: list[RowError]) -> dict[str, Any]:
    """Return the head as `quoting.capture` takes it; a column the file lacks is empty."""
    cells = record.values
    term, amount = cells.get("freight", ("not_stated", None))
    if cells.get("pf_percent") is not None and cells.get("pf_amount") is not None:
        problem = _("Packing is a percentage or an amount, not both. Empty one of the two.")
        errors.append(RowError(record.row.line, "pf_amount", problem))
    numbers = ("header_discount_percent", "pf_percent", "pf_amount", "insurance", "other_charges")
    return {
        "currency": cells["currency"],
        "quote_ref": cells.get("quote_ref", ""),
        "quoted_on": cells.get("quoted_at"),
        "valid_until": cells.get("valid_until"),
        **{name: cells.get(name) for name in (*numbers, "clearing_charges")},
        "discount_on_full_order": bool(cells.get("discount_on_full_order")),
        "freight_term": term,
        "freight_amount": amount,
        "gst_scheme": cells.get("gst_scheme") or GSTScheme.REGULAR.value,
        "payment_terms": record.row["payment_terms"],
        "tranches": cells.get("payment_terms", []),
    }


def line_values(record: Record, rfq: RFQ, errors: list[RowError]) -> dict[str, Any]:
    """Return the answer to a line; a column of another kind of request is an error."""
    cells = record.values
    foreign: tuple[str, ...] = ()
    if not rfq.is_service:
        foreign += SERVICE_COLUMNS
    if not rfq.is_transport:
        foreign += TRANSPORT_COLUMNS
    for column in foreign:
        if cells.get(column):
            problem = _("%(rfq)s is a request of another kind and has no such column. Empty it.")
            errors.append(RowError(record.row.line, column, problem % {"rfq": rfq.number}))
    values = {name: cells.get(name, "" if name in EMPTY_TEXTS else None) for name in LINE}
    return values | {"price_basis": cells.get("price_basis") or 1}


def _head_fields() -> dict[str, forms.Field]:
    return {
        "rfq": forms.CharField(max_length=80),
        "supplier": forms.CharField(max_length=30),
        "currency": CurrencyField(),
        "quote_ref": _optional_text(80),
        "quoted_at": FlexibleDateField(required=False),
        "valid_until": FlexibleDateField(required=False),
        "header_discount_percent": percent_field(places=3),
        "discount_on_full_order": YesNoField(required=False),
        "pf_percent": percent_field(places=3),
        "pf_amount": price_field(),
        "freight": FreightField(required=False),
        "insurance": price_field(),
        "other_charges": price_field(),
        "clearing_charges": price_field(),
        "payment_terms": TranchesField(required=False),
        "gst_scheme": WordField(
            {scheme.value: scheme.value for scheme in GSTScheme}, required=False
        ),
    }


def _line_fields() -> dict[str, forms.Field]:
    periods = {unit.value: unit.value for unit in PeriodUnit}
    bases = {basis.value: basis.value for basis in RateBasis}
    return {
        "line_no": CountField(least=1),
        "unit_price": price_field(),
        "price_basis": PriceBasisField(required=False),
        "discount_percent": percent_field(places=3),
        "moq": quantity_field(),
        "order_multiple": quantity_field(),
        "offered_quantity": QuantityField(required=False, validators=[below(QUANTITY_DIGITS)]),
        "gst_percent": percent_field(),
        "duty_percent": percent_field(),
        "lead_days": CountField(required=False),
        "make": _optional_text(120),
        "remarks": _optional_text(300),
        "stated_total": price_field(),
        "rate_period": WordField(periods, required=False),
        "rate_basis": WordField(bases, required=False),
        "minimum_weight_t": quantity_field(digits=7),
        "fuel_percent": percent_field(places=3),
        "toll": price_field(),
        "loading": price_field(),
        "capacity_t": quantity_field(digits=7),
    }


def _optional_text(most: int) -> forms.CharField:
    return forms.CharField(required=False, max_length=most)
