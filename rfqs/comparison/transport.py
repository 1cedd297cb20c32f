"""Transport: contract amounts of a lane, from rates per trip, per tonne or per kilometre.

Rates of different bases are never set side by side; the contract amounts are.
"""

from decimal import ROUND_CEILING, Decimal

from rfqs.comparison.flags import Flag, Step
from rfqs.comparison.inputs import ONE, ZERO, Line, OfferLine, RateBasis
from rfqs.comparison.money import CENT, rounded
from rfqs.comparison.priced import Priced, Quantities, Terms


def price(line: Line, offered: OfferLine, whole: Quantities, terms: Terms) -> Priced | Flag:
    """Price the `whole` of the vehicle journeys of a lane; a flag where load or distance is not known.

    `per vehicle trip = base + fuel + toll + loading`, times vehicles, times the trips of a
    month (rounded), times months. A rate per tonne is for the load, and several vehicles carry it
    once: its base and fuel are for all vehicles together (docs/adr/0011).
    """
    vehicles = _vehicles(line, offered)
    charged_for = _charged_for(line, offered, vehicles)
    if isinstance(charged_for, Flag):
        return charged_for
    amounts = _trips(offered, whole)
    base = rounded((offered.unit_price or ZERO) * charged_for / offered.price_basis, terms.step)
    fuel = rounded(base * offered.fuel_percent * CENT, terms.step)
    toll = rounded(offered.toll, terms.step)
    handling = rounded(offered.loading, terms.step)
    shared = ONE if offered.rate_basis == RateBasis.PER_TONNE else vehicles
    trip = (base + fuel) * shared + (toll + handling) * vehicles
    months, lane_month = _month(line, trip, amounts.charged, terms.step)
    flags = list(amounts.flags)
    if vehicles > 1:
        flags.append(Flag.VEHICLES)
    if not trip:
        flags.append(Flag.FREE)
    return Priced(
        quantities=amounts,
        gross=rounded(lane_month * months, terms.step),
        unit_price=trip,
        workings=(
            Step("charged_for", charged_for),
            Step("base", base, "quoted"),
            Step("fuel", fuel, "quoted"),
            Step("toll", toll, "quoted"),
            Step("loading", handling, "quoted"),
            *_of_one_vehicle(base + fuel + toll + handling, shared, vehicles),
            Step("vehicles", vehicles),
            Step("trip", trip, "quoted"),
            Step("lane_month", lane_month, "quoted"),
            Step("months", months),
        ),
        flags=tuple(flags),
    )


def _of_one_vehicle(amount: Decimal, shared: Decimal, vehicles: Decimal) -> tuple[Step, ...]:
    """What one vehicle's trip costs; a load that several carry together has no such amount."""
    return (Step("vehicle_trip", amount, "quoted"),) if shared == vehicles else ()


def _charged_for(line: Line, offered: OfferLine, vehicles: Decimal) -> Decimal | Flag:
    """What the rate is multiplied with: 1 or the kilometres of a vehicle, or the tonnes of all.

    A minimum guaranteed weight holds for every vehicle that runs.
    """
    if offered.rate_basis == RateBasis.PER_TONNE:
        if line.load_t is None:
            return Flag.LOAD_UNKNOWN
        return max(line.load_t, (offered.minimum_weight_t or ZERO) * vehicles)
    if offered.rate_basis == RateBasis.PER_KM:
        return Flag.DISTANCE_UNKNOWN if line.distance_km is None else line.distance_km
    return ONE


def _vehicles(line: Line, offered: OfferLine) -> Decimal:
    if not line.load_t or not offered.capacity_t or offered.capacity_t >= line.load_t:
        return ONE
    return (line.load_t / offered.capacity_t).to_integral_value(ROUND_CEILING)


def _trips(offered: OfferLine, whole: Quantities) -> Quantities:
    """Trips have no least order; a supplier may still offer fewer than are needed."""
    trips = offered.offered_quantity
    if trips is not None and trips < whole.required:
        return Quantities(trips, trips, trips, (Flag.SHORT,))
    return whole


def _month(line: Line, trip: Decimal, trips: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """Months and the amount of one; a part of the contract is taken as a single stretch."""
    if line.trips_per_month is None or trips != line.need:
        return ONE, rounded(trip * trips, step)
    months = ONE if line.months is None else line.months
    return months, rounded(trip * line.trips_per_month, step)
