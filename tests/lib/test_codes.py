"""Currencies, countries and tax numbers."""

import pytest

from quoteflow.lib import countries, currencies
from quoteflow.lib.countries import country_code
from quoteflow.lib.currencies import currency_code, is_currency, minor_units
from quoteflow.lib.gstin import check_gstin, pan, state_code
from tests.lib import shared


def test_currencies_know_their_decimals():
    codes = ["INR", "USD", "EUR", "JPY", "KWD", "CLF"]
    assert [minor_units(code) for code in codes] == [2, 2, 2, 0, 3, 4]


@pytest.mark.parametrize("code", ["XXX", "XAU", "XTS", "XDR", "DEM", "ZWL", "", "usd"])
def test_metals_tests_and_withdrawn_codes_are_no_currencies(code):
    assert not is_currency(code)


def test_a_currency_is_read_in_any_case_and_refused_with_a_sentence():
    assert currency_code(" usd ") == "USD"
    with pytest.raises(ValueError, match=r"“Rupee” is not a currency."):
        currency_code("Rupee")


@shared.needs("codes", "iso4217-codes-all.csv")
def test_the_currency_table_is_the_active_part_of_the_standard():
    rows = shared.table("codes", "iso4217-codes-all.csv")
    active = {
        row["AlphabeticCode"]: int(row["MinorUnit"])
        for row in rows
        if row["AlphabeticCode"] and not row["WithdrawalDate"] and row["MinorUnit"].isdigit()
    }
    assert active == currencies.MINOR_UNITS


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IN", "IN"),
        ("ind", "IN"),
        ("India", "IN"),
        ("UK", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("united states of america", "US"),
        ("Côte d'Ivoire", "CI"),
        ("COTE D’IVOIRE", "CI"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Namibia", "NA"),
        ("na", "NA"),
        ("South Korea", "KR"),
        ("Tanzania", "TZ"),
    ],
)
def test_countries_by_code_name_and_alias(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "XX", "Atlantis", "Europe"])
def test_an_unknown_country_is_refused(text):
    with pytest.raises(ValueError, match=rf"“{text}” is not a country\."):
        country_code(text)


def test_every_alias_leads_to_a_country_of_the_standard():
    assert len(countries.NAMES) == 249
    assert {countries.NAMES[country_code(alias)] for alias in countries._ALIASES}


@shared.needs("procurement", "scms_first_300.csv")
@pytest.mark.parametrize(
    ("path", "column"), [("scms_first_300.csv", "Country"), ("northwind_suppliers.csv", "country")]
)
def test_the_countries_of_real_files_are_known(path, column):
    unknown = []
    for name in {row[column] for row in shared.table("procurement", path)}:
        try:
            country_code(name)
        except ValueError:
            unknown.append(name)
    assert unknown == []


def test_a_gstin_is_normalised():
    gstin = check_gstin(" 27aapfu0939f1zv ")
    assert (gstin, state_code(gstin), pan(gstin)) == ("27AAPFU0939F1ZV", "27", "AAPFU0939F")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("27AAPFU0939F1Z", "A GSTIN has 15 characters; “27AAPFU0939F1Z” has 14."),
        ("88AAPFU0939F1ZV", "“88” at the start of 88AAPFU0939F1ZV is not a state code"),
        ("27AAPFU093XF1ZV", "Characters 3 to 12 of 27AAPFU093XF1ZV are not a PAN"),
        ("27AAPFU0939F0ZV", "Character 13 of 27AAPFU0939F0ZV"),
        ("27AAPFU0939F1AA", "Character 14 of 27AAPFU0939F1AA must be Z."),
        ("27AAPFU0939F1ZO", "The last character of 27AAPFU0939F1ZO does not match the rest"),
        ("27AAPFU0939F1Zé", "The last character of 27AAPFU0939F1ZÉ does not match the rest"),
    ],
)
def test_a_wrong_gstin_is_told_what_is_wrong(text, sentence):
    with pytest.raises(ValueError, match=r"\S") as refused:
        check_gstin(text)
    assert sentence in str(refused.value)


@shared.needs("codes", "gstin_examples.csv")
@pytest.mark.parametrize("row", shared.table("codes", "gstin_examples.csv"), ids=lambda r: r["why"])
def test_documented_gstin_examples(row):
    try:
        check_gstin(row["value"])
        verdict = "valid"
    except ValueError:
        verdict = "invalid"
    assert verdict == row["verdict"]


@pytest.mark.parametrize("position", range(14))
def test_one_mistyped_character_never_passes(position):
    right = "27AAPFU0939F1ZV"
    for typo in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        wrong = right[:position] + typo + right[position + 1 :]
        if wrong != right:
            with pytest.raises(ValueError, match=r"\."):
                check_gstin(wrong)
