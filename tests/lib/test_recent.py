"""Kept results: only for an equal argument, and no more than there is room for."""

import pytest

from quoteflow.lib.recent import Recent


@pytest.fixture
def doubled():
    """A function that notes what it was asked, kept from weight 2 on, up to 10 in all."""
    asked = []

    def compute(number):
        asked.append(number)
        return 2 * number

    return Recent(compute, lambda result: result, least=2, most=10), asked


def test_an_equal_argument_is_not_computed_again(doubled):
    recent, asked = doubled

    assert [recent("a", 2), recent("a", 2)] == [4, 4]
    assert asked == [2]


def test_another_argument_takes_the_place_of_the_first(doubled):
    recent, asked = doubled

    assert [recent("a", 2), recent("a", 3), recent("a", 2)] == [4, 6, 4]
    assert asked == [2, 3, 2]


def test_what_is_light_is_not_kept(doubled):
    recent, asked = doubled

    assert [recent("a", 0), recent("a", 0)] == [0, 0]
    assert asked == [0, 0]


def test_the_longest_unused_goes_first(doubled):
    recent, asked = doubled
    for name in ("a", "b", "a", "c", "a", "b"):  # four each, room for two
        recent(name, 2)

    assert asked == [2, 2, 2, 2]


def test_what_is_heavier_than_the_room_is_computed_each_time(doubled):
    recent, asked = doubled

    assert [recent("a", 6), recent("a", 6)] == [12, 12]
    assert asked == [6, 6]


def test_forgotten_is_computed_anew(doubled):
    recent, asked = doubled
    recent("a", 2)
    recent.forget()
    recent("a", 2)

    assert asked == [2, 2]
