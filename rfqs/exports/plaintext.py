"""The comparative statement as text for a terminal: offers by rank, then the lines."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_money, format_percent, format_quantity
from rfqs.comparison import ComparisonSheet, Flag, OfferColumn
from rfqs.matrix.words import surety

UNRANKED = 10**6
WIDEST = 40


def render(sheet: ComparisonSheet) -> str:
    """Return the sheet as tables in fixed-width letters; amounts in the base currency."""
    parts = [_heading(sheet), _offers(sheet), _lines(sheet), _split(sheet), _savings(sheet)]
    return "\n\n".join(part for part in parts if part)


def _heading(sheet: ComparisonSheet) -> str:
    policy = sheet.policy
    words = [
        f"{sheet.rfq}  {sheet.base_currency}",
        _(
            "Tax: %(tax)s. Quantity: %(quantity)s. Interest: %(interest)s. Standard credit: %(days)d days."
        )
        % {
            "tax": policy.tax.value.replace("_", " "),
            "quantity": policy.quantity.value,
            "interest": format_percent(policy.interest_percent),
            "days": policy.credit_days,
        },
    ]
    foreign = {code: rate for code, rate in sheet.rates.items() if code != sheet.base_currency}
    if foreign:
        listed = ", ".join(f"{code} {rate.normalize():f}" for code, rate in sorted(foreign.items()))
        words.append(_("Rates of %(day)s: %(rates)s") % {"day": sheet.rates_on, "rates": listed})
    return "\n".join(words)


def _offers(sheet: ComparisonSheet) -> str:
    if not sheet.offers:
        return _("There is no quotation.")
    head = (
        _("Rank"), _("Supplier"), _("Status"), _("Basic"), _("P&F"), _("Freight"), _("Other"), _("Net landed"),
        _("GST"), _("Gross"), _("Loading"), _("Evaluated"),
    )  # fmt: skip
    ranked = sorted(sheet.offers, key=lambda column: column.rank or UNRANKED)
    rows = [_offer(column, sheet) for column in ranked]
    return _table([head, *rows], texts=3)


def _offer(column: OfferColumn, sheet: ComparisonSheet) -> tuple[str, ...]:
    rest = (column.insurance, column.other, column.clearing, column.duty, column.surcharge)
    stated = [amount for amount in rest if amount is not None]
    other = sum(stated, Decimal(0)) if stated else None
    freight = None if Flag.FREIGHT_NOT_STATED in column.flags else column.freight
    amounts = (
        column.basic, column.packing, freight, other, column.net_landed, column.gst, column.gross_landed,
        column.loading, column.evaluated,
    )  # fmt: skip
    status = column.status.value.replace("_", " ")
    if column.quoted_lines < column.line_count:
        status = f"{status} {column.quoted_lines}/{column.line_count}"
    return (
        f"L{column.rank}" if column.rank else "",
        column.supplier_code,
        status,
        *(format_money(amount, sheet.base_currency) for amount in amounts),
    )


def _lines(sheet: ComparisonSheet) -> str:
    """Net landed per line and supplier; the lowest of a line carries a star."""
    if not sheet.offers:
        return ""
    codes = [column.supplier_code for column in sheet.offers]
    head = (_("No"), _("Description"), _("Unit"), _("Quantity"), *codes)
    rows = [
        (
            str(row.line.no),
            row.line.description[:WIDEST],
            row.line.unit,
            format_quantity(row.line.need),
            *(
                format_money(cell.net_landed, sheet.base_currency)
                + (" *" if cell.offer_key in row.lowest else "  ")
                for cell in row.cells
            ),
        )
        for row in sheet.lines
    ]
    caption = _("Net landed by line (* lowest)")
    return f"{caption}\n{_table([head, *rows], texts=3)}"


def _split(sheet: ComparisonSheet) -> str:
    """What splitting the order comes to, lump sums in full, and the cheapest award there is."""
    split, base = sheet.split, sheet.base_currency
    if split.full_total is None:
        return ""
    mix = _("Lowest per line, lump sums in full: %(total)s") % {
        "total": format_money(split.full_total, base)
    }
    if split.cheapest is None:
        return mix
    codes = {column.key: column.supplier_code for column in sheet.offers}
    names = ", ".join(sorted({codes[key] for key in split.cheapest.assignment.values()}))
    total = format_money(split.cheapest.total, base)
    words = _("Cheapest award: %(total)s (%(names)s), %(sure)s") % {
        "total": total,
        "names": names,
        "sure": surety(split.cheapest.gap, base),
    }
    return f"{mix}\n{words}"


def _savings(sheet: ComparisonSheet) -> str:
    codes = {column.key: column.supplier_code for column in sheet.offers}
    found = {key: saving for key, saving in sheet.savings.by_offer.items() if saving is not None}
    if not found:
        return ""
    head = (_("Supplier"), _("Saving"), _("Percent"))
    rows = [
        (
            codes[key],
            format_money(saving.amount, sheet.base_currency),
            format_percent(saving.percent, signed=True),
        )
        for key, saving in found.items()
    ]
    caption = _("Against last prices (basic against basic)")
    return f"{caption}\n{_table([head, *rows], texts=1)}"


def _table(rows: Iterable[Sequence[str]], *, texts: int) -> str:
    """Align columns: the first `texts` to the left, the others, which are numbers, to the right."""
    listed = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < texts else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in listed
    )
