"""What a decider says; whether they may say it is the action's business."""

from django import forms
from django.utils.translation import gettext_lazy as _

from rfqs.actions.deciding import LEAST_COMMENT

TOO_SHORT = _("Write at least %(limit_value)d characters, so that the buyer knows what to do.")


class DecisionForm(forms.Form):
    """A yes: the step, the hash of what was shown, and a comment if one likes.

    The password is read where it was sent, and shown where `ask_password` says so.
    """

    step = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown to the buyer and kept in the history. Required to reject or return."),
    )
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("A decision of this value asks once more that it is you."),
    )

    ask_password = False


class RefusalForm(DecisionForm):
    """A no, or a return: with a comment that says why."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        comment = self.fields["comment"]
        comment.required = True
        short = TOO_SHORT % {"limit_value": LEAST_COMMENT}
        comment.error_messages["required"] = short
        comment.validators.append(forms.CharField(min_length=LEAST_COMMENT).validators[0])
        comment.validators[-1].message = short  # type: ignore[attr-defined]
