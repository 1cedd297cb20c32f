"""The long races: a thousand pairs in each, `make soak`; fewer with `make soak ARGS="--pairs 50"`.

The same tests run with a few pairs in every test run. Here they run long, on servers of their own.
"""

import argparse
import os
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Become pytest, which shows how each race ended; its closing line stays the last one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1000, help="pairs in each race")
    asked, rest = parser.parse_known_args()
    os.environ["SOAK_PAIRS"] = str(asked.pairs)
    os.chdir(BASE)
    words = [sys.executable, "-m", "pytest", "tests/soak", "-n0", "-rP", "--durations=0", *rest]
    os.execv(sys.executable, words)  # noqa: S606 (its own test run)


if __name__ == "__main__":
    main()
