"""What a supplier's own quotation comes to, in its own currency: what is sent, and what the receipt says.

The arithmetic is the comparison's own, with the quotation's currency as the base and nobody beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoteflow.lib.currencies import MINOR_UNITS
from rfqs import comparison, versions
from rfqs.answers import answer_input
from rfqs.asked import line_input
from rfqs.conversion import Conversion
from rfqs.models import GSTScheme, Quotation, RFQLine, Unit
from rfqs.reports import offer_input

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class OwnLine:
    """A line, what is answered to it, and what it comes to before charges and taxes; None: not quoted."""

    line: RFQLine
    answer: Answer
    amount: Decimal | None


@dataclass(frozen=True)
class OwnPrice:
    """A quotation added up: `foot` are labels with amounts, `total` is what is to be paid to the supplier.

    `basic`, `charges` and `gst` are the same amounts apart; `gst` is None where the scheme charges none,
    or a line's rate is not stated.
    """

    currency: str
    lines: list[OwnLine]
    foot: list[tuple[str, Decimal]]
    total: Decimal | None
    basic: Decimal
    charges: list[tuple[str, Decimal]]
    gst: Decimal | None
    note: str = ""

    @property
    def quoted(self) -> int:
        """How many lines have a price."""
        return sum(1 for one in self.lines if one.answer.get("unit_price") is not None)


def of_quotation(quotation: Quotation) -> OwnPrice:
    """The figures of a quotation that is stored."""
    answers = {row["line_id"]: row for row in quotation.lines.values()}
    return of_answers(quotation, answers)


def of_answers(quotation: Quotation, answers: Mapping[UUID, Answer]) -> OwnPrice:
    """The figures of a head, which need not be stored, with these answers by line id (LINE_FIELDS)."""
    lines = versions.lines_read(quotation.rfq)
    rows = _rows(lines, answers)
    offer = offer_input(quotation, 0, rows, expired=False)
    inputs = comparison.Inputs(
        rfq=quotation.rfq.number,
        policy=comparison.Policy(base_currency=quotation.currency),
        lines=tuple(line_input(line) for line in lines),
        offers=(offer,),
        rates={},
        rates_on=None,
        minor_units=MINOR_UNITS,
    )
    sheet = comparison.build(inputs)
    own = [
        OwnLine(line, answers.get(line.pk, {}), row.cells[0].basic)
        for line, row in zip(lines, sheet.lines, strict=True)
    ]
    return _added_up(quotation, sheet.offers[0], own)


def _rows(lines: list[RFQLine], answers: Mapping[UUID, Answer]) -> list[comparison.OfferLine]:
    units = Unit.objects.in_bulk([row["unit_id"] for row in answers.values() if row.get("unit_id")])
    conversion = Conversion(line.item_id for line in lines)
    found = []
    for line in lines:
        answer = answers.get(line.pk)
        if answer is None or answer.get("unit_price") is None:
            continue
        unit = units.get(answer.get("unit_id"))
        factor: Decimal | None = Decimal(1)
        if unit is not None and unit.pk != line.unit_id:
            factor = conversion.factor(line.item_id, unit, line.unit)
        facts = {"price_basis": 1, "make": "", "remarks": "", **answer}
        found.append(answer_input(str(line.pk), facts, factor))
    return found


def _added_up(
    quotation: Quotation, column: comparison.OfferColumn, lines: list[OwnLine]
) -> OwnPrice:
    basic = column.basic or Decimal(0)
    parts = [
        (_("Packing and forwarding"), column.packing),
        (_("Freight"), column.freight),
        (_("Insurance"), column.insurance),
        (_("Other charges"), column.other),
    ]
    regular = quotation.gst_scheme == GSTScheme.REGULAR
    gst = column.gst if regular else None
    charges = [(label, amount) for label, amount in parts if amount]
    every = [(_("Goods and services"), basic), *charges, ("GST", gst or Decimal(0))]
    foot = [(label, amount) for label, amount in every if amount]
    total = None if column.basic is None else sum((amount for _label, amount in foot), Decimal(0))
    note = ""
    if not regular:
        note = _("Without GST: the scheme is “%s”.") % quotation.get_gst_scheme_display()
    elif gst is None and basic:
        note = _("Without GST: its rate is not stated on every line.")
    return OwnPrice(quotation.currency, lines, foot, total, basic, charges, gst, note)
