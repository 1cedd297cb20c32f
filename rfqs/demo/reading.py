"""The tables under data/, as typed rows."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")
_SOURCES = ("adventureworks", "scms", "northwind", "invented")  # one directory a licence

Row = dict[str, str]


@dataclass(frozen=True)
class Offered:
    """What a supplier asked for an item in the source: US dollars a unit, freight in US dollars."""

    unit_price: Decimal
    moq: Decimal | None
    lead_days: int | None
    freight: Decimal | None


@dataclass(frozen=True)
class Plan:
    """One request to be: what it is, where, how far it goes, and what is special about it."""

    state: str  # a status, or: closed, pending1, pending2, returned
    kind: str  # goods | service | transport
    source: str  # the item category, or the set of services or lanes
    title: str
    site: str
    buyer: str
    lines: int
    invited: int
    quotes: int
    lakh: int  # roughly what it is worth, in 100,000 of base currency
    flags: frozenset[str]

    @property
    def is_short(self) -> bool:
        """Whether its closing time has to pass while the data is loaded."""
        return self.state not in ("draft", "open", "cancelled")


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of one table, from every source that has it."""
    return tuple(row for source in _SOURCES for row in _read(_DATA / source / f"{name}.csv"))


def plans() -> list[Plan]:
    """Return every request to be, in the order in which they get their numbers."""
    return list(_plans())


@cache
def offered() -> dict[str, dict[str, Offered]]:
    """Return what was offered in the sources: item code to supplier code to offer."""
    found: dict[str, dict[str, Offered]] = defaultdict(dict)
    for row in rows("offers"):
        found[row["item"]][row["supplier"]] = Offered(
            Decimal(row["unit_price"]),
            _decimal(row["moq"]),
            int(row["lead_days"]) if row["lead_days"] else None,
            _decimal(row["freight_usd"]),
        )
    return dict(found)


@cache
def prices() -> dict[str, Decimal]:
    """Return the reference price of every item in US dollars a unit."""
    return {row["code"]: Decimal(row["last_price"]) for row in rows("items")}


@cache
def rates() -> dict[str, Decimal]:
    """Return rupees for one unit of every currency of the demonstration."""
    found = {row["currency"]: Decimal(row["rate_to_base"]) for row in rows("rates")}
    return found | {"INR": Decimal(1)}


def of_set(name: str, key: str) -> list[Row]:
    """Return the rows of `services` or `lanes` that make one request."""
    return [row for row in rows(name) if row["set"] == key]


def _plans() -> Iterator[Plan]:
    for row in rows("requests"):
        yield Plan(
            state=row["state"],
            kind=row["kind"],
            source=row["source"],
            title=row["title"],
            site=row["site"],
            buyer=row["buyer"],
            lines=int(row["lines"]),
            invited=int(row["invited"]),
            quotes=int(row["quotes"]),
            lakh=int(row["lakh"]),
            flags=frozenset(row["flags"].split()),
        )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _read(path: Path) -> list[Row]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
