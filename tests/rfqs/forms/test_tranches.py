"""Payments in one line of text."""

import pytest

from rfqs.forms.tranches import read_tranches, spoken_tranches, written_tranches


@pytest.mark.parametrize(
    ("text", "tranches"),
    [
        ("30%@-7; 70%@30", [["30", -7], ["70", 30]]),
        ("100@0", [["100", 0]]),
        ("33.5 % @ +10;66.5%@45;", [["33.5", 10], ["66.5", 45]]),
        ("", []),
    ],
)
def test_payments_are_read(text, tranches):
    assert read_tranches(text) == tranches


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("half now", "is not understood"), ("30%@0; 60%@30", "The shares make 90 %")],
)
def test_what_is_no_payment_is_said(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_tranches(text)


def test_written_payments_are_read_back():
    tranches = [["30", -7], ["70", 30]]

    assert read_tranches(written_tranches(tranches)) == tranches


def test_payments_are_said_as_people_say_them():
    assert spoken_tranches([["30", -7], ["20", 0], ["50", 30]]) == [
        "30 %, 7 days before delivery",
        "20 % on delivery",
        "50 %, 30 days after delivery",
    ]
