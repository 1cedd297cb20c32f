"""What is measured: each target is one thing a person does, and the goals it is held to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import sheets
from costs import Statements
from visiting import Answer, Unexpected, Visitor, link_to, read_form

LIST = "/rfqs/?requester=all"
TWO_FILTERS = f"{LIST}&status=pending&type=provided_data"
DEEP_PAGES = 400  # of a hundred requests, or half of what there is
LINES = 10
APPROVE = "approve a step"
OK, SEE_OTHER = 200, 302


@dataclass(frozen=True)
class Target:
    """One thing to measure. `paths` are asked in turn; or `act` is done, `each` requests a time.

    `goals` are upper limits by measure: x_cpu, statements, bytes_per_row, x_p95, p95_p50 and errors.
    """

    name: str
    paths: tuple[str, ...] = ()
    act: Callable[[Visitor, int], Answer] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    wanted: int = OK
    goals: dict[str, float] = field(default_factory=dict)
    times: int = 0  # how often in a round, where it cannot be done for seconds on end
    crowd: bool = False  # also by sixteen at once
    each: int = 0  # how often each of the sixteen does it, where the seconds do not say

    def do(self, visitor: Visitor, turn: int) -> Answer:
        """Do it once."""
        if self.act is not None:
            return self.act(visitor, turn)
        return visitor.get(self.paths[turn % len(self.paths)], **self.headers)


def reading(buyer: Visitor, known: Statements) -> list[Target]:
    """The pages of a buyer who works at every site."""
    offered = _numbers(known, "quotation_count = 5 AND status = 'evaluation'", 40)
    swap = {"HX-Request": "true", "HX-Target": "results"}
    return [
        Target(
            "list, 2 filters, 50 rows", (TWO_FILTERS,), crowd=True,
            goals={"x_cpu": 1.3, "statements": 4, "x_p95": 1.4, "p95_p50": 2.0, "errors": 0},
        ),
        Target("list, 2 filters, 100 rows", (f"{TWO_FILTERS}&size=100",), goals={"x_cpu": 1.8, "statements": 4}),
        Target(
            "the same 50 rows as a fragment", (TWO_FILTERS,), headers=swap, crowd=True,
            goals={"x_cpu": 1.1, "statements": 3, "bytes_per_row": 300, "errors": 0},
        ),
        Target("list, no filter", (LIST,), goals={"statements": 4}),
        Target("list, deep in it", (deep(buyer),), goals={"x_cpu": 1.3, "statements": 4}),
        Target("search, a frequent word", (f"{LIST}&q=hydraulic",), goals={"x_cpu": 1.5, "statements": 4}),
        Target("search, a lot of the title", (f"{LIST}&q=lot+7777",), goals={"x_cpu": 1.5, "statements": 4}),
        Target("search, the code of an item", (f"{LIST}&q=BULK-00777",), goals={"x_cpu": 1.5, "statements": 4}),
        Target(
            "one request, 10 lines x 5 quotations", tuple(f"/rfqs/{number}/" for number in offered),
            goals={"x_cpu": 2.0, "statements": 9}, crowd=True,
        ),
        Target(
            "comparison, 10 lines x 5 quotations", tuple(f"/rfqs/{number}/compare/" for number in offered),
            goals={"statements": 7},
        ),
        *(
            _sheet(known, lines, suppliers, first=first)
            for lines, suppliers in sheets.SIZES for first in (True, False)
        ),
    ]  # fmt: skip


def _sheet(known: Statements, lines: int, suppliers: int, *, first: bool) -> Target:
    """The comparison of large requests, computed or taken again; the largest is held to its goal."""
    copies = [one for one in sheets.copies() if one[:2] == (lines, suppliers)][
        : None if first else 1
    ]
    names = [f"'{sheets.reference(*one)}'" for one in copies]
    found = _numbers(known, f"reference IN ({', '.join(names)})", len(names))
    largest = (lines, suppliers) == sheets.SIZES[-1]
    return Target(
        f"comparison, {lines} lines x {suppliers}, {'first look' if first else 'again'}",
        tuple(f"/rfqs/{number}/compare/" for number in found),
        goals={"statements": 7.0} | ({"x_cpu": 8.0} if largest else {}),
    )


def creating(buyer: Visitor, times: int, each: int) -> Target:
    """A request from its form: site, type, title, and ten lines."""
    return Target(
        "create with 10 lines", act=Writing(buyer), wanted=SEE_OTHER, times=times, crowd=True, each=each,
        goals={"x_cpu": 1.8, "statements": 9, "errors": 0},
    )  # fmt: skip


def approving(known: Statements, times: int, each: int) -> Target:
    """The first of two steps, once for every request."""
    return Target(
        APPROVE, act=Deciding(known), wanted=SEE_OTHER, times=times, crowd=True, each=each,
        goals={"x_cpu": 1.5, "statements": 8, "errors": 0},
    )  # fmt: skip


class Writing:
    """Writes requests with the fields of the real page; each form has a key of its own, as pages give it."""

    def __init__(self, buyer: Visitor) -> None:
        form = read_form(buyer.get("/rfqs/new/"), "commodity_type")
        sites = [value for name, value in _choices(buyer.get("/rfqs/new/").body) if name == "site"]
        site = dict(form.fields).get("site") or sites[0]
        facts = {"title": "Measured", "commodity_type": "provided_data", "site": site}
        self._fields = form.filled(**facts, **_ten_lines())

    def __call__(self, visitor: Visitor, turn: int) -> Answer:
        """Send the form."""
        return visitor.post("/rfqs/new/", self._fields | {"once": str(uuid4())})


class Deciding:
    """Says yes to one waiting step after the other, each once, whoever asks."""

    def __init__(self, known: Statements) -> None:
        found = known.rows(
            "SELECT q.number, s.id::text, r.content_hash FROM rfqs_approvalstep s"
            " JOIN rfqs_approvalrequest r ON r.id = s.request_id JOIN rfqs_rfq q ON q.id = r.rfq_id"
            " WHERE s.status = 'active' AND s.role = 'approver' ORDER BY q.created_at DESC LIMIT 2000"
        )
        self._left: Iterator[tuple[Any, ...]] = iter(found)

    def one(self) -> tuple[str, dict[str, str]]:
        """The address and the form of a decision nobody has made yet."""
        number, step, seen = next(self._left, (None, None, None))
        if number is None:
            raise Unexpected("no request waits for an approval any more")
        return f"/rfqs/{number}/approve/", {"step": str(step), "seen": str(seen), "comment": ""}

    def __call__(self, visitor: Visitor, turn: int) -> Answer:
        """Approve the next one; the page it leads to, unmeasured here, would have shown the messages."""
        visitor.cookies.pop("messages", None)
        return visitor.post(*self.one())


def deep(buyer: Visitor) -> str:
    """A page far down the list, by the links of the pages above it."""
    here, seen = f"{LIST}&size=100", [LIST]
    for _page in range(DEEP_PAGES):
        here = link_to(buyer.get(here), here, "next")
        if not here:
            break
        seen.append(here)
    else:
        return seen[-1].replace("size=100", "size=50")
    return seen[len(seen) // 2].replace("size=100", "size=50")


def bytes_per_row(visitor: Visitor, target: Target) -> float:
    """What one more row adds to the answer."""
    small, large = (
        len(visitor.get(f"{target.paths[0]}&size={size}", **target.headers).body.encode())
        for size in (25, 50)
    )
    return (large - small) / 25


def rounds(times: int) -> Iterator[range]:
    """Turns in groups of `times`, counted on."""
    for start in count(0, times):
        yield range(start, start + times)


def _numbers(known: Statements, condition: str, most: int) -> list[str]:
    found = known.rows(
        f"SELECT number FROM rfqs_rfq WHERE {condition} ORDER BY created_at DESC LIMIT {most}"  # noqa: S608
    )
    return [str(number) for (number,) in found]


def _choices(body: str) -> list[tuple[str, str]]:
    """Name and value of every option that has one."""
    found, name = [], ""
    for piece in body.split("<")[1:]:
        if piece.startswith("select"):
            name = piece.partition('name="')[2].partition('"')[0]
        elif piece.startswith("option"):
            value = piece.partition('value="')[2].partition('"')[0]
            found += [(name, value)] if value else []
    return found


def _ten_lines() -> dict[str, str]:
    fields = {"l-TOTAL_FORMS": str(LINES)}
    for line in range(LINES):
        fields |= {
            f"l-{line}-item_code": f"BULK-{line + 1:05d}",
            f"l-{line}-description": f"Hex bolt M{line + 6} x 40",
            f"l-{line}-quantity": str(10 * (line + 1)),
            f"l-{line}-unit": "PCS",
            f"l-{line}-gst_percent": "18",
        }
    return fields
