"""Units: the standard's table brought into the database, and what people write found in it."""

import difflib
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib import units as standard
from rfqs.models import Unit, UnitAlias

NEAR = 0.75
# What pages print beside a quantity: the words of the trade, where the standard has no symbol or writes
# the unit “one” as 1, which would read “40 1”.
SYMBOLS = {
    "C62": "NOS", "H87": "pc", "EA": "each", "NMB": "NOS", "PR": "PRS", "SET": "SET", "LS": "LS",
    "E51": "job", "E54": "trip", "KT": "kit", "LO": "lot", "XBX": "box", "XBG": "bag", "XBO": "bottle",
    "XBE": "bundle", "XCS": "case", "XCL": "coil", "XCT": "carton", "XDR": "drum", "XPK": "pack", "XRO": "roll",
}  # fmt: skip
# What the column of a factor holds, NUMERIC(34, 17).
WHOLE_DIGITS = DECIMALS = 17


def load() -> tuple[int, int]:
    """Bring in every unit and usual spelling of the standard; return how many of each there are.

    Doing it again changes nothing. Units the back office retired stay retired, its own spellings stay.
    """
    return fill(Unit, UnitAlias)


def fill(unit_model: Any, alias_model: Any) -> tuple[int, int]:
    """`load` for the models given, which a migration has in the shape of their time."""
    units = [
        unit_model(
            code=row.code,
            name=row.name,
            symbol=SYMBOLS.get(row.code) or row.symbol,
            dimension=row.dimension,
            factor=row.factor if row.factor is not None and _storable(row.factor) else None,
        )
        for row in standard.load_units()
    ]
    unit_model.objects.bulk_create(
        units,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "symbol", "dimension", "factor"],
    )
    aliases = [
        alias_model(alias=alias, unit_id=code) for alias, code in standard.load_aliases().items()
    ]
    alias_model.objects.bulk_create(aliases, ignore_conflicts=True)
    return len(units), len(aliases)


def unit_for(text: str, book: "UnitBook | None" = None) -> Unit:
    """Return the unit that `text` means; ValueError with a sentence, and a near one where there is.

    Give the same `book` for all cells of a file or form: it is one query.
    """
    return (book or UnitBook()).find(text)


class UnitBook:
    """All active units by everything they are called.

    A usual spelling wins over an equal code of another meaning (KGS is kilograms), a code over a
    name, a name over a symbol. Case, spaces and dots do not count, except in symbols (mW is not MW)
    and in the few spellings that keep their dots.
    """

    def __init__(self) -> None:
        self._known: dict[str, Unit] = {}
        self._symbols: dict[str, Unit] = {}
        self._complaints: dict[str, str] = {}
        self._read()

    def find(self, text: str) -> Unit:
        """Return the unit that `text` means; ValueError with a sentence."""
        words = text.strip()
        known = self._known
        unit = known.get(words.upper()) or known.get(standard.normalised(words))
        unit = unit or self._symbols.get(words)
        if unit is None:
            raise ValueError(self._complaint(words))
        return unit

    def _read(self) -> None:
        rows = Unit.objects.filter(is_active=True).order_by("code", "aliases__alias")
        named: dict[str, Unit] = {}
        coded: dict[str, Unit] = {}
        spelt: dict[str, Unit] = {}
        columns = ("code", "name", "symbol", "dimension", "factor", "aliases__alias")
        for code, name, symbol, dimension, factor, alias in rows.values_list(*columns):
            unit = coded.get(code.upper()) or Unit(
                code=code, name=name, symbol=symbol, dimension=dimension, factor=factor
            )
            coded[code.upper()] = unit
            named.setdefault(standard.normalised(name), unit)
            if symbol:
                self._symbols.setdefault(symbol, unit)
            if alias:
                spelt[alias.upper()] = unit
        self._known = named | coded | spelt

    def _complaint(self, words: str) -> str:
        if words not in self._complaints:
            near = difflib.get_close_matches(
                standard.normalised(words), self._known, n=1, cutoff=NEAR
            )
            sentence = (
                _("“%(text)s” is not a known unit. Did you mean %(near)s?")
                if near
                else _("“%(text)s” is not a known unit. Write a code such as KGM, NOS, MTR or LTR.")
            )
            self._complaints[words] = sentence % {"text": words[:40], "near": "".join(near)}
        return self._complaints[words]


def _storable(factor: Decimal) -> bool:
    """Whether the column holds the factor exactly; the atomic and cosmic units do not fit."""
    return factor.adjusted() < WHOLE_DIGITS and -int(factor.as_tuple().exponent) <= DECIMALS
