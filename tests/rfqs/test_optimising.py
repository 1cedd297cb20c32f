"""The search in a process of its own: same answer, and no hanging page."""

import subprocess
import sys

import pytest

from rfqs import optimising
from rfqs.comparison import Conditions, cheapest
from tests.rfqs.comparison.worked import D, offer, worked

INPUTS = worked(
    offer("A", freight=D(500)), offer("B", ("11.90", "235.00", "30.75"), freight=D(300))
)


def test_a_process_of_its_own_answers_like_the_search_itself():
    wishes = [Conditions(), Conditions(excluded=("k-A",)), Conditions(least_share={"k-Z": D(1)})]

    found = optimising.cheapest(INPUTS, wishes, seconds=60)

    assert found == [cheapest(INPUTS, wish, seconds=60) for wish in wishes]
    assert [one.award and one.award.total for one in found] == [D("82490.00"), D("84080.00"), None]


def test_the_process_prints_nothing_but_the_answer():
    """The solver's banner would make the answer unreadable."""
    asked = '{"inputs": {}, "conditions": {}, "seconds": 1}'
    ran = subprocess.run(
        [sys.executable, "-m", "rfqs.comparison"],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (1, "")


def test_a_search_that_gives_no_answer_is_refused_and_frees_its_place(monkeypatch):
    monkeypatch.setattr(optimising, "GRACE", -60.5)  # over before it begins
    with pytest.raises(optimising.Busy):
        optimising.cheapest(INPUTS, [Conditions()], seconds=60)
    monkeypatch.undo()

    assert optimising.cheapest(INPUTS, [Conditions()], seconds=60)[0].proven
