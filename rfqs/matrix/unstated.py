"""The taxes that answers leave open, line by line: what a buyer may add, and what must be added to rank."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rfqs.comparison import ComparisonSheet, Flag, Kind, Offer, OfferLine, Scheme
from rfqs.models import RFQLine
from rfqs.reports import Statement

UNTAXED = (Scheme.COMPOSITION, Scheme.UNREGISTERED)
WANTED = {Flag.GST_NOT_STATED: "gst", Flag.DUTY_NOT_STATED: "duty"}


@dataclass(frozen=True)
class Open:
    """A line, the taxes ("gst", "duty") that answers to it leave open, and who leaves them so."""

    line: RFQLine
    taxes: tuple[str, ...]
    suppliers: tuple[str, ...]


def open_taxes(statement: Statement) -> list[Open]:
    """Every line that somebody quotes without a tax that falls due, whether it is added already or not."""
    left: dict[tuple[str, str], list[str]] = {}
    for offer in statement.inputs.offers:
        for answer in offer.lines:
            for tax in _left_open(offer, answer):
                left.setdefault((answer.line_key, tax), []).append(offer.supplier_name)
    found = []
    for line in statement.lines:
        by = {tax: left[key, tax] for key, tax in _due(line) if (key, tax) in left}
        if by:
            names = dict.fromkeys(name for names in by.values() for name in names)
            found.append(Open(line, tuple(by), tuple(names)))
    return found


def wanted_taxes(sheet: ComparisonSheet) -> Collection[str]:
    """The taxes without which a line has no cost, or an offer no rank."""
    found = {
        flag for one in sheet.table.computed for flag in one.standing.priced.flags.values()
    } | {flag for column in sheet.offers for flag in column.flags}
    return {WANTED[flag] for flag in found if flag in WANTED}


def _left_open(offer: Offer, answer: OfferLine) -> Iterator[str]:
    if answer.unit_price is None:
        return
    if answer.gst_percent is None and offer.scheme not in UNTAXED:
        yield "gst"
    if answer.duty_percent is None and offer.scheme is Scheme.IMPORT:
        yield "duty"


def _due(line: RFQLine) -> Iterator[tuple[str, str]]:
    """The taxes that a buyer may add to a line, each with the line's key."""
    if line.gst_percent is None:
        yield str(line.pk), "gst"
    if line.kind == Kind.GOODS:
        yield str(line.pk), "duty"
