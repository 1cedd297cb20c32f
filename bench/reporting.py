"""What was measured, as a table against the goals: on the screen, as JSON, in docs/performance.md."""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

LIMITS = {
    "x_cpu": "CPU of a request, x F",
    "x_p50": "median time, x F",
    "statements": "SQL statements",
    "bytes_per_row": "bytes a row",
    "x_rate": "requests/s of 16 at once, x F",
    "x_p95": "p95 of 16 at once, x F's p95",
    "p95_p50": "p95 / p50 of 16 at once",
    "errors": "wrong answers of 16 at once",
}
GROWTH = 1.2  # of x_cpu between the smallest and the largest size
BEGIN, END = "<!-- figures: written by `make bench ARGS=--write-docs` -->", "<!-- /figures -->"


@dataclass
class Finding:
    """The figures of one target at one size, and the limits they are held to."""

    name: str
    size: int
    figures: dict[str, float] = field(default_factory=dict)
    goals: dict[str, float] = field(default_factory=dict)
    note: str = ""

    def misses(self) -> list[str]:
        """Which limits do not hold, in words."""
        return [
            f"{self.name} at {self.size:,}: {LIMITS[key]} {_shown(self.figures[key])}, goal {_shown(goal)}"
            for key, goal in self.goals.items()
            if key in self.figures and self.figures[key] > goal
        ]


def table(findings: list[Finding]) -> str:
    """One row per target and figure, one column per size, as Markdown."""
    sizes = sorted({finding.size for finding in findings})
    heads = [f"{size:,}" for size in sizes] + (["growth"] if len(sizes) > 1 else [])
    rows = [["what", "figure", *heads, "goal"]]
    for name in dict.fromkeys(finding.name for finding in findings):
        by_size = {finding.size: finding for finding in findings if finding.name == name}
        any_of = next(iter(by_size.values()))
        if any_of.note:
            rows.append([name, "", *[by_size[s].note if s in by_size else "" for s in sizes]])
            rows[-1] += [""] * (len(rows[0]) - len(rows[-1]))
        for key, words in LIMITS.items():
            values = [by_size[size].figures.get(key) if size in by_size else None for size in sizes]
            if any(value is not None for value in values):
                rows.append([name, words, *_columns(values, key), _goal(any_of.goals, key)])
    return "\n".join(_lines(rows))


def misses(findings: list[Finding]) -> list[str]:
    """Every goal that does not hold, growth included."""
    said = [words for finding in findings for words in finding.misses()]
    for name in dict.fromkeys(finding.name for finding in findings):
        costs = [f.figures["x_cpu"] for f in findings if f.name == name and "x_cpu" in f.figures]
        if (
            len(costs) > 1
            and name.startswith(("list", "the same"))
            and costs[-1] > GROWTH * costs[0]
        ):
            said.append(f"{name}: CPU grows {costs[-1] / costs[0]:.2f} times, goal {GROWTH}")
    return said


def write_json(path: Path, findings: list[Finding], facts: dict[str, Any]) -> None:
    """Everything, for a program to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(facts | {"findings": [asdict(finding) for finding in findings]}, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def write_docs(path: Path, findings: list[Finding], facts: dict[str, Any]) -> None:
    """Replace the figures between the marks of the page."""
    head, _mark, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    said = misses(findings)
    missed = "\n".join(f"- {words}" for words in said) if said else "None."
    figures = (
        f"Measured on {date.today():%d %B %Y}, {facts['cores']} cores, {facts['busy']}."  # noqa: DTZ011
        f" Loading: {'; '.join(facts['loaded'])}\n\n"
        f"{table(findings)}\n\nGoals missed:\n\n{missed}"
    )
    path.write_text(f"{head}{BEGIN}\n\n{figures}\n\n{END}{tail}", encoding="utf-8")


def machine() -> dict[str, Any]:
    """What the figures depend on, in words; how busy the machine was before we began."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    busy = "otherwise quiet" if load < cores / 4 else f"shared with other work (load {load:.1f})"
    return {"cores": cores, "busy": busy}


def _columns(values: list[float | None], key: str) -> list[str]:
    shown = ["" if value is None else _shown(value) for value in values]
    if len(values) == 1:
        return shown
    first, last = values[0], values[-1]
    grows = key in ("x_cpu", "x_p50") and first and last is not None
    return [*shown, f"{last / first:.2f}" if grows else ""]  # type: ignore[operator]


def _goal(goals: dict[str, float], key: str) -> str:
    return f"≤ {_shown(goals[key])}" if key in goals else ""


def _shown(value: float) -> str:
    return f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.2f}"  # noqa: PLR2004


def _lines(rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]
