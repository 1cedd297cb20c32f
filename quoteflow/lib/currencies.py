"""Currencies of ISO 4217: their codes, names and numbers of decimals."""

import csv
from pathlib import Path

from django.utils.translation import gettext as _


def _load() -> dict[str, tuple[str, int]]:
    path = Path(__file__).with_name("data") / "iso4217.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: (row["name"], int(row["minor_unit"])) for row in csv.DictReader(lines)}


_CURRENCIES = _load()
# Active codes only; gold, drawing rights and test codes have no minor unit and are not money.
MINOR_UNITS: dict[str, int] = {code: minor for code, (_name, minor) in _CURRENCIES.items()}
NAMES: dict[str, str] = {code: name for code, (name, _minor) in _CURRENCIES.items()}


def is_currency(code: str) -> bool:
    """True for an active ISO 4217 code in capitals that has a minor unit."""
    return code in MINOR_UNITS


def minor_units(code: str) -> int:
    """Return the number of decimals of a currency: INR 2, JPY 0, KWD 3. ValueError if unknown."""
    known = MINOR_UNITS.get(code)
    return MINOR_UNITS[currency_code(code)] if known is None else known


def currency_code(text: str) -> str:
    """Return the code in capitals; ValueError with a sentence when it is no active currency."""
    code = text.strip().upper()
    if code not in MINOR_UNITS:
        raise ValueError(
            _("“%(text)s” is not a currency. Write its three letters (ISO 4217), such as INR.")
            % {"text": text.strip()}
        )
    return code
