"""What the lowest full quote saves, against whatever else is known, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib.money import format_money, format_percent
from rfqs.comparison import ComparisonSheet, Saving


def savings(sheet: ComparisonSheet) -> list[str]:
    """A sentence for each thing to compare with; see `labelled`."""
    return [f"{label}: {_words(saving, sheet.base_currency)}" for label, saving in labelled(sheet)]


def labelled(sheet: ComparisonSheet) -> list[tuple[str, Saving]]:
    """What the lowest saves against each thing known; none without a complete offer, none is invented.

    Last prices and estimates are basic against basic, the other offers evaluated against evaluated
    (COMPARISON 9).
    """
    if not sheet.lowest:
        return []
    found, first = sheet.savings, sheet.lowest[0]
    lines = {"all": len(sheet.lines)}
    with_last = lines | {"n": found.lines_with_baseline}
    with_estimate = lines | {"n": found.lines_with_estimate}
    ranked = sum(column.rank is not None for column in sheet.offers)
    mean = ngettext(
        "Against the mean of %(n)d complete offer", "Against the mean of %(n)d complete offers", ranked
    )  # fmt: skip
    facts = (
        (_("Against last prices, %(n)d of %(all)d lines") % with_last, found.by_offer.get(first)),
        (
            _("Against the estimate, %(n)d of %(all)d lines") % with_estimate,
            found.by_offer_on_estimate.get(first),
        ),
        (mean % {"n": ranked}, found.against_mean),
        (_("L1 against L2"), found.against_second),
    )
    return [(label, saving) for label, saving in facts if saving is not None]


def _words(saving: Saving, base: str) -> str:
    """How much less or more, with the percentage of what it is held against."""
    if not saving.amount:
        return _("the same.")
    amount = {
        "amount": f"{base} {format_money(abs(saving.amount), base)}",
        "percent": format_percent(None if saving.percent is None else abs(saving.percent)),
    }
    if saving.amount > 0:
        return _("%(amount)s less (%(percent)s).") % amount
    return _("%(amount)s more (%(percent)s).") % amount
