"""import_rates: exchange rates by currency and day."""

from decimal import Decimal

import pytest

from rfqs.models import ExchangeRate
from tests.running import bring_in, refused


@pytest.fixture
def file(tmp_path):
    def write(rows):
        path = tmp_path / "rates.csv"
        path.write_text("currency,date,rate_to_base,source\n" + rows, encoding="utf-8")
        return path

    return write


def test_rates_are_created_corrected_and_left_alone(file):
    path = file("EUR,2026-11-20,92.4567,RBI\nUSD,2026-11-20,83.125,RBI\n")

    assert bring_in("import_rates", path).counts == (2, 0, 0)
    assert bring_in("import_rates", path).counts == (0, 0, 2)
    assert bring_in("import_rates", file("EUR,2026-11-20,92.5,RBI\n")).counts == (0, 1, 0)
    assert list(
        ExchangeRate.objects.order_by("currency").values_list("currency", "rate_to_base")
    ) == [
        ("EUR", Decimal("92.5")),
        ("USD", Decimal("83.125")),
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (
            "INR,2026-11-20,1,",
            "column currency: INR is the base currency; its rate is always 1. Remove it.",
        ),
        (
            "EUX,2026-11-20,1,",
            "column currency: “EUX” is not a currency. Write its three letters (ISO 4217), such as INR.",
        ),
        (
            "EUR,2026-02-30,1,",
            "column date: There is no day “2026-02-30” in the calendar. Check day and month.",
        ),
        ("EUR,2026-11-20,0,", "column rate_to_base: Write a number above zero."),
        (
            "EUR,2026-11-20,1.1234567,",
            "column rate_to_base: “1.1234567” has 7 decimals; at most 6 are allowed here.",
        ),
        (
            "USD,2026-11-20,1,",
            "column currency: “USD 2026-11-20” stands on line 2 already. Keep one of the two rows.",
        ),
    ],
)
def test_a_bad_row_refuses_the_file(file, row, complaint):
    assert refused("import_rates", file(f"USD,2026-11-20,83,\n{row}\n")) == [f"line 3, {complaint}"]
    assert ExchangeRate.objects.count() == 0


def test_a_dry_run_writes_nothing(file):
    bring_in("import_rates", file("USD,2026-11-20,83,\n"), "--dry-run")

    assert ExchangeRate.objects.count() == 0
