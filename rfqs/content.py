"""What differs between the content that was submitted for approval and the content now."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from quoteflow.lib.errors import Stale
from rfqs.models import Activation, ApprovalRequest, SubmittedContent
from suppliers.models import Supplier

MOST_TOLD = 20
LONGEST = 80  # characters of an old or new text
SECTIONS = (
    "lines",
    "quotations",
    "quotation_lines",
    "award_lines",
    "gaps",
)  # lists of rows with ids
IDS = ("suppliers", "files")  # lists of ids alone

Facts = dict[tuple[str, str, str], str]  # (section, row id, field): value


@dataclass(frozen=True)
class Change:
    """One fact as it was submitted and as it is, as text."""

    label: str
    old: str
    new: str


class ContentChanged(Stale):
    """What would be approved is not what was submitted; `changes` says what differs.

    `void`, where it is given, ends the approval once the refused decision is rolled back.
    """

    def __init__(
        self,
        message: str,
        request: ApprovalRequest | Activation,
        changes: Sequence[Change],
        *,
        void: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(message)
        self.request, self.changes, self.afterwards = request, changes, void


def differences(request: ApprovalRequest, now: str) -> list[Change]:
    """What changed since `request` was submitted, at most MOST_TOLD facts; `now` is the content's text.

    Empty where the submitted text was not kept.
    """
    kept = SubmittedContent.objects.filter(request=request).first()
    return compared(kept.text, now) if kept else []


def compared(before: str, now: str) -> list[Change]:
    """The facts that differ between two contents, at most MOST_TOLD."""
    then, today = json.loads(before), json.loads(now)
    old, new = _flat(then), _flat(today)
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    names = _names(then, today)
    return [
        Change(_label(key, names), _short(old.get(key, "")), _short(new.get(key, "")))
        for key in changed[:MOST_TOLD]
    ]


def _flat(content: Mapping[str, Any]) -> Facts:
    facts: Facts = {}
    for section, part in content.items():
        if section in IDS:
            facts[section, "", ""] = " ".join(part)
        elif section in SECTIONS:
            for row in part:
                facts |= {
                    (section, row["id"], name): str(row[name]) for name in row if name != "id"
                }
        else:
            facts |= {(section, "", name): str(value) for name, value in part.items()}
    return facts


def _names(*contents: Mapping[str, Any]) -> dict[str, str]:
    """What people call the rows: the supplier of a quotation, the position of a line."""
    suppliers = {
        row["id"]: row["supplier_id"] for one in contents for row in one.get("quotations", ())
    }
    called = {
        str(pk): name
        for pk, name in Supplier.objects.filter(pk__in=suppliers.values()).values_list("pk", "name")
    }
    names = {pk: called.get(supplier, "") for pk, supplier in suppliers.items()}
    for one in contents:
        lines = {
            row["id"]: _("line %(n)s") % {"n": row["position"]} for row in one.get("lines", ())
        }
        names |= lines
        for row in one.get("quotation_lines", ()):
            whose = names.get(row["quotation_id"], "")
            names[row["id"]] = f"{whose}, {lines.get(row['line_id'], '')}"
        for row in [*one.get("award_lines", ()), *one.get("gaps", ())]:
            names[row["id"]] = lines.get(row["rfq_line_id"], "")
    return names


def _label(key: tuple[str, str, str], names: Mapping[str, str]) -> str:
    section, row, field = key
    sections = {
        "head": _("Request"),
        "policy": _("Comparison"),
        "rates": _("Exchange rate"),
        "added_taxes": _("Added tax"),
        "lines": _("Request"),
        "quotations": _("Quotation"),
        "quotation_lines": _("Quotation"),
        "award": _("Award"),
        "award_lines": _("Award"),
        "gaps": _("Not awarded"),
        "suppliers": _("Suppliers"),
        "files": _("Files"),
        "supplier": _("Supplier"),
        "late": _("Late quotation"),
    }
    what = field.removesuffix("_id").replace("_", " ")
    return ", ".join(part for part in (sections[section], names.get(row, ""), what) if part)


def _short(text: str) -> str:
    return Truncator(text).chars(LONGEST)
