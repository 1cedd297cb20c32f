"""The worked example of the specification, and the smallest inputs around it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from rfqs.comparison import Inputs, Line, Offer, OfferLine, Policy

D = Decimal

LINES = (
    Line("l1", 1, description="hex bolt M12x50", unit="NOS", quantity=D(2500)),
    Line("l2", 2, description="bearing 6205-2RS", unit="NOS", quantity=D(120)),
    Line("l3", 3, description="cotton gloves", unit="PRS", quantity=D(840)),
)
LASTS = (D("11.80"), D("245.00"), D("31.50"))
RATES = (D(18), D(18), D(5))
PRICES = ("11.40", "238.00", "29.75")


def lines() -> tuple[Line, ...]:
    """The three lines of the worked request, with last prices and GST rates."""
    return tuple(
        replace(line, last_price=last, gst_percent=rate)
        for line, last, rate in zip(LINES, LASTS, RATES, strict=True)
    )


def offer(code: str, prices: tuple[Any, ...] = PRICES, **fields: Any) -> Offer:
    """An offer for the worked lines: text or None per line, freight included unless said."""
    answers = tuple(
        OfferLine(line.key, None if price is None else D(price), gst_percent=rate, lead_days=14)
        for line, price, rate in zip(LINES, prices, RATES, strict=False)
    )
    return Offer(
        **{"key": f"k-{code}", "supplier_code": code, "freight": D(0), "lines": answers} | fields
    )


def worked_offer() -> Offer:
    """Supplier A of the worked column."""
    return offer(
        "V-1042",
        header_discount_percent=D(4),
        pf_percent=D("1.5"),
        freight=D("9500.00"),
    )


def worked(*offers: Offer, **fields: Any) -> Inputs:
    """The worked request with these offers, else with supplier A alone."""
    given = {"policy": Policy(), "lines": lines(), "offers": offers or (worked_offer(),)}
    return Inputs(**given | {"rfq": "GP-A001-001"} | fields)


def one_line(*offers: Offer, line: Line | None = None, **fields: Any) -> Inputs:
    """A request with a single line and these offers."""
    given = {"policy": Policy(), "lines": (line or Line("l1", 1, gst_percent=D(18)),)}
    return Inputs(**given | {"offers": offers} | fields)


def simple(
    code: str, price: str | None, answer: dict[str, Any] | None = None, **fields: Any
) -> Offer:
    """An offer for line "l1" alone: a price, `answer` for its line, `fields` for its head."""
    said = OfferLine("l1", None if price is None else D(price), **(answer or {}))
    return Offer(**{"key": code, "supplier_code": code, "freight": D(0), "lines": (said,)} | fields)
