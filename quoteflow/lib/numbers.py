"""Reading amounts, quantities and percentages the way people and spreadsheets write them."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Numeric columns hold at most this many digits before the decimal mark.
WHOLE_DIGITS = 15
# Characters of a bad entry that a sentence quotes back.
SHOWN = 40

_SPACES = "\u00a0\u202f\u2009\u2007"
_DOLLARS = frozenset({"USD", "AUD", "BND", "CAD", "FJD", "HKD", "NAD", "NZD", "SGD", "TWD"})
_RUPEES = frozenset({"INR", "LKR", "MUR", "NPR", "PKR", "SCR"})
# A symbol in front of or behind the number, and the currencies it may stand for.
SYMBOLS: dict[str, frozenset[str]] = {
    "₹": frozenset({"INR"}),
    "RS.": _RUPEES,
    "RS": _RUPEES,
    "$": _DOLLARS,
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "FKP", "GIP", "SHP"}),
    "¥": frozenset({"JPY", "CNY"}),
}
_WESTERN = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_PLAIN = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}(?:\.([0-9]+))?")
_COUNT = re.compile(r"[0-9]{1,9}")
_INDIAN = re.compile(r"[0-9]{1,2}(,[0-9]{2})*,[0-9]{3}")


def parse_decimal(
    text: str,
    *,
    decimal_mark: str = ".",
    places: int | None = None,
    signed: bool = False,
    currency: str | None = None,
) -> Decimal:
    """Return the number that `text` writes, exactly.

    Accepted are `1,23,456.50`, `1,234,567`, `1 234 567`, `1200.5` and a currency symbol at
    either end. `places` is the largest number of decimals; zeros beyond it are dropped. With
    `currency` (ISO 4217) a symbol of another currency is refused. ValueError with a sentence
    for everything else.
    """
    plain = _PLAIN.fullmatch(text) if decimal_mark == "." else None
    if plain and (places is None or len(plain[1] or "") <= places):
        return Decimal(text)  # what most fields hold; the rest of this function would say the same
    words = _without_spaces(text)
    number = _without_symbol(words, text, currency)
    sign, number = _split_sign(number, text, signed=signed)
    whole, fraction = _split_mark(number, text, decimal_mark)
    digits = _ungrouped(whole, text, decimal_mark)
    if len(digits.lstrip("0")) > WHOLE_DIGITS:
        raise ValueError(
            _("“%(text)s” is too large: at most %(count)d digits stand before the decimal mark.")
            % {"text": _short(text), "count": WHOLE_DIGITS}
        )
    decimals = _fitting(fraction, text, places)
    value = Decimal(f"{sign}{digits}.{decimals}" if decimals else f"{sign}{digits}")
    return value or abs(value)


def parse_percent(
    text: str, *, decimal_mark: str = ".", places: int | None = 4, signed: bool = False
) -> Decimal:
    """Return the percentage in `text`, `18` or `18%`, as Decimal 18; else ValueError."""
    stripped = _without_spaces(text).removesuffix("%")
    return parse_decimal(stripped, decimal_mark=decimal_mark, places=places, signed=signed)


def small_count(text: str) -> int:
    """Return the whole number that a parameter of ours writes; 0 for anything else.

    Nothing of ours has ten digits, and Python refuses to read a number of thousands.
    """
    return int(text) if _COUNT.fullmatch(text) else 0


def _without_spaces(text: str) -> str:
    for space in _SPACES:
        text = text.replace(space, " ")
    text = text.strip()
    if not text:
        raise ValueError(_("A number is missing here."))
    return text


def _without_symbol(words: str, text: str, currency: str | None) -> str:
    """Take one currency symbol, and the Indian closing `/-`, off the number."""
    number = words.removesuffix("/-").strip()
    for symbol, currencies in SYMBOLS.items():
        upper = number.upper()
        if not (upper.startswith(symbol) or upper.endswith(symbol)):
            continue
        if currency and currency not in currencies:
            raise ValueError(
                _("“%(text)s” carries %(symbol)s, but the amount is in %(currency)s.")
                % {"text": _short(text), "symbol": symbol, "currency": currency}
            )
        start = len(symbol) if upper.startswith(symbol) else 0
        return number[start : None if start else -len(symbol)].strip()
    return number


def _split_sign(number: str, text: str, *, signed: bool) -> tuple[str, str]:
    if number[:1] not in {"-", "+", "\u2212"}:
        return "", number
    if not signed:
        raise ValueError(
            _("“%(text)s” has a sign. Write a number of zero or more, without a sign.")
            % {"text": _short(text)}
        )
    return "" if number[0] == "+" else "-", number[1:].strip()


def _split_mark(number: str, text: str, decimal_mark: str) -> tuple[str, str]:
    """Part the number at its decimal mark, after refusing every foreign character."""
    foreign = sorted({character for character in number if character not in "0123456789,. "})
    if foreign or not re.search("[0-9]", number):
        raise ValueError(
            _("“%(text)s” is not a number. Write digits such as 1200.50; no letters, no exponent.")
            % {"text": _short(text)}
        )
    if number.count(decimal_mark) > 1:
        raise ValueError(
            _("“%(text)s” has two decimal marks. The decimal mark is “%(mark)s”.")
            % {"text": _short(text), "mark": decimal_mark}
        )
    whole, mark, fraction = number.partition(decimal_mark)
    if mark and not re.fullmatch("[0-9]+", fraction):
        raise ValueError(
            _("“%(text)s” has something other than digits after the decimal mark “%(mark)s”.")
            % {"text": _short(text), "mark": decimal_mark}
        )
    return whole, fraction


def _ungrouped(whole: str, text: str, decimal_mark: str) -> str:
    """Return the digits before the mark; groups must be 1,234,567 or 12,34,567 throughout."""
    separators = {character for character in whole if not character.isdigit()}
    if not separators:
        return whole or "0"
    grouped = whole.replace(separators.pop(), ",")
    if separators or not (_WESTERN.fullmatch(grouped) or _INDIAN.fullmatch(grouped)):
        raise ValueError(
            _(
                "The groups of digits in “%(text)s” are neither 1,234,567 nor 12,34,567. "
                "Leave the separators out, or check the decimal mark: it is “%(mark)s” here."
            )
            % {"text": _short(text), "mark": decimal_mark}
        )
    return grouped.replace(",", "")


def _fitting(fraction: str, text: str, places: int | None) -> str:
    """Return the decimals, without zeros beyond `places`."""
    if places is None or len(fraction) <= places:
        return fraction
    if fraction[places:].strip("0"):
        raise ValueError(
            ngettext(
                "“%(text)s” has %(found)d decimals; at most %(count)d is allowed here.",
                "“%(text)s” has %(found)d decimals; at most %(count)d are allowed here.",
                places,
            )
            % {"text": _short(text), "found": len(fraction.rstrip("0")), "count": places}
        )
    return fraction[:places]


def _short(text: str) -> str:
    """Cut what is quoted back, so that a pasted page does not fill the screen."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
