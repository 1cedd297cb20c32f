"""The sheet in the shape outsiders rely on: amounts as text, null where there is none."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rfqs.comparison.cell import Cell
from rfqs.comparison.inputs import ONE
from rfqs.comparison.money import CENT, UNIT_RATE, exact, rounded
from rfqs.comparison.sheet import (
    Cheapest,
    ComparisonSheet,
    LineRow,
    OfferColumn,
    Saving,
)

OFFER_AMOUNTS = (
    "basic",
    "packing",
    "freight",
    "insurance",
    "other",
    "clearing",
    "duty",
    "surcharge",
    "gst",
    "net_landed",
    "gross_landed",
)
CELL_AMOUNTS = ("basic", "packing", "freight", "gst", "net_landed", "gross_landed")


def as_json(sheet: ComparisonSheet) -> dict[str, Any]:
    """The sheet as plain dicts, lists, text and whole numbers; no float anywhere."""
    with exact():
        suppliers = {column.key: column.supplier_code for column in sheet.offers}
        step = ONE.scaleb(-sheet.minor_units.get(sheet.base_currency, 2))
        return {
            "rfq": sheet.rfq,
            "base_currency": sheet.base_currency,
            "policy": _policy(sheet),
            "offers": [_offer(column, step) for column in sheet.offers],
            "lines": [_line(row, suppliers, step) for row in sheet.lines],
            "split": _split(sheet, suppliers, step),
            "savings": _savings(sheet, suppliers, step),
        }


def plain(number: Decimal | None) -> str | None:
    """A number without exponent or needless zeros: 2500, 0.5, 92.4567."""
    if number is None:
        return None
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(amount: Decimal | None, step: Decimal) -> str | None:
    """An amount with exactly the decimals of `step`; never a negative zero."""
    return None if amount is None else format(rounded(amount, step) + 0, "f")


def _policy(sheet: ComparisonSheet) -> dict[str, Any]:
    return {
        "tax": sheet.policy.tax.value,
        "quantity": sheet.policy.quantity.value,
        "interest_percent": plain(sheet.policy.interest_percent),
        "credit_days": sheet.policy.credit_days,
        "rates": {
            currency: plain(rate)
            for currency, rate in sorted(sheet.rates.items())
            if currency != sheet.base_currency
        },
        "rates_on": sheet.rates_on,
    }


def _offer(column: OfferColumn, step: Decimal) -> dict[str, Any]:
    return {
        "supplier": column.supplier_code,
        "status": column.status.value,
        "quoted_lines": column.quoted_lines,
        "rank": column.rank,
        **{name: _amount(getattr(column, name), step) for name in OFFER_AMOUNTS},
        "loading_days": plain(column.loading_days),
        "loading": _amount(column.loading, step),
        "evaluated": _amount(column.evaluated, step),
        "flags": [flag.value for flag in column.flags],
    }


def _line(row: LineRow, suppliers: Mapping[str, str], step: Decimal) -> dict[str, Any]:
    return {
        "line_no": row.line.no,
        "cells": [_cell(cell, suppliers[cell.offer_key], step) for cell in row.cells],
        "lowest": [suppliers[key] for key in row.lowest],
    }


def _cell(cell: Cell, supplier: str, step: Decimal) -> dict[str, Any]:
    return {
        "supplier": supplier,
        "quantity": plain(cell.quantity),
        **{name: _amount(getattr(cell, name), step) for name in CELL_AMOUNTS},
        "effective_unit": _amount(cell.effective_unit, UNIT_RATE),
        "rank": cell.rank,
        "flags": [flag.value for flag in cell.flags],
    }


def _split(sheet: ComparisonSheet, suppliers: Mapping[str, str], step: Decimal) -> dict[str, Any]:
    split = sheet.split
    numbers = {row.line.key: str(row.line.no) for row in sheet.lines}
    return {
        "line_winners": {
            numbers[line]: [suppliers[key] for key in keys] for line, keys in split.winners.items()
        },
        "apportioned_total": _amount(split.apportioned_total, step),
        "full_total": _amount(split.full_total, step),
        "cheapest": _cheapest(split.cheapest, numbers, suppliers, step),
    }


def _cheapest(
    cheapest: Cheapest | None,
    numbers: Mapping[str, str],
    suppliers: Mapping[str, str],
    step: Decimal,
) -> dict[str, Any] | None:
    if cheapest is None:
        return None
    return {
        "assignment": {numbers[line]: suppliers[key] for line, key in cheapest.assignment.items()},
        "total": _amount(cheapest.total, step),
        "proven": cheapest.proven,
        "gap": _amount(cheapest.gap, step),
    }


def _savings(sheet: ComparisonSheet, suppliers: Mapping[str, str], step: Decimal) -> dict[str, Any]:
    savings = sheet.savings
    return {
        "baseline": _amount(savings.baseline, step),
        "lines_with_baseline": savings.lines_with_baseline,
        "by_supplier": {
            suppliers[key]: _saving(saving, step) for key, saving in savings.by_offer.items()
        },
    }


def _saving(saving: Saving | None, step: Decimal) -> dict[str, Any]:
    if saving is None:
        return {"amount": None, "percent": None}
    return {"amount": _amount(saving.amount, step), "percent": _amount(saving.percent, CENT)}
