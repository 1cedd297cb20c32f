"""What the suppliers of the demonstration answer."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from quoteflow.lib.currencies import minor_units
from rfqs.demo.reading import Offered, Plan, of_set, offered, prices, rates
from rfqs.models import RFQ, FreightTerm, GSTScheme, RFQLine
from suppliers.models import Supplier

Head = dict[str, Any]
Answers = dict[UUID, dict[str, Any]]
TRANCHES = {
    "Net 15": [["100", 15]],
    "Net 30": [["100", 30]],
    "Net 45": [["100", 45]],
    "30% advance, rest on delivery": [["30", -15], ["70", 0]],
}
WARRANTIES = ("", "12 months", "18 months from dispatch", "6 months")


def answer(
    plan: Plan, rfq: RFQ, supplier: Supplier, turn: int, rng: Random, today: date
) -> tuple[Head, Answers]:
    """The head and the lines of the offer that `supplier` makes as number `turn` (from 0).

    Prices of the sources stand where the supplier has one; the others lie around the item's
    reference price. In a tie the first two offers are the same to the last figure.
    """
    lines = list(rfq.lines.order_by("position"))
    make = {"goods": _goods, "service": _service, "transport": _lane}[plan.kind]
    tied = "tie" in plan.flags and turn < 2  # noqa: PLR2004 (a tie needs two)
    answers = {line.pk: make(plan, line, supplier, rng) for line in lines}
    if tied:
        answers = {line.pk: {"unit_price": _bargain(line, supplier)} for line in lines}
    if _is_incomplete(plan, turn) and len(lines) > 1:
        answers[lines[-1].pk]["unit_price"] = None
    _make_special(plan, answers[lines[0].pk], lines[0], turn)
    head = _head(plan, supplier, answers, lines, rng, today)
    if tied:
        head |= {"freight_term": FreightTerm.INCLUDED, "freight_amount": None, "pf_percent": None}
        head |= {"header_discount_percent": None, "tranches": [["100", 30]]}
    if "expired" in plan.flags and turn == 1:
        head["valid_until"] = today - timedelta(days=1)
    return head, answers


def in_currency(rupees: Decimal, currency: str) -> Decimal:
    """Turn rupees into a quoted price of `currency`, at the demonstration's own rate."""
    places = Decimal(1).scaleb(-minor_units(currency))
    return max((rupees / rates()[currency]).quantize(places), places)


def _is_incomplete(plan: Plan, turn: int) -> bool:
    return "incomplete" in plan.flags and turn % 2 == 1


def _make_special(plan: Plan, first: dict[str, Any], line: RFQLine, turn: int) -> None:
    """Least quantities above the need, a price for a box of twelve, one far from what was paid before."""
    if plan.kind != "goods" or first.get("unit_price") is None:
        return
    if "moq" in plan.flags and turn == 0:
        first |= {"moq": line.quantity * 2, "order_multiple": Decimal(10)}
    if "split" in plan.flags and turn == 0 and line.unit_id == "H87" and line.item_id:
        first |= {"unit_id": "XCT", "unit_price": first["unit_price"] * 12, "moq": None}
    if "far" in plan.flags and turn == plan.quotes - 1:
        first["unit_price"] *= 2


def _goods(plan: Plan, line: RFQLine, supplier: Supplier, rng: Random) -> dict[str, Any]:
    known: Offered | None = offered().get(line.item_code, {}).get(supplier.code)
    reference = prices()[line.item_code]
    factor = Decimal(rng.randrange(880, 1180)) / 1000
    dollars = known.unit_price if known else reference * factor
    row: dict[str, Any] = {
        "unit_price": in_currency(dollars * rates()["USD"], supplier.currency),
        "lead_days": known.lead_days if known and known.lead_days else rng.randrange(5, 45),
        "gst_percent": line.gst_percent if rng.random() < 0.85 else None,  # noqa: PLR2004
        "moq": known.moq if known and known.moq and known.moq > 1 else None,
    }
    if supplier.country != "IN":
        row["duty_percent"] = Decimal("7.5") if plan.source == "Bicycle parts" else Decimal(10)
    return row


def _service(plan: Plan, line: RFQLine, supplier: Supplier, rng: Random) -> dict[str, Any]:
    row = of_set("services", plan.source)[line.position - 1]
    price = Decimal(row["price"]) * Decimal(rng.randrange(88, 119)) / 100
    return {
        "unit_price": price.quantize(Decimal(1) if price > 1000 else Decimal("0.50")),  # noqa: PLR2004
        "rate_period": line.period_unit,
        "gst_percent": line.gst_percent,
        "remarks": rng.choice(["", "", "Consumables included", "Power and water by you"]),
    }


def _lane(plan: Plan, line: RFQLine, supplier: Supplier, rng: Random) -> dict[str, Any]:
    row = of_set("lanes", plan.source)[line.position - 1]
    trip = Decimal(row["price"]) * Decimal(rng.randrange(90, 116)) / 100
    facts: dict[str, Any] = {
        "unit_price": trip.quantize(Decimal(10)),
        "rate_basis": "per_trip",
        "gst_percent": Decimal(5),
        "fuel_percent": rng.choice([None, Decimal(2), Decimal(3)]),
        "toll": rng.choice([None, Decimal(850), Decimal(1200)]),
        "loading": rng.choice([None, None, Decimal(600)]),
    }
    if rng.random() < 0.12:  # noqa: PLR2004 (rates of another basis are not ranked with these)
        per_km = (trip / Decimal(row["km"])).quantize(Decimal("0.50"))
        facts |= {"unit_price": per_km, "rate_basis": "per_km"}
    elif rng.random() < 0.2:  # noqa: PLR2004 (a smaller vehicle needs more trips)
        half = (Decimal(row["load_t"]) / 2 + 1).quantize(Decimal("0.1"))
        facts |= {"unit_price": (trip * Decimal("0.6")).quantize(Decimal(10)), "capacity_t": half}
    return facts


def _bargain(line: RFQLine, supplier: Supplier) -> Decimal:
    """A price nobody else reaches, the same whoever quotes it."""
    rupees = prices()[line.item_code] * rates()["USD"] * Decimal("0.75")
    return in_currency(rupees, supplier.currency)


def _head(
    plan: Plan, supplier: Supplier, answers: Answers, lines: list[RFQLine], rng: Random, today: date
) -> Head:
    abroad = supplier.country != "IN"
    worth = Decimal(0)  # only the size of it, for the freight
    for line in lines:
        worth += (answers[line.pk]["unit_price"] or Decimal(0)) * line.quantity
    head: Head = {
        "currency": supplier.currency,
        "quote_ref": f"Q-{rng.randrange(10000, 99999)}",
        "quoted_on": today - timedelta(days=rng.randrange(0, 4)),
        "valid_until": today + timedelta(days=rng.choice([30, 45, 60, 90])),
        "gst_scheme": GSTScheme.IMPORT if abroad else GSTScheme.REGULAR,
        "payment_terms": supplier.payment_terms,
        "tranches": TRANCHES[supplier.payment_terms],
        "lead_days": rng.randrange(7, 60),
        "delivery_term": rng.choice(["CIF", "FOB", "DAP"] if abroad else ["FOR plant", "Ex-works"]),
        "warranty": rng.choice(WARRANTIES),
        "pf_percent": rng.choice([None, None, Decimal("1.5"), Decimal(2)]),
        "header_discount_percent": rng.choice([None, None, None, Decimal(2), Decimal(4)]),
    }
    if plan.kind != "goods":
        return head | {"pf_percent": None, "freight_term": FreightTerm.INCLUDED, "lead_days": None}
    if abroad:
        head |= {"insurance": _share(worth, "0.002", supplier)}
        head |= {"clearing_charges": _share(worth, "0.01", supplier)}
    return head | _freight(supplier, lines, worth, rng)


def _freight(supplier: Supplier, lines: list[RFQLine], worth: Decimal, rng: Random) -> Head:
    """Stated, included or not stated; in medical supplies the freight that was really paid."""
    known = offered().get(lines[0].item_code, {}).get(supplier.code)
    if known and known.freight:
        amount = in_currency(known.freight * rates()["USD"], supplier.currency)
        if amount < worth / 4:
            return {"freight_term": FreightTerm.AMOUNT, "freight_amount": amount}
    term = rng.choice([*FreightTerm.values, FreightTerm.AMOUNT])
    amount = _share(worth, f"0.0{rng.randrange(10, 40)}", supplier)
    return {
        "freight_term": term,
        "freight_amount": amount if term == FreightTerm.AMOUNT else None,
    }


def _share(worth: Decimal, part: str, supplier: Supplier) -> Decimal:
    places = Decimal(1).scaleb(-minor_units(supplier.currency))
    return (worth * Decimal(part)).quantize(places)
