"""Tags and filters of every page: icons, money, moments and page numbers."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from quoteflow.lib.money import (
    NONE,
    format_money,
    format_percent,
    format_quantity,
    format_rate,
)
from quoteflow.lib.once import FIELD

register = template.Library()
_EDGE = "\ue000"  # a character of no language, around the name of a hole
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of static/icons.svg; silent to screen readers unless it has a `label`."""
    href = f"{static('icons.svg')}#{name}"
    css = f"icon {css}".rstrip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        css,
        href,
    )


@register.simple_tag(name="sorted")
def sort_arrow(state: str) -> SafeString | str:
    """The arrow of a column head by its aria-sort; nothing for a column that is not sorted by."""
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(state)
    return mark_safe(f" {icon(arrow)}") if arrow else ""  # noqa: S308 (an icon)


@register.simple_tag
def once() -> SafeString:
    """The hidden key of a form that makes something; see quoteflow.lib.once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], here: Any) -> SafeString:
    """The options of a select, `here` selected; written in Python, since a page has forty of them."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, mark_safe(" selected") if value == here else "", label)
            for value, label in choices
        ),
    )


@register.simple_tag
def standing(template_name: str, **words: Any) -> SafeString:
    """A part of the page that depends on these words and the language alone: rendered once a process."""
    if settings.DEBUG:
        _standing.cache_clear()
    return _standing(template_name, get_language() or "", tuple(sorted(words.items())))


@lru_cache(maxsize=1024)
def _standing(template_name: str, _language: str, words: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(template_name, dict(words))


@register.simple_tag
def stencil(template_name: str, holes: str, **words: Any) -> SafeString:
    """`standing` with holes: the words named in `holes` are filled in, escaped, each time.

    Inside the template a hole can only be printed; what asks, loops or formats needs a standing word.
    """
    if settings.DEBUG:
        _stencil.cache_clear()
    filling = {name: conditional_escape(words.pop(name, "")) for name in holes.split()}
    solid = tuple(sorted(words.items()))
    pieces = _stencil(template_name, get_language() or "", tuple(filling), solid)
    return mark_safe("".join([filling[one] if odd else one for odd, one in pieces]))  # noqa: S308


@lru_cache(maxsize=1024)
def _stencil(
    template_name: str, _language: str, holes: tuple[str, ...], words: tuple[tuple[str, Any], ...]
) -> list[tuple[bool, str]]:
    """The template cut at its holes: text, name, text …, each with whether it is a name."""
    marks = {name: mark_safe(f"{_EDGE}{name}{_EDGE}") for name in holes}  # noqa: S308 (names)
    pieces = render_to_string(template_name, dict(words) | marks).split(_EDGE)
    return [(bool(place % 2), piece) for place, piece in enumerate(pieces)]


@register.filter
def money(amount: Decimal | None, currency: str = "INR") -> str:
    """Rounded half up and grouped in the manner of its currency: `{{ total|money:"INR" }}`."""
    return format_money(amount, currency)


@register.filter
def rate4(rate: Decimal | None, currency: str = "INR") -> str:
    """A unit price with two to four decimals: `{{ line.unit_price|rate4:"EUR" }}`."""
    return format_rate(rate, currency)


@register.filter
def qty(quantity: Decimal | None) -> str:
    """A quantity without trailing zeros: `{{ line.quantity|qty }}`."""
    return format_quantity(quantity)


@register.filter
def percent(value: Decimal | None, sign: str = "") -> str:
    """A percentage: `{{ share|percent }}`, with its plus sign `{{ difference|percent:"+" }}`."""
    return format_percent(value, signed=sign == "+")


@register.filter
def when(moment: datetime | None, zone: str | tzinfo | None = None) -> str:
    """A moment with its zone, 25 Nov 2026, 17:00 IST; in `zone` or else the reader's own."""
    if moment is None:
        return NONE
    local = timezone.localtime(moment, _zone(zone))
    return f"{date_format(local, 'j M Y, H:i')} {zone_name(local)}"


@register.filter
def folded(moment: datetime | None) -> SafeString:
    """As `when`; in a narrow cell it breaks after the day, and nowhere else."""
    day_of, comma, time_of = when(moment).rpartition(", ")
    return format_html(
        '<span class="nowrap">{}{}</span> <span class="nowrap">{}</span>', day_of, comma, time_of
    )


@register.filter
def exactly(moment: datetime | None) -> str:
    """A moment to the millisecond, in UTC: 25 Nov 2026, 14:59:59.812 UTC."""
    if moment is None:
        return NONE
    utc = moment.astimezone(UTC)
    return f"{date_format(utc, 'j M Y, H:i:s')}.{utc.microsecond // 1000:03d} UTC"


@register.simple_tag
def minutes_ahead(moment: datetime | None, zone: str | tzinfo) -> int:
    """How far a zone is ahead of UTC at a moment, in minutes, as scripts count."""
    found, offset = _zone(zone), timedelta(0)
    if moment is not None and found is not None:
        offset = moment.astimezone(found).utcoffset() or offset
    return offset // timedelta(minutes=1)


@register.filter
def day(moment: date | None) -> str:
    """A calendar day, 25 Nov 2026; of a moment, the day in the reader's zone."""
    if moment is None:
        return NONE
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return date_format(local, "j M Y")


@register.filter
def fromnow(moment: datetime | None) -> str:
    """How far away a moment is, in its largest unit: "in 2 days", "4 hours ago"."""
    if moment is None:
        return NONE
    return in_words(moment - timezone.now())


def in_words(distance: timedelta) -> str:
    """A distance in time in its largest unit: "in 2 days", "4 hours ago" where it is negative."""
    length = abs(distance)
    unit = _DAY if length >= 2 * _DAY else _HOUR if length >= _HOUR else _MINUTE
    return _distance(length // unit, unit, get_language(), ahead=distance >= timedelta(0))


@register.simple_tag
def moment(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """The same text as `when` inside a <time> element for machines."""
    if value is None:
        return NONE
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), when(value, zone))


@register.simple_tag
def page_numbers(page: "Page[Any]") -> Iterable[int | str]:
    """The numbers a pager shows, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def zone_name(local: datetime) -> str:
    """The zone's letters (IST), or GMT+4 where it has none."""
    name = local.tzname() or ""
    if name[:1] not in {"+", "-"}:
        return name
    hours, minutes = int(name[1:3]), name[3:5]
    return f"GMT{name[0]}{hours}" + (f":{minutes}" if minutes.strip("0") else "")


def _zone(zone: str | tzinfo | None) -> tzinfo | None:
    """The zone of a name; nothing means the reader's own."""
    if isinstance(zone, str):
        return ZoneInfo(zone) if zone else None
    return zone


@lru_cache(maxsize=2048)
def _distance(whole: int, unit: timedelta, language: str | None, *, ahead: bool) -> str:
    del language
    words = {
        _MINUTE: ngettext("%(n)d minute", "%(n)d minutes", whole),
        _HOUR: ngettext("%(n)d hour", "%(n)d hours", whole),
        _DAY: ngettext("%(n)d day", "%(n)d days", whole),
    }
    span = words[unit] % {"n": whole}
    return (_("in %(span)s") if ahead else _("%(span)s ago")) % {"span": span}
