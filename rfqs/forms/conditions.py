"""What a buyer wants of the best award: how many suppliers, who not, shares, lines that stay together."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from rfqs.comparison import ComparisonSheet, Conditions
from rfqs.forms.drafting import PlainForm
from rfqs.forms.fields import DecimalText, PercentText

_GROUP = re.compile(r"\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*")


class ConditionsForm(PlainForm):
    """Sent by GET, so that a search has an address; every field may be empty."""

    max_suppliers = DecimalText(places=0, whole=3, label=_lazy("At most suppliers"), required=False)
    excluded = forms.MultipleChoiceField(
        label=_lazy("Without"), required=False, widget=forms.CheckboxSelectMultiple
    )
    least_supplier = forms.ChoiceField(label=_lazy("At least a share for"), required=False)
    least_share = PercentText(label=_lazy("of the total, %"), required=False)
    most_supplier = forms.ChoiceField(label=_lazy("At most a share for"), required=False)
    most_share = PercentText(label=_lazy("of the total, %"), required=False)
    together = forms.CharField(
        label=_lazy("Lines that stay together"), required=False, max_length=200,
        help_text=_lazy("Numbers, groups with a semicolon between: 1,2; 5-7"),
    )  # fmt: skip
    without_excess = forms.BooleanField(
        label=_lazy("Nobody whose least order exceeds the need"), required=False
    )

    def __init__(self, sheet: ComparisonSheet, data: Any = None) -> None:
        super().__init__(data)
        self._sheet = sheet
        suppliers = [(column.key, column.supplier_name) for column in sheet.offers]
        self.fields["excluded"].choices = suppliers  # type: ignore[attr-defined]
        for name in ("least_supplier", "most_supplier"):
            self.fields[name].choices = [("", "—"), *suppliers]  # type: ignore[attr-defined]

    def clean_max_suppliers(self) -> int | None:
        """A whole number from one."""
        number: Decimal | None = self.cleaned_data["max_suppliers"]
        if number is not None and number < 1:
            raise ValidationError(_("At least one supplier is needed."))
        return None if number is None else int(number)

    def clean_together(self) -> tuple[tuple[str, ...], ...]:
        """Keys of lines, by group."""
        keys = {row.line.no: row.line.key for row in self._sheet.lines}
        groups = []
        for part in self.cleaned_data["together"].replace(" ", "").split(";"):
            if not part:
                continue
            if not _GROUP.fullmatch(part):
                raise ValidationError(
                    _("“%(text)s” is no list of line numbers."), params={"text": part}
                )
            numbers = _numbers(part)
            missing = [number for number in numbers if number not in keys]
            if missing:
                raise ValidationError(_("There is no line %(n)s."), params={"n": missing[0]})
            if len(numbers) > 1:
                groups.append(tuple(keys[number] for number in numbers))
        return tuple(groups)

    def clean(self) -> dict[str, Any]:
        """A share needs its supplier, and a supplier a share."""
        data = self.cleaned_data
        for which in ("least", "most"):
            share, supplier = data.get(f"{which}_share"), data.get(f"{which}_supplier")
            if supplier and share is None and f"{which}_share" not in self.errors:
                self.add_error(f"{which}_share", _("Enter the share."))
            if share is not None and not supplier:
                self.add_error(f"{which}_supplier", _("Choose the supplier of this share."))
        return data

    def conditions(self) -> Conditions | None:
        """What was asked for; None where nothing was."""
        data = self.cleaned_data
        wanted = Conditions(
            max_suppliers=data["max_suppliers"],
            excluded=tuple(sorted(data["excluded"])),
            least_share={data["least_supplier"]: data["least_share"]}
            if data["least_supplier"]
            else {},
            most_share={data["most_supplier"]: data["most_share"]} if data["most_supplier"] else {},
            together=data["together"],
            without_excess=data["without_excess"],
        )
        return None if wanted == Conditions() else wanted


def _numbers(part: str) -> list[int]:
    numbers: list[int] = []
    for piece in part.split(","):
        first, _dash, last = piece.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return list(dict.fromkeys(numbers))
