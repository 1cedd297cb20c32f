"""What the list of suppliers is narrowed to."""

from django import forms
from django.utils.translation import gettext_lazy

from suppliers.models import SupplierStatus


class SupplierFilter(forms.Form):
    """The filters of the list; empty ones narrow nothing."""

    q = forms.CharField(label=gettext_lazy("Search suppliers"), max_length=200, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[("", gettext_lazy("Any status")), *SupplierStatus.choices],
        required=False,
    )
    category = forms.CharField(label=gettext_lazy("Category"), max_length=80, required=False)
    state = forms.CharField(label=gettext_lazy("State"), max_length=80, required=False)

    def narrowing(self) -> dict[str, str]:
        """Column and value of each filter that is set; what cannot be read narrows nothing."""
        self.is_valid()
        names = ("status", "category", "state")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
