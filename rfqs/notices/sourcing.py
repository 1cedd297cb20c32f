"""To suppliers who are asked: invitations, and whatever concerns the request while it is open."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quoteflow.notifications.models import OutboxMessage
from quoteflow.notifications.outbox import Letter, enqueue, preview
from rfqs import rounds, versions
from rfqs.models import ACTIVE_INVITATIONS, RFQ, Access, Addendum, Invitation, Question
from rfqs.notices.post import (
    everybody,
    expected,
    invited_to_round,
    letters_to,
    local,
    to_people,
    to_suppliers,
)


def invited(rfq: RFQ) -> None:
    """Ask every supplier whose invitation has not left yet, with the request as PDF."""
    _invitations(f"{rfq.pk}:{rfq.round}", _fresh(rfq), _of_request(rfq))


def invitations_preview(rfq: RFQ) -> list[OutboxMessage]:
    """The invitations as the publication would send them, a mark in the place of each link."""
    context = _of_request(rfq)
    letters = [
        _with_paper(letter, invitation)
        for invitation in _fresh(rfq)
        for letter in letters_to("invitation", str(rfq.pk), invitation, context, seed="preview")
    ]
    return preview(letters)


def further_preview(rfq: RFQ) -> list[OutboxMessage]:
    """The letter to whoever is asked later, with a mark in the place of a name and an address."""
    one = _("[the supplier]")
    context = _of_request(rfq) | {"supplier": {"name": one}, "greeting": one}
    letter = Letter("invitation", str(rfq.pk), one, context, token_seed="preview")  # noqa: S106
    return preview([letter])


def invited_again(rfq: RFQ, invitation: Invitation, *, key: str) -> None:
    """The invitation once more, with the link in force now; `key` tells it from the earlier ones."""
    _invitations(f"{rfq.pk}:{key}", [invitation], _of_request(rfq))


def copied(rfq: RFQ, invitation: Invitation, contacts: Collection[UUID]) -> None:
    """A copy of the invitation, as it reads now, to these people of the supplier alone."""
    chosen = set(invitation.copies.filter(contact__in=contacts).values_list("pk", flat=True))
    seed = Access.objects.seeds([invitation]).get(invitation.pk, "")
    key = f"{rfq.pk}:{min(chosen)}"
    asked = letters_to("invitation", key, invitation, _of_request(rfq), seed=seed)
    enqueue(_with_paper(letter, invitation) for letter in asked if letter.about in chosen)


def deadline_extended(rfq: RFQ, reason: str) -> None:
    """Tell everyone who was asked that they have longer, who declined too: they may come back."""
    key = f"{rfq.pk}:{rfq.deadline.isoformat() if rfq.deadline else ''}"
    context = {"rfq": rfq, "closes": local(rfq.deadline, rfq), "reason": reason}
    to_suppliers("deadline_extended", key, invited_to_round(rfq), context)


def addendum_issued(rfq: RFQ, addendum: Addendum) -> None:
    """What changed, the same to everyone who was asked: nobody learns from it who has quoted."""
    context = {
        "rfq": rfq,
        "addendum": addendum,
        "changes": versions.differences(addendum.before, addendum.after),
        "closes": local(rfq.deadline, rfq),
    }
    to_suppliers("addendum", str(addendum.pk), invited_to_round(rfq), context)


def round_started(
    rfq: RFQ,
    text: str,
    invitations: Collection[Invitation],
    untold: Mapping[UUID, rounds.Missed],
) -> None:
    """Ask these for another quotation; the others hear nothing of it.

    Who was left out before reads what the others were told meanwhile, and everybody whether the last
    quotation stands.
    """
    key, context = f"{rfq.pk}:{rfq.round}", {"rfq": rfq, "text": text}
    context["closes"] = local(rfq.deadline, rfq)
    seeds, stands = Access.objects.seeds(invitations), rounds.standing(rfq, invitations)
    letters: list[Letter] = []
    for one in invitations:
        own = context | {"stands": stands.get(one.pk), **_told(untold.get(one.pk))}
        letters += letters_to("round_started", key, one, own, seed=seeds.get(one.pk, ""))
    enqueue(letters)


def _told(missed: rounds.Missed | None) -> dict[str, Any]:
    if missed is None:
        return {}
    addenda = [(one, versions.differences(one.before, one.after)) for one in missed.addenda]
    return {"addenda": addenda, "answers": missed.answers}


def question_asked(rfq: RFQ, question: Question) -> None:
    """Tell the requester that a question waits; neither what it says nor whose it is."""
    to_people("question_asked", str(question.pk), [rfq.requester.email], {"rfq": rfq})


def question_answered(rfq: RFQ, question: Question) -> None:
    """The question as the buyer words it and the answer, the same to everyone who was asked."""
    context = {"rfq": rfq, "wording": question.wording, "answer": question.answer}
    to_suppliers("question_answered", str(question.pk), invited_to_round(rfq), context)


def closing_soon(rfq: RFQ) -> int:
    """Remind everyone who has not quoted; return how many letters that are.

    Of a sealed request everyone who was asked: whoever got none would be known to have quoted.
    """
    asked = expected(rfq)
    if not rfq.is_sealed:
        asked = [one for one in asked if one.status != "quoted"]
    key = f"{rfq.pk}:{rfq.deadline.isoformat() if rfq.deadline else ''}"
    context = {"rfq": rfq, "closes": local(rfq.deadline, rfq)}
    to_suppliers("closing_soon", key, asked, context)
    to_people("deadline_near", key, [rfq.requester.email], context)
    return len(asked)


def rfq_cancelled(rfq: RFQ) -> None:
    """Tell everyone who was asked that the request is off; the buyer's reason stays inside."""
    asked = [one for one in everybody(rfq) if one.status in ACTIVE_INVITATIONS]
    to_suppliers("rfq_cancelled", str(rfq.pk), asked, {"rfq": rfq})


def _fresh(rfq: RFQ) -> list[Invitation]:
    rows = rfq.invitations.filter(status="created").order_by("supplier__name", "pk")
    return list(rows.select_related("supplier").prefetch_related("supplier__contacts", "copies"))


def _invitations(key: str, invitations: list[Invitation], context: dict[str, Any]) -> None:
    """With the request as PDF; each is about its invitation, whose page tells whether it arrived."""
    seeds = Access.objects.seeds(invitations)
    enqueue(
        _with_paper(letter, one)
        for one in invitations
        for letter in letters_to("invitation", key, one, context, seed=seeds.get(one.pk, ""))
    )


def _with_paper(letter: Letter, invitation: Invitation) -> Letter:
    if letter.about:  # a copy
        return replace(letter, complement="request_copy")
    return replace(letter, complement="request", about=invitation.pk)


def _of_request(rfq: RFQ) -> dict[str, Any]:
    """What an invitation says: the lines, and until when to ask and to quote."""
    return {
        "rfq": rfq,
        "lines": list(rfq.lines.select_related("unit").order_by("position")),
        "closes": local(rfq.deadline, rfq),
        "asks_until": local(rfq.questions_until, rfq),
    }
