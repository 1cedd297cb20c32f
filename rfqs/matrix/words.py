"""What the comparison's machine words mean to a person."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoteflow.lib.money import format_money, format_quantity, format_rate
from rfqs.comparison import Cell, Flag, Period, RateBasis, Status

# Where something is missing, they say what, and who can supply it.
FLAGS: dict[Flag, Promise] = {
    Flag.NOT_QUOTED: gettext_lazy("No quote"),
    Flag.UNIT: gettext_lazy(
        "Unit does not convert: ask the supplier, or the back office for the pack size"
    ),
    Flag.PERIOD: gettext_lazy(
        "Period does not convert: ask the supplier for a price of the whole job"
    ),
    Flag.LOAD_UNKNOWN: gettext_lazy("Load not known: the buyer adds it to the request"),
    Flag.DISTANCE_UNKNOWN: gettext_lazy("Distance not known: the buyer adds it to the request"),
    Flag.NO_RATE: gettext_lazy("No exchange rate: ask the back office"),
    Flag.NEEDS_RECONFIRMATION: gettext_lazy("Not confirmed after a change: ask the supplier"),
    Flag.SHORT: gettext_lazy("Offers less than asked"),
    Flag.FREE: gettext_lazy("Free of charge"),
    Flag.MOQ: gettext_lazy("Least order"),
    Flag.MULTIPLE: gettext_lazy("Whole packs only"),
    Flag.PART_PERIOD: gettext_lazy("Part of a period"),
    Flag.VEHICLES: gettext_lazy("Several vehicles a trip"),
    Flag.CORRECTED: gettext_lazy("Stated total corrected"),
    Flag.DECIMAL_SLIP: gettext_lazy("Decimal slip? Ask the supplier"),
    Flag.GST_FROM_REQUEST: gettext_lazy("GST from the request"),
    Flag.GST_LOADED: gettext_lazy("GST at the others’ highest"),
    Flag.GST_NOT_STATED: gettext_lazy("GST not stated: ask the supplier"),
    Flag.DUTY_FROM_REQUEST: gettext_lazy("Customs duty added by the buyer"),
    Flag.DUTY_LOADED: gettext_lazy("Customs duty at the others’ highest"),
    Flag.DUTY_NOT_STATED: gettext_lazy("Customs duty not stated: the buyer adds it"),
    Flag.FREIGHT_NOT_STATED: gettext_lazy("Freight not stated: ask the supplier"),
    Flag.FREIGHT_LOADED: gettext_lazy("Freight of the others added"),
    Flag.TERMS_NOT_STATED: gettext_lazy("Payment terms not stated: ask the supplier"),
    Flag.TIE: gettext_lazy("Tie for the lowest"),
}
# Flags of the whole offer: its head and foot say them, not each of its cells.
OF_THE_OFFER = frozenset(
    {Flag.FREIGHT_NOT_STATED, Flag.NO_RATE, Flag.NEEDS_RECONFIRMATION, Flag.TIE}
)
DUTY_FLAGS = frozenset({Flag.DUTY_FROM_REQUEST, Flag.DUTY_LOADED, Flag.DUTY_NOT_STATED})
TAX_FLAGS = DUTY_FLAGS | {Flag.GST_FROM_REQUEST, Flag.GST_LOADED, Flag.GST_NOT_STATED}
_WITH_A_NUMBER: dict[Flag, Callable[[Cell], str]] = {
    Flag.SHORT: lambda cell: _("Offers only %(n)s") % {"n": format_quantity(cell.required)},
    Flag.MOQ: lambda cell: _("Least order: buy %(n)s") % {"n": format_quantity(cell.ordered)},
    Flag.MULTIPLE: lambda cell: _("Whole packs: buy %(n)s") % {"n": format_quantity(cell.ordered)},
    Flag.CORRECTED: lambda cell: (
        _("Stated %(stated)s, corrected to %(computed)s")
        % {"stated": format_rate(_stated(cell)), "computed": format_rate(cell.gross_quoted)}
    ),
    Flag.DECIMAL_SLIP: lambda cell: (
        _("Decimal slip? Ask; %(price)s fits the stated total")
        % {"price": format_rate(cell.suggested_price)}
    ),
}
STATUSES: dict[Status, Promise] = {
    Status.COMPLETE: gettext_lazy("Complete"),
    Status.INCOMPLETE: gettext_lazy("Incomplete"),
    Status.NOT_EVALUATED: gettext_lazy("Not evaluated"),
    Status.NOT_COMPARABLE: gettext_lazy("Not comparable"),
    Status.DISQUALIFIED: gettext_lazy("Disqualified"),
    Status.EXPIRED: gettext_lazy("Expired"),
}
PERIODS: dict[Period, Promise] = {
    Period.ONCE: gettext_lazy("once"),
    Period.MONTH: gettext_lazy("months"),
    Period.QUARTER: gettext_lazy("quarters"),
    Period.HALF_YEAR: gettext_lazy("half-years"),
    Period.YEAR: gettext_lazy("years"),
}
BASES: dict[RateBasis, Promise] = {
    RateBasis.PER_TRIP: gettext_lazy("per trip"),
    RateBasis.PER_TONNE: gettext_lazy("per tonne"),
    RateBasis.PER_KM: gettext_lazy("per km"),
}
STEPS: dict[str, Promise] = {
    "quantity": gettext_lazy("Quantity charged"),
    "unit_price_quoted": gettext_lazy("Quoted price"),
    "periods": gettext_lazy("Periods of the contract"),
    "charged_for": gettext_lazy("Tonnes or kilometres charged"),
    "base": gettext_lazy("Base rate of a trip"),
    "fuel": gettext_lazy("Fuel surcharge"),
    "toll": gettext_lazy("Toll"),
    "loading": gettext_lazy("Loading and unloading"),
    "vehicle_trip": gettext_lazy("One trip of one vehicle"),
    "vehicles": gettext_lazy("Vehicles a trip"),
    "trip": gettext_lazy("One trip, all vehicles"),
    "lane_month": gettext_lazy("A month on this lane"),
    "months": gettext_lazy("Months"),
    "gross_quoted": gettext_lazy("Amount before discount"),
    "discount_quoted": gettext_lazy("Discounts"),
    "net_quoted": gettext_lazy("Amount after discounts"),
    "rate": gettext_lazy("Exchange rate"),
    "basic": gettext_lazy("Basic"),
    "packing": gettext_lazy("Packing and forwarding"),
    "freight": gettext_lazy("Freight"),
    "insurance": gettext_lazy("Insurance"),
    "duty": gettext_lazy("Customs duty"),
    "surcharge": gettext_lazy("Social welfare surcharge"),
    "other": gettext_lazy("Other charges"),
    "clearing": gettext_lazy("Clearing"),
    "net_landed": gettext_lazy("Landed, without GST"),
    "gst": gettext_lazy("GST"),
    "gross_landed": gettext_lazy("Landed, with GST"),
    "effective_unit": gettext_lazy("Landed per needed unit"),
}


def surety(gap: Decimal | None, base: str) -> str:
    """How sure it is that no award is cheaper."""
    if gap is None:
        return _("nothing is known of cheaper ones")
    if not gap:
        return _("proven to be the cheapest")
    return _("not proven: another could cost up to %(gap)s less") % {"gap": format_money(gap, base)}


def _stated(cell: Cell) -> Decimal | None:
    return None if cell.offered is None else cell.offered.stated_total


def flag_text(flag: Flag, cell: Cell) -> str:
    """The words beside a cell's figures, with their number where one matters."""
    with_number = _WITH_A_NUMBER.get(flag)
    return with_number(cell) if with_number else str(FLAGS[flag])
