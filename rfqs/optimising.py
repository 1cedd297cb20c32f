"""The cheapest award, found by a solver in a process of its own and counted here again, exactly."""

import json
import subprocess
import sys
from collections.abc import Sequence
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError
from rfqs import comparison
from rfqs.comparison import Conditions, Optimum

GRACE = 10  # seconds beyond the time it was given, for starting and for a slow machine
_ONE_AT_A_TIME = BoundedSemaphore()


class Busy(DomainError):
    """The solver works for somebody else, or did not answer."""

    status = 429


def cheapest(
    inputs: comparison.Inputs, wishes: Sequence[Conditions], *, seconds: float
) -> list[Optimum]:
    """The cheapest award under each of the conditions, within `seconds` each.

    One process searches at a time for every process of the site: it takes a core. Raises Busy where
    it waits too long or gets no answer.
    """
    if not _ONE_AT_A_TIME.acquire(timeout=seconds):
        raise Busy(_("The best award is being computed for somebody else. Try again in a moment."))
    try:
        return [_search(inputs, wish, seconds) for wish in wishes]
    finally:
        _ONE_AT_A_TIME.release()


def _search(inputs: comparison.Inputs, wish: Conditions, seconds: float) -> Optimum:
    asked = {
        "inputs": comparison.as_stored(inputs),
        "conditions": comparison.plain(wish),
        "seconds": seconds,
    }
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "rfqs.comparison"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            cwd=settings.BASE_DIR,
            timeout=seconds + GRACE,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as problem:
        raise Busy(_("The solver gave no answer in time. Try again, or pick by hand.")) from problem
    return comparison.optimum_of(inputs, json.loads(ran.stdout))
