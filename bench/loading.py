"""Asking again and again: one visitor in turn, or sixteen at once; what a request took and cost."""

import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from costs import cpu_seconds
from visiting import Answer, Unexpected, Visitor

SCRIPT = Path(__file__).with_name("wrk.lua")
SERVER_ERROR = 500

Act = Callable[[Visitor, int], Answer]  # the visitor, and the how-manieth time this is


@dataclass(frozen=True)
class Sample:
    """What a number of requests took: `cpu` is processor seconds a request, of web and PostgreSQL."""

    count: int
    rate: float
    p50: float
    p95: float
    cpu: float
    wrong: int = 0
    worst: int = 0  # the highest status seen


class Meter:
    """Runs requests and counts the processor time of some process trees meanwhile."""

    def __init__(self, *roots: int) -> None:
        self.roots = roots

    def alone(self, visitor: Visitor, act: Act, turns: Iterable[int], *, wanted: int) -> Sample:
        """One after the other, until `turns` end; an answer other than `wanted` raises Unexpected."""
        took = []
        before, started = cpu_seconds(*self.roots), time.perf_counter()
        for turn in turns:
            answer = act(visitor, turn)
            if answer.status != wanted:
                raise Unexpected(f"status {answer.status} instead of {wanted}: {_words(answer)}")
            took.append(answer.seconds)
        return self._sample(took, started, before)

    def together(
        self, visitors: Sequence[Visitor], act: Act, turns: Sequence[int], *, wanted: int
    ) -> Sample:
        """All visitors at once, each with its share of the turns; wrong answers are counted."""
        shares = [turns[one :: len(visitors)] for one in range(len(visitors))]
        before, started = cpu_seconds(*self.roots), time.perf_counter()
        with ThreadPoolExecutor(len(visitors)) as pool:
            done = list(pool.map(_in_turn, visitors, [act] * len(visitors), shares))
        answers = [answer for share in done for answer in share]
        wrong = sum(answer.status != wanted for answer in answers)
        worst = max(answer.status for answer in answers)
        return self._sample([answer.seconds for answer in answers], started, before, wrong, worst)

    def pages(
        self, visitor: Visitor, paths: Sequence[str], seconds: float, headers: dict[str, str]
    ) -> Sample:
        """Sixteen connections of wrk asking for pages."""
        facts = "".join(f"{k}: {v}\n" for k, v in (visitor.headers() | headers).items())
        with tempfile.NamedTemporaryFile("w", suffix=".plan") as plan:
            plan.write(facts + "\n" + "\n".join(paths) + "\n")
            plan.flush()
            before = cpu_seconds(*self.roots)
            command = ["wrk", "-t", "1", "-c", "16", "-d", f"{max(1, round(seconds))}s"]
            command += [
                "--timeout",
                "30s",
                "-s",
                str(SCRIPT),
                f"http://{visitor.host}:{visitor.port}",
            ]
            done = subprocess.run(
                command,
                env=os.environ | {"BENCH_PLAN": plan.name},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
        said = json.loads(done.stdout.rpartition("BENCH ")[2])
        cpu = (cpu_seconds(*self.roots) - before) / max(1, said["count"])
        rate = said["count"] / said["seconds"]
        return Sample(
            said["count"], rate, said["p50"], said["p95"], cpu, said["wrong"], said["worst"]
        )

    def _sample(
        self, took: list[float], started: float, before: float, wrong: int = 0, worst: int = 0
    ) -> Sample:
        seconds = time.perf_counter() - started
        if not took:
            raise Unexpected("nothing was left to ask for")
        cpu = (cpu_seconds(*self.roots) - before) / len(took)
        rate = len(took) / seconds
        return Sample(len(took), rate, _at(took, 50), _at(took, 95), cpu, wrong, worst)


def turns_for(seconds: float) -> Iterable[int]:
    """0, 1, 2 ... until so many seconds have passed."""
    turn, end = 0, time.perf_counter() + seconds
    while turn == 0 or time.perf_counter() < end:
        yield turn
        turn += 1


def _in_turn(visitor: Visitor, act: Act, turns: Sequence[int]) -> list[Answer]:
    answers = []
    for turn in turns:
        try:
            answers.append(act(visitor, turn))
        except OSError as problem:
            visitor.close()
            answers.append(Answer(599, {}, str(problem), 0.0))
    return answers


def _at(values: list[float], percent: int) -> float:
    """The value below which `percent` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(len(ordered) * percent / 100) - 1)]


def _words(answer: Answer) -> str:
    return " ".join(answer.body[:300].split())
