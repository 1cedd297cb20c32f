"""What the buyer writes: a new request, its head and lines, a reason, a moment."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from quoteflow.lib.templatetags.qf import zone_name
from rfqs.forms import lines as line_forms
from rfqs.forms.fields import DayText, DecimalText, MomentText, PercentText
from rfqs.forms.grid import Grid, Link
from rfqs.models import RFQ, AttachmentKind, CommodityType, Priority
from rfqs.models.attachment import FOR_SUPPLIERS

COMPARING = (
    "tax_basis", "quantity_basis", "incomplete_basis", "split_basis", "interest_percent", "credit_days",
)  # fmt: skip
SUGGESTED_TERMS = ("FOR destination", "Ex-works", "FCA", "FOB", "CIF", "CIP", "DAP", "DDP")


class PlainForm(forms.Form):
    """A form whose fields say themselves what is missing, instead of the browser."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("label_suffix", "")
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages.setdefault("required", "")
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _("Fill this in.")


class NewForm(PlainForm):
    """The three facts a request begins with."""

    site = forms.TypedChoiceField(label=gettext_lazy("Site"), coerce=UUID)
    commodity_type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=CommodityType, widget=forms.RadioSelect,
        initial=CommodityType.GOODS,
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200,
        help_text=gettext_lazy("Suppliers read it in the subject of their e-mail."),
    )  # fmt: skip

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["site"]
        field.choices = [(str(pk), f"{code} {name}") for pk, code, name in user.own_sites]  # type: ignore[attr-defined]


class Beginning:
    """The whole page of a new request: its three facts and its first lines, empty or as typed."""

    def __init__(self, user: User, data: Mapping[str, Any] | None = None) -> None:
        self.head = NewForm(user, data)
        kind = self.head["commodity_type"].value()
        self.draft = RFQ(commodity_type=kind if kind in CommodityType else CommodityType.GOODS)
        self.grid: Grid = (
            line_forms.stored_grid(self.draft, [])
            if data is None
            else line_forms.typed_grid(self.draft, data, [])
        )

    def is_valid(self) -> bool:
        """Read everything; both halves always, so that every error shows at once."""
        lines_fit = line_forms.check(self.draft, self.grid)
        return self.head.is_valid() and lines_fit

    def facts(self) -> dict[str, Any]:
        """What `drafting.create` takes."""
        facts = dict(self.head.cleaned_data)
        lines = line_forms.line_values(self.grid)
        return facts | {"site_id": facts.pop("site"), "lines": lines}


class HeadForm(PlainForm):
    """The words of a request and the rules of its comparison; the closing time is site time."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    project_name = forms.CharField(label=gettext_lazy("Project"), required=False, max_length=120)
    department = forms.CharField(label=gettext_lazy("Department"), required=False, max_length=80)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), choices=Priority)
    is_urgent = forms.BooleanField(
        label=gettext_lazy("Urgent work"), required=False,
        help_text=gettext_lazy("Attach the approval of the plant head under Files."),
    )  # fmt: skip
    is_sealed = forms.BooleanField(
        label=gettext_lazy("Sealed"), required=False,
        help_text=gettext_lazy("Nobody sees a price before the closing time and the opening."),
    )  # fmt: skip
    deadline = forms.Field(label=gettext_lazy("Closing time"), required=False)
    questions_until = forms.Field(label=gettext_lazy("Questions until"), required=False)
    required_by = DayText(label=gettext_lazy("Needed by"), required=False)
    delivery_place = forms.CharField(
        label=gettext_lazy("Delivery place"), required=False, max_length=200
    )
    delivery_terms = forms.CharField(
        label=gettext_lazy("Delivery terms"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "delivery-terms"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=gettext_lazy("Contact for suppliers"), required=False, max_length=120
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks, inside only"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    tax_basis = forms.ChoiceField(
        label=gettext_lazy("GST in the comparison"),
        choices=RFQ._meta.get_field("tax_basis").choices or (),  # noqa: SLF001 (Django's own public name)
    )
    quantity_basis = forms.ChoiceField(
        label=gettext_lazy("Quantity compared"),
        choices=RFQ._meta.get_field("quantity_basis").choices or (),  # noqa: SLF001
        help_text=gettext_lazy("Committed counts what a minimum order makes you buy."),
    )
    incomplete_basis = forms.ChoiceField(
        label=gettext_lazy("Incomplete quotations"),
        choices=RFQ._meta.get_field("incomplete_basis").choices or (),  # noqa: SLF001
    )
    split_basis = forms.ChoiceField(
        label=gettext_lazy("The cost of a split"),
        choices=RFQ._meta.get_field("split_basis").choices or (),  # noqa: SLF001
        help_text=gettext_lazy(
            "For the figure on the comparison; an award counts lump sums in full."
        ),
    )
    interest_percent = PercentText(
        label=gettext_lazy("Interest, % a year"),
        help_text=gettext_lazy("Loads prices by their payment terms; 0 loads nothing."),
    )
    credit_days = DecimalText(places=0, whole=3, label=gettext_lazy("Usual credit, days"))

    def __init__(self, rfq: RFQ, data: Any = None) -> None:
        initial = {name: getattr(rfq, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        self.fields["deadline"] = closing_field(rfq.site.zone)
        self.fields["questions_until"] = asking_field(rfq.site.zone)
        if rfq.is_transport:
            del self.fields["is_urgent"]
        if not rfq.is_service:
            del self.fields["project_name"]
        self.order_fields(list(self.base_fields))

    def clean(self) -> dict[str, Any]:
        """Questions end at the closing time at the latest."""
        facts: dict[str, Any] = self.cleaned_data
        closes, until = facts.get("deadline"), facts.get("questions_until")
        if closes and until and until > closes:
            self.add_error("questions_until", _("Questions end at the closing time at the latest."))
        return facts

    @property
    def basics(self) -> list[forms.BoundField]:
        """The fields of the first section."""
        return [field for field in self if field.name not in COMPARING]

    @property
    def comparing(self) -> list[forms.BoundField]:
        """The fields of "How offers are compared"."""
        return [self[name] for name in COMPARING]


class Difference(NamedTuple):
    """One value that is stored otherwise than it was typed."""

    name: str
    label: str
    theirs: str
    mine: str


class Editor:
    """The whole page of a draft: head and lines, as stored or as typed."""

    def __init__(self, rfq: RFQ, data: Mapping[str, Any] | None = None) -> None:
        self.rfq = rfq
        self.lines = list(rfq.lines.order_by("position")) if rfq.line_count else []
        if data is None and rfq.typed is not None:
            data = MultiValueDict(rfq.typed)
        self.is_typed = data is not None
        self.head = HeadForm(rfq, data)
        self.grid: Grid = (
            line_forms.stored_grid(rfq, self.lines)
            if data is None
            else line_forms.typed_grid(rfq, data, self.lines)
        )

    def is_valid(self) -> bool:
        """Read everything; both halves always, so that every error shows at once."""
        lines_fit = line_forms.check(self.rfq, self.grid)
        return self.head.is_valid() and lines_fit

    @property
    def links(self) -> list[Link]:
        """The errors of the lines, for the summary; those of the head come from the form."""
        return self.grid.links

    def errors(self) -> dict[str, list[str]]:
        """Every error by the name of its input."""
        return {name: [str(one) for one in found] for name, found in self.head.errors.items()} | (
            self.grid.errors()
        )

    def facts(self) -> dict[str, Any]:
        """The head as `drafting.revise` takes it; texts never None."""
        facts = dict(self.head.cleaned_data)
        facts["credit_days"] = int(facts["credit_days"])
        return facts

    def values(self) -> list[dict[str, Any]]:
        """The lines as `drafting.revise` takes them."""
        return line_forms.line_values(self.grid)

    def differences(self, stored: "Editor") -> list[Difference]:
        """What was typed here against what `stored` holds, value by value."""
        found = [
            Difference(field.name, str(field.label), _shown(stored.head[field.name]), _shown(field))
            for field in self.head
        ]
        theirs = {row.key: row for row in stored.grid.rows if row.key}
        for row in self.grid.used:
            other = theirs.pop(row.key, None)
            for cell in row.cells:
                if cell.column.kind != "shown":
                    text = str(other.cell(cell.column.name).text) if other else ""
                    label = _("Line %(n)s, %(label)s") % {
                        "n": row.number,
                        "label": cell.column.label,
                    }
                    found.append(Difference(cell.name, label, text, str(cell.text).strip()))
        for row in theirs.values():
            label = _("Line %(n)s, stored only") % {"n": row.number}
            found.append(Difference(f"stored-{row.index}", label, _words(row.cells), ""))
        return [one for one in found if one.theirs != one.mine]


class ReasonForm(PlainForm):
    """Why something ends."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class DisqualifyForm(ReasonForm):
    """Why a quotation is out of the running."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class ExtendForm(PlainForm):
    """A later closing time, and why."""

    deadline = forms.Field(label=gettext_lazy("New closing time"))
    reason = forms.CharField(
        label=gettext_lazy("Reason, suppliers read it"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, rfq: RFQ, data: Any = None) -> None:
        super().__init__(data, initial={"deadline": rfq.deadline})
        self.fields["deadline"] = closing_field(rfq.site.zone, required=True)
        self.fields["deadline"].label = _("New closing time")
        if rfq.questions_until is not None:
            self.fields["questions_until"] = asking_field(rfq.site.zone)
            self.initial["questions_until"] = rfq.questions_until
        self.order_fields(["deadline", "questions_until", "reason"])


class AttachForm(PlainForm):
    """A file of a request and what it is for."""

    upload = forms.FileField(label=gettext_lazy("File"))
    kind = forms.ChoiceField(label=gettext_lazy("What it is"))

    def __init__(self, rfq: RFQ, *args: Any) -> None:
        super().__init__(*args)
        left_out = {AttachmentKind.SOURCE}
        if rfq.published_at is not None:
            left_out |= {
                AttachmentKind(kind) for kind in FOR_SUPPLIERS
            }  # those come with an addendum
        if rfq.is_goods:
            left_out |= {AttachmentKind.BOQ}
        field = self.fields["kind"]
        field.choices = [one for one in AttachmentKind.choices if one[0] not in left_out]  # type: ignore[attr-defined]
        field.initial = AttachmentKind.OTHER


def closing_field(zone: tzinfo, *, required: bool = False) -> MomentText:
    """The closing time in the site's zone, whose name its help says."""
    name = zone_name(timezone.now().astimezone(zone))
    help_text = _("In the site's time, %(zone)s.") % {"zone": name}
    return MomentText(
        zone=zone, label=_("Closing time"), required=required, help_text=help_text,
        error_messages={"required": _("Fill this in.")},
    )  # fmt: skip


def asking_field(zone: tzinfo) -> MomentText:
    """Until when suppliers may ask, in the site's zone."""
    help_text = _("Empty: suppliers may ask until the closing time.")
    return MomentText(zone=zone, label=_("Questions until"), required=False, help_text=help_text)


def _shown(field: forms.BoundField) -> str:
    """A field's value as people read it."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return _("Yes") if value and value != "False" else _("No")
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value if value is not None else "").strip().replace("\r\n", "\n")


def _words(cells: Any) -> str:
    return " ".join(str(cell.text) for cell in cells if str(cell.text).strip())
