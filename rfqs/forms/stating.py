"""The percentages that quotations leave open, as a buyer adds them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rfqs.forms.drafting import PlainForm
from rfqs.forms.fields import PercentText
from rfqs.matrix.unstated import Open
from rfqs.models import RFQ

LABELS: dict[str, Promise] = {
    "gst": gettext_lazy("Line %(n)d: GST %%"),
    "duty": gettext_lazy("Line %(n)d: basic customs duty %%"),
}


class TaxesForm(PlainForm):
    """A percentage for every tax that is open, and where they are from."""

    source = forms.CharField(
        label=gettext_lazy("Where the percentages are from"), max_length=300,
        help_text=gettext_lazy("The tariff item, the notification and its day. Approvers read it."),
    )  # fmt: skip

    def __init__(self, rfq: RFQ, rows: Sequence[Open], data: Any = None) -> None:
        super().__init__(data)
        self._rows = rows
        for row in rows:
            for tax in row.taxes:
                self.fields[_name(row, tax)] = PercentText(
                    label=str(LABELS[tax]) % {"n": row.line.position},
                    required=False,
                    initial=_added(rfq, row, tax),
                )

    def rows(self) -> list[tuple[Open, list[forms.BoundField]]]:
        """Every line with its fields."""
        return [(row, [self[_name(row, tax)] for tax in row.taxes]) for row in self._rows]

    def clean(self) -> dict[str, Any]:
        """At least one percentage is there."""
        if not self.errors and not any(self.percents().values()):
            self.add_error(None, _("Fill in at least one percentage."))
        return self.cleaned_data

    def percents(self) -> dict[UUID, dict[str, Decimal]]:
        """What was filled in, by line and tax; an empty field says nothing."""
        return {
            row.line.pk: {
                tax: self.cleaned_data[_name(row, tax)]
                for tax in row.taxes
                if self.cleaned_data.get(_name(row, tax)) is not None
            }
            for row in self._rows
        }


def _name(row: Open, tax: str) -> str:
    return f"{tax}-{row.line.position}"


def _added(rfq: RFQ, row: Open, tax: str) -> Decimal | None:
    percent = rfq.added_taxes.get(str(row.line.pk), {}).get(tax)
    return None if percent is None else Decimal(percent)
