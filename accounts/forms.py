"""What a person may change about themselves."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Density, Role, Theme, User

ON_OFF = [("on", gettext_lazy("On")), ("off", gettext_lazy("Off"))]


class PreferencesForm(forms.Form):
    """Any of the preferences: a field that was not sent stays as it is."""

    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"), choices=Theme.choices, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=gettext_lazy("Tables"), choices=Density.choices, widget=forms.RadioSelect
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Closing times are shown in this zone."),
    )
    shortcuts = forms.TypedChoiceField(
        label=gettext_lazy("Single-key shortcuts"),
        choices=ON_OFF,
        coerce=lambda text: text == "on",
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Switch them off if you speak to your computer."),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        initial = {
            "theme": user.theme,
            "density": user.density,
            "time_zone": user.time_zone,
            "shortcuts": "on" if user.shortcuts else "off",
        }
        super().__init__(data, initial=initial, label_suffix="")
        zone = self.fields["time_zone"]
        usual = _("As usual here: %(zone)s") % {"zone": settings.TIME_ZONE}
        zone.choices = [("", usual), *zones()]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            field.required = data is None or (name in data and name != "time_zone")

    def sent(self) -> dict[str, Any]:
        """The values that were sent, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


@cache
def zones() -> list[tuple[str, str]]:
    """The zones of the IANA database that name a place."""
    places = (name for name in available_timezones() if "/" in name)
    hidden = ("Etc/", "posix/", "right/", "SystemV/", "US/")
    named = [name for name in places if not name.startswith(hidden)]
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(named))]


class AbsenceForm(forms.Form):
    """Who decides for me, from which day to which."""

    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Who decides for you"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a person"),
    )
    first = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Told to your deputy."),
    )

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        people = User.objects.with_role(Role.APPROVER, Role.HEAD).exclude(pk=user.pk)
        field = self.fields["deputy"]
        field.queryset = people.order_by("full_name", "pk")  # type: ignore[attr-defined]
