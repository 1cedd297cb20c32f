"""Sharing by the largest remainder."""

from decimal import localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rfqs.comparison.money import apportion, rounded
from tests.rfqs.comparison.worked import D

PAISA = D("0.01")


@pytest.mark.parametrize(
    ("lump_sum", "weights", "shares"),
    [
        ("10.00", "1 1 1", "3.34 3.33 3.33"),
        ("0.02", "1 1 1", "0.01 0.01 0.00"),
        ("0.01", "0 0 0", "0.01 0.00 0.00"),
        ("0.08", "0 0 0", "0.03 0.03 0.02"),
        ("100.00", "0.001 0.002 0.003", "16.67 33.33 50.00"),
        ("0.00", "5 5", "0.00 0.00"),
        ("7.00", "0 5", "0.00 7.00"),
    ],
)
def test_largest_remainder(lump_sum, weights, shares):
    found = apportion(D(lump_sum), [D(weight) for weight in weights.split()], PAISA)

    assert " ".join(map(str, found)) == shares


@given(
    st.integers(0, 10**12),
    st.lists(st.decimals(0, 10**9, places=3), min_size=1, max_size=30),
    st.sampled_from([D(1), PAISA, D("0.001")]),
)
def test_shares_add_up_and_none_is_a_step_off(units, weights, step):
    lump_sum = units * step
    shares = apportion(lump_sum, weights, step)

    assert sum(shares) == lump_sum
    if any(weights):
        with localcontext(prec=60):
            exact = [lump_sum * weight / sum(weights) for weight in weights]
            assert all(abs(a - b) < step for a, b in zip(shares, exact, strict=True))


def test_halves_go_away_from_zero():
    assert [str(rounded(D(x), PAISA)) for x in ("0.005", "-0.005", "746.875")] == [
        "0.01",
        "-0.01",
        "746.88",
    ]
