"""What the comparison is computed from: the request, the offers, the policy, the rates.

Everything a sheet shows follows from one `Inputs` value and nothing else, so storing it is
storing the result. Keys are opaque strings; amounts are Decimal; percentages are plain numbers
(18 means 18 %). None means "not stated", which is never the same as 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

ZERO = Decimal(0)
ONE = Decimal(1)


class Kind(StrEnum):
    """What a line asks for, in the words of the request's commodity type."""

    GOODS = "provided_data"
    SERVICE = "service"
    TRANSPORT = "transport"


class Tax(StrEnum):
    """Whether the compared cost leaves recoverable GST out or counts it."""

    NET_OF_CREDIT = "net_of_credit"
    GROSS = "gross"


class Quantity(StrEnum):
    """Whether a supplier is charged for what must be bought or for what is needed."""

    COMMITTED = "committed"
    REQUIRED = "required"


class LumpSums(StrEnum):
    """Which of the two totals of a split is its headline."""

    FULL = "full"
    APPORTIONED = "apportioned"


class Incomplete(StrEnum):
    """Whether an incomplete offer gets an informational total with its gaps filled."""

    EXCLUDE = "exclude"
    LOAD_HIGHEST = "load_highest"


class Unstated(StrEnum):
    """What comes of a duty, tax or freight that the comparison needs and nobody states.

    `NOTHING` is how it was counted until November 2026: as zero, beside a flag. It is kept so that
    statements of that time are computed again as they were.
    """

    NO_COST = "no_cost"
    NOTHING = "nothing"


class Scheme(StrEnum):
    """How GST falls on an offer."""

    REGULAR = "regular"
    COMPOSITION = "composition"
    UNREGISTERED = "unregistered"
    IMPORT = "import"
    REVERSE_CHARGE = "reverse_charge"


class Freight(StrEnum):
    """What an offer says of freight where it names no amount."""

    INCLUDED = "included"
    NOT_STATED = "not_stated"


class Period(StrEnum):
    """The period a service is needed for, or its rate is quoted for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    ONCE = "once"


class RateBasis(StrEnum):
    """What a transport rate is charged for."""

    PER_TRIP = "per_trip"
    PER_TONNE = "per_tonne"
    PER_KM = "per_km"


@dataclass(frozen=True, slots=True)
class Policy:
    """How this request compares; printed on the sheet, because it changes the ranking."""

    base_currency: str = "INR"
    tax: Tax = Tax.NET_OF_CREDIT
    quantity: Quantity = Quantity.COMMITTED
    interest_percent: Decimal = ZERO
    credit_days: int = 30
    lump_sums_in_split: LumpSums = LumpSums.FULL
    incomplete: Incomplete = Incomplete.EXCLUDE
    duty_surcharge_percent: Decimal = Decimal(10)  # social welfare surcharge, percent of the duty
    unstated: Unstated = Unstated.NO_COST


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the request.

    `last_price` and `target_price`, the buyer's own estimate, are basic prices per unit (and period
    or trip) in base currency.
    """

    key: str
    no: int
    kind: Kind = Kind.GOODS
    item_code: str = ""
    description: str = ""
    unit: str = ""
    quantity: Decimal = ONE
    gst_percent: Decimal | None = None
    last_price: Decimal | None = None
    target_price: Decimal | None = None
    periods: Decimal = ONE
    period_unit: Period = Period.ONCE
    trips_per_month: Decimal | None = None
    months: Decimal | None = None
    load_t: Decimal | None = None
    distance_km: Decimal | None = None
    duty_percent: Decimal | None = None  # basic customs duty, for imports that state none

    @property
    def need(self) -> Decimal:
        """How much is needed, in the line's unit; for a lane, its trips over the contract."""
        if self.kind == Kind.TRANSPORT and self.trips_per_month is not None:
            return self.trips_per_month * (ONE if self.months is None else self.months)
        return self.quantity


class OfferLine(NamedTuple):
    """A supplier's answer to one line, in the offer's currency and the offered unit.

    `unit_price` None is "not quoted", 0 is "free of charge". `unit_factor` is the number of
    requested units in one offered unit, None where the two do not convert. `moq`,
    `order_multiple` and `offered_quantity` count offered units. `stated_total` is the amount the
    supplier wrote beside the line, before discount; it is checked, never used.
    """

    line_key: str
    unit_price: Decimal | None = None
    price_basis: Decimal = ONE
    discount_percent: Decimal = ZERO
    moq: Decimal | None = None
    order_multiple: Decimal | None = None
    offered_quantity: Decimal | None = None
    unit: str = ""
    unit_factor: Decimal | None = ONE
    gst_percent: Decimal | None = None
    duty_percent: Decimal | None = None
    lead_days: int | None = None
    make: str = ""
    remarks: str = ""
    stated_total: Decimal | None = None
    rate_period: Period | None = None
    rate_basis: RateBasis = RateBasis.PER_TRIP
    minimum_weight_t: Decimal | None = None
    fuel_percent: Decimal = ZERO
    toll: Decimal = ZERO
    loading: Decimal = ZERO
    capacity_t: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of the payment: percent of the whole, days after delivery (advance: negative)."""

    share_percent: Decimal
    day: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One quotation; lump sums are in its own currency. `submitted_order` grows with time."""

    key: str
    supplier_code: str
    supplier_name: str = ""
    currency: str = "INR"
    header_discount_percent: Decimal = ZERO
    discount_on_full_order_only: bool = False
    pf_percent: Decimal = ZERO
    pf_amount: Decimal = ZERO
    freight: Decimal | Freight = Freight.NOT_STATED
    insurance: Decimal = ZERO
    other: Decimal = ZERO
    clearing: Decimal = ZERO
    tranches: tuple[Tranche, ...] = ()
    scheme: Scheme = Scheme.REGULAR
    disqualified: bool = False
    expired: bool = False
    needs_reconfirmation: bool = False
    submitted_order: int = 0
    lines: Sequence[OfferLine] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything one sheet is computed from.

    `rates` are base units per one unit of the currency, taken for the day `rates_on` (ISO text);
    the base currency needs none. `minor_units` are decimals per currency, 2 where not named.
    """

    policy: Policy
    lines: tuple[Line, ...]
    offers: tuple[Offer, ...]
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    rates_on: str | None = None
    minor_units: Mapping[str, int] = field(default_factory=dict)
    rfq: str = ""

    def rate(self, currency: str) -> Decimal | None:
        """Base units per one unit of `currency`; None where no rate is known, never a guess."""
        if currency == self.policy.base_currency:
            return ONE
        rate = self.rates.get(currency)
        return rate if rate is not None and rate > 0 else None

    def step(self, currency: str) -> Decimal:
        """The smallest amount of `currency`: 0.01 for INR, 1 for JPY, 0.001 for KWD."""
        return ONE.scaleb(-self.minor_units.get(currency, 2))
