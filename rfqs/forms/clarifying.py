"""What suppliers ask and buyers answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from rfqs.forms.drafting import PlainForm
from rfqs.models import Question


class QuestionForm(PlainForm):
    """A supplier's question."""

    text = forms.CharField(
        label=gettext_lazy("Your question"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The answer goes to everyone who was asked. Nobody among them learns that you asked:"
            " leave your company out of the text."
        ),
    )  # fmt: skip


class AnswerForm(PlainForm):
    """The question as everyone reads it, and the answer; `question` gives both fields their own ids."""

    wording = forms.CharField(
        label=gettext_lazy("The question, as everyone reads it"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, question: Question, data: Any = None) -> None:
        super().__init__(data, initial={"wording": question.text}, auto_id=f"id_{question.pk}_%s")
