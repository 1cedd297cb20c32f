"""What an order comes to in its supplier's currency, computed from what the award was computed from."""

import json
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_money, format_percent, format_quantity, format_rate
from rfqs import comparison, reports
from rfqs.comparison.money import CENT, rounded
from rfqs.models import PurchaseOrder, Unit

ZERO = Decimal(0)


@dataclass(frozen=True)
class Row:
    """One ordered line as text; `amount` is after discounts, without GST, in the order's currency, as `net`."""

    position: int
    description: str
    specification: str
    hsn: str
    quantity: str
    unit: str
    price: str
    per: str
    discount: str
    gst: str
    amount: str
    net: Decimal


@dataclass(frozen=True)
class OrderSheet:
    """The lines, the charges and their sum, without GST; `net`, `charged` and `sum` are the same as numbers."""

    rows: list[Row]
    charges: list[tuple[str, str]]
    total: str
    net: Decimal
    charged: list[tuple[str, Decimal]]
    sum: Decimal


def sheet_of(order: PurchaseOrder) -> OrderSheet:
    """The figures of an order whose award, request and supplier are loaded.

    Taken from the statement that the award was submitted with, so that no later change of anything
    moves them. Charges are the quotation's lump sums in full, and packing as its percent.
    """
    inputs = _inputs(order)
    lines = list(
        order.lines.select_related("award_line__rfq_line", "award_line__quotation_line").order_by(
            "position"
        )
    )
    offer_key = str(lines[0].award_line.quotation_line.quotation_id)
    picks = [
        comparison.Pick(str(line.award_line.rfq_line_id), offer_key, line.award_line.quantity)
        for line in lines
    ]
    counted = {one.pick.line_key: one.cell for one in comparison.award_total(inputs, picks).lines}
    units = {unit.code: unit.symbol or unit.name for unit in Unit.objects.all()}
    rows, sum_ = [], ZERO
    for line in lines:
        asked, cell = line.award_line.rfq_line, counted[str(line.award_line.rfq_line_id)]
        sum_ += cell.net_quoted or ZERO
        rows.append(
            Row(
                line.position, line.description, asked.specification, asked.hsn,
                format_quantity(line.quantity), units.get(line.unit_code, line.unit_code),
                format_rate(line.unit_price, order.currency),
                _per(line.price_basis, units.get(line.price_unit_code, "")),
                format_money(cell.discount_quoted, order.currency) if cell.discount_quoted else "",
                format_percent(cell.gst_percent), format_money(cell.net_quoted, order.currency),
                cell.net_quoted or ZERO,
            )
        )  # fmt: skip
    offer = next(one for one in inputs.offers if one.key == offer_key)
    charged = [one for one in _charges(offer, sum_, inputs.step(order.currency)) if one[1]]
    total = sum((amount for _label, amount in charged), sum_)
    shown = [(label, format_money(amount, order.currency)) for label, amount in charged]
    return OrderSheet(rows, shown, format_money(total, order.currency), sum_, charged, total)


def _per(basis: int, unit: str) -> str:
    return unit if basis == 1 else f"{basis} {unit}"


def _inputs(order: PurchaseOrder) -> comparison.Inputs:
    stored = order.award.statements.order_by("-made_at").values_list("inputs", flat=True).first()
    if stored is not None:
        return comparison.from_stored(json.loads(stored))
    return reports.comparison_inputs(order.rfq)  # awarded before statements were kept


def _charges(offer: comparison.Offer, net: Decimal, step: Decimal) -> list[tuple[str, Decimal]]:
    freight = ZERO if isinstance(offer.freight, comparison.Freight) else offer.freight
    packing = rounded(net * offer.pf_percent * CENT, step) + rounded(offer.pf_amount, step)
    return [
        (_("Packing and forwarding"), packing),
        (_("Freight"), rounded(freight, step)),
        (_("Insurance"), rounded(offer.insurance, step)),
        (_("Other charges"), rounded(offer.other, step)),
    ]
