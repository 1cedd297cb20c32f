"""What the list of requests is asked for: the search, the filters, the order, the page."""

from dataclasses import fields
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from rfqs.forms.fields import DayText, DecimalText
from rfqs.listing import NEWEST_FIRST, ORDERS, Wanted
from rfqs.models import CommodityType
from rfqs.states import Status

SIZES = (25, 50, 100)
USUAL_SIZE = 50
STATUSES = [
    ("", gettext_lazy("Any status")),
    ("draft", Status.DRAFT.label),
    ("review", Status.REVIEW.label),
    ("open", gettext_lazy("Open, all")),
    ("no_quotes", gettext_lazy("Open, no quotes")),
    ("quotes_in", gettext_lazy("Quotes in")),
    ("closed", gettext_lazy("Closed, not evaluated")),
    ("evaluation", Status.EVALUATION.label),
    ("pending", Status.PENDING.label),
    ("approved", Status.APPROVED.label),
    ("rejected", Status.REJECTED.label),
    ("cancelled", Status.CANCELLED.label),
    ("unsuccessful", Status.UNSUCCESSFUL.label),
]
TYPES = [("", gettext_lazy("Any type")), *CommodityType.choices]
REQUESTERS = [("all", gettext_lazy("Everybody's")), ("me", gettext_lazy("Only mine"))]
CLOSINGS = [("", gettext_lazy("Any time")), ("week", gettext_lazy("Within seven days"))]


class _Shared(dict[str, forms.Field]):
    """Fields that nobody changes for one form alone, so that each need not copy them."""

    def __deepcopy__(self, memo: object) -> "_Shared":
        return self


class RequestFilter(forms.Form):
    """The parameters of the list. What cannot be read is reported, and narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Search requests"), max_length=200, required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=STATUSES, required=False)
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=TYPES, required=False)
    site = forms.CharField(label=gettext_lazy("Site"), max_length=10, required=False)
    requester = forms.ChoiceField(
        label=gettext_lazy("Requester"), choices=REQUESTERS, required=False
    )
    closing = forms.ChoiceField(label=gettext_lazy("Closing"), choices=CLOSINGS, required=False)
    closes_from = DayText(label=gettext_lazy("Closes from"), required=False)
    closes_to = DayText(label=gettext_lazy("Closes until"), required=False)
    least = DecimalText(label=gettext_lazy("Best total from"), required=False)
    most = DecimalText(label=gettext_lazy("Best total up to"), required=False)
    sort = forms.ChoiceField(choices=[(key, key) for key in ORDERS], required=False)
    size = forms.TypedChoiceField(
        label=gettext_lazy("Rows per page"),
        choices=[(size, str(size)) for size in SIZES],
        coerce=int,
        required=False,
    )

    RARE = ("closes_from", "closes_to", "least", "most")

    def __init__(self, data: QueryDict | None = None, user: User | None = None) -> None:
        """Read `data`; a buyer who asks for nothing sees their own requests. Unbound without any."""
        self.asked: dict[str, str] = {}
        if data is None or user is None:
            super().__init__()
            return
        self.user, self.is_start = user, not data
        self.asked = {name: data.get(name, "") for name in self.base_fields}
        if self.is_start and user.is_buyer:
            self.asked["requester"] = "me"
        super().__init__(self.asked)
        self.is_valid()

    @property
    def wanted(self) -> Wanted:
        """The narrowing, from the fields that could be read."""
        names = [field.name for field in fields(Wanted)]
        return Wanted(
            **{name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        )

    @property
    def order(self) -> str:
        """The key of the order."""
        return self.cleaned_data.get("sort") or NEWEST_FIRST

    @property
    def page_size(self) -> int:
        """Rows of a page, never more than the largest choice."""
        size: int = self.cleaned_data.get("size") or USUAL_SIZE
        return size

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order and the page was asked for."""
        return self.wanted != Wanted(requester=self.wanted.requester) or (
            self.wanted.requester == "me" and not self.is_start
        )

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the closing range."""
        return [self["closes_from"], self["closes_to"]]

    @property
    def amounts(self) -> list[forms.BoundField]:
        """The fields of the value range."""
        return [self["least"], self["most"]]

    @property
    def more_is_open(self) -> bool:
        """Whether one of the rarer filters is set, or could not be read."""
        rare = any(self.asked[name] for name in (*self.RARE, "closing"))
        return rare or self.page_size != USUAL_SIZE

    @property
    def cleared(self) -> str:
        """The query of the whole list."""
        return "?requester=all"

    def parameters(self, **changes: str) -> dict[str, str]:
        """The parameters that say something, as text, with `changes` ("" takes one away)."""
        own = self._own | changes
        if self.user.is_buyer and own.get("requester") != "me":
            own["requester"] = "all"  # without any parameter a buyer's list opens on their own
        elif own.get("requester") == "all":
            own["requester"] = ""
        return {name: text for name, text in own.items() if text}

    def query(self, **changes: str) -> str:
        """The canonical query string, beginning with "?"."""
        return f"?{'&'.join(map(_encoded, self.parameters(**changes).items()))}"

    @cached_property
    def _own(self) -> dict[str, str]:
        """What was asked for, as text; what goes without saying is left out."""
        own = {name: str(self.data.get(name) or "") for name in self.cleaned_data}
        if own.get("size") == str(USUAL_SIZE):
            own["size"] = ""
        if own.get("sort") == NEWEST_FIRST:
            own["sort"] = ""
        return own

    def chips(self) -> list[tuple[str, str]]:
        """What narrows the list, in words, each with the query without it."""
        wanted = self.wanted
        words: dict[str, str] = {
            "q": f"“{wanted.q}”" if wanted.q else "",
            "status": _label(STATUSES, wanted.status),
            "type": _label(TYPES, wanted.type),
            "site": _("Site %(code)s") % {"code": wanted.site} if wanted.site else "",
            "requester": _("Only mine") if wanted.requester == "me" else "",
            "closing": _("Closing within seven days") if wanted.closing else "",
            "closes_from": _("Closes from %(day)s") % {"day": _day(wanted.closes_from)}
            if wanted.closes_from
            else "",
            "closes_to": _("Closes until %(day)s") % {"day": _day(wanted.closes_to)}
            if wanted.closes_to
            else "",
            "least": _("From %(amount)s") % {"amount": wanted.least} if wanted.least else "",
            "most": _("Up to %(amount)s") % {"amount": wanted.most}
            if wanted.most is not None
            else "",
        }
        return [(text, self.query(**{name: ""})) for name, text in words.items() if text]


RequestFilter.base_fields = _Shared(RequestFilter.base_fields)


@lru_cache(maxsize=2048)
def _encoded(parameter: tuple[str, str]) -> str:
    return urlencode([parameter])


def _label(choices: list[tuple[str, Any]], value: str) -> str:
    return next((str(label) for key, label in choices if key == value and key), "")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
