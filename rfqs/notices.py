"""The words of the e-mails, and who gets them. Sending is the outbox's business."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.notifications.models import OutboxMessage, Topic
from quoteflow.notifications.outbox import Letter, enqueue, preview
from rfqs import policy, versions
from rfqs.addressing import address_for
from rfqs.content import Change
from rfqs.models import (
    ACTIVE_INVITATIONS,
    RFQ,
    Access,
    Addendum,
    ApprovalRequest,
    ApprovalStep,
    Award,
    Decision,
    Invitation,
    PurchaseOrder,
    Question,
    Quotation,
)
from suppliers.models import Supplier

# Prices of a quotation lie in no queue: these are put in when the receipt leaves (rfqs.complements).
FIGURES = {
    name: f"[the {name} is put in when the mail leaves]" for name in ("total", "count", "salt")
}


# What each notice to a person of the house is about, and the page it leads to.
BELL = {
    "approval_asked": (Topic.APPROVALS, "rfqs:inbox_item"),
    "approval_reminder": (Topic.APPROVALS, "rfqs:inbox_item"),
    "approval_overdue": (Topic.APPROVALS, "rfqs:inbox_item"),
    "award_decided": (Topic.DECISIONS, "rfqs:detail"),
    "cancellation_decided": (Topic.DECISIONS, "rfqs:detail"),
    "review_decided": (Topic.DECISIONS, "rfqs:detail"),
    "approval_voided": (Topic.DECISIONS, "rfqs:detail"),
    "quotation_in": (Topic.QUOTATIONS, "rfqs:quotations"),
    "question_asked": (Topic.QUOTATIONS, "rfqs:questions"),
    "deadline_near": (Topic.DEADLINES, "rfqs:detail"),
}


def invited(rfq: RFQ) -> None:
    """Ask every supplier whose invitation has not left yet, with the request as PDF."""
    _invitations(f"{rfq.pk}:{rfq.round}", _fresh(rfq), _of_request(rfq))


def invitations_preview(rfq: RFQ) -> list[OutboxMessage]:
    """The invitations as the publication would send them, a mark in the place of each link."""
    context = _of_request(rfq)
    letters = [
        letter
        for invitation in _fresh(rfq)
        for letter in _letters("invitation", str(rfq.pk), invitation, context, seed="preview")
    ]
    return preview(letters)


def further_preview(rfq: RFQ) -> list[OutboxMessage]:
    """The letter to whoever is asked later, with a mark in the place of a name and an address."""
    one = _("[the supplier]")
    context = _of_request(rfq) | {"supplier": {"name": one}, "greeting": one}
    letter = Letter("invitation", str(rfq.pk), one, context, token_seed="preview")  # noqa: S106
    return preview([letter])


def _fresh(rfq: RFQ) -> list[Invitation]:
    rows = rfq.invitations.filter(status="created").order_by("supplier__name", "pk")
    return list(rows.select_related("supplier").prefetch_related("supplier__contacts"))


def invited_again(rfq: RFQ, invitation: Invitation, *, key: str) -> None:
    """The invitation once more, with the link in force now; `key` tells it from the earlier ones."""
    _invitations(f"{rfq.pk}:{key}", [invitation], _of_request(rfq))


def _invitations(key: str, invitations: list[Invitation], context: dict[str, Any]) -> None:
    """With the request as PDF; each is about its invitation, whose page tells whether it arrived."""
    seeds = Access.objects.seeds(invitations)
    enqueue(
        replace(letter, complement="request", about=one.pk)
        for one in invitations
        for letter in _letters("invitation", key, one, context, seed=seeds.get(one.pk, ""))
    )


def quotation_received(rfq: RFQ, quotation: Quotation) -> None:
    """The receipt: what was received, when, and the commitment to it; to its supplier alone.

    The requester learns that there is one more, not whose it is, nor what it says.
    """
    _receipt("quotation_received", str(quotation.pk), quotation)
    _to_people("quotation_in", str(quotation.pk), [rfq.requester.email], {"rfq": rfq})


def deadline_extended(rfq: RFQ, reason: str) -> None:
    """Tell everyone who was asked that they have longer, who declined too: they may come back."""
    key = f"{rfq.pk}:{rfq.deadline.isoformat() if rfq.deadline else ''}"
    context = {"rfq": rfq, "closes": _local(rfq.deadline, rfq), "reason": reason}
    _to_suppliers("deadline_extended", key, _invited(rfq), context)


def addendum_issued(rfq: RFQ, addendum: Addendum) -> None:
    """What changed, the same to everyone who was asked: nobody learns from it who has quoted."""
    context = {
        "rfq": rfq,
        "addendum": addendum,
        "changes": versions.differences(addendum.before, addendum.after),
        "closes": _local(rfq.deadline, rfq),
    }
    _to_suppliers("addendum", str(addendum.pk), _invited(rfq), context)


def quotation_confirmed(quotation: Quotation) -> None:
    """The receipt of a confirmation, to its supplier alone."""
    _receipt("quotation_confirmed", f"{quotation.pk}:{quotation.addendum}", quotation)


def _receipt(kind: str, key: str, quotation: Quotation) -> None:
    context = {"rfq": quotation.rfq, "quotation": quotation} | FIGURES
    more = {"confidential": True, "complement": "receipt", "about": quotation.pk}
    _to_suppliers(kind, key, [quotation.invitation], context, **more)


def round_started(rfq: RFQ, text: str) -> None:
    """Ask those who were chosen for another quotation; the others hear nothing of it."""
    more = {"rfq": rfq, "text": text, "closes": _local(rfq.deadline, rfq)}
    _to_suppliers("round_started", f"{rfq.pk}:{rfq.round}", _asked(rfq), more)


def question_asked(rfq: RFQ, question: Question) -> None:
    """Tell the requester that a question waits; neither what it says nor whose it is."""
    _to_people("question_asked", str(question.pk), [rfq.requester.email], {"rfq": rfq})


def question_answered(rfq: RFQ, question: Question) -> None:
    """The question as the buyer words it and the answer, the same to everyone who was asked."""
    context = {"rfq": rfq, "wording": question.wording, "answer": question.answer}
    _to_suppliers("question_answered", str(question.pk), _invited(rfq), context)


def closing_soon(rfq: RFQ) -> int:
    """Remind everyone who has not quoted; return how many letters that are.

    Of a sealed request everyone who was asked: whoever got none would be known to have quoted.
    """
    asked = _asked(rfq)
    if not rfq.is_sealed:
        asked = [one for one in asked if one.status != "quoted"]
    key = f"{rfq.pk}:{rfq.deadline.isoformat() if rfq.deadline else ''}"
    context = {"rfq": rfq, "closes": _local(rfq.deadline, rfq)}
    _to_suppliers("closing_soon", key, asked, context)
    _to_people("deadline_near", key, [rfq.requester.email], context)
    return len(asked)


def rfq_cancelled(rfq: RFQ) -> None:
    """Tell everyone who was asked that the request is off; the buyer's reason stays inside."""
    asked = [one for one in _everybody(rfq) if one.status in ACTIVE_INVITATIONS]
    _to_suppliers("rfq_cancelled", str(rfq.pk), asked, {"rfq": rfq})


def step_activated(
    rfq: RFQ, request: ApprovalRequest, step: ApprovalStep, addresses: list[str] | None = None
) -> None:
    """Ask everyone who may decide this step; `addresses` are theirs, where the caller has them."""
    if addresses is None:
        addresses = _asked_for(step)
    context = {"rfq": rfq, "request": request, "step": step}
    _to_people("approval_asked", str(step.pk), addresses, context)


def step_reminded(rfq: RFQ, step: ApprovalStep) -> None:
    """Half of the time is over: ask everyone who may decide once more."""
    context = {"rfq": rfq, "step": step, "due": _local(step.due_at, rfq)}
    _to_people("approval_reminder", str(step.pk), _asked_for(step), context)


def step_overdue(rfq: RFQ, step: ApprovalStep) -> None:
    """The time is over: tell everyone who may decide, those who may from now on included."""
    context = {"rfq": rfq, "step": step, "due": _local(step.due_at, rfq)}
    _to_people("approval_overdue", str(step.pk), _asked_for(step), context)


def _asked_for(step: ApprovalStep) -> list[str]:
    """The addresses of everyone who can decide this step now, deputies included."""
    steps = ApprovalStep.objects.filter(pk=step.pk)
    found: list[str] = steps.values_list(policy.addresses_of_deciders(), flat=True).get()
    return found


def _local(moment: Any, rfq: RFQ) -> Any:
    return moment.astimezone(rfq.site.zone) if moment else None


def award_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell the people who worked on the award what was decided, and who decided an earlier step."""
    told = Q(pk__in=[rfq.requester_id, request.requested_by_id])
    told |= Q(pk__in=request.decisions.exclude(pk=decision.pk).values("by"))
    people = User.objects.get_queryset().active().filter(told)
    context = {"rfq": rfq, "request": request, "decision": decision, "by": decision.signature}
    _to_people(
        "award_decided",
        str(decision.pk),
        list(people.values_list("email", flat=True).order_by("email")),
        context,
    )


def cancellation_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell the people who worked on the award what became of its cancellation."""
    context = {"rfq": rfq, "decision": decision, "by": decision.signature}
    _to_people("cancellation_decided", str(decision.pk), _authors(rfq, request), context)


def review_decided(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """Tell the people who wrote the request whether suppliers are asked now."""
    context = {"rfq": rfq, "decision": decision, "by": decision.signature}
    _to_people("review_decided", str(decision.pk), _authors(rfq, request), context)


def award_cancelled(rfq: RFQ) -> None:
    """Tell everyone who quoted that the award is off and their quotation counts again."""
    quoted = rfq.invitations.filter(status="quoted").select_related("supplier")
    invitations = list(quoted.prefetch_related("supplier__contacts"))
    _to_suppliers("award_cancelled", f"{rfq.pk}:{rfq.version}", invitations, {"rfq": rfq})


def approval_voided(rfq: RFQ, request: ApprovalRequest, changes: Sequence[Change]) -> None:
    """Tell the people who worked on the award that its approval is void, and what had changed."""
    context = {"rfq": rfq, "changes": changes}
    _to_people("approval_voided", str(request.pk), _authors(rfq, request), context)


def award_letters(rfq: RFQ, award: Award, orders: list[PurchaseOrder]) -> None:
    """Award letters to the winners, regret letters, without anybody's prices, to the others."""
    enqueue(_of_award(rfq, award, orders))


def award_letters_preview(rfq: RFQ, award: Award) -> list[tuple[OutboxMessage, Supplier]]:
    """The letters as the last approval would send them, each with whom it is for."""
    letters = _of_award(rfq, award, PurchaseOrder.objects.announced_by(award))
    read = zip(preview(letters), (one.context["supplier"] for one in letters), strict=True)
    return sorted(read, key=lambda one: one[0].kind)  # those of award first


def _of_award(rfq: RFQ, award: Award, orders: Sequence[PurchaseOrder]) -> list[Letter]:
    winners = {order.supplier_id: order for order in orders}
    invitations = list(
        rfq.invitations.filter(status="quoted")
        .select_related("supplier")
        .prefetch_related("supplier__contacts")
    )
    won: dict[Any, list[Any]] = defaultdict(list)
    for line in award.lines.select_related("rfq_line__unit").order_by("rfq_line__position"):
        won[line.supplier_id].append(line)
    letters: list[Letter] = []
    for invitation in invitations:
        order = winners.get(invitation.supplier_id)
        kind = "award_letter" if order else "regret_letter"
        context = {"rfq": rfq, "order": order, "lines": won[invitation.supplier_id]}
        about = order.pk if order else invitation.pk
        found = _letters(kind, str(award.pk), invitation, context)
        letters += [replace(letter, complement=kind, about=about) for letter in found]
    return letters


def order_issued(order: PurchaseOrder) -> None:
    """The order to its supplier, each revision once."""
    enqueue(_issue_letters(order))


def order_preview(order: PurchaseOrder) -> list[OutboxMessage]:
    """The letter with which an order, as it would be issued, would leave; none without an address."""
    return preview(_issue_letters(order))


def order_cancelled(order: PurchaseOrder) -> None:
    """Take an order back that had been issued."""
    enqueue(_order_letters("order_cancelled", order, {}))


def _issue_letters(order: PurchaseOrder) -> list[Letter]:
    lines = list(order.lines.order_by("position"))
    more = {"complement": "order", "about": order.pk}
    return _order_letters("order_issued", order, {"lines": lines}, **more)


def _order_letters(
    kind: str, order: PurchaseOrder, context: dict[str, Any], **more: Any
) -> list[Letter]:
    invitations = order.rfq.invitations.filter(supplier=order.supplier_id)
    asked = list(invitations.select_related("supplier").prefetch_related("supplier__contacts"))
    context = {"rfq": order.rfq, "order": order} | context
    return _for_suppliers(kind, f"{order.pk}:{order.revision}", asked, context, **more)


def _asked(rfq: RFQ) -> list[Invitation]:
    """Those of whom a quotation is still expected."""
    return [one for one in _invited(rfq) if one.status in ACTIVE_INVITATIONS]


def _invited(rfq: RFQ) -> list[Invitation]:
    """Everybody whose invitation left and was not taken back, of the present round."""
    return [one for one in _everybody(rfq) if one.round == rfq.round]


def _everybody(rfq: RFQ) -> list[Invitation]:
    asked = rfq.invitations.exclude(status__in=("created", "withdrawn", "expired"))
    return list(asked.select_related("supplier").prefetch_related("supplier__contacts"))


def _to_suppliers(
    kind: str, key: str, invitations: list[Invitation], context: dict[str, Any], **more: Any
) -> None:
    """Send each a letter; see `_for_suppliers`."""
    enqueue(_for_suppliers(kind, key, invitations, context, **more))


def _for_suppliers(
    kind: str, key: str, invitations: list[Invitation], context: dict[str, Any], **more: Any
) -> list[Letter]:
    """A letter to each, with the link that opens the invitation; `more` are words of Letter."""
    seeds = Access.objects.seeds(invitations)
    letters = [
        letter
        for invitation in invitations
        for letter in _letters(kind, key, invitation, context, seed=seeds.get(invitation.pk, ""))
    ]
    return [replace(letter, **more) for letter in letters]


def _letters(
    kind: str, key: str, invitation: Invitation, context: dict[str, Any], seed: str = ""
) -> list[Letter]:
    """One letter to the address of the supplier, none where there is no address."""
    address, greeting = address_for(invitation)
    if not address:
        return []
    context = context | {"supplier": invitation.supplier, "greeting": greeting}
    return [Letter(kind, f"{key}:{invitation.pk}", address, context, token_seed=seed)]


def _authors(rfq: RFQ, request: ApprovalRequest) -> list[str]:
    """The addresses of who wrote the request, and of who asked for its approval."""
    wrote = [rfq.requester_id, request.requested_by_id]
    people = User.objects.get_queryset().active().filter(pk__in=wrote)
    return list(people.values_list("email", flat=True).order_by("email"))


def _to_people(kind: str, key: str, addresses: list[str], context: dict[str, Any]) -> None:
    """A letter to each that is a notice in their bell, too."""
    topic, page = BELL[kind]
    link = reverse(page, args=[context["rfq"].number])
    enqueue([Letter(kind, key, address, context, topic=topic, link=link) for address in addresses])


def _of_request(rfq: RFQ) -> dict[str, Any]:
    """What an invitation says: the lines, and until when to ask and to quote."""
    return {
        "rfq": rfq,
        "lines": list(rfq.lines.select_related("unit").order_by("position")),
        "closes": _local(rfq.deadline, rfq),
        "asks_until": _local(rfq.questions_until, rfq),
    }
