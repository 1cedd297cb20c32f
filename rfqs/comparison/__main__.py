"""`python -m rfqs.comparison`: the cheapest award of stored inputs, JSON in, JSON out.

A solver is a large program in another language, so it runs apart: whoever asks loads none of it,
and can end it. What it prints of itself goes nowhere.
"""

import json
import os
import sys

from rfqs.comparison.optimum import Conditions, as_answer, cheapest
from rfqs.comparison.storing import from_stored, typed


def main() -> None:
    """Read `{"inputs", "conditions", "seconds"}`, write what `optimum_of` reads."""
    asked = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    conditions = typed(Conditions, asked["conditions"])
    found = cheapest(from_stored(asked["inputs"]), conditions, seconds=asked["seconds"])
    with answer:
        json.dump(as_answer(found), answer)


if __name__ == "__main__":
    main()
