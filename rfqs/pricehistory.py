"""What was paid for an item, and whether a price is far from it (DOMAIN 9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from quoteflow.lib.money import format_percent, format_rate
from rfqs.conversion import Conversion
from rfqs.models import RFQ, AwardLine, AwardStatus, RFQLine, Unit

A_YEAR = timedelta(days=365)
STEP = Decimal("0.0001")
MOST = 2_000  # purchases that a year of some lines is read from


@dataclass(frozen=True)
class Purchase:
    """One approved award line: the basic price per `unit`, base currency, without GST."""

    at: datetime
    price: Decimal
    unit: Unit
    line: AwardLine


def purchases(
    user: User, items: Iterable[UUID], *, most: int, since: datetime | None = None
) -> dict[UUID, list[Purchase]]:
    """By item, oldest first, what `user` may see of the newest approved awards; one statement."""
    wanted = set(items)
    if not wanted:
        return {}
    lines = AwardLine.objects.filter(
        rfq_line__item__in=wanted,
        award__status=AwardStatus.APPROVED,
        award__rfq__in=RFQ.objects.visible_to(user).values("pk"),
    ).select_related("supplier", "award__rfq", "rfq_line__unit")
    if since is not None:
        lines = lines.filter(award__approved_at__gte=since)
    found: dict[UUID, list[Purchase]] = {}
    for line in reversed(lines.order_by("-award__approved_at", "-pk")[:most]):
        price = (line.basic / line.order_quantity).quantize(STEP, ROUND_HALF_UP)
        bought = Purchase(line.award.approved_at, price, line.rfq_line.unit, line)  # type: ignore[arg-type]
        found.setdefault(line.rfq_line.item_id, []).append(bought)  # type: ignore[arg-type]
    return found


def median(prices: Sequence[Decimal]) -> Decimal:
    """The middle price, of an even number the mean of the two in the middle; needs one at least."""
    ordered, half = sorted(prices), len(prices) // 2
    if len(ordered) % 2:
        return ordered[half]
    return ((ordered[half - 1] + ordered[half]) / 2).quantize(STEP, ROUND_HALF_UP)


class Memory:
    """The last twelve months of some lines' items, to hold prices against; one statement, two with packs."""

    def __init__(self, user: User, lines: Iterable[RFQLine]) -> None:
        items = {line.item_id for line in lines if line.item_id is not None}
        self._bought = purchases(user, items, most=MOST, since=timezone.now() - A_YEAR)
        self._conversion = Conversion(items)

    def remark(self, line: RFQLine, price: Decimal | None) -> str:
        """A sentence where `price` (per the line's unit, base currency) is far from the median."""
        known = [
            bought.price / factor
            for bought in self._bought.get(line.item_id, ())  # type: ignore[arg-type]
            if (factor := self._conversion.factor(line.item_id, bought.unit, line.unit))
        ]
        if price is None or not known:
            return ""
        middle = median(known)
        if not middle or abs(price - middle) * 100 <= middle * settings.PRICE_FAR_PERCENT:
            return ""
        facts: dict[str, Any] = {
            "price": format_rate(price),
            "percent": format_percent(abs(price - middle) * 100 / middle),
            "median": format_rate(middle),
            "times": ngettext("%(n)d purchase", "%(n)d purchases", len(known)) % {"n": len(known)},
        }
        sentences = {
            True: _("%(price)s is %(percent)s above the median of the last 12 months, %(median)s (%(times)s)."),
            False: _("%(price)s is %(percent)s below the median of the last 12 months, %(median)s (%(times)s)."),
        }  # fmt: skip
        return sentences[price > middle] % facts
