"""Reading picks, split quantities, gaps and reasons from what was posted; rules are the action's."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoteflow.lib.errors import Incomplete
from quoteflow.lib.numbers import parse_decimal
from rfqs.actions.awarding import Pick
from rfqs.matrix.picking import Picks
from rfqs.models import Exceptional, RFQLine

PRESETS: dict[str, tuple[Promise, ...]] = {
    Exceptional.NOT_LOWEST: (
        gettext_lazy("The lowest cannot deliver in time."),
        gettext_lazy("The lowest failed the technical check."),
        gettext_lazy("One supplier for all lines saves handling."),
    ),
    Exceptional.TIE: (
        gettext_lazy("Shorter delivery time of the two."),
        gettext_lazy("Better record of deliveries of the two."),
    ),
    Exceptional.SINGLE_BID: (
        gettext_lazy("The only maker of this part."),
        gettext_lazy("The others declined or did not answer."),
    ),
    Exceptional.ABOVE_LAST: (
        gettext_lazy("Material prices rose since the last order."),
        gettext_lazy("The last order was a larger quantity."),
    ),
    Exceptional.ABOVE_ESTIMATE: (
        gettext_lazy("The estimate was made before the scope was complete."),
        gettext_lazy("All quotations are above the estimate."),
    ),
    Exceptional.EXPIRED: (gettext_lazy("The supplier confirmed in writing that the offer stands."),),
    Exceptional.FEW_BIDS: (
        gettext_lazy("Few suppliers are approved for this category."),
        gettext_lazy("Urgent need, no time for another round."),
    ),
    Exceptional.PARTIAL: (
        gettext_lazy("The rest is bought with the next request."),
        gettext_lazy("The rest is not needed any more."),
    ),
}  # fmt: skip


class APDForm(forms.Form):
    """The pricing team's number of an approved award."""

    apd_number = forms.CharField(label=gettext_lazy("APD number"), max_length=40)


def radio_picks(data: QueryDict, lines: Iterable[RFQLine], stored: Picks) -> list[Pick]:
    """One pick per line with a radio; a line named in `keep` without one stays as it is stored."""
    kept = set(data.getlist("keep"))
    picks: list[Pick] = []
    for line in lines:
        chosen = data.get(f"line-{line.position}")
        if chosen:
            picks.append(Pick(line.pk, _key(chosen)))
        elif str(line.position) in kept:
            picks += stored.of_line(str(line.pk))
    return picks


def split_picks(data: QueryDict, lines: Iterable[RFQLine], stored: Picks) -> list[Pick]:
    """Quantities of the lines shown with inputs (named `split`); every other line as it is stored.

    Raises Incomplete with a sentence per quantity that is not a number.
    """
    shown = set(data.getlist("split"))
    picks: list[Pick] = []
    problems: list[str] = []
    for line in lines:
        if str(line.position) not in shown:
            picks += stored.of_line(str(line.pk))
            continue
        for name, text in _quantities(data, line.position):
            try:
                quantity = parse_decimal(text, places=3)
            except ValueError as wrong:
                problems.append(_("Line %(n)d: %(wrong)s") % {"n": line.position, "wrong": wrong})
                continue
            if quantity:
                picks.append(Pick(line.pk, _key(name), quantity))
    if problems:
        raise Incomplete(_("A quantity cannot be read. ") + " ".join(problems), problems)
    return picks


def gap_reasons(data: QueryDict, lines: Iterable[RFQLine]) -> dict[UUID, str]:
    """Why a line is not awarded in full, where something is written."""
    typed = {line.pk: data.get(f"gap-{line.position}", "").strip() for line in lines}
    return {line: text for line, text in typed.items() if text}


def exception_reasons(data: QueryDict) -> dict[str, str]:
    """The chosen sentence and the typed one of each exception, joined."""
    reasons: dict[str, str] = {}
    for name in Exceptional.values:
        chosen = data.get(f"preset-{name}", "").strip()
        typed = data.get(f"reason-{name}", "").strip()
        text = " ".join(part for part in (chosen, typed) if part)
        if text:
            reasons[name] = text
    return reasons


def plain_quantity(quantity: Decimal) -> str:
    """A quantity as an input holds it: no grouping, no needless zeros."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quantities(data: QueryDict, position: int) -> list[tuple[str, str]]:
    prefix = f"quantity-{position}-"
    return [
        (name.removeprefix(prefix), data.get(name, ""))
        for name in data
        if name.startswith(prefix) and data.get(name, "").strip()
    ]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Incomplete(_("A pick cannot be read. Load the page again.")) from None
