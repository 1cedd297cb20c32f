"""An award as its proposer, its deciders and its readers see it: lines, suppliers, what is unusual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib.money import format_money, format_percent, format_quantity, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs import comparison
from rfqs.matrix.lines import title_of
from rfqs.matrix.table import KPI
from rfqs.models import Award, AwardLine, Exceptional, FreightTerm, Quotation, RFQLine
from rfqs.reports import Statement


@dataclass(frozen=True)
class AwardedLine:
    """One award line as text; `cost` is in base currency, `price` as quoted."""

    position: int
    title: str
    supplier: str
    quantity: str
    ordered: str
    unit: str
    price: str
    cost: str
    is_lowest: bool


@dataclass(frozen=True)
class Card:
    """What one supplier gets; `cost` in base currency, lump sums in full."""

    supplier: str
    code: str
    lines: list[AwardedLine]
    cost: str
    currency: str
    freight: str


@dataclass(frozen=True)
class Missing:
    """A line, or the rest of one, that nobody gets, and the reason if there is one."""

    line: RFQLine
    title: str
    short: str
    reason: str


@dataclass(frozen=True)
class Dossier:
    """Everything a page says about an award; amounts are text in base currency.

    `is_current` is false where picks of an earlier round are left out.
    """

    total: str
    cards: list[Card]
    lines: list[AwardedLine]
    missing: list[Missing]
    kpis: list[KPI]
    unusual: list[tuple[str, str]]
    facts: list[str]
    is_current: bool


def dossier(award: Award, statement: Statement) -> Dossier:
    """Read an award in two statements beside those of its statement."""
    rows = list(
        award.lines.select_related("quotation_line").order_by("rfq_line__position", "supplier_id")
    )
    gaps = dict(award.gaps.values_list("rfq_line_id", "reason"))
    base = statement.sheet.base_currency
    quotations = {quotation.pk: quotation for quotation in statement.quotations}
    lines = {line.pk: line for line in statement.lines}
    known = [row for row in rows if row.quotation_line.quotation_id in quotations]
    is_current = len(known) == len(rows)
    rows = known
    texts = [
        _awarded(row, lines[row.rfq_line_id], quotations[row.quotation_line.quotation_id], base)
        for row in rows
    ]
    missing = _missing(statement, rows, gaps)
    return Dossier(
        total=format_money(award.total, base),
        cards=_cards(rows, texts, quotations, base),
        lines=texts,
        missing=missing,
        kpis=[
            _value(award, rows, base),
            _versus_lowest(award, statement, is_whole=not missing),
            _versus_last(rows, statement),
        ],
        unusual=[
            (str(Exceptional(name).label), award.reasons[name])
            for name in Exceptional.values
            if name in award.reasons
        ],
        facts=_facts(rows, statement),
        is_current=is_current,
    )  # fmt: skip


def _awarded(row: AwardLine, line: RFQLine, quotation: Quotation, base: str) -> AwardedLine:
    price = format_rate(row.unit_price, row.currency)
    basis = f" / {row.price_basis}" if row.price_basis != 1 else ""
    return AwardedLine(
        line.position,
        title_of(line),
        quotation.supplier.name,
        format_quantity(row.quantity),
        format_quantity(row.order_quantity) if row.order_quantity != row.quantity else "",
        str(line.unit),
        f"{row.currency} {price}{basis}",
        format_money(row.cost, base),
        row.is_lowest,
    )


def _cards(
    rows: list[AwardLine],
    texts: list[AwardedLine],
    quotations: Mapping[UUID, Quotation],
    base: str,
) -> list[Card]:
    cards = []
    for supplier_id in dict.fromkeys(row.supplier_id for row in rows):
        own = [n for n, row in enumerate(rows) if row.supplier_id == supplier_id]
        quotation = quotations[rows[own[0]].quotation_line.quotation_id]
        cost = sum((rows[n].cost for n in own), Decimal(0))
        freight = format_money(quotation.freight_amount, quotation.currency)
        stated = quotation.freight_term == FreightTerm.AMOUNT
        cards.append(
            Card(
                quotation.supplier.name,
                quotation.supplier.code,
                [texts[n] for n in own],
                format_money(cost, base),
                quotation.currency,
                f"{quotation.currency} {freight}" if stated else quotation.get_freight_term_display(),
            )
        )  # fmt: skip
    return cards


def _missing(
    statement: Statement, rows: list[AwardLine], gaps: Mapping[UUID, str]
) -> list[Missing]:
    given: dict[object, Decimal] = {}
    for row in rows:
        given[row.rfq_line_id] = given.get(row.rfq_line_id, Decimal(0)) + row.quantity
    needs = {row.line.key: row.line.need for row in statement.sheet.lines}
    return [
        Missing(
            line,
            title_of(line),
            format_quantity(needs[str(line.pk)] - given.get(line.pk, Decimal(0))),
            gaps.get(line.pk, ""),
        )
        for line in statement.lines
        if given.get(line.pk, Decimal(0)) < needs[str(line.pk)]
    ]


def _value(award: Award, rows: list[AwardLine], base: str) -> KPI:
    suppliers = len({row.supplier_id for row in rows})
    lines = len({row.rfq_line_id for row in rows})
    counts = ", ".join(
        [
            ngettext("%(n)d supplier", "%(n)d suppliers", suppliers) % {"n": suppliers},
            ngettext("%(n)d line", "%(n)d lines", lines) % {"n": lines},
        ]
    )
    return KPI(
        _("Award value, %(currency)s") % {"currency": base}, format_money(award.total, base), counts
    )


def _versus_lowest(award: Award, statement: Statement, *, is_whole: bool) -> KPI:
    """Against the lowest full quote, landed with landed; nothing where not all is awarded."""
    sheet = statement.sheet
    lowest = next((column for column in sheet.offers if column.is_lowest), None)
    label = _("vs lowest full quote")
    if lowest is None or lowest.cost is None or award.total is None:
        return KPI(label, "—", _("no complete offer"))
    if not is_whole:
        return KPI(label, "—", _("not all is awarded"))
    return _less(label, lowest.cost, lowest.cost - award.total, sheet.base_currency)


def _versus_last(rows: list[AwardLine], statement: Statement) -> KPI:
    label = _("vs last prices")
    picks = [
        comparison.Pick(str(row.rfq_line_id), str(row.quotation_line.quotation_id), row.quantity)
        for row in rows
    ]
    try:
        saving = comparison.award_saving(statement.inputs, picks)
    except comparison.Refusal:  # an offer was disqualified after it was picked
        saving = None
    if saving is None:
        return KPI(label, "—", _("no last price"))
    return _less(label, saving.reference, saving.amount, statement.sheet.base_currency)


def _less(label: str, reference: Decimal, less: Decimal, base: str) -> KPI:
    """An amount below or above a reference, with its percentage and direction in words."""
    if not less:
        return KPI(label, format_money(less, base), _("the same"))
    percent = format_percent(abs(less) * 100 / reference) if reference else ""
    note = _("%(percent)s lower") if less > 0 else _("%(percent)s higher")
    tone = "down" if less > 0 else "up"
    return KPI(label, format_money(abs(less), base), note % {"percent": percent}, tone)


def _facts(rows: list[AwardLine], statement: Statement) -> list[str]:
    """What is worth knowing without being an exception: currencies, incomplete and typed offers."""
    sheet = statement.sheet
    facts = []
    used = {row.currency for row in rows} - {sheet.base_currency}
    frozen = day(date.fromisoformat(sheet.rates_on)) if sheet.rates_on else day(None)
    for code in sorted(used):
        rate = {"code": code, "rate": format_rate(sheet.rates.get(code)), "day": frozen}
        facts.append(_("Quoted in %(code)s. Rate %(rate)s of %(day)s.") % rate)
    for column in sheet.offers:
        if column.status is comparison.Status.INCOMPLETE:
            quoted = {
                "name": column.supplier_name,
                "n": column.quoted_lines,
                "all": column.line_count,
            }
            facts.append(_("%(name)s quoted %(n)d of %(all)d lines.") % quoted)  # fmt: skip
    typed = [q.supplier.name for q in statement.quotations if q.is_surrogate]
    if typed:
        facts.append(_("Entered by a buyer: %(names)s.") % {"names": ", ".join(typed)})
    late = [q.supplier.name for q in statement.quotations if q.is_late]
    if late:
        facts.append(_("Admitted after the closing time: %(names)s.") % {"names": ", ".join(late)})
    return facts
