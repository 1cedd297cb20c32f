"""What the second person says of a late quotation."""

from django import forms

from rfqs.forms.drafting import PlainForm


class ConfirmForm(PlainForm):
    """Which wish is confirmed: the one that was shown."""

    seen = forms.UUIDField(widget=forms.HiddenInput)
