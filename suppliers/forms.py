"""What the list of suppliers is narrowed to."""

from django import forms
from django.utils.translation import gettext_lazy

from suppliers.models import SupplierQuerySet, SupplierStatus


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

    def narrow(self, suppliers: SupplierQuerySet) -> SupplierQuerySet:
        """Apply the filters that are set; a text narrows to rows that hold it, through the trigram index."""
        self.is_valid()
        if status := self.cleaned_data.get("status"):
            suppliers = suppliers.filter(status=status)
        for name in ("category", "state"):
            if text := self.cleaned_data.get(name):
                suppliers = suppliers.filter(
                    **{f"{name}__icontains": text, "search_text__contains": text.upper()}
                )
        return suppliers
