"""Form fields that read numbers, days and moments the way people write them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quoteflow.lib.dates import parse_date, parse_datetime
from quoteflow.lib.numbers import parse_decimal, parse_percent

Reader = Callable[[str], Any]

SHORT_AMOUNT = 14  # digits before the mark that every amount column holds


class DecimalText(forms.Field):
    """A number with at most `places` decimals, `1,23,456.50` as well as `123456.5`; Decimal or None."""

    def __init__(self, *, places: int = 2, whole: int = SHORT_AMOUNT, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num"})
        )
        self.read = decimal_reader(places=places, whole=whole)
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        """Read the text; ValidationError with a sentence."""
        number: Decimal | None = read_or_complain(self.read, value)
        return number

    def prepare_value(self, value: Any) -> Any:
        """Show a number without trailing zeros."""
        return plain(value)


class PercentText(DecimalText):
    """A percentage from 0 to 100, with or without its sign."""

    def __init__(self, *, places: int = 2, **options: Any) -> None:
        super().__init__(places=places, **options)
        self.read = percent_reader(places=places)


class DayText(forms.Field):
    """A calendar day: ISO, as date inputs send it, or 25 Nov 2026."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        """Read the text; ValidationError with a sentence."""
        day: date | None = read_or_complain(parse_date, value)
        return day


class MomentText(forms.Field):
    """A moment in the zone of a site, which the label names; aware or None."""

    def __init__(self, *, zone: tzinfo, **options: Any) -> None:
        self.zone = zone
        options.setdefault("widget", forms.TextInput(attrs={"type": "datetime-local"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> datetime | None:
        """Read the text; ValidationError with a sentence."""
        moment: datetime | None = read_or_complain(
            lambda text: parse_datetime(text, self.zone), value
        )
        return moment

    def prepare_value(self, value: Any) -> Any:
        """Show a moment as the browser's field wants it, in the site's zone."""
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")
        return value


def read_or_complain(read: Reader, value: Any) -> Any:
    """What `read` makes of a text, None of an empty one; its ValueError becomes a ValidationError."""
    text = str(value or "").strip()
    if not text:
        return None
    try:
        return read(text)
    except ValueError as refusal:
        raise ValidationError(str(refusal)) from None


def decimal_reader(
    *, places: int, whole: int = SHORT_AMOUNT, positive: bool = False, signed: bool = False
) -> Reader:
    """A function that reads a number; ValueError with a sentence."""

    def read(text: str) -> Decimal:
        value = parse_decimal(text, places=places, signed=signed)
        if positive and value <= 0:
            raise ValueError(_("Enter a number above zero."))
        if abs(value) >= 10**whole:
            raise ValueError(_("At most %(n)d digits fit before the decimal mark.") % {"n": whole})
        return value

    return read


def percent_reader(*, places: int = 2) -> Reader:
    """A function that reads a percentage from 0 to 100; ValueError with a sentence."""

    def read(text: str) -> Decimal:
        value = parse_percent(text, places=places)
        if value > 100:  # noqa: PLR2004 (a whole)
            raise ValueError(_("Enter a percentage from 0 to 100."))
        return value

    return read


def count_reader(*, least: int = 0, most: int = 32767) -> Reader:
    """A function that reads a whole number; ValueError with a sentence."""

    def read(text: str) -> int:
        value = int(parse_decimal(text, places=0))
        if not least <= value <= most:
            raise ValueError(
                _("Enter a whole number from %(least)d to %(most)d.")
                % {"least": least, "most": most}
            )
        return value

    return read


def choice_reader(labels: Mapping[str, Any]) -> Reader:
    """A function that reads one of the stored words, or what people see for it."""
    known = {word.lower(): word for word in labels} | {
        str(label).lower(): word for word, label in labels.items()
    }

    def read(text: str) -> str:
        if text.lower() not in known:
            choices = ", ".join(str(label) for label in labels.values())
            raise ValueError(_("Choose one of: %(choices)s.") % {"choices": choices})
        return known[text.lower()]

    return read


def text_reader(most: int) -> Reader:
    """A function that reads a text of at most `most` characters."""

    def read(text: str) -> str:
        if "\0" in text:
            raise ValueError(_("This holds a character that is not text. Type it again."))
        if len(text) > most:
            raise ValueError(
                _("Use at most %(most)d characters; this has %(n)d.")
                % {"most": most, "n": len(text)}
            )
        return text

    return read


def plain(value: Any) -> Any:
    """A stored value as the text of an input: no trailing zeros, no exponent, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return value
