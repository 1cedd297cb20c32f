"""The list of requests as a read model: which rows, in which order. Pages and exports both use it."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from quoteflow.lib import keyset
from quoteflow.lib.composed import Composed, Values
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

COLUMNS = (
    "id", "number", "title", "commodity_type", "site__code", "site__city", "status", "quotation_count",
    "invited_count", "best_total", "versus_last", "deadline", "created_at",
)  # fmt: skip
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


class Shape(NamedTuple):
    """What of a reader's wish changes the SQL; everything else is a value (quoteflow.lib.composed)."""

    roles: tuple[str, ...]
    status: str
    type: str
    closing: str
    values: tuple[str, ...]  # the names of those there are


def narrowed(wanted: Wanted, user: User, now: datetime) -> RFQQuerySet:
    """The requests this person may see and wants to see, in no order yet."""
    values = _values(wanted, user, now)
    return _narrowed(_shape(wanted, user, values), values)


class Window(NamedTuple):
    """Which page: the order, how many rows, and the cursor it begins after (or ends before)."""

    sort: str = NEWEST_FIRST
    size: int = 50
    after: str = ""
    before: str = ""


def one_page(
    wanted: Wanted, user: User, now: datetime, window: Window
) -> keyset.Slice[tuple[Any, ...]]:
    """A page of the narrowed rows as tuples of COLUMNS, in one statement."""
    values, keys = _values(wanted, user, now), ORDERS[window.sort]
    cursor = keyset.read(keys, after=window.after, before=window.before)
    there = [None if one is None else f"key_{n}" for n, one in enumerate(cursor.keys or ())]
    own = {name: one for name, one in zip(there, cursor.keys or (), strict=True) if name}
    narrowing, size = _shape(wanted, user, values), window.size
    shape = narrowing, window.sort, size, cursor.backward, tuple(there)
    return keyset.cut(_fetched(_PAGE, shape, values | own), keys, cursor, size, COLUMNS)


def capped_count(wanted: Wanted, user: User, now: datetime) -> int:
    """How many narrowed rows there are, but never counting beyond MOST_COUNTED + 1 of them."""
    values = _values(wanted, user, now)
    counted = _fetched(_COUNT, _shape(wanted, user, values), values)
    return int(counted[0][0]) if counted else 0


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


def _fetched(composed: Composed, shape: Hashable, values: Values) -> list[tuple[Any, ...]]:
    """A deputy sees what the absent see, too, which is more than ids: composed each time."""
    return (
        composed.afresh(shape, values)
        if values.get("principals")
        else composed.fetch(shape, values)
    )


def _shape(wanted: Wanted, user: User, values: Values) -> Shape:
    roles = tuple(user.roles) if user.is_active else ()  # without a role nobody sees anything
    return Shape(roles, wanted.status, wanted.type, wanted.closing, tuple(values))


def _values(wanted: Wanted, user: User, now: datetime) -> dict[str, Any]:
    """What the reader is and wants, by name; a name that is missing narrows nothing."""
    day_after = wanted.closes_to and wanted.closes_to + timedelta(days=1)
    own = {code: pk for pk, code, _name in user.own_sites} if wanted.site else {}
    found = {
        "person": user.pk,
        "sites": list(user.own_site_ids),
        "now": now,
        "week": now + WEEK,
        "own_site": own.get(
            wanted.site
        ),  # by id where they work there: the index of the site serves
        "site": wanted.site if wanted.site not in own else None,
        "mine": user.pk if wanted.requester == "me" else None,
        "since": wanted.closes_from and _midnight(wanted.closes_from),
        "until": day_after and _midnight(day_after),
        "least": wanted.least,
        "most": wanted.most,
    }
    found |= {f"word_{n}": word.upper() for n, word in enumerate(words(wanted.q))}
    if user.principals:
        found["principals"] = user.principals
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _narrowed(shape: Shape, values: Values) -> RFQQuerySet:
    """The rows of a shape; each value goes into the filters as it is."""
    reader = User.stand_in(values["person"], shape.roles, values["sites"])
    reader.principals = values.get("principals", [])
    rows = RFQ.objects.visible_to(reader).filter(_of_status(shape.status, values["now"]))
    if shape.type:
        rows = rows.filter(commodity_type=shape.type)
    if shape.closing == "week":
        soon = {"deadline__gt": values["now"], "deadline__lte": values["week"]}
        rows = rows.filter(status=Status.OPEN, **soon)
    plain = {LOOKUPS[name]: values[name] for name in shape.values if name in LOOKUPS}
    for name in shape.values:
        if name.startswith("word_"):
            rows = rows.filter(search_text__contains=values[name])
    return rows.filter(**plain)


LOOKUPS = {
    "own_site": "site",
    "site": "site__code",
    "mine": "requester",
    "since": "deadline__gte",
    "until": "deadline__lt",
    "least": "best_total__gte",
    "most": "best_total__lte",
}


def _page_rows(
    shape: tuple[Shape, str, int, bool, tuple[str | None, ...]], values: Values
) -> "QuerySet[RFQ, Any]":
    narrowing, sort, size, backward, there = shape
    keys = tuple(name and values[name] for name in there) or None
    rows = _narrowed(narrowing, values).values_list(*COLUMNS)
    return keyset.beyond(rows, ORDERS[sort], keyset.Cursor(keys, backward), size=size)


def _counted_rows(shape: Shape, values: Values) -> "QuerySet[RFQ, Any]":
    return _narrowed(shape, values).values_list("pk")[: MOST_COUNTED + 1]


_PAGE = Composed(_page_rows)
_COUNT = Composed(_counted_rows, wrap="SELECT count(*) FROM ({}) AS capped")


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


def _midnight(day: date) -> datetime:
    """The beginning of a day in the reader's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
