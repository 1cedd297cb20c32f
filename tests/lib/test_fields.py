"""Form fields that read what people paste."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from quoteflow.lib.fields import (
    CountryField,
    CurrencyField,
    FlexibleDateField,
    GSTINField,
    MoneyField,
    PercentField,
    QuantityField,
    follow,
)


class QuoteForm(forms.Form):
    price = MoneyField(currency="INR")
    quantity = QuantityField(required=False)
    gst = PercentField(required=False)
    currency = CurrencyField(required=False)
    country = CountryField(required=False)
    gstin = GSTINField(required=False)
    valid_until = FlexibleDateField(required=False)


def test_pasted_values_are_read():
    form = QuoteForm(
        {
            "price": "₹ 1,23,456.50",
            "quantity": "2,500",
            "gst": "18%",
            "currency": "usd",
            "country": "Germany",
            "gstin": "27aapfu0939f1zv",
            "valid_until": "2026-11-25",
        }
    )
    assert (form.errors, form.cleaned_data) == (
        {},
        {
            "price": Decimal("123456.50"),
            "quantity": Decimal(2500),
            "gst": Decimal(18),
            "currency": "USD",
            "country": "DE",
            "gstin": "27AAPFU0939F1ZV",
            "valid_until": date(2026, 11, 25),
        },
    )


def test_empty_values_are_none_for_numbers_and_days_and_empty_for_codes():
    form = QuoteForm({"price": "0"})
    assert form.is_valid()
    assert form.cleaned_data == {
        "price": Decimal(0),
        "quantity": None,
        "gst": None,
        "currency": "",
        "country": "",
        "gstin": "",
        "valid_until": None,
    }


def test_a_missing_required_value_and_the_sentences_of_the_readers_are_errors():
    form = QuoteForm({"price": " ", "quantity": "1.2345", "valid_until": "05/06/2026"})
    assert form.errors["price"] == ["This field is required."]
    assert form.errors["quantity"] == ["“1.2345” has 4 decimals; at most 3 are allowed here."]
    assert form.errors["valid_until"][0].startswith("“05/06/2026” can be read in two ways.")


@pytest.mark.parametrize(("data", "changed"), [("1,200", False), ("1201", True), ("x", True)])
def test_the_same_number_in_other_dress_is_no_change(data, changed):
    assert MoneyField().has_changed(Decimal("1200.00"), data) == changed


def test_fields_follow_the_conventions_of_a_file():
    quantity, day = QuantityField(), FlexibleDateField()
    follow([quantity, day], decimal_mark=",", order="dmy")
    assert quantity.clean("1.234,5") == Decimal("1234.5")
    assert day.clean("25/11/2026") == date(2026, 11, 25)
