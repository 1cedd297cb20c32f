"""Finding suppliers to ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rfqs.forms.drafting import PlainForm
from suppliers.models import Supplier

WHAT = gettext_lazy("Name, code, place, GSTIN or e-mail")


class PickerForm(PlainForm):
    """What the list of suppliers is narrowed to; nothing typed is ever refused."""

    q = forms.CharField(
        label=gettext_lazy("Search"), required=False, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "placeholder": WHAT}),
    )  # fmt: skip
    category = forms.CharField(label=gettext_lazy("Category"), required=False, widget=forms.Select)
    state = forms.CharField(label=gettext_lazy("State"), required=False, widget=forms.Select)

    def __init__(self, data: Any, words: dict[str, list[str]]) -> None:
        super().__init__(data)
        for name, every in (("category", _("Any category")), ("state", _("Any state"))):
            choices = [("", every), *((word, word) for word in words[name])]
            self.fields[name].widget.choices = choices

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked for, without what cannot be read."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AddressForm(PlainForm):
    """Where an invitation goes instead, or nothing: then it is only noted that the address does not work."""

    email = forms.EmailField(
        label=gettext_lazy("Right address"), required=False, max_length=254,
        help_text=gettext_lazy(
            "Of the supplier's, for this request alone. Left empty, the invitation is only marked, so that"
            " somebody asks by phone."
        ),
    )  # fmt: skip


def filter_words() -> dict[str, list[str]]:
    """The categories and states there are, in one query."""
    rows = Supplier.objects.values_list("category", "state").distinct()
    categories, states = set(), set()
    for category, state in rows:
        categories.add(category)
        states.add(state)
    return {"category": sorted(categories - {""}), "state": sorted(states - {""})}
