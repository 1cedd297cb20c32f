"""The price sheet of a supplier: handed out, and read back into the draft. Nothing is sent by it."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from quoteflow.lib.errors import Incomplete
from quoteflow.lib.money import format_quantity
from rfqs.actions import bidding
from rfqs.exports import pricesheet as export
from rfqs.exports.xlsx import CONTENT_TYPE
from rfqs.forms import bidding as forms
from rfqs.forms.grid import Cell, Column
from rfqs.importing import pricesheet as importing
from rfqs.models import RFQLine
from rfqs.views.visiting import Visitor, begun, lines_of, portal_page, visitor

TICK = forms.NOT_QUOTED.name


@require_safe
@portal_page
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet, filled in as far as the quotation is."""
    who = visitor(request, number)
    rfq, lines = who.invitation.rfq, lines_of(who)
    grid = forms.offer_grid(rfq, lines, begun(who)[1])
    answers = [export.Answer(str(one.label), _choices(one)) for one in grid.columns]
    rows = [(_asked(row.shown), [_text(cell) for cell in row.cells]) for row in grid.rows]
    response = HttpResponse(export.workbook(number, answers, rows), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{number}-prices.xlsx"'
    return response


def take(request: HttpRequest, who: Visitor, version: int) -> HttpResponse:
    """Put the prices of the uploaded sheet into the draft, all of them or none. Raises DomainError."""
    lines = lines_of(who)
    answers = _read(request, who, lines)
    grid = forms.offer_grid(
        who.invitation.rfq, lines, lambda line, _at: _texts_of(answers[line.position])
    )
    if not forms.check_offer(grid):
        importing.refuse(_problems(grid, answers))
    rows = {str(line.pk): answers[line.position].texts for line in lines}
    typed = replace(forms.typed_of(request, lines, who.invitation), rows=rows)
    bidding.save_draft(invitation_id=who.invitation.pk, version=version, typed=typed)
    priced = sum(1 for one in answers.values() if not one.texts[TICK])
    said = ngettext(
        "The sheet is read: %(n)d price is in the draft. Check it, then send it.",
        "The sheet is read: %(n)d prices are in the draft. Check them, then send it.",
        priced,
    )
    messages.success(request, said % {"n": priced})
    return redirect("portal:quote", who.invitation.rfq.number)


def _read(
    request: HttpRequest, who: Visitor, lines: list[RFQLine]
) -> dict[int, importing.Answered]:
    upload = request.FILES.get("sheet")
    if upload is None:
        raise Incomplete(_("Choose the filled-in sheet first."))
    if (upload.size or 0) > settings.UPLOAD_LIMIT_BYTES:
        limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise Incomplete(_("The sheet is larger than %(limit)d MB.") % {"limit": limit})
    columns = forms.own_columns(who.invitation.rfq)
    return importing.read_prices(
        upload.read(),
        name=upload.name or "sheet",
        labels={one.name: str(one.label) for one in columns},
        lines=[line.position for line in lines],
        tick=TICK,
    )


def _problems(grid: Any, answers: dict[int, importing.Answered]) -> list[str]:
    return [
        _("Row %(row)d, %(column)s: %(said)s")
        % {
            "row": answers[row.shown.position].row,
            "column": cell.column.label,
            "said": cell.error,
        }
        for row in grid.rows
        for cell in row.cells
        if cell.error
    ]


def _texts_of(answered: importing.Answered) -> Any:
    return lambda name: answered.texts.get(name, "")


def _asked(line: RFQLine) -> list[str]:
    what = line.description
    if line.from_location:
        what = f"{line.from_location} → {line.to_location}: {what}"
    code = f"{line.item_code} " if line.item_code else ""
    unit = line.unit.symbol or line.unit.name
    return [str(line.position), f"{code}{what}", format_quantity(line.quantity), unit]


def _choices(column: Column) -> list[str]:
    if column.kind == "check":
        return [_("yes")]
    return [str(label) for value, label in column.choices if value]


def _text(cell: Cell) -> str:
    if cell.column.kind == "check":
        return _("yes") if cell.text else ""
    if cell.column.kind == "select":
        return str(dict(cell.column.choices).get(cell.text, cell.text)) if cell.text else ""
    return str(cell.text)
