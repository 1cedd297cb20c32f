"""Cells that say more than one thing: freight and payment terms."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from rfqs.importing.terms import FreightField, TranchesField


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ("not_stated", None)),
        ("Included", ("included", None)),
        ("0", ("amount", Decimal(0))),
        ("9,500.00", ("amount", Decimal("9500.00"))),
    ],
)
def test_freight_is_an_amount_or_included_or_not_stated(text, value):
    assert FreightField(required=False).clean(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", []),
        ("100%@30", [["100", 30]]),
        ("30@-10; 70%@ 30 days", [["30", -10], ["70", 30]]),
        ("33.34%@0;33.33%@30;33.33%@60", [["33.34", 0], ["33.33", 30], ["33.33", 60]]),
    ],
)
def test_payment_terms_are_shares_and_days(text, value):
    assert TranchesField(required=False).clean(text) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("30 days", "“30 days” is no payment term. Write share@days, such as 30%@-10;70%@30."),
        ("30%@0;60%@30", "The shares sum to 90 percent; they must sum to 100."),
        ("100%@9999", "“100%@9999” is no payment term. Write share@days, such as 30%@-10;70%@30."),
    ],
)
def test_other_payment_terms_are_refused(text, complaint):
    with pytest.raises(ValidationError) as refusal:
        TranchesField(required=False).clean(text)

    assert refusal.value.messages == [complaint]
