"""What a request of the demonstration asks for, and whom."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from rfqs.demo.master import Cast
from rfqs.demo.reading import Plan, of_set, offered, prices, rates, rows
from rfqs.models import CommodityType
from suppliers.models import Supplier

LAKH = Decimal(100_000)
KINDS = {
    "goods": CommodityType.GOODS,
    "service": CommodityType.SERVICE,
    "transport": CommodityType.TRANSPORT,
}
USUAL = "CA-7457"  # a part with a history of purchases
INVENTED = "Demonstration: who was asked and what they offered is partly invented."


def title(plan: Plan) -> str:
    """The plan's own title, or that of its set of services or lanes."""
    if plan.kind == "goods":
        return plan.title
    return _set(plan)[0]["title"]


def head(plan: Plan, cast: Cast, rng: Random, today: date) -> dict[str, Any]:
    """The words of the request, without its closing time."""
    facts: dict[str, Any] = {
        "remarks": INVENTED,
        "department": rng.choice(["Production", "Maintenance", "Stores", "Administration"]),
        "priority": "high" if "urgent" in plan.flags else rng.choice(["low", "normal", "normal"]),
        "is_urgent": "urgent" in plan.flags,
        "is_sealed": "sealed" in plan.flags,
        "required_by": today + timedelta(days=rng.randrange(15, 90)),
        "delivery_terms": rng.choice(["FOR plant", "Delivered at place", "Ex-works acceptable"]),
        "contact": cast.people[plan.buyer].full_name,
    }
    if rng.random() < 0.2:  # noqa: PLR2004 (one in five buyers pays interest on late credit)
        facts |= {"interest_percent": Decimal(12), "credit_days": 30}
    return facts


def lines(plan: Plan, cast: Cast, rng: Random, today: date) -> list[dict[str, Any]]:
    """The lines of the request, in the words of the drafting action."""
    if plan.kind == "goods":
        return [_goods(code, plan, cast, rng) for code in _pick_items(plan, rng)]
    make = _service if plan.kind == "service" else _lane
    return [make(row, today) for row in _set(plan)]


def suppliers(plan: Plan, cast: Cast, codes: list[str], rng: Random) -> list[Supplier]:
    """Whom to ask: those who sold the items before, then others of the trade."""
    trade = {"goods": plan.source, "service": "Service", "transport": "Transport"}[plan.kind]
    usual = [s for s in cast.suppliers.values() if s.category == trade and s.status == "active"]
    sold = {s.code: sum(s.code in offered().get(code, {}) for code in codes) for s in usual}
    domestic = [s for s in usual if s.gstin]
    known = sorted((s for s in usual if sold[s.code]), key=lambda s: (-sold[s.code], s.code))
    half = max(1, plan.invited - 2)
    chosen = known[:half]
    others = [s for s in [*rng.sample(domestic, len(domestic)), *known[half:]] if s not in chosen]
    return [*chosen, *others][: plan.invited]


def _pick_items(plan: Plan, rng: Random) -> list[str]:
    """A first item at random, or the one that is bought again and again; then those of the same suppliers."""
    if not plan.lines:
        return []
    family = [row["code"] for row in rows("items") if row["category"] == plan.source]
    first = USUAL if "usual" in plan.flags else rng.choice(family)
    sellers = set(offered()[first])
    rest = [code for code in family if code != first]
    rest = rng.sample(rest, len(rest))
    rest.sort(key=lambda code: -len(sellers & set(offered().get(code, ()))))
    return [first, *rest[: plan.lines - 1]]


def _goods(code: str, plan: Plan, cast: Cast, rng: Random) -> dict[str, Any]:
    each = prices()[code] * rates()["USD"]
    share = plan.lakh * LAKH / plan.lines * Decimal(rng.randrange(60, 141)) / 100
    item = cast.items[code]
    target = {"target_price": (each * Decimal("1.05")).quantize(Decimal("0.01"))}
    return {
        "item_code": code,
        "quantity": _round(share / each),
        "unit_id": item.unit_id,
        "indent_number": f"IND-{rng.randrange(1000, 9999)}",
        "make_accepted": rng.choice(["", "", "Equivalent accepted"]),
    } | (target if rng.random() < 0.25 else {})  # noqa: PLR2004 (every fourth has an estimate)


def _service(row: dict[str, str], today: date) -> dict[str, Any]:
    periods = int(row["periods"])
    return {
        "description": row["description"],
        "work_type": row["work_type"],
        "quantity": Decimal(row["quantity"]),
        "unit_id": row["unit"],
        "periods": periods,
        "period_unit": row["period_unit"],
        "hsn": row["sac"],
        "gst_percent": Decimal(row["gst_percent"]),
        "starts_on": today + timedelta(days=30),
        "ends_on": today + timedelta(days=30 + (365 if row["period_unit"] != "once" else 45)),
    }


def _lane(row: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "description": f"{row['cargo']}, {row['from']} to {row['to']}",
        "from_location": row["from"],
        "to_location": row["to"],
        "vehicle_size": row["vehicle"],
        "load_t": Decimal(row["load_t"]),
        "distance_km": Decimal(row["km"]),
        "trips_per_month": int(row["trips"]),
        "months": int(row["months"]),
        "hsn": "996511",
        "gst_percent": Decimal(5),
        "required_by": today + timedelta(days=21),
    }


def _set(plan: Plan) -> list[dict[str, str]]:
    return of_set("services" if plan.kind == "service" else "lanes", plan.source)


def _round(quantity: Decimal) -> Decimal:
    """A quantity people would ask for: two leading digits."""
    whole = max(int(quantity), 1)
    step = 10 ** max(len(str(whole)) - 2, 0)
    return Decimal(whole // step * step)
