"""A supplier's quotation as the buyer types it: how it came, its terms, a price per line."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from quoteflow.lib.currencies import NAMES
from quoteflow.lib.money import format_rate
from quoteflow.lib.once import Once
from quoteflow.lib.templatetags.qf import zone_name
from rfqs.actions.quoting import HEAD_FIELDS, Receipt
from rfqs.forms.drafting import PlainForm
from rfqs.forms.fields import (
    DayText,
    DecimalText,
    MomentText,
    PercentText,
    choice_reader,
    count_reader,
    decimal_reader,
    percent_reader,
    plain,
    text_reader,
)
from rfqs.forms.grid import Column, Grid
from rfqs.forms.tranches import read_tranches, written_tranches
from rfqs.forms.units import read_units, written
from rfqs.models import (
    RFQ,
    Channel,
    CommodityType,
    FreightTerm,
    GSTScheme,
    Invitation,
    PeriodUnit,
    Quotation,
    QuotationLine,
    RateBasis,
    RFQLine,
)
from rfqs.pricehistory import Memory

USUAL_CURRENCIES = ("INR", "USD", "EUR", "GBP", "JPY", "CNY", "AED", "SGD", "CHF")
RECEIPT = ("channel", "received_at", "upload", "no_source_reason")
SLIP = Decimal(9)  # a price nine times the last one, or a ninth of it, may have a slipped mark
FAR = Decimal("0.5")  # half as much again, or half of it, is far from the last price

MONEY = decimal_reader(places=4)
QUANTITY = decimal_reader(places=3, whole=12, positive=True)
BASES = [("1", "1"), ("100", "100"), ("1000", "1000")]

PRICE = Column("unit_price", _lazy("Unit price"), "decimal", MONEY, marks="data-qf-price")
BASIS = Column(
    "price_basis", _lazy("Per"), "select", lambda text: int(choice_reader(dict(BASES))(text)),
    _lazy("choose 1, 100 or 1000."), "narrow", choices=BASES, marks="data-qf-basis",
)  # fmt: skip
DISCOUNT = Column(
    "discount_percent", _lazy("Discount %"), "percent", percent_reader(places=3), css="short",
    marks="data-qf-discount",
)  # fmt: skip
GST = Column("gst_percent", _lazy("GST %"), "percent", percent_reader(), css="short")
OFFERED = Column(
    "offered_quantity", _lazy("Offered"), "decimal", decimal_reader(places=3, whole=12), css="short"
)
STATED = Column("stated_total", _lazy("Their total"), "decimal", MONEY, css="short")
LEAD = Column("lead_days", _lazy("Lead days"), "count", count_reader(most=3650), css="short")
REMARKS = Column("remarks", _lazy("Remarks"), "text", text_reader(300), css="roomy")

COLUMNS: dict[str, Sequence[Column]] = {
    CommodityType.GOODS: (
        PRICE, BASIS, DISCOUNT, GST, STATED,
        Column("moq", _lazy("Least order"), "decimal", QUANTITY, css="short"),
        Column("order_multiple", _lazy("Multiple of"), "decimal", QUANTITY, css="short"),
        OFFERED,
        Column("unit", _lazy("Unit"), "unit"),
        Column("duty_percent", _lazy("Duty %"), "percent", percent_reader(), css="short"),
        LEAD,
        Column("make", _lazy("Make"), "text", text_reader(120), css="middle"),
        REMARKS,
    ),
    CommodityType.SERVICE: (
        PRICE,
        Column(
            "rate_period", _lazy("Rate for"), "select", choice_reader(dict(PeriodUnit.choices)),
            choices=[("", _lazy("as asked")), *PeriodUnit.choices],
        ),
        DISCOUNT, GST, STATED, OFFERED, LEAD, REMARKS,
    ),
    CommodityType.TRANSPORT: (
        PRICE,
        Column(
            "rate_basis", _lazy("Rate is"), "select", choice_reader(dict(RateBasis.choices)),
            _lazy("choose what the rate is for."), choices=RateBasis.choices,
        ),
        Column("minimum_weight_t", _lazy("Least weight, t"), "decimal", QUANTITY, css="short"),
        Column("fuel_percent", _lazy("Fuel %"), "percent", percent_reader(places=3), css="short"),
        Column("toll", _lazy("Toll"), "decimal", MONEY, css="short"),
        Column("loading", _lazy("Loading"), "decimal", MONEY, css="short"),
        Column("capacity_t", _lazy("Capacity, t"), "decimal", QUANTITY, css="short"),
        DISCOUNT, GST, STATED, REMARKS,
    ),
}  # fmt: skip
COLUMN_DEFAULTS = {"price_basis": "1", "rate_basis": RateBasis.PER_TRIP.value}


class TermsForm(PlainForm):
    """Terms and charges of a quotation; amounts in its own currency."""

    quote_ref = forms.CharField(label=_lazy("Supplier's number"), required=False, max_length=80)
    quoted_on = DayText(label=_lazy("Its date"), required=False)
    valid_until = DayText(label=_lazy("Valid until"), required=False)
    currency = forms.ChoiceField(label=_lazy("Currency"), initial="INR")
    header_discount_percent = PercentText(
        places=3, label=_lazy("Discount on everything, %"), required=False
    )
    discount_on_full_order = forms.BooleanField(
        label=_lazy("This discount only on the full order"), required=False
    )
    pf_percent = PercentText(places=3, label=_lazy("Packing and forwarding, %"), required=False)
    pf_amount = DecimalText(places=4, label=_lazy("or packing, amount"), required=False)
    freight_term = forms.ChoiceField(label=_lazy("Freight"), choices=FreightTerm)
    freight_amount = DecimalText(places=4, label=_lazy("Freight, amount"), required=False)
    insurance = DecimalText(places=4, label=_lazy("Insurance"), required=False)
    other_charges = DecimalText(places=4, label=_lazy("Other charges"), required=False)
    clearing_charges = DecimalText(
        places=4, label=_lazy("Clearing, paid to others"), required=False
    )
    gst_scheme = forms.ChoiceField(label=_lazy("GST scheme"), choices=GSTScheme)
    payment_terms = forms.CharField(
        label=_lazy("Payment terms, in words"), required=False, max_length=200
    )
    tranches = forms.CharField(
        label=_lazy("Payments"), required=False, max_length=200,
        help_text=_lazy("Share and days after delivery, an advance is negative: 30%@-7; 70%@30"),
    )  # fmt: skip
    lead_days = DecimalText(places=0, whole=4, label=_lazy("Lead time, days"), required=False)
    delivery_term = forms.CharField(
        label=_lazy("Delivery term"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "delivery-terms"}),
    )  # fmt: skip
    warranty = forms.CharField(label=_lazy("Warranty"), required=False, max_length=120)
    remarks = forms.CharField(
        label=_lazy("Remarks"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rest = [code for code in sorted(NAMES) if code not in USUAL_CURRENCIES]
        self.fields["currency"].choices = [  # type: ignore[attr-defined]
            (code, f"{code} {NAMES[code]}") for code in (*USUAL_CURRENCIES, *rest)
        ]

    def clean_tranches(self) -> list[list[Any]]:
        """The payments; their shares make 100 %."""
        try:
            return read_tranches(self.cleaned_data["tranches"])
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Packing is a percentage or an amount; freight has an amount exactly where it says so."""
        data = self.cleaned_data
        if data.get("pf_percent") is not None and data.get("pf_amount") is not None:
            self.add_error("pf_amount", _("Packing is a percentage or an amount, not both."))
        is_amount = data.get("freight_term") == FreightTerm.AMOUNT
        if is_amount and "freight_amount" in data and data["freight_amount"] is None:
            self.add_error("freight_amount", _("Enter the freight."))
        if not is_amount and data.get("freight_amount") is not None:
            self.add_error("freight_term", _("There is a freight amount; choose “Amount”."))
        return data

    def facts(self) -> dict[str, Any]:
        """The head as the actions take it."""
        data = self.cleaned_data
        facts = {name: data[name] for name in HEAD_FIELDS if name in data}
        if facts.get("lead_days") is not None:
            facts["lead_days"] = int(facts["lead_days"])
        return facts


class QuotationForm(TermsForm):
    """What a buyer types for a supplier: how it came, and its terms."""

    channel = forms.ChoiceField(label=_lazy("It came by"), choices=Channel)
    received_at = forms.Field(label=_lazy("Received"))
    upload = forms.FileField(label=_lazy("The supplier's quotation, as a file"), required=False)
    no_source_reason = forms.CharField(
        label=_lazy("Or why there is no file"), required=False, max_length=300
    )

    def __init__(
        self, rfq: RFQ, earlier: Quotation | None, *args: Any, currency: str = "INR"
    ) -> None:
        super().__init__(*args, initial=_initial(earlier, currency))
        zone = rfq.site.zone
        name = zone_name(timezone.now().astimezone(zone))
        self.fields["received_at"] = MomentText(
            zone=zone,
            label=_("Received"),
            help_text=_("In the site's time, %(zone)s.") % {"zone": name},
        )
        self.order_fields([*RECEIPT, *self.base_fields])

    def clean_received_at(self) -> datetime:
        """When it came; not in the future."""
        moment: datetime = self.cleaned_data["received_at"]
        if moment > timezone.now():
            raise ValidationError(_("This lies in the future."))
        return moment

    def clean(self) -> dict[str, Any]:
        """There is a file, or a reason why there is none."""
        data = super().clean()
        if (
            not data.get("upload")
            and not data.get("no_source_reason")
            and "upload" not in self.errors
        ):
            self.add_error("upload", _("Choose the file, or say why there is none."))
        return data

    def receipt(self, once: Once | None = None) -> Receipt:
        """How it was received, and by which form."""
        data = self.cleaned_data
        return Receipt(
            data["channel"],
            data["received_at"],
            upload=data.get("upload"),
            no_source_reason=data["no_source_reason"],
            once=once,
        )


def price_grid(
    rfq: RFQ, lines: Sequence[RFQLine], earlier: Quotation | None, data: Mapping[str, Any] | None
) -> Grid:
    """A row per line of the request; from what was typed, else from the last revision."""
    grid = Grid(COLUMNS[rfq.commodity_type], prefix="q")
    given = {} if earlier is None else {row.line_id: row for row in earlier.lines.all()}
    if data is None:
        grid.fill((str(line.pk), _texts(given.get(line.pk))) for line in lines)
    else:
        grid.fill((str(line.pk), _posted(data, at)) for at, line in enumerate(lines))
    for row, line in zip(grid.rows, lines, strict=True):
        row.shown = line
    return grid


def check_prices(grid: Grid) -> bool:
    """Read every row; a row with words but no price must be meant. True without errors."""
    return grid.check(read_units)


def answers(grid: Grid) -> dict[UUID, dict[str, Any]]:
    """What `quoting.capture` takes: the answer to each line that has one."""
    found = {}
    for row in grid.used:
        values = dict(row.values)
        if "unit" in values:
            values["unit_id"] = values.pop("unit") or None
        values.setdefault("price_basis", 1)
        found[row.shown.pk] = values
    return found


def warnings(
    pairs: Iterable[tuple[RFQLine, Mapping[str, Any]]], memory: Memory | None = None
) -> list[str]:
    """Prices in base currency that look odd beside the last ones; for people to look at.

    `memory` is what was paid in the last twelve months; `pairs` are the lines with what is answered
    to each, by the names of `quoting.LINE_FIELDS`.
    """
    found = []
    for line, answer in pairs:
        price, last = _per_unit(line, answer), line.last_price
        remark = memory.remark(line, price) if memory else ""
        if remark:
            found.append(_("Line %(n)s: %(remark)s") % {"n": line.position, "remark": remark})
        if not price or not last:
            continue
        facts = {"n": line.position, "price": format_rate(price), "last": format_rate(last)}
        if price >= last * SLIP or price * SLIP <= last:
            text = _(
                "Line %(n)s: %(price)s, last price %(last)s. Is the decimal mark in its place?"
            )
            found.append(text % facts)
        elif abs(price - last) > last * FAR:
            found.append(_("Line %(n)s: %(price)s is far from the last price, %(last)s.") % facts)
    return found


def typed_answers(grid: Grid) -> list[tuple[RFQLine, Mapping[str, Any]]]:
    """The lines with what could be read of their rows, for `warnings`."""
    return [(row.shown, row.values | {"unit_id": row.values.get("unit")}) for row in grid.used]


def _per_unit(line: RFQLine, answer: Mapping[str, Any]) -> Decimal | None:
    """The price as the last one is meant: per one of the line's unit, its period, a trip; else None."""
    same = (
        answer.get("unit_id") in (None, "", line.unit_id)
        and answer.get("rate_period") in (None, "", line.period_unit)
        and answer.get("rate_basis") in (None, "", RateBasis.PER_TRIP)
    )
    price: Decimal | None = answer.get("unit_price")
    return price / (answer.get("price_basis") or 1) if same and price is not None else None


def earlier_quotation(invitation: Invitation, rfq: RFQ) -> Quotation | None:
    """The last revision of the round, else the one that counted last before it, with its lines.

    A sealed round shows nothing of itself; those before it were opened.
    """
    rows, found = invitation.quotations.prefetch_related("lines"), None
    if not rfq.prices_are_sealed:
        found = rows.sent().filter(round=rfq.round).order_by("-revision").first()
    if found is None and rfq.round > 1:
        found = rows.last_before(rfq.round).first()
    return found


def _initial(earlier: Quotation | None, currency: str) -> dict[str, Any]:
    if earlier is None:
        return {"currency": currency, "received_at": timezone.now()}
    initial = {name: getattr(earlier, name) for name in HEAD_FIELDS}
    initial["tranches"] = written_tranches(earlier.tranches)
    return initial | {"channel": earlier.channel, "received_at": timezone.now()}


def _texts(answer: QuotationLine | None) -> Callable[[str], Any]:
    """The texts of an earlier answer, or of none."""

    def text(name: str) -> Any:
        if answer is None:
            return COLUMN_DEFAULTS.get(name, "")
        if name == "unit":
            return written(answer.unit_id)
        return str(plain(getattr(answer, name)))

    return text


def _posted(data: Mapping[str, Any], at: int) -> Callable[[str], Any]:
    return lambda name: data.get(f"q-{at}-{name}", "")
