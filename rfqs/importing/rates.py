"""Exchange rates from a file (INTERFACES 2)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from quoteflow.lib.cellfields import above_zero, below
from quoteflow.lib.currencies import currency_code
from quoteflow.lib.fields import CurrencyField, FlexibleDateField, MoneyField
from quoteflow.lib.imports import Columns, ImportOptions, ImportReport
from quoteflow.lib.masterdata import by_key, records, store
from quoteflow.lib.tabular import Table
from rfqs.models import ExchangeRate

RATE_DIGITS, RATE_PLACES = 12, 6
COLUMNS = Columns(
    required=("currency", "date", "rate_to_base"),
    optional=("source",),
    aliases={
        "code": "currency",
        "on": "date",
        "day": "date",
        "rate": "rate_to_base",
        "exchange rate": "rate_to_base",
    },
)


def import_rates(table: Table, options: ImportOptions) -> ImportReport:
    """Create or correct rates by currency and day: base-currency units for one unit, six decimals."""
    report = ImportReport()
    found = by_key(
        records(table, _fields(), options, report.errors), ["currency", "date"], report.errors
    )
    wanted: dict[Any, dict[str, Any]] = {
        key: {
            "rate_to_base": record.values["rate_to_base"],
            **({"source": record.values["source"]} if "source" in record.values else {}),
        }
        for key, record in found.items()
    }
    if not report.errors:
        store(ExchangeRate, wanted, ["currency", "on"], report)
    return report


def parse_rate(text: str) -> tuple[str, Decimal]:
    """Return currency and rate of `EUR=92.4567`; ValueError with a sentence."""
    code, equals, number = text.partition("=")
    if not equals:
        raise ValueError(_("“%(text)s” is not a rate. Write it like EUR=92.4567.") % {"text": text})
    field = _rate_field()
    try:
        rate = field.clean(number)
    except forms.ValidationError as refusal:
        raise ValueError(" ".join(refusal.messages)) from None
    return _foreign(currency_code(code)), rate


class _ForeignCurrencyField(CurrencyField):
    """Any currency but the base currency."""

    def read(self, text: str) -> str:
        return _foreign(super().read(text))


def _fields() -> dict[str, forms.Field]:
    return {
        "currency": _ForeignCurrencyField(),
        "date": FlexibleDateField(),
        "rate_to_base": _rate_field(),
        "source": forms.CharField(required=False, max_length=120),
    }


def _rate_field() -> MoneyField:
    return MoneyField(places=RATE_PLACES, validators=[above_zero, below(RATE_DIGITS)])


def _foreign(code: str) -> str:
    if code == settings.BASE_CURRENCY:
        raise ValueError(
            _("%(code)s is the base currency; its rate is always 1. Remove it.") % {"code": code}
        )
    return code
