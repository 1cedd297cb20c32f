"""A quotation as its supplier writes it: a price or "not quoted" for every line, terms, files."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quoteflow.lib.currencies import NAMES
from rfqs.actions.bidding import MOST_FILES, Offer, Typed
from rfqs.forms.drafting import PlainForm
from rfqs.forms.fields import plain
from rfqs.forms.grid import Column, Grid, Row
from rfqs.forms.quoting import COLUMN_DEFAULTS, COLUMNS, TermsForm
from rfqs.forms.tranches import written_tranches
from rfqs.forms.units import read_units, written
from rfqs.models import (
    RFQ,
    CommodityType,
    FreightTerm,
    Invitation,
    Quotation,
    RFQLine,
)

VALID_FOR = timedelta(days=30)  # DOMAIN 9
LONGEST_TEXT = 2000  # of a field that is kept as it was typed
NOT_QUOTED = Column("not_quoted", _lazy("Not quoted"), "check")
INSIDE_HEAD = ("clearing_charges", "discount_on_full_order")
HEAD = tuple(name for name in TermsForm.base_fields if name not in INSIDE_HEAD)
INSIDE = ("duty_percent", "stated_total")  # what only a buyer fills in
# The columns that stand beside the description; the others open below it.
IN_FRONT: dict[str, tuple[str, ...]] = {
    CommodityType.GOODS: ("unit_price", "gst_percent", "lead_days", "not_quoted"),
    CommodityType.SERVICE: ("unit_price", "rate_period", "gst_percent", "not_quoted"),
    CommodityType.TRANSPORT: ("unit_price", "rate_basis", "gst_percent", "not_quoted"),
}
# A supplier says whether freight comes on top; that nothing is said of it is no answer.
FREIGHT = [
    ("", _lazy("Choose")),
    (FreightTerm.INCLUDED.value, FreightTerm.INCLUDED.label),
    (FreightTerm.AMOUNT.value, FreightTerm.AMOUNT.label),
]


class OfferForm(TermsForm):
    """Terms and charges that a supplier states; how long they hold and how soon they deliver is required."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in INSIDE_HEAD:
            del self.fields[name]
        self.fields["freight_term"].choices = FREIGHT  # type: ignore[attr-defined]
        self.fields["quote_ref"].label = _("Your number")
        for name in ("valid_until", "lead_days"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Fill this in.")

    def clean_valid_until(self) -> Any:
        """Not over yet."""
        day = self.cleaned_data["valid_until"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is past."))
        return day


class DeclineForm(PlainForm):
    """Why no quotation comes."""

    reason = forms.CharField(
        label=_lazy("Reason"), max_length=300,
        help_text=_lazy("The buyer reads it: no capacity, not our range, too short a time…"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def own_columns(rfq: RFQ) -> list[Column]:
    """The columns of the supplier's table, those in front first."""
    known = [one for one in COLUMNS[rfq.commodity_type] if one.name not in INSIDE]
    front = IN_FRONT[rfq.commodity_type]
    by_name = {one.name: one for one in [*known, NOT_QUOTED]}
    return [by_name[name] for name in front] + [one for one in known if one.name not in front]


def offer_grid(
    rfq: RFQ, lines: Sequence[RFQLine], text: Callable[[RFQLine, int], Callable[[str], Any]]
) -> Grid:
    """A row per line; `text` gives, for a line and its place, the text of each column."""
    grid = Grid(own_columns(rfq), prefix="q")
    grid.fill((str(line.pk), text(line, at)) for at, line in enumerate(lines))
    for row, line in zip(grid.rows, lines, strict=True):
        row.shown = line
    return grid


def check_offer(grid: Grid) -> bool:
    """Read every row: each line has a price or is not quoted. True without errors."""
    grid.check(read_units)
    for row in grid.rows:
        price, left = row.cell("unit_price"), row.cell("not_quoted")
        if not str(price.text).strip() and not left.text:
            price.error = _("Enter a price, or tick “Not quoted”. 0 means free of charge.")
        elif str(price.text).strip() and left.text:
            left.error = _("There is a price; remove it, or untick this.")
    return not any(row.has_errors for row in grid.rows)


def offer_of(form: OfferForm, grid: Grid) -> Offer:
    """What `bidding.submit` takes, once both have been found good."""
    return Offer(form.facts(), {row.shown.pk: _answer(row) for row in grid.rows})


def typed_of(request: HttpRequest, lines: Sequence[RFQLine], invitation: Invitation) -> Typed:
    """The texts of a posted form, as they are."""
    columns = [column.name for column in own_columns(invitation.rfq)]
    rows = {
        str(line.pk): {name: _text(request.POST.get(f"q-{at}-{name}", "")) for name in columns}
        for at, line in enumerate(lines)
    }
    currency = request.POST.get("currency", "")
    return Typed(
        head={name: _text(request.POST.get(name, "")) for name in HEAD},
        rows=rows,
        currency=currency if currency in NAMES else invitation.supplier.currency,
        uploads=request.FILES.getlist("upload")[: MOST_FILES + 1],
        kept=[pk for pk in map(_uuid, request.POST.getlist("keep")) if pk],
    )


def from_draft(draft: Quotation) -> tuple[dict[str, str], Callable[..., Any]]:
    """The texts of a draft: those of the head, and a function for `offer_grid`."""
    typed = draft.typed or {"head": {}, "rows": {}}
    rows = typed["rows"]
    return typed["head"], lambda line, _at: lambda name: rows.get(str(line.pk), {}).get(name, "")


def from_earlier(quotation: Quotation) -> tuple[dict[str, Any], Callable[..., Any]]:
    """The same of a quotation that was sent: its revision starts from it."""
    head = {name: getattr(quotation, name) for name in HEAD}
    head["tranches"] = written_tranches(quotation.tranches)
    answers = {row.line_id: row for row in quotation.lines.all()}

    def text(line: RFQLine, _at: int) -> Callable[[str], Any]:
        answer = answers.get(line.pk)
        if answer is None and not quotation.is_surrogate:  # a line that an addendum added
            return lambda name: COLUMN_DEFAULTS.get(name, "")
        return lambda name: _stored_text(answer, name)

    return head, text


def from_nothing(invitation: Invitation) -> tuple[dict[str, Any], Callable[..., Any]]:
    """The same to begin with: the supplier's currency and terms, the tax that the request states."""
    supplier = invitation.supplier
    head = {
        "currency": supplier.currency,
        "payment_terms": supplier.payment_terms,
        "valid_until": timezone.localdate() + VALID_FOR,
        "freight_term": "",
    }
    defaults = COLUMN_DEFAULTS

    def text(line: RFQLine, _at: int) -> Callable[[str], Any]:
        given = defaults | {"gst_percent": plain(line.gst_percent)}
        return lambda name: given.get(name, "")

    return head, text


def posted(data: Mapping[str, Any]) -> Callable[..., Any]:
    """The texts of a posted form, for `offer_grid`."""
    return lambda _line, at: lambda name: data.get(f"q-{at}-{name}", "")


def _answer(row: Row) -> dict[str, Any]:
    values = {name: value for name, value in row.values.items() if name != "not_quoted"}
    if "unit" in values:
        values["unit_id"] = values.pop("unit") or None
    if row.cell("not_quoted").text:
        return {"unit_price": None, "remarks": values.get("remarks", "")}
    values.setdefault("price_basis", 1)
    return values


def _stored_text(answer: Any, name: str) -> Any:
    if answer is None:
        return "on" if name == "not_quoted" else COLUMN_DEFAULTS.get(name, "")
    if name == "not_quoted":
        return "on" if answer.unit_price is None else ""
    if name == "unit":
        return written(answer.unit_id)
    return str(plain(getattr(answer, name)))


def _text(value: str) -> str:
    return value.replace("\0", "")[:LONGEST_TEXT]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
