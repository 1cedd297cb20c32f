"""Units of measure of UN/ECE Rec 20 and 21, and the spellings seen on shop floors.

The tables and their meaning are described in data/SOURCES.md.
"""

import csv
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit. Units of one `dimension` convert by `factor`; without a factor into nothing."""

    code: str
    name: str
    symbol: str
    dimension: str
    factor: Decimal | None


def load_units() -> list[UnitRow]:
    """Return every unit of the table, in order of code."""
    return [
        UnitRow(
            code=row["code"],
            name=row["name"],
            symbol=row["symbol"],
            dimension=row["dimension"],
            factor=Decimal(row["factor"]) if row["factor"] else None,
        )
        for row in _rows("rec20.csv")
    ]


def load_aliases() -> dict[str, str]:
    """Return usual spellings, as `normalised` writes them, with the code each stands for.

    The few that keep their dots mean something else with them and are looked up first.
    """
    return {row["alias"]: row["code"] for row in _rows("unit_aliases.csv")}


def normalised(text: str) -> str:
    """Return a spelling without case, spaces, dots, hyphens and underscores: `L.S.` is `LS`."""
    return re.sub(r"[\s\u00a0._-]+", "", text).upper()


def unit_code(text: str) -> str:
    """Return the code of a unit given by usual spelling, code or English name.

    A usual spelling wins over an equal code of another meaning: KGS is kilograms.
    ValueError with a sentence when nothing matches.
    """
    known = _known()
    wanted = normalised(text)
    code = known.get(text.strip().upper()) or known.get(wanted)
    if code is not None:
        return code
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.75)
    if near:
        raise ValueError(
            _("“%(text)s” is not a known unit. Did you mean %(near)s?")
            % {"text": text.strip(), "near": near[0]}
        )
    raise ValueError(
        _("“%(text)s” is not a known unit. Write a code such as KGM, NOS, MTR or LTR.")
        % {"text": text.strip()}
    )


@cache
def _known() -> dict[str, str]:
    units = load_units()
    names = {normalised(unit.name): unit.code for unit in reversed(units)}
    codes = {normalised(unit.code): unit.code for unit in units}
    return names | codes | load_aliases()


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
