"""Who stands in the supplier portal: let in by a link, or signed in as a contact of the supplier.

A session remembers the links that were entered, each under the number of its request. Every request
asks anew whether the link still opens; a link opens its own invitation and nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from rfqs import linetable, versions
from rfqs.forms import bidding as forms
from rfqs.models import LIVE, Access, Attachment, Invitation, Quotation, QuotationStatus, RFQLine
from rfqs.models.sourcing import InvitationQuerySet
from rfqs.rounds import as_known_to, standing, with_own_view
from rfqs.states import Status

MOST_SHOWN = 200  # invitations of one session
ENTERED = "entered"  # {"GP-A001-007": id of the link}, in the session


@dataclass(frozen=True)
class Visitor:
    """A supplier at one invitation; `access` is None for somebody who has signed in."""

    invitation: Invitation
    access: Access | None

    @property
    def facts(self) -> dict[str, str]:
        """What the journal keeps of who it was: an id, of the link or of the invitation's supplier."""
        return {"link": str(self.access.pk)} if self.access else {}


def admit(request: HttpRequest, access: Access) -> None:
    """Bind the session to the link's invitation. Whoever was signed in before is not any more."""
    entered = request.session.get(ENTERED, {})
    others = Access.objects.filter(pk__in=entered.values())
    if others.exclude(invitation__supplier=access.invitation.supplier_id).exists():
        request.session.flush()
        entered = {}
    if request.user.is_authenticated:
        auth.logout(request)
        entered = {}
    request.session.cycle_key()
    request.session[ENTERED] = entered | {access.invitation.rfq.number: str(access.pk)}


def visitor(request: HttpRequest, number: str) -> Visitor:
    """The supplier of this session at the request with this number; Http404 for anybody else."""
    user: Any = request.user
    if user.is_authenticated:
        found = _whole(Invitation.objects.visible_to(user)).filter(rfq__number=number).first()
        if found is None:
            raise Http404
        return Visitor(as_known_to(found), None)
    access = _links(request).filter(invitation__rfq__number=number).first()
    if access is None:
        raise Http404
    return Visitor(known(access.invitation_id), access)


def known(pk: UUID) -> Invitation:
    """An invitation with its request as its supplier may know it."""
    return as_known_to(_whole(Invitation.objects.all()).get(pk=pk))


def invitations(request: HttpRequest) -> list[Invitation]:
    """The invitations that this session opens, the newest first."""
    user: Any = request.user
    if user.is_authenticated:
        rows = Invitation.objects.visible_to(user)
    else:
        rows = Invitation.objects.filter(pk__in=_links(request).values("invitation"))
    found = _whole(rows).order_by("-rfq__deadline", "pk")
    known = [as_known_to(one) for one in found[:MOST_SHOWN]]
    return sorted(known, key=lambda one: one.rfq.deadline or one.created_at, reverse=True)


def own_quotations(found: Sequence[Invitation]) -> dict[UUID, str]:
    """The status of what the supplier has sent, else of the draft, by invitation; in one statement.

    While quotations are taken it is that of the present round.
    """
    rows = Quotation.objects.filter(invitation__in=[one.pk for one in found])
    rows = rows.filter(status__in=(*LIVE, QuotationStatus.DRAFT))
    present = {one.pk: one.rfq.round if one.rfq.status == Status.OPEN else 0 for one in found}
    own: dict[UUID, str] = {}
    facts = rows.order_by("round", "revision").values_list("invitation", "round", "status")
    for invitation, number, status in facts:
        is_draft = status == QuotationStatus.DRAFT
        if number >= present[invitation] and not (is_draft and invitation in own):
            own[invitation] = status
    return own


def draft_of(who: Visitor) -> Quotation | None:
    """What this supplier has typed and not sent yet."""
    return _at(who, _own(who).filter(status=QuotationStatus.DRAFT))


def live_of(who: Visitor) -> Quotation | None:
    """The supplier's quotation that counts in this round."""
    return _at(who, _own(who).filter(status__in=LIVE))


def last_of(who: Visitor) -> Quotation | None:
    """The supplier's last quotation of an earlier round."""
    rows = Quotation.objects.filter(invitation=who.invitation)
    return _at(who, rows.last_before(who.invitation.rfq.round).select_related("supplier"))


def stands_of(who: Visitor) -> bool | None:
    """Whether the last quotation counts if nothing is sent in this round; None where none stands."""
    return standing(who.invitation.rfq, [who.invitation]).get(who.invitation.pk)


def lines_of(who: Visitor) -> list[RFQLine]:
    """What is asked for, in order."""
    return versions.lines_read(who.invitation.rfq)


def begun(who: Visitor) -> tuple[Any, Any]:
    """The texts a form begins with: of the draft, else of the quotation that was sent, else of none."""
    draft = draft_of(who)
    if draft is not None:
        return forms.from_draft(draft)
    earlier = live_of(who) or last_of(who)
    return forms.from_earlier(earlier) if earlier else forms.from_nothing(who.invitation)


def portal_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of the portal: needs no account, is kept by no cache, and hides what is not the visitor's."""

    @login_not_required
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            response = view(request, *args, **named)
        except Http404:
            response = render(request, "portal/nothing.html", status=404)
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Cookie"])
        return response

    return shown


def page_of(who: Visitor) -> dict[str, Any]:
    """What every page of a request says to its supplier: nobody else's doings, no price but their own."""
    rfq, now = who.invitation.rfq, timezone.now()
    lines = lines_of(who)
    return {
        "rfq": rfq,
        "invitation": who.invitation,
        "supplier_name": who.invitation.supplier.name,
        "asked_heads": linetable.asked_columns(rfq),
        "asked_rows": linetable.asked_rows(rfq, lines),
        "documents": Attachment.objects.for_suppliers(rfq),
        "answered_count": rfq.questions.answered().filter(answered_at__lt=rfq.deadline).count(),
        "now": now,
        "closed": rfq.status != Status.OPEN or rfq.is_closed_at(now),
    }


def _own(who: Visitor) -> QuerySet[Quotation]:
    rfq = who.invitation.rfq
    rows = Quotation.objects.filter(invitation=who.invitation, round=rfq.round)
    return rows.select_related("supplier")


def _at(who: Visitor, rows: QuerySet[Quotation]) -> Quotation | None:
    """The one quotation, of the request as its supplier knows it."""
    found = rows.first()
    if found is not None:
        found.rfq = who.invitation.rfq
    return found


def _links(request: HttpRequest) -> QuerySet[Access]:
    return Access.objects.live().filter(pk__in=request.session.get(ENTERED, {}).values())


def _whole(rows: InvitationQuerySet) -> InvitationQuerySet:
    return with_own_view(rows).select_related("rfq__site", "supplier")
