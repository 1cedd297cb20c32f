"""The table of units, and the spellings that lead to it."""

from collections import Counter
from decimal import Decimal

import pytest

from quoteflow.lib.units import load_aliases, load_units, normalised, unit_code
from tests.lib import shared

UNITS = {unit.code: unit for unit in load_units()}


def test_codes_are_unique_and_fit_their_columns():
    assert Counter(unit.code for unit in load_units()).most_common(1)[0][1] == 1
    assert max(len(unit.code) for unit in UNITS.values()) == 3
    assert max(len(unit.name) for unit in UNITS.values()) <= 100
    assert max(len(unit.dimension) for unit in UNITS.values()) <= 40
    assert all(unit.factor > 0 for unit in UNITS.values() if unit.factor is not None)


@pytest.mark.parametrize(
    ("code", "dimension", "factor"),
    [
        ("KGM", "mass", "1"),
        ("GRM", "mass", "0.001"),
        ("TNE", "mass", "1000"),
        ("LBR", "mass", "0.45359237"),
        ("APZ", "mass", "0.0311034768"),
        ("MTR", "length", "1"),
        ("FOT", "length", "0.3048"),
        ("FTK", "area", "0.09290304"),
        ("YDK", "area", "0.83612736"),
        ("LTR", "volume", "0.001"),
        ("YDQ", "volume", "0.764554857984"),
        ("HUR", "time", "3600"),
        ("DAY", "time", "86400"),
        ("MON", "calendar", "1"),
        ("ANN", "calendar", "12"),
        ("TKM", "transport work", "1000000"),
        ("C62", "count", "1"),
        ("H87", "count", "1"),
        ("EA", "count", "1"),
        ("PR", "count", "2"),
        ("DZN", "count", "12"),
        ("KWH", "energy", "3600000"),
    ],
)
def test_units_convert_by_exact_factors(code, dimension, factor):
    assert (UNITS[code].dimension, UNITS[code].factor) == (dimension, Decimal(factor))


@pytest.mark.parametrize("code", ["XBX", "XRO", "LS", "E54", "SET", "CEL", "FAH", "KEL", "NM3"])
def test_packages_and_units_of_their_own_kind_convert_into_nothing(code):
    assert (UNITS[code].dimension, UNITS[code].factor) == (f"unit:{code}", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NOS", "C62"),
        ("Nos.", "C62"),
        ("each", "EA"),
        ("PCS", "H87"),
        ("KGS", "KGM"),
        ("kg", "KGM"),
        ("MTS", "TNE"),
        ("TON", "TNE"),
        ("MTR", "MTR"),
        ("Sq. Ft.", "FTK"),
        ("L.F.", "FOT"),
        ("L.S.", "LS"),
        ("LSUM", "LS"),
        ("trip", "E54"),
        ("ROLL", "XRO"),
        ("PAIR", "PR"),
        ("square metre", "MTK"),
        ("H87", "H87"),
    ],
)
def test_usual_spellings_lead_to_a_code(text, code):
    assert unit_code(text) == code


def test_an_unknown_spelling_is_refused_and_a_near_one_is_suggested():
    with pytest.raises(
        ValueError, match=r"“KILOGRAMM” is not a known unit\. Did you mean KILOGRAM\?"
    ):
        unit_code("KILOGRAMM")
    with pytest.raises(ValueError, match=r"“qqqqq” is not a known unit\. Write a code such as KGM"):
        unit_code("qqqqq")


def test_aliases_are_normalised_and_lead_to_units():
    aliases = load_aliases()
    assert [alias for alias in aliases if alias != normalised(alias)] == ["M.G."]
    assert set(aliases.values()) - set(UNITS) == set()


@shared.needs("codes", "rec20", "units-of-measure.csv")
def test_every_active_code_of_rec_20_is_there():
    rows = shared.table("codes", "rec20", "units-of-measure.csv")
    active = {row["CommonCode"] for row in rows if row["Status"] not in {"X", "D"}}
    assert active - set(UNITS) == set()


def _unknown(names):
    unknown = set()
    for name in names:
        try:
            unit_code(name)
        except ValueError:
            unknown.add(name)
    return unknown


@shared.needs("codes", "gst_uqc.csv")
def test_every_gst_unit_leads_to_its_code():
    for row in shared.table("codes", "gst_uqc.csv"):
        assert unit_code(row["uqc"]) == (
            row["rec20_or_rec21_code"] or {"BOU": "MLD"}.get(row["uqc"], row["uqc"])
        )


@shared.needs("procurement", "indot_2026-05-07.csv")
def test_the_units_of_a_real_bid_tabulation_are_known():
    rows = shared.table("procurement", "indot_2026-05-07.csv")
    assert _unknown({row["Unit"] for row in rows}) == set()
    assert (unit_code("M.G."), unit_code("mg")) == ("T6", "MGM")


@shared.needs("procurement", "adventureworks", "UnitMeasure.csv")
def test_the_units_of_a_real_purchasing_database_are_known():
    path = shared.DATA / "procurement" / "adventureworks" / "UnitMeasure.csv"
    codes = {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
    assert _unknown(codes) == set()
