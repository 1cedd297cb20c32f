"""The cells of a quotation that carry more than one fact: freight and payment terms."""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from quoteflow.lib.cellfields import PRICE_DIGITS, below
from quoteflow.lib.fields import MoneyField, PercentField
from rfqs.models import FreightTerm

INCLUDED = ("included", "incl", "incl.")
HUNDRED = Decimal(100)
MOST_DAYS = 3650
LONGEST_TERMS = 200
_TRANCHE = re.compile(r"(?P<share>[^@]+)@\s*(?P<days>[+-]?[0-9]{1,4})\s*(days?)?", re.IGNORECASE)


class FreightField(MoneyField):
    """An amount, `included`, or empty for not stated: a pair of FreightTerm and amount."""

    def clean(self, value: Any) -> tuple[str, Decimal | None]:
        """Return the term, and the amount where there is one."""
        text = str(value or "").strip()
        if not text:
            return FreightTerm.NOT_STATED.value, None
        if text.lower() in INCLUDED:
            return FreightTerm.INCLUDED.value, None
        try:
            amount = self.to_python(text)
        except ValidationError as refusal:
            sentence = _("%(reason)s Or write “included”; leave it empty where nothing is stated.")
            raise ValidationError(sentence, params={"reason": refusal.messages[0]}) from None
        below(PRICE_DIGITS)(amount)
        return FreightTerm.AMOUNT.value, amount


class TranchesField(PercentField):
    """`30%@-10;70%@30`: shares of the price and days relative to delivery, an advance negative.

    The value is [["30", -10], ["70", 30]], as quotations store it; the shares sum to 100.
    """

    def clean(self, value: Any) -> list[list[Any]]:
        """Return the tranches in the order written."""
        text = str(value or "").strip()
        if not text:
            return []
        if len(text) > LONGEST_TERMS:
            raise ValidationError(_("The payment terms are too long; 200 characters fit."))
        tranches = [self._tranche(part) for part in text.split(";") if part.strip()]
        total = sum((Decimal(share) for share, _days in tranches), Decimal(0))
        if total != HUNDRED:
            raise ValidationError(
                _("The shares sum to %(total)s percent; they must sum to 100."),
                params={"total": f"{total:f}"},
            )
        return tranches

    def _tranche(self, part: str) -> list[Any]:
        found = _TRANCHE.fullmatch(part.strip())
        if not found or abs(int(found["days"])) > MOST_DAYS:
            raise ValidationError(
                _("“%(text)s” is no payment term. Write share@days, such as 30%%@-10;70%%@30."),
                params={"text": part.strip()[:40]},
            )
        share = self.to_python(found["share"])
        return [_plain(share), int(found["days"])]


def _plain(share: Decimal) -> str:
    text = f"{share:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
