"""Measure the product against the floor page F: ratios, which hold on any machine (docs/performance.md).

`make bench` loads 1,000 and then 100,000 invented requests, serves them as shipped, and asks for the
pages of a working day. `make bench ARGS=--quick` takes seconds and says only whether it works.
"""

import argparse
import os
import secrets
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import reporting
import serving
import targets
from costs import Statements, memory
from loading import SERVER_ERROR, Meter, Sample, turns_for
from reporting import Finding
from targets import Target
from visiting import Answer, Unexpected, Visitor

from quoteflow.embedded import Servers

CROWD = 16
REPEATS = 3
WARM = 8  # times that each of the sixteen does something before it is measured
WAITING = 1200  # requests that wait for an approval, beside those there are
ERRORS_OF = 1000  # requests written at once, none of which may fail
MIB = 1024


class Bench:
    """One size on its database: the product, the floor, and who visits them."""

    def __init__(self, size: int, asked: argparse.Namespace) -> None:
        self.size, self.seconds, self.repeats = size, asked.seconds, asked.repeats
        self.only: str = asked.only
        self.findings: list[Finding] = []

    def run(self, ground: serving.Ground, database: str, password: str) -> list[Finding]:
        """Measure every target."""
        known = Statements(ground.url(database))
        with (
            serving.floor(ground) as (base, floor_pid),
            serving.product(ground, database) as (site, pid),
        ):
            self.known, self.base = known, base
            self.product, self.floor = (
                Meter(pid, ground.postgres),
                Meter(floor_pid, ground.postgres),
            )
            buyer = _person(site, "buyer", password)
            for target in targets.reading(buyer, known):
                self._measure(target, [buyer.twin() for _one in range(CROWD)])
            times, each = max(4, round(50 * self.seconds)), round(8 * self.seconds)
            enough = -(-ERRORS_OF // CROWD) if self.repeats > 1 else each
            self._measure(
                targets.creating(buyer, times, enough), [buyer.twin() for _one in range(CROWD)]
            )
            if self.repeats > 1 and self.only in targets.APPROVE:
                serving.more_waiting(ground, database, WAITING, password)
            # Signed in just now: a decision of great value wants a password that is fresh.
            approvers = [_person(site, f"approver-{n}", password) for n in range(1, CROWD + 1)]
            approval = targets.approving(known, times, each)
            self._measure(approval, approvers)
            self.findings.append(self._raced(approval, approvers))
            self.findings.append(self._memory(pid))
        known.close()
        return self.findings

    def _measure(self, target: Target, crowd: list[Visitor]) -> None:
        """Fill in the figures of one target; one that cannot be measured says why."""
        if self.only not in target.name:
            return
        finding = Finding(target.name, self.size, goals=target.goals)
        self.findings.append(finding)
        try:
            self._alone(target, crowd, finding)
            if target.crowd:
                self._crowd(target, crowd, finding)
        except Unexpected as problem:
            finding.note = f"not measured: {problem}"
        print(f"{self.size:>9,}  {target.name}: {_words(finding)}", flush=True)

    def _alone(self, target: Target, crowd: list[Visitor], finding: Finding) -> None:
        """One visitor, between two looks at the floor, as often as was asked.

        What is done only a hundred times is done before by all, until each connection keeps its plans.
        """
        visitor = crowd[0]
        target.do(visitor, 0)  # the first one fills caches
        if self.known.known:
            finding.figures["statements"] = self._statements(target, visitor)
        if "bytes_per_row" in target.goals:
            finding.figures["bytes_per_row"] = targets.bytes_per_row(visitor, target)
        if target.act is not None and self.repeats > 1:
            self.product.together(crowd, target.do, range(WARM * CROWD), wanted=target.wanted)
        pairs = []
        for _repeat in range(self.repeats):
            before = self._floor_alone()
            turns = range(target.times) if target.times else turns_for(self.seconds)
            sample = self.product.alone(visitor, target.do, turns, wanted=target.wanted)
            pairs.append((sample, before, self._floor_alone()))
        for figure in ("cpu", "p50"):
            ratios = [_over(figure, sample, *floors) for sample, *floors in pairs]
            finding.figures[f"x_{figure}"] = statistics.median(ratios)

    def _crowd(self, target: Target, crowd: list[Visitor], finding: Finding) -> None:
        """Sixteen at once, between two looks at the floor by sixteen."""
        by_wrk = bool(target.paths) and self.seconds >= 1 and serving.wrk() is not None
        before = self._floor_crowd(by_wrk=by_wrk)
        if by_wrk:
            sample = self.product.pages(crowd[0], target.paths, self.seconds, target.headers)
        else:
            turns = range(CROWD * (target.each or self._each()))
            sample = self.product.together(crowd, target.do, turns, wanted=target.wanted)
        after = self._floor_crowd(by_wrk=by_wrk)
        finding.figures |= {
            "x_rate": _over("rate", sample, before, after),
            "x_p95": _over("p95", sample, before, after),
            "p95_p50": sample.p95 / sample.p50,
            "errors": sample.wrong,
        }
        if sample.wrong:
            finding.note = f"{sample.wrong} of {sample.count} wrong, worst status {sample.worst}"

    def _floor_alone(self) -> Sample:
        seconds = max(0.2, self.seconds / 2)
        return self.floor.alone(self.base, _floor_page, turns_for(seconds), wanted=targets.OK)

    def _floor_crowd(self, *, by_wrk: bool) -> Sample:
        if by_wrk:
            return self.floor.pages(self.base, ["/rows"], max(1.0, self.seconds / 2), {})
        crowd = [self.base.twin() for _one in range(CROWD)]
        turns = range(CROWD * self._each())
        return self.floor.together(crowd, _floor_page, turns, wanted=targets.OK)

    def _each(self) -> int:
        """How often each of the sixteen asks, where they do not ask for seconds on end."""
        return max(1, round(4 * self.seconds))

    def _statements(self, target: Target, visitor: Visitor) -> float:
        """How many a request runs, the mean of four."""
        before = self.known.so_far()
        for turn in range(4):
            target.do(visitor, turn)
        return (self.known.so_far() - before) / 4

    def _raced(self, target: Target, approvers: list[Visitor]) -> Finding:
        """The race, where enough requests are left for it."""
        try:
            return self._race(target, approvers)
        except Unexpected as problem:
            return Finding("16 approve one request", self.size, note=f"not measured: {problem}")

    def _race(self, target: Target, approvers: list[Visitor]) -> Finding:
        """Sixteen approvers say yes to the same step at the same moment."""
        decide, finding = target.act, Finding("16 approve one request", self.size)
        assert isinstance(decide, targets.Deciding)  # noqa: S101 - tells the type
        won, broken, races = 0, 0, 3
        for _race in range(races):
            form = decide.one()
            answers: list[int] = []

            def act(
                visitor: Visitor,
                turn: int,
                form: tuple[str, dict[str, str]] = form,
                answers: list[int] = answers,
            ) -> Answer:
                answer = visitor.post(*form)
                answers.append(answer.status)
                return answer

            self.product.together(approvers, act, range(CROWD), wanted=target.wanted)
            won += answers.count(target.wanted) == 1
            broken += sum(status >= SERVER_ERROR for status in answers)
        finding.note = f"exactly one succeeded in {won} of {races} races, {broken} server errors"
        print(f"{self.size:>9,}  {finding.name}: {finding.note}", flush=True)
        return finding

    def _memory(self, pid: int) -> Finding:
        workers = memory(pid)
        resident = max(one for one, _shared in workers) / MIB
        proportional = max(shared for _one, shared in workers) / MIB
        note = f"{resident:.0f} MiB resident, {proportional:.0f} MiB proportional"
        return Finding("largest web process afterwards", self.size, note=note)


def main() -> int:
    """Load, measure, report; the exit code is 0 even where goals are missed."""
    asked = _arguments()
    if os.environ.get("DATABASE_URL"):
        print("The benchmark runs its own servers. Unset DATABASE_URL.", file=sys.stderr)
        return 2
    data = Path(os.environ.get("DATA") or serving.BASE / ".data" / "bench")
    facts, findings, started = reporting.machine() | {"loaded": []}, [], time.monotonic()
    password = f"{secrets.token_urlsafe(12)}A1!a"
    with Servers(data) as servers:
        ground = serving.Ground(servers)
        serving.fill_floor(ground)
        for size in asked.sizes:
            database = f"bench_{size}"
            facts["loaded"].append(
                serving.fill(
                    ground, database, size, password, again=not asked.keep, quick=asked.quick
                )
            )
            print(facts["loaded"][-1], flush=True)
            bench = Bench(size, asked)
            findings += bench.run(ground, database, password)
            if not asked.keep:
                ground.drop(database)
    print(f"\n{reporting.table(findings)}\n")
    print("Goals missed:", *(reporting.misses(findings) or ["none"]), sep="\n  ")
    print(f"\n{time.monotonic() - started:.0f} s, {facts['cores']} cores, {facts['busy']}")
    reporting.write_json(data / "bench.json" if asked.json is None else asked.json, findings, facts)
    if asked.write_docs:
        reporting.write_docs(serving.BASE / "docs" / "performance.md", findings, facts)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="1,000 requests, a moment for each page"
    )
    parser.add_argument("--sizes", type=_sizes, help="how many requests, like 1000,100000")
    parser.add_argument("--seconds", type=float, help="how long a page is asked for, each time")
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--keep", action="store_true", help="keep the databases; use those kept")
    parser.add_argument("--json", type=Path, help="where the figures go as JSON")
    parser.add_argument(
        "--write-docs", action="store_true", help="put them into docs/performance.md"
    )
    asked = parser.parse_args()
    asked.sizes = asked.sizes or ([1000] if asked.quick else [1000, 100_000])
    asked.seconds = asked.seconds or (0.3 if asked.quick else 2.0)
    asked.repeats = 1 if asked.quick else REPEATS
    return asked


def _sizes(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def _person(site: Visitor, name: str, password: str) -> Visitor:
    visitor = Visitor(site.host, site.port)
    visitor.sign_in(f"{name}@bulk.example.com", password)
    return visitor


def _floor_page(visitor: Visitor, turn: int) -> Answer:
    return visitor.get("/rows")


def _over(figure: str, sample: Sample, before: Sample, after: Sample) -> float:
    """The figure over the mean of the floor's before and after."""
    floor: float = (getattr(before, figure) + getattr(after, figure)) / 2
    return float(getattr(sample, figure)) / floor if floor else 0.0


def _words(finding: Finding) -> str:
    figures = ", ".join(f"{key} {value:.2f}" for key, value in finding.figures.items())
    return ", ".join(filter(None, [figures, finding.note]))


if __name__ == "__main__":
    sys.exit(main())
