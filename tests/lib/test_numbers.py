"""What people and spreadsheets write for a number, and what is refused with a sentence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoteflow.lib.numbers import parse_decimal, parse_percent, small_count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200.5", "1200.5"),
        ("1,23,456.50", "123456.50"),
        ("1,234,567.89", "1234567.89"),
        ("12,34,567", "1234567"),
        ("1,00,00,000", "10000000"),
        ("₹ 1,200", "1200"),
        ("₹\u00a01,200", "1200"),
        ("Rs. 1,200/-", "1200"),
        ("1\u202f234\u202f567", "1234567"),
        ("12.50 €", "12.50"),
        ("$99", "99"),
        (" 007 ", "7"),
        (".5", "0.5"),
        ("0", "0"),
    ],
)
def test_usual_writings_are_read_exactly(text, number):
    assert str(parse_decimal(text)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("0,125", "0.125"),
        ("12.34.567,89", "1234567.89"),
    ],
)
def test_the_decimal_mark_may_be_the_comma(text, number):
    assert parse_decimal(text, decimal_mark=",") == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A number is missing here."),
        ("\u00a0", "A number is missing here."),
        ("1e5", "“1e5” is not a number."),
        ("1_000", "“1_000” is not a number."),
        ("NaN", "“NaN” is not a number."),
        ("Infinity", "“Infinity” is not a number."),
        ("0x1F", "“0x1F” is not a number."),
        ("１２", "“１２” is not a number."),
        ("१२", "“१२” is not a number."),
        ("twelve", "“twelve” is not a number."),
        (".", "“.” is not a number."),
        ("₹", "“₹” is not a number."),
        ("(12)", "“(12)” is not a number."),
        ("1.2.3", "“1.2.3” has two decimal marks."),
        ("1,234.5.6", "“1,234.5.6” has two decimal marks."),
        ("1.", "“1.” has something other than digits after the decimal mark"),
        ("1.234,5", "“1.234,5” has something other than digits after the decimal mark"),
        ("-5", "“-5” has a sign."),
        ("+5", "“+5” has a sign."),
        ("1,2", "The groups of digits in “1,2” are neither 1,234,567 nor 12,34,567."),
        ("12,3456", "The groups of digits in “12,3456” are neither"),
        ("1,234,56", "The groups of digits in “1,234,56” are neither"),
        ("123,45,678", "The groups of digits in “123,45,678” are neither"),
        ("1,23 456", "The groups of digits in “1,23 456” are neither"),
        ("1,,234", "The groups of digits in “1,,234” are neither"),
        (",234", "The groups of digits in “,234” are neither"),
        ("1234,567", "The groups of digits in “1234,567” are neither"),
        ("1" * 16, "is too large: at most 15 digits stand before the decimal mark."),
    ],
)
def test_everything_else_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=r"\S") as refused:
        parse_decimal(text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "number"), [("-1,200.5", "-1200.5"), ("+3", "3"), ("\u22123", "-3"), ("-0", "0")]
)
def test_a_sign_is_read_where_it_is_allowed(text, number):
    assert str(parse_decimal(text, signed=True)) == number


def test_decimals_beyond_the_places_are_refused_unless_zero():
    assert str(parse_decimal("1.2500", places=2)) == "1.25"
    assert str(parse_decimal("3.0", places=0)) == "3"
    with pytest.raises(ValueError, match=r"“1\.255” has 3 decimals; at most 2 are allowed here."):
        parse_decimal("1.255", places=2)


def test_a_symbol_of_another_currency_is_refused():
    assert parse_decimal("$ 12", currency="SGD") == 12
    with pytest.raises(ValueError, match=r"“\$ 12” carries \$, but the amount is in INR."):
        parse_decimal("$ 12", currency="INR")


@pytest.mark.parametrize(("text", "percent"), [("18%", "18"), ("18", "18"), ("0.25 %", "0.25")])
def test_percentages_with_and_without_sign(text, percent):
    assert parse_percent(text) == Decimal(percent)


@pytest.mark.parametrize("text", ["%", "18%%", "18 percent", "1.23456%"])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(ValueError, match=r"number|decimals"):
        parse_percent(text)


def indian(digits: str) -> str:
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), tail])


@given(text=st.from_regex(r"[0-9]{1,17}(\.[0-9]{1,6})?", fullmatch=True), places=st.integers(0, 6))
def test_a_plain_number_is_read_like_the_same_with_spaces(text, places):
    said = []
    for written in (text, f"{text} "):
        try:
            said.append(str(parse_decimal(written, places=places)))
        except ValueError as refusal:
            said.append(str(refusal).replace(written, text))

    assert said[0] == said[1]


@given(st.integers(0, 10**15 - 1), st.integers(0, 9999))
def test_every_amount_survives_both_groupings(whole, fraction):
    expected = Decimal(f"{whole}.{fraction:04}")
    assert parse_decimal(f"{whole:,}.{fraction:04}") == expected
    assert parse_decimal(f"₹ {indian(str(whole))}.{fraction:04}") == expected


@given(st.text(max_size=12))
def test_any_text_gives_a_number_or_a_sentence(text):
    try:
        assert parse_decimal(text, signed=True).is_finite()
    except ValueError as refusal:
        assert str(refusal).endswith((".", "here.", "”."))  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("text", "count"),
    [("12", 12), ("0", 0), ("", 0), ("-1", 0), ("²", 0), ("٣", 0), ("9" * 5000, 0)],
)
def test_a_parameter_that_is_no_small_count_is_none(text, count):
    assert small_count(text) == count
