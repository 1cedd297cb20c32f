"""Why a supplier is to become active."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy

from rfqs.actions.awarding import LEAST_REASON
from rfqs.forms.drafting import ReasonForm

TOO_SHORT = gettext_lazy("Say in at least %(limit_value)d characters why the supplier is needed.")


class ActivationForm(ReasonForm):
    """What its approvers read."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        validators=[MinLengthValidator(LEAST_REASON, TOO_SHORT)],
        help_text=gettext_lazy("Those who decide read it."),
    )  # fmt: skip
