"""The list of requests as a read model: which rows, in which order. Pages and exports both use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from quoteflow.lib import keyset
from quoteflow.lib.keyset import Key
from rfqs.models import RFQ
from rfqs.models.rfq import RFQQuerySet
from rfqs.states import Status

MOST_COUNTED = (
    1_000  # beyond it nobody reads the figure, and counting grows with the table (docs/adr/0006)
)
LEAST_LETTERS = 3  # what a trigram index needs
WEEK = timedelta(days=7)

NEWEST = Key("created_at", keyset.moment, descending=True)
NEWEST_ID = Key("id", UUID, descending=True)
DEADLINE = Key("deadline", keyset.moment, nullable=True)
TOTAL = Key("best_total", keyset.amount, nullable=True)
STATUS = Key("status", str)

ORDERS: dict[str, tuple[Key, ...]] = {
    "number": (NEWEST.flipped(), NEWEST_ID.flipped()),
    "-number": (NEWEST, NEWEST_ID),
    "closes": (DEADLINE, NEWEST, NEWEST_ID),
    "-closes": (DEADLINE.flipped(), NEWEST, NEWEST_ID),
    "total": (TOTAL, NEWEST, NEWEST_ID),
    "-total": (TOTAL.flipped(), NEWEST, NEWEST_ID),
    "status": (STATUS, NEWEST, NEWEST_ID),
    "-status": (STATUS.flipped(), NEWEST, NEWEST_ID),
}
NEWEST_FIRST = "-number"


@dataclass(frozen=True)
class Wanted:
    """What a reader narrows the list to; empty values narrow nothing. Amounts are in base currency."""

    q: str = ""
    status: str = ""  # a stored status, or no_quotes, quotes_in, closed
    type: str = ""
    site: str = ""  # a code
    requester: str = ""  # "me" or everybody
    closing: str = ""  # week: open, and closing within seven days
    closes_from: date | None = None
    closes_to: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None


def narrowed(wanted: Wanted, user: User, now: datetime) -> RFQQuerySet:
    """The requests this person may see and wants to see, in no order yet."""
    rows = RFQ.objects.visible_to(user).filter(_where(wanted, now))
    if wanted.site:
        rows = rows.filter(_at_site(wanted.site, user))
    if wanted.requester == "me":
        rows = rows.filter(requester=user)
    return rows.search(" ".join(words(wanted.q)))


def words(text: str) -> list[str]:
    """The words of `text` that can be searched: three letters or more; a short number is a serial (-007)."""
    found = []
    for word in text.split():
        if len(word) >= LEAST_LETTERS:
            found.append(word)
        elif word.isascii() and word.isdigit():
            found.append(f"-{word:0>3}")
    return found


def derived_status(status: str, deadline: datetime | None, quotations: int, now: datetime) -> str:
    """The status people speak of: an open request is closed after its time, or has quotes in."""
    if status != Status.OPEN:
        return status
    if deadline is not None and deadline <= now:
        return "closed"
    return "quotes_in" if quotations else "open"


def _where(wanted: Wanted, now: datetime) -> Q:
    where = _of_status(wanted.status, now)
    if wanted.type:
        where &= Q(commodity_type=wanted.type)
    if wanted.closing == "week":
        where &= Q(status=Status.OPEN, deadline__gt=now, deadline__lte=now + WEEK)
    if wanted.closes_from:
        where &= Q(deadline__gte=_midnight(wanted.closes_from))
    if wanted.closes_to:
        where &= Q(deadline__lt=_midnight(wanted.closes_to + timedelta(days=1)))
    if wanted.least is not None:
        where &= Q(best_total__gte=wanted.least)
    if wanted.most is not None:
        where &= Q(best_total__lte=wanted.most)
    return where


def _of_status(status: str, now: datetime) -> Q:
    """Stored statuses, and those derived from an open one."""
    derived = {
        "no_quotes": Q(status=Status.OPEN, quotation_count=0, deadline__gt=now),
        "quotes_in": Q(status=Status.OPEN, quotation_count__gt=0, deadline__gt=now),
        "closed": Q(status=Status.OPEN, deadline__lte=now),
    }
    if status in derived:
        return derived[status]
    return Q(status=status) if status else Q()


def _at_site(code: str, user: User) -> Q:
    """By id where the person works there, so that the index of the site serves."""
    own = {own_code: pk for pk, own_code, _name in user.own_sites}
    return Q(site=own[code]) if code in own else Q(site__code=code)


def _midnight(day: date) -> datetime:
    """The beginning of a day in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


def one_page(
    rows: RFQQuerySet, columns: Sequence[str], sort: str, *, size: int, after: str, before: str
) -> keyset.Slice[tuple[object, ...]]:
    """A page of the narrowed rows as tuples of `columns`, in one statement."""
    return keyset.page(
        rows.values_list(*columns),
        ORDERS[sort],
        size=size,
        after=after,
        before=before,
        columns=columns,
    )
