"""Money, rates and quantities as people read them; rounding as the comparison counts.

Amounts are Decimal and stay Decimal: nothing here turns them into float. Rupees are grouped in
lakh and crore (1,23,45,678.50), every other currency by thousands (12,345,678.50). The currency's
code is not part of the text: a column head or caption says it once.
"""

from decimal import ROUND_HALF_UP, Context, Decimal

from quoteflow.lib.currencies import minor_units

NONE = "—"
_WIDE = Context(prec=60)
_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(13))
_LAKH_CURRENCIES = frozenset({"INR"})
_GROUP = 3
_PAISE = 2
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


def _shortened(number: Decimal, least: int) -> str:
    """The same number without trailing zeros, but with at least `least` decimals."""
    whole, _, fraction = str(number).partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def _grouped_paise(number: str, currency: str) -> str:
    """The same as `_grouped` for a number with two decimals and no sign: short ones in one step."""
    length = len(number)
    if length <= len("999.99"):
        return number
    if length <= len("99999.99"):  # one comma, wherever the second one would be
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
