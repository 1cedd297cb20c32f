"""Machine words of the comparison: where an offer stands, and what to know beside a figure."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Where an offer stands; only a complete one has a rank for the whole request.

    One that is not evaluated prices every line in full, but nobody knows a freight or a tax that its
    total needs: it competes line by line alone.
    """

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    NOT_EVALUATED = "not_evaluated"
    NOT_COMPARABLE = "not_comparable"
    DISQUALIFIED = "disqualified"
    EXPIRED = "expired"


class Flag(StrEnum):
    """What a reader must know beside a figure, or why there is none."""

    NOT_QUOTED = "not_quoted"
    UNIT = "unit"
    PERIOD = "period"
    LOAD_UNKNOWN = "load_unknown"
    DISTANCE_UNKNOWN = "distance_unknown"
    NO_RATE = "no_rate"
    NEEDS_RECONFIRMATION = "needs_reconfirmation"
    SHORT = "short"
    FREE = "free"
    MOQ = "moq"
    MULTIPLE = "multiple"
    PART_PERIOD = "part_period"
    VEHICLES = "vehicles"
    CORRECTED = "corrected"
    DECIMAL_SLIP = "decimal_slip"
    GST_FROM_REQUEST = "gst_from_request"
    GST_LOADED = "gst_loaded"
    GST_NOT_STATED = "gst_not_stated"
    DUTY_FROM_REQUEST = "duty_from_request"
    DUTY_LOADED = "duty_loaded"
    DUTY_NOT_STATED = "duty_not_stated"
    FREIGHT_NOT_STATED = "freight_not_stated"
    FREIGHT_LOADED = "freight_loaded"
    TERMS_NOT_STATED = "terms_not_stated"
    TIE = "tie"


class Step(NamedTuple):
    """One line of a cell's working: a machine word, a figure, and "quoted", "base" or ""."""

    name: str
    figure: Decimal
    money: str = ""
