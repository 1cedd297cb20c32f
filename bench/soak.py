"""The long runs of tests/soak: races, closing times, killed web processes and workers; `make soak`.

`ARGS="--pairs 50"` makes one shorter, `ARGS="-k killed_workers"` chooses. The same tests run with a few of each in
every test run. Here they run long, on servers of their own, and print their figures.
"""

import argparse
import os
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
LENGTHS = {
    "pairs": (1000, "pairs of people in each race"),
    "submissions": (2000, "submissions within half a second of a closing time"),
    "quotations": (10_000, "quotations while a web process is killed every second"),
    "mails": (2000, "mails while their worker is killed"),
    "kills": (100, "times that the worker of the mails is killed"),
}


def main() -> None:
    """Become pytest, which shows how each race ended; its closing line stays the last one."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, (length, words) in LENGTHS.items():
        parser.add_argument(f"--{name}", type=int, default=length, help=words)
    asked, rest = parser.parse_known_args()
    for name in LENGTHS:
        os.environ[f"SOAK_{name.upper()}"] = str(getattr(asked, name))
    os.chdir(BASE)
    program = [sys.executable, "-m", "pytest", "tests/soak", "-n0", "-rP", "--durations=0", *rest]
    os.execv(sys.executable, program)  # noqa: S606 (its own test run)


if __name__ == "__main__":
    main()
