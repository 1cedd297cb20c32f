"""The foot of the matrix: charges, taxes, totals and ranks, then the terms."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from quoteflow.lib.money import NONE, format_money, format_percent
from quoteflow.lib.templatetags.qf import day
from rfqs.comparison import ComparisonSheet, Flag, OfferColumn, Status
from rfqs.matrix.reader import said_once
from rfqs.matrix.words import DUTY_FLAGS, FLAGS, TAX_FLAGS
from rfqs.models import FreightTerm, Quotation

SOON_DAYS = 7  # a validity this near is pointed out


class FootCell(NamedTuple):
    """A figure or words, and smaller words below."""

    text: str
    sub: str = ""
    css: str = ""


class FootRow(NamedTuple):
    """One row of the foot; `last` is the figure at last prices."""

    label: str
    cells: tuple[FootCell, ...]
    css: str = ""
    last: str = ""


Pair = tuple[OfferColumn, Quotation]


def foot_rows(sheet: ComparisonSheet, pairs: Sequence[Pair], today: date) -> list[FootRow]:
    """Money rows, the rank, then the terms; rows that are nothing for everybody are left out."""
    base = sheet.base_currency

    def money(label: str, name: str, css: str = "", last: str = "") -> FootRow:
        amounts = [getattr(column, name) for column, _quotation in pairs]
        cells = [FootCell(format_money(amount, base)) for amount in amounts]
        return FootRow(label, tuple(cells), css, last)

    def row(label: str, cell: Callable[[Pair], FootCell], css: str = "") -> FootRow:
        return FootRow(label, tuple(map(cell, pairs)), css)

    taxes = {column.key: said_once(sheet, n) & TAX_FLAGS for n, column in enumerate(sheet.offers)}
    evaluated = _("Evaluated, %(currency)s") % {"currency": base}
    baseline = format_money(sheet.savings.baseline, base)
    rows = [
        money(_("Basic"), "basic", "qf-tot", baseline),
        *_when(
            any(column.discount_quoted for column, _quotation in pairs),
            row(_("Discounts, taken off above"), _discount),
        ),
        money(_("Packing and forwarding"), "packing"),
        row(_("Freight"), lambda pair: _freight(pair, base)),
        money(_("Insurance"), "insurance"),
        row(_("Other and clearing"), lambda pair: _others(pair[0], base)),
    ]
    if any(column.duty or taxes[column.key] & DUTY_FLAGS for column, _quotation in pairs):
        rows += [
            row(
                _("Customs duty"),
                lambda pair: _duty(pair[0], base, taxes[pair[0].key] & DUTY_FLAGS),
            ),
            money(_("Surcharge"), "surcharge"),
        ]
    rows += [
        row(_("GST"), lambda pair: _gst(pair[0], base, taxes[pair[0].key] - DUTY_FLAGS)),
        money(_("Net landed"), "net_landed", "qf-tot"),
        money(_("Gross landed"), "gross_landed"),
        *_when(
            any(column.credit for column, _quotation in pairs), money(_("Input credit"), "credit")
        ),
        row(_("Loading"), lambda pair: _loading(pair[0], base)),
        row(evaluated, lambda pair: _evaluated(pair[0], base), "qf-tot qf-grand"),
        row(_("Difference to lowest"), lambda pair: _difference(pair[0], base)),
        row(_("Rank"), lambda pair: _rank(pair[0]), "qf-tot"),
        *_when(
            any(column.loaded_total is not None for column, _quotation in pairs),
            money(_("With gaps at the others’ highest"), "loaded_total"),
        ),
    ]  # fmt: skip
    return rows + term_rows(pairs, today)


def term_rows(pairs: Sequence[Pair], today: date) -> list[FootRow]:
    """What the suppliers offer beside money, and who they are; without what nobody says."""
    terms: dict[str, Callable[[Pair], FootCell]] = {
        _("Lead time"): lambda pair: FootCell(_days(pair[1].lead_days)),
        _("Payment terms"): lambda pair: FootCell(_payment(pair[1])),
        _("Warranty"): lambda pair: FootCell(pair[1].warranty or NONE),
        _("Delivery term"): lambda pair: FootCell(pair[1].delivery_term or NONE),
        _("Valid until"): lambda pair: _validity(pair, today),
        _("GSTIN"): lambda pair: FootCell(pair[1].supplier.gstin or NONE),
        _("Contact"): lambda pair: _contact(pair[1]),
        _("Remarks"): lambda pair: _remarks(pair[1]),
    }
    rows = [FootRow(label, tuple(map(cell, pairs))) for label, cell in terms.items()]
    return [row for row in rows if any(cell.text != NONE for cell in row.cells)]


def _when(holds: object, row: FootRow) -> tuple[FootRow, ...]:
    """The row, where it says something of anybody."""
    return (row,) if holds else ()


def _discount(pair: Pair) -> FootCell:
    """Of the lines and of the whole, as quoted: the basic is without it."""
    column, quotation = pair
    if not column.discount_quoted:
        return FootCell(NONE)
    words = _("falls away on a part order") if quotation.discount_on_full_order else ""
    amount = format_money(column.discount_quoted, column.currency)
    return FootCell(f"{column.currency} {amount}", words)


def _freight(pair: Pair, base: str) -> FootCell:
    column, quotation = pair
    if quotation.freight_term == FreightTerm.INCLUDED:
        return FootCell(_("Included"))
    if quotation.freight_term == FreightTerm.AMOUNT:
        return FootCell(format_money(column.freight, base))
    loaded = format_money(column.freight_loading, base)
    sub = _("%(amount)s of the others added as loading") % {"amount": loaded}
    if not column.freight_loading:
        sub = _("ask the supplier: nobody else names an amount")
    return FootCell(_("Not stated"), sub, "tone-warn")


def _others(column: OfferColumn, base: str) -> FootCell:
    if column.other is None or column.clearing is None:
        return FootCell(NONE)
    return FootCell(format_money(column.other + column.clearing, base))


def _duty(column: OfferColumn, base: str, flags: Collection[Flag]) -> FootCell:
    """The duty, and where its percentage is from, if not from the quotation."""
    words = ", ".join(str(FLAGS[flag]) for flag in sorted(flags))
    return FootCell(format_money(column.duty, base), words)


def _gst(column: OfferColumn, base: str, flags: Collection[Flag]) -> FootCell:
    """The tax, whether it comes back, and where its rates are from, if not from the supplier."""
    words = [_("comes back as credit")] if column.credit else []
    unknown = {Flag.GST_NOT_STATED} if column.gst is None and column.basic is not None else set()
    words += [str(FLAGS[flag]) for flag in sorted({*flags, *unknown})]
    return FootCell(format_money(column.gst, base), ", ".join(words))


def _loading(column: OfferColumn, base: str) -> FootCell:
    sub = (
        _("payment %(days)s days early") % {"days": f"{column.loading_days:f}"}
        if column.payment_loading
        else ""
    )
    return FootCell(format_money(column.loading, base), sub)  # fmt: skip


def _evaluated(column: OfferColumn, base: str) -> FootCell:
    if column.rank is None:
        return FootCell(format_money(column.evaluated, base), _("not ranked"))
    return FootCell(format_money(column.evaluated, base), css="qf-best" if column.is_lowest else "")


def _difference(column: OfferColumn, base: str) -> FootCell:
    if column.difference is None:
        return FootCell(NONE)
    percent = format_percent(column.difference_percent, signed=True)
    return FootCell(format_money(column.difference, base), percent)


def _rank(column: OfferColumn) -> FootCell:
    if column.rank is not None:
        tie = _("tie") if Flag.TIE in column.flags else ""
        return FootCell(f"L{column.rank}", tie, "qf-best" if column.is_lowest else "")
    if column.status is Status.INCOMPLETE:
        quoted = {"n": column.quoted_lines, "all": column.line_count}
        return FootCell(NONE, _("incomplete %(n)d/%(all)d") % quoted)
    if column.status is Status.DISQUALIFIED:
        return FootCell(NONE, _("disqualified"))
    if column.status is Status.EXPIRED:
        return FootCell(NONE, _("expired"))
    flags = ", ".join(str(FLAGS[flag]).lower() for flag in column.flags if flag in FLAGS)
    return FootCell(NONE, flags)


def _payment(quotation: Quotation) -> str:
    if quotation.payment_terms:
        return quotation.payment_terms
    parts = [
        _("%(share)s%% at %(day)s days") % {"share": share, "day": day_}
        for share, day_ in quotation.tranches
    ]
    return ", ".join(parts) or NONE


def _contact(quotation: Quotation) -> FootCell:
    """Where the supplier is reached: the address of the firm, its telephone below."""
    supplier = quotation.supplier
    first, *rest = [part for part in (supplier.email, supplier.phone) if part] or [NONE]
    return FootCell(first, ", ".join(rest), "qf-text")


def _remarks(quotation: Quotation) -> FootCell:
    return FootCell(quotation.remarks, css="qf-text") if quotation.remarks else FootCell(NONE)


def _days(days: int | None) -> str:
    return NONE if days is None else _("%(n)d days") % {"n": days}


def _validity(pair: Pair, today: date) -> FootCell:
    column, quotation = pair
    until = quotation.valid_until
    if until is None:
        return FootCell(NONE)
    if column.status is Status.EXPIRED:
        return FootCell(day(until), _("expired"), "tone-bad")
    left = (until - today).days
    if 0 <= left <= SOON_DAYS:
        return FootCell(day(until), _("%(n)d days left") % {"n": left}, "tone-warn")
    return FootCell(day(until))
