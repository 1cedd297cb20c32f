"""Asking suppliers: invite, publish, extend, close without success."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import notices, policy, routing
from rfqs.actions import late
from rfqs.actions.drafting import insist_draft
from rfqs.actions.figures import refresh_invited
from rfqs.actions.linking import issue
from rfqs.actions.moving import move, move_invitations, store
from rfqs.actions.negotiating import ask_back
from rfqs.models import (
    ACTIVE_INVITATIONS,
    RFQ,
    Activation,
    AttachmentKind,
    Invitation,
    InvitationStatus,
    RequestStatus,
)
from rfqs.states import Event, IllegalTransition, Status
from suppliers.models import Supplier


class Unchanged(Enum):
    """What stays as it is, where None is a value."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


class ReviewNeeded(DomainError):
    """A policy wants somebody to look at the request before suppliers do."""


class DeadlinePassed(DomainError):
    """The closing time is over."""


@action
def choose_suppliers(*, rfq_id: UUID, supplier_ids: Collection[UUID], by: User) -> RFQ:
    """Make the invited suppliers of a draft exactly these. Raises Incomplete for one not active."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_edit, by, rfq)
    chosen = _invitable(supplier_ids)
    rfq.invitations.exclude(supplier__in=chosen).delete()
    _add(rfq, chosen)
    refresh_invited(rfq)
    store(rfq)
    journal.record(
        "rfq.choose_suppliers", rfq, by=by, after={"suppliers": [s.code for s in chosen]}
    )
    return rfq


@action
def change_suppliers(
    *, rfq_id: UUID, by: User, add: Collection[UUID] = (), remove: Collection[UUID] = ()
) -> RFQ:
    """Add suppliers to those that a draft will ask, and take others away; the rest stay as they are.

    Unlike `choose_suppliers` it needs to know nothing of the rest, so that two buyers who choose at
    once both get what they chose. Raises NotAllowed, IllegalTransition, Incomplete for one not active.
    """
    rfq = RFQ.objects.lock(rfq_id)
    insist_draft(rfq, by)
    fresh = _invitable(add)
    rfq.invitations.filter(supplier__in=remove).delete()
    _add(rfq, fresh)
    refresh_invited(rfq)
    store(rfq)
    codes = list(
        rfq.invitations.order_by("supplier__code").values_list("supplier__code", flat=True)
    )
    journal.record("rfq.choose_suppliers", rfq, by=by, after={"suppliers": codes})
    return rfq


@action
def invite(*, rfq_id: UUID, supplier_ids: Collection[UUID], by: User) -> RFQ:
    """Ask further suppliers while the request is open; their invitations leave at once.

    Who was asked to an earlier round and left out of the present one is asked back into it.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.OPEN:
        raise IllegalTransition(_("Suppliers can be added while the request is open."))
    if rfq.is_closed_at(database_now()):
        raise DeadlinePassed(_("The closing time has passed; nobody can be asked any more."))
    chosen = _invitable(supplier_ids)
    added = _add(rfq, chosen)
    send_invitations(rfq)
    back = ask_back(rfq, [supplier.pk for supplier in chosen])
    refresh_invited(rfq)
    if added or back:
        journal.record("rfq.invite", rfq, by=by, after={"suppliers": [s.code for s in chosen]})
    return rfq


@action
def publish(*, rfq_id: UUID, by: User) -> RFQ:
    """Open a draft to its suppliers: invitations go out, lines are frozen.

    Raises Incomplete with everything that is still missing, ReviewNeeded where a policy asks for one.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    now = database_now()
    if rfq.status == Status.DRAFT:
        insist_complete(rfq, now)
        _insist_no_review(rfq)
    invited = rfq.invitations.filter(status__in=ACTIVE_INVITATIONS).count()
    move(rfq, Event.PUBLISH, by=by, note={"invited": invited}, published_at=now)
    send_invitations(rfq)
    return rfq


def insist_complete(rfq: RFQ, now: datetime) -> None:
    """Raise Incomplete with everything a draft still needs before it can go out."""
    problems = gaps(rfq, now)
    if problems:
        raise Incomplete(_("The request cannot go out yet. ") + " ".join(problems), problems)


def _insist_no_review(rfq: RFQ) -> None:
    route = routing.review_of(rfq)
    if route is not None:
        raise ReviewNeeded(
            _("The policy “%(name)s” asks for a review first: ask for it on the check page.")
            % {"name": route.policy_name}
        )


class Gap(NamedTuple):
    """Something a draft still needs: the sentence, and the part of the editor where it is filled."""

    sentence: str
    part: str  # head, lines, suppliers, deadline or files


def gaps(rfq: RFQ, now: datetime) -> list[str]:
    """What a draft still needs before it can be published, one sentence each."""
    return [gap.sentence for gap in missing(rfq, now)]


def missing(rfq: RFQ, now: datetime) -> list[Gap]:
    """The same, each with the part of the editor it belongs to."""
    problems = []
    if rfq.typed is not None:
        sentence = _(
            "Some fields hold values that could not be read; correct the marked ones and save."
        )
        problems.append(Gap(sentence, "head"))
    if not rfq.lines.exists():
        problems.append(Gap(_("Add at least one line."), "lines"))
    if not rfq.invitations.filter(status__in=ACTIVE_INVITATIONS).exists():
        problems.append(Gap(_("Choose at least one supplier."), "suppliers"))
    if rfq.status == Status.DRAFT:  # in review it went through with what was asked for then
        problems += _missing_paper(rfq)
    problems += [
        Gap(_not_invitable(one.supplier), "suppliers") for one in _no_longer_invitable(rfq)
    ]
    lead = timedelta(minutes=rfq.site.minimum_lead_minutes)
    if rfq.deadline is None:
        problems.append(Gap(_("Set the closing time."), "deadline"))
    elif rfq.deadline <= now or rfq.deadline < now + lead:
        problems.append(Gap(_too_early(rfq.site.minimum_lead_minutes), "deadline"))
    if rfq.questions_until is not None and rfq.questions_until <= now:
        sentence = _("Set a time for questions that is not over yet, or leave it empty.")
        problems.append(Gap(sentence, "deadline"))
    return problems


def _missing_paper(rfq: RFQ) -> list[Gap]:
    policy_name = routing.asking_for_file(rfq)
    if not policy_name or rfq.attachments.filter(kind=AttachmentKind.APPROVAL).exists():
        return []
    sentence = _(
        "Attach the signed approval, as a file of the kind “%(kind)s”: the policy “%(name)s” asks for it."
    )
    named = {"kind": AttachmentKind.APPROVAL.label, "name": policy_name}
    return [Gap(sentence % named, "files")]


def _too_early(minutes: int) -> str:
    return ngettext(
        "The closing time must be at least %(n)d minute from now.",
        "The closing time must be at least %(n)d minutes from now.",
        minutes,
    ) % {"n": minutes}


@action
def extend(
    *,
    rfq_id: UUID,
    deadline: datetime,
    by: User,
    reason: str,
    questions_until: datetime | Unchanged | None = UNCHANGED,
) -> RFQ:
    """Move the closing time of an open request later, before it has passed; all invited are told why.

    `questions_until` moves with it, later too; None is the closing time. Raises IllegalTransition,
    DeadlinePassed, Incomplete.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if rfq.status != Status.OPEN:
        raise IllegalTransition(_("Only an open request has a closing time to extend."))
    if rfq.is_closed_at(database_now()):
        raise DeadlinePassed(_("The closing time has passed and cannot be revived."))
    if rfq.deadline is None or deadline <= rfq.deadline:
        raise Incomplete(_("The new closing time must be later than the old one."))
    if not reason.strip():
        raise Incomplete(_("Say why the closing time moves; the suppliers read it."))
    if questions_until is UNCHANGED:
        questions_until = rfq.questions_until
    _insist_questions_last(rfq, questions_until, deadline)
    before = rfq.deadline
    store(rfq, deadline=deadline, questions_until=questions_until)
    journal.record(
        "rfq.extend",
        rfq,
        by=by,
        before={"deadline": before.isoformat()},
        after={"deadline": deadline.isoformat(), "reason": reason.strip()},
    )
    notices.deadline_extended(rfq, reason.strip())
    return rfq


@action
def close_unsuccessful(*, rfq_id: UUID, by: User, reason: str) -> RFQ:
    """Close a request that nobody can win: after its closing time, with no quotation that counts."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    if not reason.strip():
        raise Incomplete(_("Say why the request is closed."))
    if rfq.status == Status.OPEN and not rfq.is_closed_at(database_now()):
        raise DomainError(_("The closing time has not passed yet; suppliers may still quote."))
    if rfq.quotations.filter(round=rfq.round, status="submitted").exists():
        raise DomainError(
            _("There is a quotation that counts. Award it, disqualify it, or cancel the request.")
        )
    late.insist_none_waits(rfq)
    move(rfq, Event.FAIL, by=by, note={"reason": reason}, closing_reason=reason.strip())
    return rfq


def _insist_questions_last(rfq: RFQ, until: datetime | None, deadline: datetime) -> None:
    """The time for questions is never shortened, and ends at the closing time at the latest."""
    if until is None:
        return
    if rfq.questions_until is None or until < rfq.questions_until:
        raise Incomplete(_("The time for questions only gets longer."))
    if until > deadline:
        raise Incomplete(_("Questions end at the closing time at the latest."))


def _invitable(supplier_ids: Collection[UUID]) -> list[Supplier]:
    chosen = list(Supplier.objects.filter(pk__in=supplier_ids).order_by("code"))
    refused = [supplier for supplier in chosen if supplier.status != "active"]
    if refused:
        raise Incomplete(_not_invitable(refused[0]))
    return chosen


def _no_longer_invitable(rfq: RFQ) -> list[Invitation]:
    """Chosen while they were active, and waiting to be sent to suppliers who are not."""
    waiting = rfq.invitations.filter(status=InvitationStatus.CREATED)
    return list(waiting.exclude(supplier__status="active").select_related("supplier"))


def _not_invitable(supplier: Supplier) -> str:
    sentence = _("%(name)s is %(status)s and cannot be invited.")
    if Activation.objects.filter(supplier=supplier, status=RequestStatus.PENDING).exists():
        sentence = _("%(name)s is %(status)s: its activation waits for an approval.")
    return sentence % {
        "name": supplier.name,
        "status": supplier.get_status_display().lower(),
    }


def _add(rfq: RFQ, suppliers: Collection[Supplier]) -> bool:
    known = set(rfq.invitations.values_list("supplier_id", flat=True))
    fresh = [
        Invitation(rfq=rfq, supplier=supplier, round=rfq.round)
        for supplier in suppliers
        if supplier.pk not in known
    ]
    Invitation.objects.bulk_create(fresh)
    return bool(fresh)


def send_invitations(rfq: RFQ) -> None:
    """Mail everyone who was chosen and not asked yet, each with a link of their own."""
    fresh = rfq.invitations.filter(status=InvitationStatus.CREATED).select_related("supplier")
    issue(list(fresh.prefetch_related("supplier__contacts")))
    notices.invited(rfq)
    move_invitations(rfq, InvitationStatus.CREATED, InvitationStatus.SENT, sent_at=timezone.now())
