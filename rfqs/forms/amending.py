"""An addendum as the buyer writes it: what changes and why, the words, the lines, a document."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rfqs.actions.amending import Amendment
from rfqs.forms import lines as line_forms
from rfqs.forms.drafting import PlainForm
from rfqs.forms.fields import DayText
from rfqs.forms.grid import Grid, Link
from rfqs.models import RFQ, AttachmentKind
from rfqs.models.attachment import FOR_SUPPLIERS


class AddendumForm(PlainForm):
    """What changes and why, the words of the request, a document."""

    text = forms.CharField(
        label=gettext_lazy("What changes, and why"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Everyone who was asked reads it, above the list of changes."),
    )  # fmt: skip
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    project_name = forms.CharField(label=gettext_lazy("Project"), required=False, max_length=120)
    delivery_place = forms.CharField(
        label=gettext_lazy("Delivery place"), required=False, max_length=200
    )
    delivery_terms = forms.CharField(
        label=gettext_lazy("Delivery terms"), required=False, max_length=80,
        widget=forms.TextInput(attrs={"list": "delivery-terms"}),
    )  # fmt: skip
    required_by = DayText(label=gettext_lazy("Needed by"), required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact for suppliers"), required=False, max_length=120
    )
    upload = forms.FileField(label=gettext_lazy("Document for suppliers"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), required=False)

    def __init__(self, rfq: RFQ, data: Any = None, files: Any = None) -> None:
        words = [name for name in self.base_fields if name not in ("text", "upload", "kind")]
        super().__init__(data, files, initial={name: getattr(rfq, name) for name in words})
        kinds = [one for one in AttachmentKind.choices if one[0] in FOR_SUPPLIERS]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.initial["kind"] = AttachmentKind.TENDER
        if not rfq.is_service:
            del self.fields["project_name"]

    def clean(self) -> dict[str, Any]:
        """A document says what it is."""
        facts: dict[str, Any] = self.cleaned_data
        if facts.get("upload") and not facts.get("kind"):
            raise ValidationError(_("Choose what the document is."))
        return facts


class Amending:
    """The whole page of an addendum, as stored or as typed."""

    def __init__(self, rfq: RFQ, data: Mapping[str, Any] | None = None, files: Any = None) -> None:
        self.rfq = rfq
        lines = list(rfq.lines.order_by("position"))
        self.form = AddendumForm(rfq, data, files)
        self.grid: Grid = (
            line_forms.stored_grid(rfq, lines)
            if data is None
            else line_forms.typed_grid(rfq, data, lines)
        )

    def is_valid(self) -> bool:
        """Read everything; both halves always, so that every error shows at once."""
        lines_fit = line_forms.check(self.rfq, self.grid)
        return self.form.is_valid() and lines_fit

    @property
    def links(self) -> list[Link]:
        """The errors of the lines, for the summary."""
        return self.grid.links

    @property
    def text(self) -> str:
        """What changes and why, in the buyer's words."""
        return str(self.form.cleaned_data["text"])

    def amendment(self) -> Amendment:
        """What `amending.issue` takes, once both halves are good."""
        facts = dict(self.form.cleaned_data)
        upload, kind = facts.pop("upload"), facts.pop("kind")
        facts.pop("text")
        documents = [(kind, upload)] if upload else []
        return Amendment(facts, line_forms.line_values(self.grid), documents)
