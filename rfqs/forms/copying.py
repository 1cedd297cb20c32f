"""Whom copies of letters go to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from rfqs.forms.drafting import PlainForm
from suppliers.models import Contact


class CopiesForm(PlainForm):
    """The people of one supplier who can get copies, those who do ticked."""

    contacts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Copies to"), coerce=UUID, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, people: Sequence[Contact], ticked: Sequence[UUID], data: Any = None) -> None:
        super().__init__(data, initial={"contacts": [str(pk) for pk in ticked]})
        choices = [(str(one.pk), f"{one.name}, {one.email}") for one in people]
        self.fields["contacts"].choices = choices  # type: ignore[attr-defined]
