"""The journal of all sites, searched: who did what, when, to which request or thing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit.models import AuditEvent
from quoteflow.lib import keyset
from quoteflow.lib.errors import Incomplete
from quoteflow.lib.ids import is_id
from quoteflow.lib.keyset import Key
from rfqs.activity import STORY, Told, tell, tell_other
from rfqs.models import RFQ, PurchaseOrder
from suppliers.models import Supplier

NEWEST = (Key("at", keyset.moment, descending=True), Key("id", int, descending=True))
MOST_ROWS = 5_000
VERBS = sorted(STORY)


class _Everything:
    """Every file may be named: the reader sees all but what is sealed."""

    def __contains__(self, _name: object) -> bool:
        return True


@dataclass(frozen=True)
class Wanted:
    """What is searched for; empty narrows nothing. Days are in the reader's zone, both included."""

    person: str = ""
    thing: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Row:
    """One event, ready to print."""

    told: Told
    verb: str
    number: str  # of the request whose story it belongs to
    thing: str
    seq: int
    supplier: Supplier | None = None  # whose story it belongs to, where it is no request's


def events(wanted: Wanted) -> QuerySet[AuditEvent]:
    """The events that fit, in no order yet. Whoever asks may audit."""
    found = AuditEvent.objects.select_related("actor", "on_behalf_of")
    if wanted.person:
        people = User.objects.get_queryset().filter(
            Q(email__iexact=wanted.person) | Q(full_name__icontains=wanted.person)
        )
        found = found.filter(Q(actor__in=people) | Q(on_behalf_of__in=people))
    if wanted.thing:
        found = found.filter(_about(wanted.thing))
    if wanted.verb:
        found = found.filter(verb__startswith=wanted.verb.lower())
    if wanted.since:
        found = found.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(at__lt=_midnight(wanted.until + timedelta(days=1)))
    return found


def rows(found: Iterable[AuditEvent]) -> list[Row]:
    """Events as rows; the requests they belong to in one statement, suppliers in another where there are any."""
    listed = list(found)
    requests = _requests(listed)
    suppliers = _suppliers(listed)
    return [
        _row(event, requests.get(event.stream), suppliers.get(event.stream)) for event in listed
    ]


def header() -> list[str]:
    """The headings of the export."""
    return [
        _("At (UTC)"), _("Request"), _("Story"), _("Number"), _("Verb"), _("Person"), _("On behalf of"),
        _("Object"), _("Object id"), _("Before"), _("After"), _("Request id"), _("Previous hash"), _("Hash"),
    ]  # fmt: skip


def cells(wanted: Wanted) -> list[tuple[str | int, ...]]:
    """Every event as cells, newest first; what is sealed is left out. Incomplete where they are too many."""
    order = [key.order(backward=False) for key in NEWEST]
    found = list(events(wanted).order_by(*order)[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Incomplete(
            _("More than %(most)s events fit. Narrow the search, then export again.")
            % {"most": f"{MOST_ROWS:,}"}
        )
    requests = _requests(found)
    return [_cells(event, requests.get(event.stream)) for event in found]


def _row(event: AuditEvent, rfq: RFQ | None, supplier: Supplier | None) -> Row:
    if rfq is None:
        return Row(tell_other(event), event.verb, "", event.object_id, event.seq, supplier)
    told = tell(event, rfq, () if rfq.prices_are_sealed else _Everything())
    thing = "" if event.object_id == event.stream else event.object_id
    return Row(told, event.verb, rfq.number, thing, event.seq)


def _cells(event: AuditEvent, rfq: RFQ | None) -> tuple[str | int, ...]:
    sealed = rfq is not None and rfq.prices_are_sealed
    return (
        event.at.isoformat() if event.at else "",
        rfq.number if rfq else "",
        event.stream,
        event.seq,
        event.verb,
        str(event.actor or ""),
        str(event.on_behalf_of or ""),
        event.object_type,
        event.object_id,
        _("sealed") if sealed else _json(event.before),
        _("sealed") if sealed else _json(event.after),
        event.request_id,
        event.previous,
        event.hash,
    )


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True) if facts else ""


def _requests(listed: list[AuditEvent]) -> dict[str, RFQ]:
    streams = {event.stream for event in listed if is_id(event.stream)}
    return {str(rfq.pk): rfq for rfq in RFQ.objects.filter(pk__in=streams).select_related("site")}


def _suppliers(listed: list[AuditEvent]) -> dict[str, Supplier]:
    told = {event.stream for event in listed if event.verb.startswith(("supplier.", "contact."))}
    found = Supplier.objects.in_bulk([stream for stream in told if is_id(stream)]) if told else {}
    return {str(pk): supplier for pk, supplier in found.items()}


def _about(thing: str) -> Q:
    """A request by its number, an order by its, anything else by its id."""
    number = thing.upper()
    rfq = RFQ.objects.filter(number=number).values_list("pk", flat=True).first()
    if rfq is None:
        rfq = PurchaseOrder.objects.filter(number=number).values_list("rfq_id", flat=True).first()
    if rfq is not None:
        return Q(stream=str(rfq))
    return Q(stream=thing.lower()) | Q(object_id=thing.lower())


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
