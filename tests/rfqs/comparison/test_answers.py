"""Answers by the column are the answers, and are lined up with the request."""

import pytest

from rfqs.comparison import Answers, OfferLine, build
from tests.rfqs.comparison.worked import D, worked

SAID = (OfferLine("a", D(1)), OfferLine("b", None, moq=D(2)), OfferLine("c", D(3), make="Acme"))


def test_they_are_a_sequence_equal_to_a_tuple_of_the_same():
    answers = Answers.of(SAID)

    assert (answers, len(answers), answers[1], answers[-2:]) == (SAID, 3, SAID[1], SAID[-2:])
    assert tuple(answers) == SAID
    assert answers == Answers.of(list(SAID))
    assert hash(answers) == hash(SAID)
    assert answers != Answers.of(SAID[:2])
    assert answers != SAID[:2]
    assert Answers.of(answers) is answers


def test_none_at_all_are_a_sequence_too():
    nothing = Answers.of(())

    assert (list(nothing), len(nothing), nothing.column("moq")) == ([], 0, ())
    assert list(nothing.to(["a"])) == [OfferLine("")]


@pytest.mark.parametrize("keys", [["c", "a", "b"], ["b"], ["a", "x", "c", "y"], []])
def test_lined_up_they_are_in_the_order_of_the_lines_with_gaps(keys):
    by_key = {one.line_key: one for one in SAID}

    assert list(Answers.of(SAID).to(keys)) == [by_key.get(key, OfferLine("")) for key in keys]


def test_in_the_order_of_the_lines_they_are_not_copied():
    answers = Answers.of(SAID)

    assert answers.to(["a", "b", "c"]) is answers


def test_by_line_the_last_of_two_answers_counts():
    twice = Answers.of([*SAID, OfferLine("a", D(9))])

    assert dict(twice.by_line) == {"a": OfferLine("a", D(9)), "b": SAID[1], "c": SAID[2]}
    assert [one.unit_price for one in twice.to(["a", "b"])] == [D(9), None]


def test_a_sheet_of_columns_is_that_of_rows():
    inputs = worked()
    (offer,) = inputs.offers
    turned = type(inputs)(
        **{name: getattr(inputs, name) for name in inputs.__slots__}
        | {
            "offers": (
                type(offer)(
                    **{name: getattr(offer, name) for name in offer.__slots__}
                    | {"lines": Answers.of(offer.lines)}
                ),
            )
        }
    )

    assert turned == inputs
    assert build(turned) == build(inputs)
