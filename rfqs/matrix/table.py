"""Everything of the matrix put together: heads, rows, foot, key figures, the basis in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quoteflow.lib.money import NONE, format_money, format_percent, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs.comparison import ComparisonSheet, Quantity, Tax
from rfqs.matrix.body import rows_html
from rfqs.matrix.foot import foot_rows
from rfqs.matrix.frame import foot_html, heads_html, picked_html
from rfqs.matrix.head import Head, head_of
from rfqs.matrix.options import Options
from rfqs.matrix.picking import Picked, Picks
from rfqs.matrix.reader import Reader
from rfqs.matrix.savings import savings
from rfqs.reports import Statement
from rfqs.rounds import Superseded


@dataclass(frozen=True)
class KPI:
    """One figure over the matrix; `tone` is up, down or nothing."""

    label: str
    figure: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class Matrix:
    """The comparison ready to print; every amount is text, in base currency unless it says otherwise."""

    heads: list[Head]
    hidden: list[Head]
    head: SafeString
    body: SafeString
    foot: SafeString
    kpis: list[KPI]
    basis: list[str]
    savings: list[str]
    notice: str
    picked: SafeString
    picked_total: str
    picked_count: str
    base: str
    places: int


def build(
    statement: Statement,
    options: Options,
    picks: Picks,
    *,
    may_pick: bool,
    today: date,
    superseded: Superseded | None = None,
) -> Matrix:
    """Make the matrix of a statement; `today` is the site's, for what expires soon.

    `superseded` are the prices of earlier rounds, struck through beside those that replaced them.
    """
    sheet = statement.sheet
    quotations = {str(quotation.pk): quotation for quotation in statement.quotations}
    heads = [
        head_of(n, column, quotations[column.key], _day_of(sheet))
        for n, column in enumerate(sheet.offers)
    ]
    before = {
        (key, position): price
        for key, quotation in quotations.items()
        for (supplier, position), price in (superseded or {}).items()
        if supplier == quotation.supplier_id
    }
    reader = Reader.of(sheet, options, picks, may_pick=may_pick, before=before)
    if not reader.columns:  # nobody of those asked for quotes: show everybody
        options = Options(options.view, options.currency, round=options.round)
        reader = Reader.of(sheet, options, picks, may_pick=may_pick, before=before)
    shown = {n for n, _column in reader.columns}
    pairs = [(column, quotations[column.key]) for _n, column in reader.columns]
    picked, total, count = _picked(reader, sheet)
    heads_shown = [head for head in heads if head.place in shown]
    return Matrix(
        heads=heads_shown,
        hidden=[head for head in heads if head.place not in shown],
        head=heads_html(heads_shown, sheet.rfq),
        body=rows_html(reader, statement),
        foot=foot_html(foot_rows(sheet, pairs, today)),
        kpis=kpis(sheet),
        basis=basis(sheet),
        savings=savings(sheet),
        notice=_notice(sheet),
        picked=picked_html(picked),
        picked_total=format_money(total, sheet.base_currency),
        picked_count=_("%(n)d of %(all)d") % {"n": count, "all": len(sheet.lines)},
        base=sheet.base_currency,
        places=reader.places,
    )


def _day_of(sheet: ComparisonSheet) -> date | None:
    return None if sheet.rates_on is None else date.fromisoformat(sheet.rates_on)


def _picked(reader: Reader, sheet: ComparisonSheet) -> tuple[list[Picked], Decimal, int]:
    """Sums of the whole picks per shown column, and over all columns."""
    sums: dict[int, Decimal] = {}
    counts: dict[int, int] = {}
    places = {column.key: n for n, column in enumerate(sheet.offers)}
    for row in sheet.lines:
        chosen = reader.picks.whole(row.line.key)
        n = places.get(chosen or "")
        cost = None if n is None else row.cells[n].cost
        if n is not None and cost is not None:
            sums[n] = sums.get(n, Decimal(0)) + cost
            counts[n] = counts.get(n, 0) + 1
    picked = [
        Picked(n, format_money(sums.get(n), sheet.base_currency), counts.get(n, 0))
        for n, _column in reader.columns
    ]
    return picked, sum(sums.values(), Decimal(0)), sum(counts.values())


def kpis(sheet: ComparisonSheet) -> list[KPI]:
    """The figures over the matrix: lowest, mix, last prices, saving."""
    base = sheet.base_currency
    lowest = [column for column in sheet.offers if column.key in sheet.lowest]
    names = ", ".join(column.supplier_name for column in lowest)
    if len(lowest) > 1:
        names = _("Tie: %(names)s. A person decides.") % {"names": names}
    evaluated = lowest[0].evaluated if lowest else None
    return [
        KPI(_("Lowest full quote"), format_money(evaluated, base), names or _("No complete offer")),
        KPI(_("Lowest per line"), format_money(sheet.split.full_total, base), _mix_note(sheet, evaluated)),
        KPI(_("At last prices"), format_money(sheet.savings.baseline, base), _last_note(sheet)),
        _saving(sheet),
    ]  # fmt: skip


def _mix_note(sheet: ComparisonSheet, single: Decimal | None) -> str:
    """How many suppliers the mix takes, and whether one alone would be cheaper."""
    mix = set(sheet.split.suggested.values())
    note = ngettext(
        "%(n)d supplier, lump sums in full", "%(n)d suppliers, lump sums in full", len(mix)
    ) % {"n": len(mix)}
    total = sheet.split.full_total
    if total is None or single is None or total <= single:
        return note
    return f"{note}. {_('One supplier for all is cheaper.')}"


def _last_note(sheet: ComparisonSheet) -> str:
    return _("basic; %(n)d of %(all)d lines have a last price") % {
        "n": sheet.savings.lines_with_baseline,
        "all": len(sheet.lines),
    }


def _saving(sheet: ComparisonSheet) -> KPI:
    saving = sheet.savings.by_offer.get(sheet.lowest[0]) if sheet.lowest else None
    if saving is None:
        return KPI(_("Saving on last prices"), NONE, _("nothing to compare with"))
    less = saving.amount >= 0
    note = _("%(percent)s less, basic, with the lowest full quote") if less else _(
        "%(percent)s more, basic, with the lowest full quote"
    )  # fmt: skip
    percent = format_percent(None if saving.percent is None else abs(saving.percent))
    return KPI(
        _("Saving on last prices") if less else _("Increase on last prices"),
        format_money(abs(saving.amount), sheet.base_currency),
        note % {"percent": percent},
        "down" if less else "up",
    )


def basis(sheet: ComparisonSheet) -> list[str]:
    """How this sheet compares: printed on it, because it changes who is lowest."""
    policy = sheet.policy
    lines = [
        _("Tax: compared net of input credit (GST left out).")
        if policy.tax == Tax.NET_OF_CREDIT
        else _("Tax: compared with GST, which does not come back."),
        _("Quantity: what must be bought (least orders and whole packs count).")
        if policy.quantity == Quantity.COMMITTED
        else _("Quantity: what is needed (least orders and whole packs left out)."),
        _("Payment: %(percent)s interest a year against %(days)d days of credit.")
        % {"percent": format_percent(policy.interest_percent), "days": policy.credit_days}
        if policy.interest_percent
        else _("Payment: terms are not loaded with interest."),
        _("“Lowest” is the lowest landed cost of the line, with its share of the lump sums."),
    ]
    used = sorted({c.currency for c in sheet.offers if c.rate is not None} - {sheet.base_currency})
    if used:
        rates = ", ".join(f"{code} {format_rate(sheet.rates[code])}" for code in used)
        on = {"day": day(_day_of(sheet)), "rates": rates, "base": sheet.base_currency}
        lines.append(_("Exchange rates of %(day)s, %(base)s for one: %(rates)s.") % on)
    return lines


def _notice(sheet: ComparisonSheet) -> str:
    """A sentence where the sheet cannot do what one expects of it; else nothing."""
    if not any(column.cost is not None for column in sheet.offers):
        return _("No quotation can be compared. Each column says why.")
    if len(sheet.offers) == 1:
        return _(
            "Single bid: there is nothing to compare it with. An award will ask for the reason."
        )
    if not sheet.lowest:
        return _("No quotation is complete, so none is ranked; compare them line by line.")
    if sheet.proposed is None:
        return _("The lowest total is a tie: nobody is proposed. A person decides, with a reason.")
    return ""
