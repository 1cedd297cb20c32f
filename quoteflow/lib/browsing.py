"""What the smaller lists share: their parameters, and how many rows they found."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from quoteflow.lib import keyset

LEAST_LETTERS = 3  # what a trigram index needs
MOST_COUNTED = 10_000
PAGE_SIZE = 50
LONGEST = 200


def searchable(text: str) -> str:
    """The words of `text` long enough to be searched."""
    return " ".join(word for word in text.split() if len(word) >= LEAST_LETTERS)


@dataclass(frozen=True)
class Asked:
    """The parameters of a list that say something; anything else in the address is left out."""

    values: dict[str, str]
    after: str
    before: str

    @classmethod
    def of(cls, data: QueryDict, *names: str) -> "Asked":
        """Read these parameters."""
        texts = {name: data.get(name, "").replace("\0", "").strip()[:LONGEST] for name in names}
        found = {name: text for name, text in texts.items() if text}
        return cls(found, data.get("after", ""), data.get("before", ""))

    def __getitem__(self, name: str) -> str:
        """The text of a parameter, "" where there is none; in templates `asked.q`."""
        return self.values.get(name, "")

    def query(self, **changes: str) -> str:
        """The query string with `changes`, beginning with "?"."""
        values = {name: text for name, text in (self.values | changes).items() if text}
        return f"?{urlencode(values)}"


def slice_facts(
    page: keyset.Slice[Any], asked: Asked, rows: "QuerySet[Model, Any] | None"
) -> dict[str, Any]:
    """The context of a list's foot: its neighbours, and in words how many rows there are.

    `rows` None leaves the counting out, as a swap does.
    """
    return {
        "earlier": asked.query(before=page.before) if page.before else "",
        "later": asked.query(after=page.after) if page.after else "",
        "found": _found(page, rows),
        "asked": asked,
        "narrowed": bool(asked.values),
        "too_short": bool(asked["q"] and not searchable(asked["q"])),
    }


def _found(page: keyset.Slice[Any], rows: "QuerySet[Model, Any] | None") -> str:
    shown = len(page.rows)
    if not (page.before or page.after):
        return _("%(n)d found") % {"n": shown}
    if rows is None:
        return _("%(n)d shown, there are more") % {"n": shown}
    count = keyset.capped_count(rows, MOST_COUNTED)
    if count > MOST_COUNTED:
        return _("more than %(most)s found") % {"most": f"{MOST_COUNTED:,}"}
    return _("%(n)d found") % {"n": count}
