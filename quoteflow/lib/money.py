"""Money, rates and quantities as people read them; rounding as the comparison counts.

Amounts are Decimal and stay Decimal: nothing here turns them into float. Rupees are grouped in
lakh and crore (1,23,45,678.50), every other currency by thousands (12,345,678.50). The currency's
code is not part of the text: a column head or caption says it once.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from quoteflow.lib.currencies import minor_units

NONE = "—"
_WIDE = Context(prec=60)
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(13))
_LAKH_CURRENCIES = frozenset({"INR"})
_GROUP = 3
_PAISE = 2
_SHORT, _NO_COMMA, _ONE_COMMA = len(".99"), len("999.99"), len("99999.99")
_RATE_PLACES = (2, 4)
_QUANTITY_PLACES = 3


def round_half_up(amount: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero (COMPARISON 3.2); never returns -0."""
    rounded = amount.quantize(_STEPS[places], ROUND_HALF_UP, _WIDE)
    return rounded or rounded.copy_abs()


def format_money(amount: Decimal | None, currency: str) -> str:
    """An amount with the decimals and the grouping of its ISO 4217 currency; "—" for none."""
    if amount is None:
        return NONE
    places, text = minor_units(currency), str(amount)
    if places == _PAISE and text[-3:-2] == "." and text[0] != "-":  # nearly all: rounded before
        return _grouped_paise(text, currency)
    return _grouped(str(round_half_up(amount, places)), currency)


def format_rate(rate: Decimal | None, currency: str = "INR") -> str:
    """A unit price: two decimals, up to four where they carry something; "—" for none."""
    if rate is None:
        return NONE
    least, most = _RATE_PLACES
    text = str(rate)
    if text[-5:-4] == "." and text[-2:] == "00" and text[0] != "-":  # nearly all, likewise
        return _grouped_paise(text[:-2], currency)
    return _grouped(_shortened(round_half_up(rate, most), least), currency)


def format_quantity(quantity: Decimal | None) -> str:
    """A quantity without trailing zeros, at most three decimals; "—" for none."""
    if quantity is None:
        return NONE
    return _grouped(_shortened(round_half_up(quantity, _QUANTITY_PLACES), 0), "INR")


def format_percent(percent: Decimal | None, *, signed: bool = False) -> str:
    """A percentage (3.83 means 3.83 %) with two decimals, on request with its plus sign."""
    if percent is None:
        return NONE
    rounded = round_half_up(percent, 2)
    return f"{'+' if signed and rounded > 0 else ''}{_grouped(str(rounded), 'INR')}%"


# A page of figures is written by the column; nearly all of its figures are short, positive and rounded
# before, and then a text is ready with one comma at most. Whatever else there is goes the long way.


def amount_texts(amounts: Sequence[Decimal], currency: str) -> list[str]:
    """`format_money` of each amount."""
    if minor_units(currency) != _PAISE:
        return [format_money(amount, currency) for amount in amounts]
    return [
        text
        if _SHORT < len(text) <= _ONE_COMMA + 1 and text[-3] == "." and text >= "0"
        else format_money(amount, currency)
        for amount, text in zip(amounts, [f"{amount:,}" for amount in amounts], strict=True)
    ]


def rate_texts(rates: Sequence[Decimal | None], currency: str) -> list[str]:
    """`format_rate` of each rate, "—" for none."""
    return [
        (text[:-2] if len(text) <= _NO_COMMA + 2 else f"{text[:-8]},{text[-8:-2]}")
        if _SHORT + 2 < len(text) <= _ONE_COMMA + 2
        and text[-5] == "."
        and text[-2:] == "00"
        and text >= "0"
        else format_rate(rate, currency)
        for rate, text in zip(rates, map(str, rates), strict=True)
    ]


def percent_texts(percents: Sequence[Decimal | None]) -> list[str]:
    """`format_percent` of each, signed; "—" for none."""
    return [
        f"+{text}%"
        if _SHORT < len(text) <= _NO_COMMA and text[-3] == "." and text > "0.00"
        else format_percent(percent, signed=True)
        for percent, text in zip(percents, map(str, percents), strict=True)
    ]


def _shortened(number: Decimal, least: int) -> str:
    """The same number without trailing zeros, but with at least `least` decimals."""
    whole, _, fraction = str(number).partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _grouped_paise(number: str, currency: str) -> str:
    """The same as `_grouped` for a number with two decimals and no sign: short ones in one step."""
    length = len(number)
    if length <= _NO_COMMA:
        return number
    if length <= _ONE_COMMA:  # wherever the second one would be
        return f"{number[:-6]},{number[-6:]}"
    return _grouped(number, currency)


def _grouped(number: str, currency: str) -> str:
    """Put commas between the digits: 3-2-2 for rupees, 3-3-3 for the rest."""
    sign = "-" if number[0] == "-" else ""
    whole, point, fraction = number[len(sign) :].partition(".")
    if len(whole) <= _GROUP:
        return number
    width = 2 if currency in _LAKH_CURRENCIES else _GROUP
    head, tail = whole[:-_GROUP], whole[-_GROUP:]
    while head:
        head, tail = head[:-width], f"{head[-width:]},{tail}"
    return f"{sign}{tail}{point}{fraction}"
