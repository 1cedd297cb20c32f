"""What the journal is searched for."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rfqs.forms.fields import DayText
from rfqs.trail import Wanted


class JournalSearch(forms.Form):
    """Person, thing, verb and days. What cannot be read is reported, and narrows nothing."""

    person = forms.CharField(label=gettext_lazy("Person"), max_length=120, required=False)
    thing = forms.CharField(
        label=gettext_lazy("Request, order or id"), max_length=64, required=False
    )
    verb = forms.CharField(label=gettext_lazy("Verb"), max_length=60, required=False)
    since = DayText(label=gettext_lazy("From"), required=False)
    until = DayText(label=gettext_lazy("Until"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__({name: str(data.get(name, "")).replace("\0", "") for name in data})

    def clean(self) -> dict[str, object]:
        """The days in their order."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return self.cleaned_data

    @property
    def wanted(self) -> Wanted:
        """What was asked for, as far as it could be read."""
        self.is_valid()
        return Wanted(**{name: value for name, value in self.cleaned_data.items() if value})
