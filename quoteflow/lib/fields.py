"""Form fields that read what people paste: amounts, codes, tax numbers and days.

Pages use them in forms; import commands clean one cell at a time with the same fields, after
`follow` has told them the file's conventions.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from quoteflow.lib.countries import country_code
from quoteflow.lib.currencies import currency_code
from quoteflow.lib.dates import Order, parse_date
from quoteflow.lib.gstin import check_gstin
from quoteflow.lib.numbers import parse_decimal, parse_percent


class _ReadField(forms.Field):
    """Text in, value out; the sentence of a ValueError becomes the field's error."""

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """Return None for an empty entry; values that are not text are taken as they are."""
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return self.read(value)
        except ValueError as refusal:
            raise ValidationError(str(refusal), code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was meant, so that 1,200 is not a change of 1200.00."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class QuantityField(_ReadField):
    """A Decimal with at most `places` decimals (3), read with `decimal_mark`."""

    decimal_mark = "."

    def __init__(self, *, places: int = 3, signed: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.places, self.signed = places, signed
        self.widget.attrs.setdefault("inputmode", "decimal")

    def read(self, text: str) -> Decimal:
        """Return the number as written."""
        return parse_decimal(
            text, decimal_mark=self.decimal_mark, places=self.places, signed=self.signed
        )


class MoneyField(QuantityField):
    """An amount with at most `places` decimals (4, as unit prices are stored).

    With `currency` a symbol of another currency is refused.
    """

    def __init__(self, *, places: int = 4, currency: str | None = None, **options: Any) -> None:
        super().__init__(places=places, **options)
        self.currency = currency

    def read(self, text: str) -> Decimal:
        """Return the amount as written, without its currency symbol."""
        return parse_decimal(
            text,
            decimal_mark=self.decimal_mark,
            places=self.places,
            signed=self.signed,
            currency=self.currency,
        )


class PercentField(QuantityField):
    """A percentage, `18` or `18%`, as Decimal 18."""

    def read(self, text: str) -> Decimal:
        """Return the percentage as written, without its sign."""
        return parse_percent(
            text, decimal_mark=self.decimal_mark, places=self.places, signed=self.signed
        )


class FlexibleDateField(_ReadField):
    """A day: ISO always, day and month in `order` where one is stated."""

    order: Order | None = None
    widget = forms.DateInput(format="%Y-%m-%d")

    def __init__(self, *, order: Order | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.order = order

    def read(self, text: str) -> date:
        """Return the day."""
        return parse_date(text, self.order)


class _CodeField(_ReadField):
    """A text normalised by a reader; an empty entry stays an empty text."""

    reader: Callable[[str], str]

    def read(self, text: str) -> str:
        return type(self).reader(text)

    def to_python(self, value: Any) -> str:
        return super().to_python(value) or ""


class CurrencyField(_CodeField):
    """An active ISO 4217 code in capitals."""

    reader = staticmethod(currency_code)


class CountryField(_CodeField):
    """An ISO 3166 alpha-2 code, given by code or by name."""

    reader = staticmethod(country_code)


class GSTINField(_CodeField):
    """An Indian tax number with a right check digit, in capitals."""

    reader = staticmethod(check_gstin)


def follow(
    fields: Iterable[forms.Field], *, decimal_mark: str = ".", order: Order | None = None
) -> None:
    """Tell `fields` the decimal mark and the order of dates of the file they will read."""
    for field in fields:
        if isinstance(field, QuantityField):
            field.decimal_mark = decimal_mark
        elif isinstance(field, FlexibleDateField):
            field.order = order
