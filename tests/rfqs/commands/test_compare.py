"""`compare`: the sheet on the console, for whom it may be seen."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from rfqs.actions import sourcing
from rfqs.models import RFQ
from tests import stories
from tests.factories import RateFactory, UserFactory
from tests.running import bring_in, run

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def worked(plant):
    """The worked example of the specification, brought in from files."""
    for command, name, options in [
        ("import_suppliers", "worked_suppliers.csv", []),
        ("import_rfqs", "worked_rfqs.csv", ["--publish"]),
        ("import_quotations", "worked_quotations.csv", []),
    ]:
        outcome = bring_in(command, DATA / name, *options)
        assert (outcome.failure, outcome.err) == ("", "")
    return "GP-A001-001"


def sheet_of(*arguments):
    outcome = run("compare", *arguments, "--json")
    assert outcome.failure == ""
    return json.loads(outcome.out)


def test_the_worked_example_comes_out_to_the_paisa(worked):
    sheet = sheet_of(worked)

    assert sheet["offers"] == [
        {
            "supplier": "V-1042", "status": "complete", "quoted_lines": 3, "rank": 1, "basic": "78768.00",
            "packing": "1181.52", "freight": "9500.00", "insurance": "0.00", "other": "0.00", "clearing": "0.00",
            "duty": "0.00", "surcharge": "0.00", "gst": "12559.23", "net_landed": "89449.52",
            "gross_landed": "102008.75", "loading_days": "0", "loading": "0.00", "evaluated": "89449.52",
            "flags": [],
        }
    ]  # fmt: skip
    cells = [line["cells"][0] for line in sheet["lines"]]
    figures = ("basic", "packing", "freight", "net_landed", "gst", "gross_landed", "effective_unit")
    assert [tuple(cell[name] for name in figures) for cell in cells] == [
        ("27360.00", "410.40", "3299.82", "31070.22", "5592.64", "36662.86", "12.4281"),
        ("27417.60", "411.26", "3306.76", "31135.62", "5604.41", "36740.03", "259.4635"),
        ("23990.40", "359.86", "2893.42", "27243.68", "1362.18", "28605.86", "32.4330"),
    ]
    assert sheet["savings"] == {
        "baseline": "85360.00",
        "lines_with_baseline": 3,
        "by_supplier": {"V-1042": {"amount": "6592.00", "percent": "7.72"}},
    }
    assert sheet["split"]["cheapest"] == {
        "assignment": {"1": "V-1042", "2": "V-1042", "3": "V-1042"},
        "total": "89449.52",
        "proven": True,
        "gap": "0.00",
    }
    assert RFQ.objects.get().best_total == Decimal("89449.52")


def test_without_json_it_is_a_table(worked):
    text = run("compare", worked).out

    assert "L1    V-1042    complete  78,768.00  1,181.52  9,500.00   0.00   89,449.52" in text
    assert "Tax: net of credit. Quantity: committed." in text
    assert "31,070.22 *" in text
    assert "V-1042    6,592.00   +7.72%" in text
    assert "Cheapest award: 89,449.52 (V-1042), proven to be the cheapest" in text


def test_the_cheapest_award_is_looked_for_only_if_there_is_time(worked):
    assert sheet_of(worked, "--solve", "0")["split"]["cheapest"] is None
    assert "argument --solve" in run("compare", worked, "--solve", "-1").failure


def test_options_change_the_reading_and_nothing_else(worked):
    sheet = sheet_of("PR-77", "--tax", "gross", "--interest", "12", "--credit-days", "60")

    offer = sheet["offers"][0]
    assert sheet["policy"] | {"rates_on": ""} == {
        "tax": "gross", "quantity": "committed", "interest_percent": "12", "credit_days": 60, "rates": {},
        "rates_on": "",
    }  # fmt: skip
    assert (offer["loading_days"], offer["loading"], offer["evaluated"]) == (
        "30", "1006.11", "103014.86",
    )  # fmt: skip
    assert RFQ.objects.get().tax_basis == "net_of_credit"


def test_a_rate_may_be_given_for_the_reading(db):
    RateFactory()
    story = stories.opened()
    stories.quote(story, story.suppliers[0], currency="EUR")

    sheet = sheet_of(story.rfq.number, "--rate", "EUR=92.4567")

    assert (sheet["policy"]["rates"], sheet["offers"][0]["basic"]) == (
        {"EUR": "92.4567"}, "92456.70",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (["--rate", "EUR"], "“EUR” is not a rate. Write it like EUR=92.4567."),
        (["--rate", "INR=2"], "INR is the base currency; its rate is always 1."),
        (["--rate", "EUR=0"], "Write a number above zero."),
        (["--interest", "101"], "The interest is a percentage a year, from 0 to 100."),
        (["--credit-days", "-3"], "The credit days are a whole number from 0 to 3650."),
    ],
)
def test_a_bad_option_is_explained(db, option, sentence):
    assert sentence in run("compare", "GP-A001-001", *option).failure


def test_a_sealed_request_is_not_compared_before_its_opening(db):
    story = stories.opened(is_sealed=True)
    stories.quote(story, story.suppliers[0])

    refused = run("compare", story.rfq.number)
    refused_as = run("compare", story.rfq.number, "--as", story.buyer.email)

    assert {refused.failure, refused_as.failure} == {"The prices are sealed until the opening."}
    assert refused.out == ""


def test_a_reader_sees_only_their_own_requests(db):
    story = stories.quoted()
    stranger = UserFactory()

    assert run("compare", story.rfq.number, "--as", story.buyer.email).failure == ""
    assert run("compare", story.rfq.number, "--as", stranger.email).failure == (
        f"There is no request “{story.rfq.number}” here."
    )
    assert run("compare", "GP-NONE-1").failure == "There is no request “GP-NONE-1” here."
    assert run("compare", "GP-NONE-1", "--as", "x@y.example").failure == (
        "Nobody active here has the address x@y.example."
    )


def test_without_quotations_it_says_so(db):
    story = stories.drafted()
    sourcing.publish(rfq_id=story.rfq.pk, by=story.buyer)

    assert run("compare", story.rfq.number).out.endswith("There is no quotation.\n")
