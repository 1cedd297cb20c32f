"""The shape outsiders rely on."""

import json

from rfqs.comparison import Policy, Tranche, as_json, build
from tests.rfqs.comparison.worked import D, offer, one_line, simple, worked, worked_offer


def test_worked_sheet_in_the_published_shape():
    policy = Policy(interest_percent=D("12.00"))
    head = {"header_discount_percent": D(4), "pf_percent": D("1.5"), "freight": D(9500)}
    inputs = worked(
        offer("V-1042", tranches=(Tranche(D(100), 30),), **head),
        policy=policy,
        rates={"EUR": D("92.456700"), "INR": D(1)},
        rates_on="2026-11-20",
    )
    found = as_json(build(inputs))

    assert list(found) == ["rfq", "base_currency", "policy", "offers", "lines", "split", "savings"]
    assert (found["rfq"], found["base_currency"]) == ("GP-A001-001", "INR")
    assert found["policy"] == {
        "tax": "net_of_credit",
        "quantity": "committed",
        "interest_percent": "12",
        "credit_days": 30,
        "rates": {"EUR": "92.4567"},
        "rates_on": "2026-11-20",
    }
    assert found["offers"] == [
        {
            "supplier": "V-1042",
            "status": "complete",
            "quoted_lines": 3,
            "rank": 1,
            "basic": "78768.00",
            "packing": "1181.52",
            "freight": "9500.00",
            "insurance": "0.00",
            "other": "0.00",
            "clearing": "0.00",
            "duty": "0.00",
            "surcharge": "0.00",
            "gst": "12559.23",
            "net_landed": "89449.52",
            "gross_landed": "102008.75",
            "loading_days": "0",
            "loading": "0.00",
            "evaluated": "89449.52",
            "flags": [],
        }
    ]
    assert found["lines"][0] == {
        "line_no": 1,
        "cells": [
            {
                "supplier": "V-1042",
                "quantity": "2500",
                "basic": "27360.00",
                "packing": "410.40",
                "freight": "3299.82",
                "gst": "5592.64",
                "net_landed": "31070.22",
                "gross_landed": "36662.86",
                "effective_unit": "12.4281",
                "rank": 1,
                "flags": [],
            }
        ],
        "lowest": ["V-1042"],
    }
    assert found["split"] == {
        "line_winners": {"1": ["V-1042"], "2": ["V-1042"], "3": ["V-1042"]},
        "apportioned_total": "89449.52",
        "full_total": "89449.52",
        "cheapest": None,
    }
    assert found["savings"] == {
        "baseline": "85360.00",
        "lines_with_baseline": 3,
        "by_supplier": {"V-1042": {"amount": "6592.00", "percent": "7.72"}},
    }


def test_what_is_missing_is_null_and_never_zero():
    found = as_json(build(worked(worked_offer(), offer("U", (None, "1", "1"), currency="USD"))))

    column, cell = found["offers"][1], found["lines"][0]["cells"][1]
    assert [column[name] for name in ("rank", "basic", "loading_days", "loading", "evaluated")] == [
        None
    ] * 5
    assert (column["status"], column["flags"]) == ("not_comparable", ["no_rate"])
    assert (cell["quantity"], cell["gst"], cell["rank"], cell["flags"]) == (
        None,
        None,
        None,
        ["not_quoted"],
    )
    assert found["savings"]["by_supplier"]["U"] == {"amount": None, "percent": None}


def test_amounts_have_the_decimals_of_the_base_currency():
    policy = Policy(base_currency="KWD")
    offers = (simple("A", "1.5", currency="KWD"),)
    found = as_json(build(one_line(*offers, policy=policy, minor_units={"KWD": 3})))

    assert (found["offers"][0]["net_landed"], found["offers"][0]["gst"]) == ("1.500", "0.270")


def test_the_same_inputs_give_the_same_bytes():
    first, second = (json.dumps(as_json(build(worked()))) for _ in range(2))

    assert first == second
