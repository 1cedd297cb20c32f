"""The head of every offer's column: who, how complete, in which currency, how far from the lowest."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_percent, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs.comparison import Flag, OfferColumn, Status
from rfqs.matrix.words import FLAGS, STATUSES
from rfqs.models import Quotation


@dataclass(frozen=True)
class Badge:
    """An icon, words and a tone."""

    icon: str
    text: str
    tone: str = ""


@dataclass(frozen=True)
class Head:
    """One column's head, ready to print."""

    place: int
    key: str
    code: str
    name: str
    rating: str
    badges: tuple[Badge, ...]
    reason: str
    has_source: bool


def head_of(place: int, column: OfferColumn, quotation: Quotation, rates_on: Any) -> Head:
    """The head of the column at `place`; rates are those of the day `rates_on`."""
    badges = [*_standing(column), *_currency(column, rates_on)]
    if quotation.is_surrogate:
        badges.append(Badge("keyboard", _("Entered by buyer")))
    if quotation.is_late:
        badges.append(Badge("clock", _("Admitted late"), "warn"))
    return Head(
        place,
        column.key,
        column.supplier_code,
        column.supplier_name,
        str(quotation.supplier.rating or ""),
        tuple(badges),
        quotation.disqualified_reason,
        quotation.source_id is not None,
    )


def _standing(column: OfferColumn) -> list[Badge]:
    if column.status is not Status.COMPLETE:
        return [_unranked(column)]
    if Flag.TIE in column.flags:
        return [Badge("scale", _("Tie for the lowest"), "warn")]
    if column.is_lowest:
        return [Badge("trophy", _("Lowest total"), "ok")]
    above = format_percent(column.difference_percent, signed=True)
    return [Badge("chart-column", _("%(percent)s on lowest") % {"percent": above})]


def _unranked(column: OfferColumn) -> Badge:
    if column.status is Status.DISQUALIFIED:
        return Badge("ban", _("Disqualified"), "bad")
    if column.status is Status.EXPIRED:
        return Badge("hourglass", _("Expired, not ranked"), "warn")
    if column.status in (Status.NOT_COMPARABLE, Status.NOT_EVALUATED):
        words = ", ".join(str(FLAGS[flag]) for flag in column.flags if flag in FLAGS)
        return Badge("triangle-alert", words or str(STATUSES[column.status]), "bad")
    quoted = {"n": column.quoted_lines, "all": column.line_count}
    return Badge("triangle-alert", _("Incomplete %(n)d/%(all)d") % quoted, "bad")


def _currency(column: OfferColumn, rates_on: Any) -> list[Badge]:
    if column.rate is None or column.rate == 1:
        return []
    words = _("%(currency)s at %(rate)s, %(day)s") % {
        "currency": column.currency,
        "rate": format_rate(column.rate),
        "day": day(rates_on),
    }
    return [Badge("refresh-cw", words, "info")]
