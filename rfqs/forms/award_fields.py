"""What the inputs of the check page hold: typed before stored, ready for the template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from quoteflow.lib.money import format_money, format_quantity
from rfqs.actions.awarding import LEAST_REASON
from rfqs.comparison import Flag
from rfqs.dossier import Missing
from rfqs.forms.awarding import PRESETS, exception_reasons, plain_quantity
from rfqs.matrix.lines import title_of
from rfqs.matrix.picking import OPEN_TO_AWARD, Picks
from rfqs.models import Exceptional, RFQLine
from rfqs.reports import Statement


@dataclass(frozen=True)
class ExceptionField:
    """One exception with its sentences to choose from, and what was chosen and typed."""

    name: str
    label: str
    presets: list[tuple[str, bool]]
    text: str
    is_missing: bool


@dataclass(frozen=True)
class GapField:
    """A line that is not awarded in full, and its reason."""

    missing: Missing
    text: str


@dataclass(frozen=True)
class ShareField:
    """A quantity input of one offer on one line; `offered` is the most it can be."""

    name: str
    supplier: str
    offered: str
    cost: str
    text: str


@dataclass(frozen=True)
class SplitField:
    """A line whose quantity is shared out by hand."""

    line: RFQLine
    title: str
    need: str
    shares: list[ShareField]


def exception_fields(
    held: Iterable[str], stored: Mapping[str, str], typed: QueryDict | None
) -> list[ExceptionField]:
    """A field per exception that holds; `is_missing` only after something was posted."""
    given = {} if typed is None else exception_reasons(typed)
    fields = []
    for name in held:
        chosen = typed.get(f"preset-{name}", "") if typed is not None else ""
        text = typed.get(f"reason-{name}", "") if typed is not None else stored.get(name, "")
        presets = [(str(preset), str(preset) == chosen) for preset in PRESETS[name]]
        missing = typed is not None and len(given.get(name, "")) < LEAST_REASON
        fields.append(ExceptionField(name, str(Exceptional(name).label), presets, text, missing))
    return fields


def gap_fields(missing: Iterable[Missing], typed: QueryDict | None) -> list[GapField]:
    """A field per line that is not awarded in full."""
    return [
        GapField(
            one,
            one.reason if typed is None else typed.get(f"gap-{one.line.position}", one.reason),
        )
        for one in missing
    ]


def split_fields(
    statement: Statement, picks: Picks, shown: Iterable[str], typed: QueryDict | None
) -> list[SplitField]:
    """Quantity inputs for the lines asked for, and for those that are split already."""
    wanted = set(shown)
    rows = {row.line.key: row for row in statement.sheet.lines}
    fields = []
    for line in statement.lines:
        held = picks.by_line.get(str(line.pk), {})
        if str(line.position) in wanted or len(held) > 1:
            row = rows[str(line.pk)]
            need = format_quantity(row.line.need)
            shares = _shares(statement, line, held, typed)
            fields.append(SplitField(line, title_of(line), need, shares))
    return fields


def _shares(
    statement: Statement, line: RFQLine, held: Mapping[str, Decimal], typed: QueryDict | None
) -> list[ShareField]:
    sheet = statement.sheet
    row = next(row for row in sheet.lines if row.line.key == str(line.pk))
    shares = []
    for cell, column in zip(row.cells, sheet.offers, strict=True):
        barred = column.status not in OPEN_TO_AWARD or Flag.NEEDS_RECONFIRMATION in column.flags
        if cell.cost is None or barred:
            continue
        name = f"quantity-{line.position}-{cell.offer_key}"
        stored = held.get(cell.offer_key)
        text = "" if stored is None else plain_quantity(stored)
        if typed is not None:
            text = typed.get(name, text)
        offered, cost = format_quantity(cell.required), format_money(cell.cost, sheet.base_currency)
        shares.append(ShareField(name, column.supplier_name, offered, cost, text))
    return shares
