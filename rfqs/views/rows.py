"""Rows of the list of requests as finished text, lean: fifty of them are most of the page.

End tags that HTML lets one leave out are left out, icons and bars come from static/css/requests.css.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quoteflow.lib.money import NONE, format_money, round_half_up
from quoteflow.lib.templatetags.qf import icon, in_words
from rfqs.listing import derived_status
from rfqs.models import CommodityType, OrderStatus
from rfqs.states import TERMINAL, Status

ICONS = {
    CommodityType.GOODS: "package",
    CommodityType.SERVICE: "wrench",
    CommodityType.TRANSPORT: "truck",
}
SOON = timedelta(days=2)
VERY_SOON = timedelta(days=1)
NOW = timedelta(0)
BARS = 5  # lengths a bar of quotations can have
MINUS = "\N{MINUS SIGN}"


class Reader(NamedTuple):
    """What the rows of one page share: the time, and how its reader writes it."""

    now: datetime
    year: int
    zone: tzinfo
    language: str | None
    currency: str
    months: tuple[str, ...]
    closed: str


def reader(now: datetime) -> Reader:
    """The person who is being served."""
    zone, language = timezone.get_current_timezone(), get_language()
    year = now.astimezone(zone).year
    return Reader(now, year, zone, language, settings.BASE_CURRENCY, _months(language), _("closed"))


def body(found: Iterable[tuple[Any, ...]], by: Reader) -> SafeString:
    """The rows of the table, from tuples of listing.COLUMNS; times in the reader's zone.

    Written in Python: a template takes ten times as long.
    """
    return mark_safe("\n".join([_row(row, by) for row in found]))  # noqa: S308 (all is escaped)


def _row(row: tuple[Any, ...], by: Reader) -> str:
    (_id, number, title, kind, site, city, status, got, asked, total, versus, deadline, _at) = row
    return (
        f'<tr><th scope=row><a href="/rfqs/{number}/">{number}</a><p>{escape(title)}'
        f"{_kind_and_site(kind, site, city, by.language)}"
        f"{_status_cell(derived_status(status, deadline, got, by.now), by.language)}"
        f"{_quotes(got, asked, by.language) if asked else '<td>—'}"
        f"<td>{format_money(total, by.currency)}{_versus(versus)}"
        f"<td>{_closes(deadline, status, by)}"
    )


def status_badge(status: str) -> SafeString:
    """Icon and word of a stored or derived status of a request."""
    return _badge(status, get_language())


def order_badge(status: str) -> SafeString:
    """Icon and word of an order's status."""
    return _order(status, get_language())


def kind_cell(kind: str) -> SafeString:
    """Icon and word of a type of request."""
    return _kind(kind, get_language())


def _versus(percent: Decimal | None) -> str:
    """More or less than the last prices, in percent: the sign says it, the colour only repeats it."""
    if percent is None:
        return f"<td>{NONE}"
    if not percent:
        return "<td>0.0%"
    figure = f"{round_half_up(abs(percent), 1):,f}%"
    return f"<td class=dn>{MINUS}{figure}" if percent < 0 else f"<td class=up>+{figure}"


def _closes(deadline: datetime | None, status: str, by: Reader) -> str:
    """The closing time in the reader's zone, and how far away it is while that matters."""
    if deadline is None:
        return NONE
    local = deadline.astimezone(by.zone)
    year = "" if local.year == by.year else f" {local.year}"
    text = f"{local.day} {by.months[local.month]}{year}, {local.hour:02}:{local.minute:02}"
    if status in TERMINAL:
        return text
    left = deadline - by.now
    if left <= NOW:
        return f"{text} <i>{by.closed}</i>"
    urgency = " class=bad" if left <= VERY_SOON else " class=warn" if left <= SOON else ""
    return f"{text} <i{urgency}>{escape(in_words(left))}</i>"


# Rendered once per process: fifty rows share a handful of icons and words. The language is in the key.
@cache
def _word(status: str, language: str | None) -> str:
    del language
    derived = {"open": _("Open, no quotes"), "quotes_in": _("Quotes in"), "closed": _("Closed")}
    return derived.get(status) or str(Status(status).label)


@cache
def _badge(status: str, language: str | None) -> SafeString:
    return _rendered(status, _word(status, language))


@cache
def _status_cell(status: str, language: str | None) -> str:
    return f"<td><b class=s-{status}>{escape(_word(status, language))}</b>"


@cache
def _order(status: str, language: str | None) -> SafeString:
    del language
    return _rendered(status, str(OrderStatus(status).label))


def _rendered(status: str, label: str) -> SafeString:
    badge = render_to_string("components/_badge.html", {"status": status, "label": label})
    return mark_safe(badge.strip())  # noqa: S308 (a template's)


@lru_cache(maxsize=500)
def _quotes(got: int, asked: int, language: str | None) -> str:
    del language
    bar = min(got, asked) * BARS // asked
    return f"<td class=q{bar}>{got}/{asked}<i> {escape(_('quotes'))}</i>"


@lru_cache(maxsize=2000)
def _kind_and_site(kind: str, site: str, city: str, language: str | None) -> str:
    del language
    place = f"{site} {city}" if city else site
    label = escape(str(CommodityType(kind).label))
    return f"<td class=k-{ICONS[CommodityType(kind)]}>{label}<td>{escape(place)}"


@cache
def _kind(kind: str, language: str | None) -> SafeString:
    del language
    return format_html(
        "{} {}", icon(ICONS[CommodityType(kind)], "muted"), CommodityType(kind).label
    )


@cache
def _months(language: str | None) -> tuple[str, ...]:
    """The short names of the months; the first stands at 1."""
    del language
    names = (date_format(datetime(2000, month, 1), "M") for month in range(1, 13))  # noqa: DTZ001
    return ("", *names)
