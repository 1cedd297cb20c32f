"""Competition ranks and the default among equals."""

from rfqs.comparison import Offer
from rfqs.comparison.ranking import competition, lowest, preferred
from tests.rfqs.comparison.worked import D


def test_equal_costs_share_a_rank_and_the_next_one_skips():
    ranks = competition({"a": D("2.00"), "b": D(1), "c": D("1.0"), "d": D(3)})

    assert ranks == {"a": 3, "b": 1, "c": 1, "d": 4}
    assert set(lowest(ranks)) == {"b", "c"}


def test_default_is_better_rank_then_earlier_then_code():
    offers = {
        key: Offer(key, code, submitted_order=order)
        for key, code, order in [("a", "V-3", 1), ("b", "V-2", 2), ("c", "V-1", 2)]
    }

    assert preferred(["a", "b"], {"b": 1, "a": 2}, offers) == "b"
    assert preferred(["a", "b"], {"b": 1}, offers) == "b"
    assert preferred(["a", "b", "c"], {}, offers) == "a"
    assert preferred(["b", "c"], {}, offers) == "c"
