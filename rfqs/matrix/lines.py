"""The sticky columns on the left: what is asked for, how much, and what it last cost."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html import escape
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quoteflow.lib.money import format_quantity, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs import comparison
from rfqs.asked import Asked
from rfqs.matrix.words import PERIODS
from rfqs.models import RFQLine


class Shown(NamedTuple):
    """What the matrix shows of a line, by the line's own names."""

    position: int
    kind: str
    item_code: str
    description: str
    specification: str
    hsn: str
    quantity: Decimal
    last_price: Decimal | None
    last_vendor: str
    last_bought_on: date | None
    from_location: str
    to_location: str
    vehicle_size: str
    load_t: Decimal | None
    dimensions: str
    trips_per_month: int | None
    months: int | None


def title_of(line: RFQLine | Shown) -> str:
    """What people call the line: its item code, its lane, else its words."""
    if line.kind == comparison.Kind.TRANSPORT:
        return f"{line.from_location} → {line.to_location}"
    return line.item_code or line.description


def lines_html(lines: Asked, base: str) -> Mapping[str, str]:
    """By line key, the three cells that stay while the offers scroll by; all text escaped.

    Written once for the rows that say it: a request of two hundred lines is looked at again and again.
    """
    wishes = (base, get_language())
    if wishes not in lines.known.drawn:
        phone = _("%(amount)s %(unit)s, last %(price)s")
        told = zip(lines.known.inputs, lines.told((*Shown._fields, "unit")), strict=True)
        lines.known.drawn[wishes] = {
            asked.key: _html(Shown._make(shown), str(unit), asked, (base, phone))
            for asked, (*shown, unit) in told
        }
    drawn: Mapping[str, str] = lines.known.drawn[wishes]
    return drawn


def _html(line: Shown, unit: str, asked: comparison.Line, words: tuple[str, str]) -> str:
    base, phone = words
    title, below = title_of(line), _below(line)
    amount, unit = _amount(line, unit, asked.periods, asked.period_unit)
    last = format_rate(line.last_price, base)
    phone %= {"amount": amount, "unit": unit, "price": last}
    bought = ", ".join(
        part for part in (line.last_vendor, day(line.last_bought_on) if line.last_bought_on else "") if part
    )  # fmt: skip
    return (
        f'<th scope="row" class="qf-s1"><span class="qf-code" id="i{line.position}">{escape(title)}</span>'
        + "".join(f'<span class="qf-sub2">{escape(text)}</span>' for text in below)
        + f'<span class="qf-sub m-only">{escape(phone)}</span></th>'
        f'<td class="qf-s2 num">{amount}<span class="qf-sub">{escape(unit)}</span></td>'
        f'<td class="qf-s3 num">{last}<span class="qf-sub">{escape(bought)}</span></td>'
    )


def _below(line: Shown) -> list[str]:
    """The smaller lines under the title."""
    texts = [line.description] if line.description != title_of(line) else []
    if line.kind == comparison.Kind.TRANSPORT:
        load = _("%(n)s t") % {"n": format_quantity(line.load_t)} if line.load_t else ""
        texts.append(", ".join(part for part in (line.vehicle_size, load, line.dimensions) if part))
    texts.append(line.specification)
    texts.append(f"HSN/SAC {line.hsn}" if line.hsn else "")
    return [text if len(text) <= 140 else f"{text[:139]}…" for text in texts if text]  # noqa: PLR2004


def _amount(line: Shown, unit: str, periods: Decimal, period: comparison.Period) -> tuple[str, str]:
    """How much, and of what: 120 NOS; 4 NOS, 4 quarters; 26 trips a month × 12."""
    if line.kind == comparison.Kind.TRANSPORT:
        return str(line.trips_per_month or 0), _("a month × %(n)s") % {"n": line.months or 1}
    if line.kind == comparison.Kind.SERVICE and period != comparison.Period.ONCE:
        unit = f"{unit}, {format_quantity(periods)} {PERIODS[period]}"
    return format_quantity(line.quantity), unit
