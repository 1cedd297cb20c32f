"""The price memory of the catalogue: written by an approved award, taken back with its cancellation."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from rfqs.conversion import Conversion
from rfqs.models import Award, AwardLine, AwardStatus, Item
from suppliers.models import Supplier

STEP = Decimal("0.0001")
FIELDS = ("last_price", "last_currency", "last_supplier", "last_bought_on")


class _Bought(NamedTuple):
    """What an item cost: basic per unit of the item, base currency, without GST (COMPARISON 1)."""

    price: Decimal
    supplier: Supplier | None
    on: date | None

    @property
    def supplier_id(self) -> Any:
        """Whose price it is, where that is known."""
        return None if self.supplier is None else self.supplier.pk


def remember(lines: Iterable[AwardLine]) -> None:
    """Write what an approved award pays as the last price of its items.

    A line in a unit that does not convert to the item's leaves what is remembered as it is.
    """
    today = timezone.localdate()
    _store({item: _Bought(price, line.supplier, today) for item, line, price in _priced(lines)})


def forget(award: Award) -> list[str]:
    """Take back what a cancelled award wrote; the codes of its items. A constant number of statements.

    An item goes back to the newest purchase that stands, or to what its line knew when it was drafted,
    whichever is later; where something newer was written since, it stays.
    """
    own = _priced(_lines(award=award))
    decided = (AwardStatus.APPROVED, AwardStatus.CANCELLED)
    items = {item.pk for item, _line, _price in own}
    bought: dict[Any, _Bought] = {}
    undone: set[tuple[Any, ...]] = set()
    for item, line, price in _priced(_lines(award__status__in=decided, rfq_line__item__in=items)):
        if line.award.status == AwardStatus.CANCELLED or line.award_id == award.pk:
            undone.add((item.pk, price, line.supplier_id))
        else:
            day = timezone.localdate(line.award.approved_at)
            bought[item.pk] = _Bought(price, line.supplier, day)
    vendors = _vendors(line.rfq_line.last_vendor for _item, line, _price in own)
    back: dict[Item, _Bought | None] = {}
    for item, line, price in own:
        if (item.last_price, item.last_supplier_id) == (price, line.supplier_id):
            drafted = _drafted(line, vendors)
            if drafted and (item.pk, drafted.price, drafted.supplier_id) in undone:
                drafted = None
            known = [one for one in (bought.get(item.pk), drafted) if one]
            back[item] = max(known, key=lambda one: one.on or date.min, default=None)
    _store(back)
    return sorted(item.code for item in back)


def _lines(**which: Any) -> QuerySet[AwardLine]:
    """Award lines with what their price needs, the latest approved last."""
    rows = AwardLine.objects.filter(**which).select_related(
        "award", "rfq_line__item__unit", "rfq_line__unit", "supplier"
    )
    return rows.order_by("award__approved_at", "rfq_line__position", "pk")


def _priced(lines: Iterable[AwardLine]) -> list[tuple[Item, AwardLine, Decimal]]:
    """The lines of items whose unit converts, each with its price per unit of the item."""
    rows = list(lines)
    conversion = Conversion(line.rfq_line.item_id for line in rows)
    found = []
    for line in rows:
        item = line.rfq_line.item
        factor = item and conversion.factor(item.pk, line.rfq_line.unit, item.unit)
        if item is not None and factor:
            price = line.basic / (line.order_quantity * factor)
            found.append((item, line, price.quantize(STEP, ROUND_HALF_UP)))
    return found


def _drafted(line: AwardLine, vendors: Mapping[str, Supplier]) -> _Bought | None:
    """What the line knew when it was drafted, in the item's own unit; None in another one, or nothing."""
    asked = line.rfq_line
    if asked.last_price is None or asked.item is None or asked.unit_id != asked.item.unit_id:
        return None
    return _Bought(asked.last_price, vendors.get(asked.last_vendor), asked.last_bought_on)


def _vendors(names: Iterable[str]) -> dict[str, Supplier]:
    """Suppliers by name, those whose name is nobody else's."""
    found: dict[str, list[Supplier]] = {}
    for supplier in Supplier.objects.filter(name__in={name for name in names if name}):
        found.setdefault(supplier.name, []).append(supplier)
    return {name: own[0] for name, own in found.items() if len(own) == 1}


def _store(remembered: Mapping[Item, _Bought | None]) -> None:
    for item, last in remembered.items():
        item.last_price = None if last is None else last.price
        item.last_currency = "" if last is None else settings.BASE_CURRENCY
        item.last_supplier = None if last is None else last.supplier
        item.last_bought_on = None if last is None else last.on
    Item.objects.bulk_update(remembered, FIELDS)
