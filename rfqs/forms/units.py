"""Units as people write them, looked up for a whole form in one query."""

from collections.abc import Iterable
from contextlib import suppress

from django.db.models import CharField, QuerySet, Value
from django.utils.translation import gettext as _

from quoteflow.lib.composed import Composed, Values
from quoteflow.lib.units import normalised, unit_code
from rfqs.models import Unit, UnitAlias

# How the commonest units are written in an input, and offered in a list.
USUAL = {
    "H87": "PCS", "C62": "NOS", "KGM": "KGS", "MTR": "MTR", "LTR": "LTR", "TNE": "TNE", "SET": "SET", "MTK": "SQM",
    "MTQ": "CUM", "GRM": "GRM", "PR": "PAIR", "XBX": "BOX", "XRO": "ROLL", "XPK": "PACK", "XBG": "BAG",
    "XDR": "DRUM", "FOT": "FOOT", "MIL": "THD", "DZN": "DOZ", "HUR": "HOUR", "DAY": "DAY", "MON": "MONTH",
    "LS": "LS", "E51": "JOB", "E54": "TRIP",
}  # fmt: skip


def written(code: str | None) -> str:
    """A unit's code as people write it; reading it again gives the same unit."""
    return USUAL.get(code or "", code or "")


def read_units(texts: Iterable[str]) -> dict[str, str | ValueError]:
    """The code of each text, or the ValueError to show for it; one query however many there are."""
    wanted = {text: _spellings(text.replace("\0", "")) for text in texts if text}
    if not wanted:
        return {}
    every = {spelling for spellings in wanted.values() for spelling in spellings}
    aliases: dict[str, str] = {}
    codes: dict[str, str] = {}
    for code, alias in _KNOWN.fetch("known", {"spellings": sorted(every)}):
        codes[code] = code
        if alias is not None:
            aliases[alias] = code
    return {
        text: _found(text, spellings, aliases | codes, aliases)
        for text, spellings in wanted.items()
    }


def _known(_shape: object, values: Values) -> "QuerySet[Unit, tuple[str, str | None]]":
    """Active units under one of these spellings: code, and the alias where it is one.

    Two reads of an index each; one read over both tables would go through all the units there are.
    """
    every, none = values["spellings"], Value(None, CharField())
    codes = Unit.objects.filter(code__in=every, is_active=True).values_list("code", none)
    aliases = UnitAlias.objects.filter(alias__in=every, unit__is_active=True)
    return codes.union(aliases.values_list("unit_id", "alias"), all=True)


_KNOWN = Composed(_known)


def _spellings(text: str) -> list[str]:
    """What a text may be stored as, the likeliest first."""
    spellings = [text.strip().upper(), normalised(text)]
    with suppress(ValueError):
        spellings.append(unit_code(text))
    return spellings


def _found(
    text: str, spellings: list[str], known: dict[str, str], aliases: dict[str, str]
) -> str | ValueError:
    for table in (aliases, known):
        for spelling in spellings:
            if spelling in table:
                return table[spelling]
    try:
        unit_code(text)
    except ValueError as refusal:
        return refusal
    return ValueError(
        _("The unit “%(text)s” is not set up here. Ask the back office.") % {"text": text}
    )
