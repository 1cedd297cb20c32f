"""Approval policies with their bands, valid when they are saved (DOMAIN 4)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from quoteflow.admin_site import MasterData, MasterDataInline
from rfqs.models import ApprovalBand, ApprovalPolicy

APPROVER, HEAD = Role.APPROVER, Role.HEAD
CHAINS = ((APPROVER,), (HEAD,), (APPROVER, APPROVER), (APPROVER, HEAD), (APPROVER, APPROVER, HEAD))


class BandForm(forms.ModelForm):
    """One band; its steps are chosen as a chain."""

    steps = forms.TypedChoiceField(
        choices=[
            (">".join(chain), " → ".join(str(role.label) for role in chain)) for chain in CHAINS
        ],
        coerce=lambda text: text.split(">"),
        help_text=gettext_lazy("Who signs, in this order."),
    )

    class Meta:
        model = ApprovalBand
        fields = ["up_to", "steps"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.steps:
            self.initial["steps"] = ">".join(self.instance.steps)


class Bands(forms.BaseInlineFormSet):
    """The bands of one policy: each ends where the next begins, and the last has no end."""

    def clean(self) -> None:
        """No gap, no overlap, 0 to infinity: distinct upper ends, one of them open."""
        super().clean()
        if any(self.errors):
            return
        kept = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        ends = [row.get("up_to") for row in kept]
        if len(set(ends)) < len(ends):
            raise ValidationError(_("Two bands end at the same amount; they would overlap."))
        if None not in ends:
            raise ValidationError(
                _("One band needs an empty upper end, or larger awards would fall into a gap.")
            )


class BandInline(MasterDataInline):
    """The bands."""

    model = ApprovalBand
    form = BandForm
    formset = Bands
    ordering = ["up_to"]


@admin.register(ApprovalPolicy)
class ApprovalPolicyAdmin(MasterData):
    """Who must say yes to what; running approvals keep the steps they began with."""

    inlines = [BandInline]
    list_display = ["name", "site", "commodity_type", "is_urgent", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["site"]
    search_fields = ["name"]
    ordering = ["name"]
    autocomplete_fields = ["site"]
