"""Another round, as the buyer asks for it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rfqs.forms.drafting import PlainForm, closing_field
from rfqs.models import RFQ, Invitation, InvitationStatus


class RoundForm(PlainForm):
    """Whom to ask again, about what, until when."""

    suppliers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Whom to ask again"), coerce=UUID, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one supplier.")},
    )  # fmt: skip
    deadline = forms.Field(label=gettext_lazy("Closing time"))
    text = forms.CharField(
        label=gettext_lazy("What the round is about"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Those who are asked read it. Name no other supplier and no price of theirs."
        ),
    )  # fmt: skip

    def __init__(self, rfq: RFQ, asked: Sequence[Invitation], data: Any = None) -> None:
        declined = [one for one in asked if one.status == InvitationStatus.DECLINED]
        asked = [one for one in asked if one.status != InvitationStatus.DECLINED]
        present = [one for one in asked if one.round == rfq.round]
        quoted = [str(one.supplier_id) for one in present if one.status == "quoted"]
        super().__init__(data, initial={"suppliers": quoted})
        left = [one for one in asked if one.round < rfq.round]
        names = [(str(one.supplier_id), one.supplier.name) for one in present]
        names += [(str(one.supplier_id), _left_out(one)) for one in left]
        names += [(str(one.supplier_id), _declined(one)) for one in declined]
        self.fields["suppliers"].choices = names  # type: ignore[attr-defined]
        self.fields["deadline"] = closing_field(rfq.site.zone, required=True)
        self.order_fields(["suppliers", "deadline", "text"])


def _left_out(one: Invitation) -> str:
    facts = {"name": one.supplier.name, "n": one.round + 1}
    return _("%(name)s, left out since round\N{NO-BREAK SPACE}%(n)d") % facts


def _declined(one: Invitation) -> str:
    facts = {"name": one.supplier.name, "n": one.round, "why": one.reason}
    return _("%(name)s, declined round\N{NO-BREAK SPACE}%(n)d: %(why)s") % facts
