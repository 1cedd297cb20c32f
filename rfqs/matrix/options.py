"""How the reader wants to see the matrix: parameters of the address, nothing stored."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from quoteflow.lib.numbers import small_count

VIEWS = {"unit": _("Unit"), "total": _("Line total"), "landed": _("Landed")}
CURRENCIES = {"base": _("Base currency"), "quoted": _("As quoted")}


@dataclass(frozen=True)
class Options:
    """The figure in front, the currency it is in, and the supplier codes shown (empty: all)."""

    view: str = "unit"
    currency: str = "base"
    show: tuple[str, ...] = field(default=())
    round: int = 0  # an earlier one that is read; 0: the present one

    @classmethod
    def read(cls, data: QueryDict) -> "Options":
        """Take what is known from the address; what is not known means the default."""
        view, currency = data.get("view", ""), data.get("currency", "")
        return cls(
            view if view in VIEWS else "unit",
            currency if currency in CURRENCIES else "base",
            tuple(data.getlist("show")),
            small_count(data.get("round", "")),
        )

    def shows(self, code: str) -> bool:
        """Whether the supplier's column is wanted."""
        return not self.show or code in self.show

    def address(self, **changes: str) -> str:
        """The query of the same page with `view` or `currency` changed."""
        data = QueryDict(mutable=True)
        data["view"], data["currency"] = self.view, self.currency
        for name, value in changes.items():
            data[name] = value
        if self.round:
            data["round"] = str(self.round)
        data.setlist("show", list(self.show))
        return f"?{data.urlencode()}"
