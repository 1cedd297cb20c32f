"""Ways of awarding, side by side: what each costs with lump sums in full, what it saves, and how sure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib.money import NONE, format_money, format_percent
from rfqs.comparison import (
    ComparisonSheet,
    Inputs,
    Optimum,
    Pick,
    Saving,
    award_saving,
    award_total,
)
from rfqs.matrix.words import surety


@dataclass(frozen=True)
class Scenario:
    """One way of awarding; without picks it says in `note` why there is none."""

    name: str
    note: str
    tone: str = ""
    total: str = NONE
    difference: str = ""
    is_cheapest: bool = False
    suppliers: tuple[str, ...] = ()
    saving: str = NONE
    left_out: str = ""
    picks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class _Costed:
    name: str
    note: str
    tone: str
    assignment: Mapping[str, str]
    total: Decimal | None
    saving: Saving | None


def scenarios_of(
    inputs: Inputs, sheet: ComparisonSheet, optima: Sequence[tuple[str, Optimum]]
) -> list[Scenario]:
    """The usual two ways and then the optima by name, compared with the cheapest of them all."""
    costed = [
        _all_to_lowest(inputs, sheet),
        _costed(inputs, _("Lowest of every line"), _("Lump sums in full"), sheet.split.suggested),
        *(_optimum(inputs, sheet, name, optimum) for name, optimum in optima),
    ]
    complete = max(len(one.assignment) for one in costed)
    totals = [
        one.total for one in costed if one.total is not None and len(one.assignment) == complete
    ]
    return [_shown(sheet, one, min(totals), complete) for one in costed] if totals else []


def _all_to_lowest(inputs: Inputs, sheet: ComparisonSheet) -> _Costed:
    name = _("Everything to the lowest")
    if sheet.proposed is None:
        why = _("A tie: a person decides.") if sheet.lowest else _("No quotation is complete.")
        return _Costed(name, why, "", {}, None, None)
    lines = [row.line.key for row in sheet.lines]
    note = _("L1 of the complete quotations")
    return _costed(inputs, name, note, dict.fromkeys(lines, sheet.proposed))


def _costed(
    inputs: Inputs, name: str, note: str, assignment: Mapping[str, str], tone: str = ""
) -> _Costed:
    needs = {line.key: line.need for line in inputs.lines}
    picks = [Pick(line, offer, needs[line]) for line, offer in assignment.items()]
    if not picks:
        return _Costed(name, _("No quotation can be compared."), tone, {}, None, None)
    return _Costed(
        name, note, tone, assignment, award_total(inputs, picks).total, award_saving(inputs, picks)
    )


def _optimum(inputs: Inputs, sheet: ComparisonSheet, name: str, found: Optimum) -> _Costed:
    if found.award is None:
        why = (
            _("No award keeps to these conditions.")
            if found.proven
            else _("None was found in time.")
        )
        return _Costed(name, why, "", {}, None, None)
    tone = "ok" if found.proven else "warn"
    note = _("Proven: none of this kind is cheaper")
    if not found.proven:
        words = surety(found.gap, sheet.base_currency)
        note = words[:1].upper() + words[1:]
    return _costed(inputs, name, note, found.assignment, tone)


def _shown(sheet: ComparisonSheet, one: _Costed, least: Decimal, complete: int) -> Scenario:
    base = sheet.base_currency
    if one.total is None:
        return Scenario(one.name, one.note)
    numbers = {row.line.key: row.line.no for row in sheet.lines}
    names = {column.key: column.supplier_name for column in sheet.offers}
    missing = len(sheet.lines) - len(one.assignment)
    above = one.total - least if len(one.assignment) == complete else None
    return Scenario(
        name=one.name,
        note=one.note,
        tone=one.tone,
        total=format_money(one.total, base),
        difference=f"+{format_money(above, base)}" if above else "",
        is_cheapest=above == 0,
        suppliers=tuple(sorted({names[key] for key in one.assignment.values()})),
        saving=_saving(one.saving, base),
        left_out=ngettext("%(n)d line is left out", "%(n)d lines are left out", missing)
        % {"n": missing}
        if missing
        else "",
        picks=tuple(sorted((numbers[line], offer) for line, offer in one.assignment.items())),
    )


def _saving(saving: Saving | None, base: str) -> str:
    if saving is None:
        return NONE
    percent = format_percent(saving.percent, signed=True)
    return f"{format_money(saving.amount, base)} ({percent})"
