"""Form fields for the cells of import files: words out of a list, yes or no, counts, bounds."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quoteflow.lib.fields import MoneyField, PercentField, QuantityField, _ReadField

SMALLINT = 32767
# Digits before the decimal mark that the columns of the product hold.
PRICE_DIGITS, QUANTITY_DIGITS = 14, 12
_YES = frozenset({"yes", "y", "true", "1"})
_NO = frozenset({"no", "n", "false", "0"})


class WordField(_ReadField):
    """What a word stands for; case, hyphens and spaces do not count. Empty is `empty`."""

    def __init__(self, words: Mapping[str, str], *, empty: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.words, self.empty = words, empty

    def read(self, text: str) -> str:
        """Return the meaning of the word."""
        word = "_".join(text.lower().replace("-", " ").replace("_", " ").split())
        if word not in self.words:
            raise ValueError(
                _("“%(text)s” is not possible here. Write one of: %(words)s.")
                % {"text": text.strip()[:40], "words": ", ".join(self.words)}
            )
        return self.words[word]

    def clean(self, value: Any) -> str:
        """Return the meaning, or what an empty cell means."""
        return super().clean(value) or self.empty


class YesNoField(_ReadField):
    """True, False, or None for an empty cell."""

    def read(self, text: str) -> bool:
        """Return whether the word says yes."""
        word = text.strip().lower()
        if word not in _YES | _NO:
            raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text.strip()[:40]})
        return word in _YES


class ListField(_ReadField):
    """The parts of a text separated by `;`, each once; an empty list for an empty cell."""

    def read(self, text: str) -> list[str]:
        """Return the parts without surrounding space."""
        return list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))

    def to_python(self, value: Any) -> list[str]:
        """Return a list always."""
        return super().to_python(value) or []


class ReadField(_ReadField):
    """What a function makes of the text; its ValueError is the complaint."""

    def __init__(self, reader: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**options)
        self._reader = reader

    def read(self, text: str) -> Any:
        """Ask the function."""
        return self._reader(text.strip())


class CountField(QuantityField):
    """A whole number from `least` to `most`."""

    def __init__(self, *, least: int = 0, most: int = SMALLINT, **options: Any) -> None:
        super().__init__(places=0, **options)
        self.least, self.most = least, most

    def to_python(self, value: Any) -> int | None:
        """Return an int."""
        number = super().to_python(value)
        if number is None:
            return None
        if not self.least <= number <= self.most:
            raise ValidationError(
                _("“%(text)s” is not between %(least)d and %(most)d."),
                params={"text": value, "least": self.least, "most": self.most},
            )
        return int(number)


def price_field(**options: Any) -> MoneyField:
    """A unit price or charge as the product stores it: 14 digits and four decimals."""
    return MoneyField(required=False, validators=[below(PRICE_DIGITS)], **options)


def quantity_field(
    *, required: bool = False, places: int = 3, digits: int = QUANTITY_DIGITS
) -> QuantityField:
    """A quantity above zero with at most `places` decimals."""
    return QuantityField(required=required, places=places, validators=[above_zero, below(digits)])


def percent_field(*, places: int = 2) -> PercentField:
    """A percentage from 0 to 100."""
    return PercentField(required=False, places=places, validators=[_at_most_hundred])


def below(digits: int) -> Callable[[Decimal], None]:
    """Refuse numbers with more than `digits` digits before the decimal mark."""

    def check(value: Decimal) -> None:
        if value >= Decimal(10) ** digits:
            raise ValidationError(
                _("The number is too large: at most %(count)d digits fit before the decimal mark."),
                params={"count": digits},
            )

    return check


def above_zero(value: Decimal) -> None:
    """Refuse zero."""
    if not value:
        raise ValidationError(_("Write a number above zero."))


def _at_most_hundred(value: Decimal) -> None:
    if value > 100:  # noqa: PLR2004 (per cent)
        raise ValidationError(
            _("%(percent)s is more than 100 percent."), params={"percent": f"{value:f}"}
        )
