"""The comparative statement as an Excel workbook that goes on computing: its totals are formulas.

The first sheet is the statement as people file it, lines down and suppliers across; the second holds
every figure of every line, which the foot of the first adds up. Formulas carry their values, so that
a viewer that computes nothing shows the same.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from quoteflow.lib.currencies import MINOR_UNITS
from rfqs.comparison import Cell, Flag, OfferColumn, Status, Tax
from rfqs.endorsement import Endorsement
from rfqs.exports import figures
from rfqs.exports.csv import neutral
from rfqs.exports.statement import words_of
from rfqs.exports.xlsx import EXACT_DIGITS
from rfqs.matrix.foot import term_rows
from rfqs.matrix.savings import labelled
from rfqs.matrix.table import basis
from rfqs.matrix.words import FLAGS, STATUSES
from rfqs.models import RFQ
from rfqs.reports import Statement

LEFT, EACH = 10, 5  # columns of the line, and of every supplier
FOOT = ("packing", "freight", "insurance", "duty", "surcharge", "other", "clearing")


def render(rfq: RFQ, statement: Statement, endorsed: Endorsement, now: datetime) -> bytes:
    """The workbook as bytes; `now` is the moment it is made."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        _Writer(book, rfq, statement, endorsed).write(now.astimezone(rfq.site.zone).date())
    return target.getvalue()


class _Writer:
    """Both sheets, cell by cell; rows and columns count from 0."""

    def __init__(self, book: Any, rfq: RFQ, statement: Statement, endorsed: Endorsement) -> None:
        self._rfq, self._statement, self._endorsed = rfq, statement, endorsed
        self._sheet = book.add_worksheet(_("Statement")[:31])
        self._figures = book.add_worksheet(_("Figures")[:31])
        places = MINOR_UNITS.get(statement.sheet.base_currency, 2)
        money = "#,##0" + (f".{'0' * places}" if places else "")
        if statement.sheet.base_currency == "INR":  # lakh and crore
            money = "[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;##,##0.00"
        self._styles = {
            name: book.add_format({"valign": "top", **facts})
            for name, facts in _styles(money).items()
        }

    def write(self, today: date) -> None:
        """The figures first: the statement's foot points into them."""
        self._write_figures()
        row = self._write_head()
        first = row + 2
        self._write_headings(row)
        self._sheet.freeze_panes(first, 3)
        for at, line in enumerate(self._statement.sheet.lines, start=first):
            self._write_line(at, line)
        last = first + len(self._statement.sheet.lines) - 1
        end = self._write_terms(self._write_foot(first, last) + 1, today)
        self._write_end(end + 2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.set_print_scale(65)
        self._sheet.repeat_rows(row, row + 1)
        self._sheet.repeat_columns(0, 2)
        offers = len(self._statement.sheet.offers)
        self._sheet.set_v_pagebreaks([LEFT, *(LEFT + n * EACH for n in range(2, offers, 2))])
        self._sheet.set_footer(f"&L{neutral(self._rfq.number)}&R&P / &N")

    def _put(self, sheet: Any, row: int, column: int, value: Any, style: str = "text") -> None:
        """A number as a number, a text as a text that no spreadsheet runs."""
        if value is None or value == "":
            return
        if isinstance(value, int | Decimal):
            digits = Decimal(value).as_tuple().digits
            if len(digits) <= EXACT_DIGITS:
                sheet.write_number(row, column, value, self._styles[style])
                return
        sheet.write_string(row, column, neutral(str(value)), self._styles[style])

    def _write_figures(self) -> None:
        heads = figures.header()
        for column, head in enumerate(heads):
            self._put(self._figures, 0, column, head, "head")
        for at, row in enumerate(figures.rows(self._statement), start=1):
            for column, value in enumerate(row):
                self._put(self._figures, at, column, value, "money" if 14 < column < 26 else "text")  # noqa: PLR2004
        self._figures.freeze_panes(1, 3)
        self._figures.set_column(2, 2, 36)
        self._figures.set_column(7, 8, 16)
        self._figures.set_column(15, 25, 13)

    def _write_head(self) -> int:
        """Title, number, what it is compared by; the row after it."""
        rfq, sheet = self._rfq, self._statement.sheet
        self._put(self._sheet, 0, 0, _("Comparative statement"), "title")
        self._put(self._sheet, 1, 0, f"{rfq.number}  {rfq.title}", "bold")
        facts = [
            f"{rfq.site}, {rfq.get_commodity_type_display()}, {_('base currency')} {sheet.base_currency}",
            *basis(sheet),
        ]
        for row, fact in enumerate(facts, start=2):
            self._sheet.write_string(row, 0, neutral(fact))
        return 3 + len(facts)

    def _write_headings(self, row: int) -> None:
        heads = (
            _("No"), _("Item code"), _("Description"), _("Specification"), _("HSN/SAC"), _("Quantity"),
            _("Unit"), _("Last price"), _("Last vendor"), _("Last bought"),
        )  # fmt: skip
        each = (_("Make, remarks"), _("Quoted rate"), _("Rate"), _("Amount"), _("Landed"))
        for column, head in enumerate(heads):
            self._put(self._sheet, row + 1, column, head, "head")
        for n, offer in enumerate(self._statement.sheet.offers):
            start = LEFT + n * EACH
            words = f"{offer.supplier_name} ({offer.supplier_code}), {offer.currency}"
            if offer.status is not Status.COMPLETE:
                words += f", {STATUSES[offer.status]} {offer.quoted_lines}/{offer.line_count}"
            self._sheet.merge_range(
                row, start, row, start + EACH - 1, neutral(words), self._styles["head"]
            )
            for column, head in enumerate(each, start=start):
                self._put(self._sheet, row + 1, column, head, "head")
            self._sheet.set_column(start, start, 18)
            self._sheet.set_column(start + 1, start + EACH - 1, 14)
        for column, width in enumerate((5, 12, 36, 24, 10, 10, 7, 12, 18, 12)):
            self._sheet.set_column(column, column, width)

    def _write_line(self, at: int, row: Any) -> None:
        line = next(one for one in self._statement.lines if str(one.pk) == row.line.key)
        left = (
            row.line.no, row.line.item_code, words_of(line), line.specification, line.hsn, row.line.need,
            str(line.unit), row.line.last_price, line.last_vendor,
        )  # fmt: skip
        styles = {5: "number", 7: "rate"}
        for column, value in enumerate(left):
            self._put(self._sheet, at, column, value, styles.get(column, "text"))
        if line.last_bought_on:
            self._sheet.write_datetime(at, 9, line.last_bought_on, self._styles["day"])
        for n, cell in enumerate(row.cells):
            self._write_cell(at, LEFT + n * EACH, cell)

    def _write_cell(self, at: int, start: int, cell: Cell) -> None:
        offered = cell.offered
        words = [offered.make, offered.remarks] if offered else []
        words += [str(FLAGS[flag]) for flag in cell.flags]
        if cell.is_lowest:
            words.append(_("Lowest"))
        money = "low" if cell.is_lowest else "money"
        self._put(self._sheet, at, start, ", ".join(filter(None, words)))
        self._put(self._sheet, at, start + 1, cell.unit_price_quoted, "rate")
        self._put(self._sheet, at, start + 2, cell.unit_price, "rate")
        self._put(self._sheet, at, start + 3, cell.basic, "money")
        self._put(self._sheet, at, start + 4, cell.cost, money)

    def _write_foot(self, first: int, last: int) -> int:
        """Every total as a formula; the row of the rank comes back."""
        labels = (
            _("Basic"), _("Packing and forwarding"), _("Freight"), _("Insurance"), _("Customs duty"),
            _("Surcharge"), _("Other"), _("Clearing"), _("Net landed"), _("GST"), _("Gross landed"),
            _("Compared cost"), _("Loading"), _("Evaluated"), _("Difference to lowest"), _("Rank"),
        )  # fmt: skip
        top = last + 2
        for row, label in enumerate(labels, start=top):
            self._put(self._sheet, row, 2, label, "bold")
        ranked = [
            xl_rowcol_to_cell(top + 13, LEFT + n * EACH + 4)
            for n, offer in enumerate(self._statement.sheet.offers)
            if offer.rank is not None
        ]
        for n, offer in enumerate(self._statement.sheet.offers):
            if offer.cost is not None:
                self._write_totals(top, (first, last), LEFT + n * EACH + 4, offer, ranked)
            elif offer.flags:
                words = ", ".join(str(FLAGS[flag]) for flag in offer.flags)
                self._put(self._sheet, top, LEFT + n * EACH + 4, words, "words")
        return top + len(labels) - 1

    def _write_totals(
        self, top: int, lines: tuple[int, int], at: int, offer: OfferColumn, ranked: Sequence[str]
    ) -> None:
        """One supplier's foot in column `at`, from the amounts beside it and the sheet of figures."""
        column, amounts = xl_col_to_name(at), xl_col_to_name(at - 1)
        first, last = lines[0] + 1, lines[1] + 1
        of = {name: row for row, name in enumerate(("basic", *FOOT), start=top + 1)}
        unsaid = _unsaid(offer)
        formulas = [("basic", f"=SUM({amounts}{first}:{amounts}{last})", offer.basic)]
        formulas += [(name, self._sum_of(name, offer), getattr(offer, name)) for name in FOOT]
        net, gst, gross = top + 9, top + 10, top + 11
        compared = net if self._statement.sheet.policy.tax == Tax.NET_OF_CREDIT else gross
        formulas += [
            ("net", f"=SUM({column}{of['basic']}:{column}{of['clearing']})", offer.net_landed),
            ("gst", self._sum_of("gst", offer), offer.gst),
            ("gross", f"={column}{net}+{column}{gst}", offer.gross_landed),
            ("cost", f"={column}{compared}", offer.cost),
        ]
        for row, (_name, formula, value) in enumerate(formulas, start=top):
            style = "total" if _name in ("basic", "net", "cost") else "money"
            if _name in unsaid:
                self._put(self._sheet, row, at, unsaid[_name], "words")
                continue
            self._sheet.write_formula(row, at, formula, self._styles[style], _value(value))
        self._put(self._sheet, top + 12, at, offer.loading, "money")
        if offer.evaluated is not None:
            evaluated = f"={column}{top + 12}+{column}{top + 13}"
            self._sheet.write_formula(
                top + 13, at, evaluated, self._styles["total"], _value(offer.evaluated)
            )
        if offer.rank is None:
            self._put(self._sheet, top + 15, at, str(STATUSES[offer.status]), "words")
            return
        others = ",".join(ranked)
        difference = f"={column}{top + 14}-MIN({others})"
        self._sheet.write_formula(
            top + 14, at, difference, self._styles["money"], _value(offer.difference)
        )
        cheaper = "+".join(f"({other}<{column}{top + 14})" for other in ranked)
        self._sheet.write_formula(
            top + 15, at, f'="L"&(1+{cheaper})', self._styles["rank"], f"L{offer.rank}"
        )

    def _write_terms(self, top: int, today: date) -> int:
        """What else there is to know of every offer, below its rank; the row after it."""
        sheet = self._statement.sheet
        quotations = {str(one.pk): one for one in self._statement.quotations}
        facts: list[tuple[str, Callable[[OfferColumn], Decimal | None], str]] = [
            (_("Discounts, quoted currency"), lambda one: one.discount_quoted, "money"),
            (_("Input credit"), lambda one: one.credit, "money"),
            (_("Difference to lowest, percent"), _difference, "percent"),
            (_("With gaps at the others’ highest"), lambda one: one.loaded_total, "money"),
        ]
        for row, (label, figure, style) in enumerate(facts, start=top):
            self._put(self._sheet, row, 2, label, "bold")
            for n, offer in enumerate(sheet.offers):
                self._put(self._sheet, row, LEFT + n * EACH + 4, figure(offer), style)
        terms = term_rows([(one, quotations[one.key]) for one in sheet.offers], today)
        for row, term in enumerate(terms, start=top + len(facts)):
            self._put(self._sheet, row, 2, term.label, "bold")
            for n, cell in enumerate(term.cells):
                words = ", ".join(part for part in (cell.text, cell.sub) if part)
                self._put(self._sheet, row, LEFT + n * EACH + 4, words, "words")
        return top + len(facts) + len(terms)

    def _sum_of(self, name: str, offer: OfferColumn) -> str:
        """The sum of one kind of figure of a supplier, from the second sheet."""
        place = xl_col_to_name(15 + figures.AMOUNTS.index(name))
        sheet = f"'{self._figures.name}'"
        code = neutral(offer.supplier_code).replace('"', '""')
        return f'=SUMIFS({sheet}!${place}:${place},{sheet}!$H:$H,"{code}")'

    def _write_savings(self, row: int) -> int:
        """What the lowest full quote saves, as numbers; the row after it."""
        saved = labelled(self._statement.sheet)
        if not saved:
            return row
        self._put(self._sheet, row, 2, _("What the lowest full quote saves"), "bold")
        for at, (label, saving) in enumerate(saved, start=row + 1):
            self._put(self._sheet, at, 2, label)
            self._put(self._sheet, at, 3, saving.amount, "money")
            if saving.percent is not None:
                self._put(self._sheet, at, 4, saving.percent / 100, "percent")
        return row + len(saved) + 2

    def _write_end(self, row: int) -> None:
        """The savings, the recommendation, its reasons and the signatures."""
        row = self._write_savings(row)
        told = [(_("Recommendation"), self._endorsed.recommendation), *self._endorsed.reasons]
        for label, text in told:
            if text:
                self._put(self._sheet, row, 1, label, "bold")
                self._sheet.write_string(row, 2, neutral(text))
                row += 1
        for number, one in enumerate(self._endorsed.signatures):
            self._put(self._sheet, row + 2, 2 + number * 2, one.role, "bold")
            self._put(self._sheet, row + 3, 2 + number * 2, one.name)
            if one.at is not None:
                day = one.at.astimezone(self._rfq.site.zone).date()
                self._sheet.write_datetime(row + 4, 2 + number * 2, day, self._styles["day"])


def _difference(offer: OfferColumn) -> Decimal | None:
    percent = offer.difference_percent
    return None if percent is None else percent / 100


def _unsaid(offer: OfferColumn) -> dict[str, str]:
    """The words in place of figures that there are none of."""
    words = {}
    if Flag.FREIGHT_NOT_STATED in offer.flags:
        words["freight"] = str(FLAGS[Flag.FREIGHT_NOT_STATED])
    if offer.gst is None:
        words |= dict.fromkeys(("gst", "gross"), str(FLAGS[Flag.GST_NOT_STATED]))
    return words


def _value(amount: Decimal | None) -> Any:
    return 0 if amount is None else amount


def _styles(money: str) -> dict[str, dict[str, Any]]:
    """The formats of cells by name."""
    return {
        "title": {"bold": True, "font_size": 14},
        "head": {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8ECF4"},
        "text": {"text_wrap": True},
        "number": {"num_format": "#,##0.###"},
        "rate": {"num_format": "#,##0.00##"},
        "money": {"num_format": money},
        "low": {"num_format": money, "bold": True, "bg_color": "#DDF3E4"},
        "total": {"num_format": money, "bold": True, "top": 1},
        "percent": {"num_format": "0.00%"},
        "bold": {"bold": True},
        "rank": {"bold": True, "align": "right"},
        "words": {"align": "right"},  # not wrapped: they run on to the left, where nothing stands
        "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    }
