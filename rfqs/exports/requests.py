"""The list of requests as a table of values."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.errors import Incomplete
from rfqs.exports.csv import Cell
from rfqs.listing import derived_status
from rfqs.models import CommodityType
from rfqs.models.rfq import RFQQuerySet
from rfqs.states import Status

MOST_ROWS = 5_000
COLUMNS = (
    "number", "title", "commodity_type", "site__code", "requester__full_name", "status", "quotation_count",
    "invited_count", "best_total", "versus_last", "deadline", "created_at",
)  # fmt: skip


def header() -> list[str]:
    """The headings, in the order of the cells."""
    return [
        _("Number"), _("Title"), _("Type"), _("Site"), _("Requester"), _("Status"), _("Quotations"), _("Invited"),
        _("Best total, %(currency)s") % {"currency": settings.BASE_CURRENCY}, _("Versus last, %"), _("Closes"),
        _("Created"),
    ]  # fmt: skip


def rows(requests: RFQQuerySet, now: datetime) -> list[tuple[Cell, ...]]:
    """Every request as cells, times in the reader's zone; Incomplete when there are too many."""
    found = list(requests.values_list(*COLUMNS)[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Incomplete(
            _("The list has more than %(most)s requests. Narrow it, then export again.")
            % {"most": f"{MOST_ROWS:,}"}
        )
    return [_cells(row, now) for row in found]


def _cells(row: tuple[Any, ...], now: datetime) -> tuple[Cell, ...]:
    (number, title, kind, site, requester, status, got, asked, total, versus, deadline, at) = row
    return (
        number,
        title,
        str(CommodityType(kind).label),
        site,
        requester,
        _status(derived_status(status, deadline, got, now)),
        got,
        asked,
        total,
        versus,
        timezone.localtime(deadline) if deadline else None,
        timezone.localtime(at),
    )


def _status(status: str) -> str:
    derived = {"quotes_in": _("Quotes in"), "closed": _("Closed")}
    return derived.get(status) or str(Status(status).label)
