"""A line of prices over time as SVG coordinates; the figures stand in the table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from quoteflow.lib.money import format_rate
from quoteflow.lib.templatetags.qf import day

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 84, 14, 12, 28
STEPS = 4
NICE = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Mark:
    """A point or a grid line with its words, in whole pixels."""

    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Chart:
    """Everything the template draws."""

    width: int
    height: int
    left: int
    right: int
    base: int
    grid: list[Mark]
    points: list[Mark]
    path: str
    first: str
    last: str


def price_line(points: Sequence[tuple[datetime, Decimal]], currency: str) -> Chart | None:
    """Prices over time, oldest first, from zero up; None below two of them."""
    if len(points) < 2:  # noqa: PLR2004 (a line has two ends)
        return None
    step = _step(max(price for _at, price in points))
    top = step * STEPS
    start, span = points[0][0], points[-1][0] - points[0][0]

    def across(at: datetime) -> int:
        part = Decimal((at - start).total_seconds()) / Decimal(span.total_seconds() or 1)
        return LEFT + int(part * (WIDTH - LEFT - RIGHT))

    def up(price: Decimal) -> int:
        return HEIGHT - BOTTOM - int(price * (HEIGHT - BOTTOM - TOP) / top)

    marks = [
        Mark(across(at), up(price), f"{day(at)}: {format_rate(price, currency)}")
        for at, price in points
    ]
    grid = [Mark(LEFT, up(step * n), format_rate(step * n, currency)) for n in range(STEPS + 1)]
    return Chart(
        WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, grid, marks,
        " ".join(f"{'L' if n else 'M'}{mark.x},{mark.y}" for n, mark in enumerate(marks)),
        day(points[0][0]), day(points[-1][0]),
    )  # fmt: skip


def _step(highest: Decimal) -> Decimal:
    """A round step, of which STEPS reach the highest price."""
    raw = highest / STEPS or Decimal(1)
    power = Decimal(1).scaleb(raw.adjusted())
    return next(nice * power for nice in NICE if raw <= nice * power)
