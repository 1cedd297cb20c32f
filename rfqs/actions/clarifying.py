"""Questions and answers while a request is open: one supplier asks, all of them are answered."""

import re
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import notices, policy
from rfqs.actions.bidding import lock_invited
from rfqs.actions.moving import store
from rfqs.models import RFQ, Invitation, Question
from rfqs.states import IllegalTransition, Status

MOST_WAITING = 20  # of one supplier: more would be no questions
LEAST_NAME = 3  # characters of a name that is looked for


class WindowOver(DomainError):
    """The time for questions is over."""


@action
def ask(*, invitation_id: UUID, text: str) -> Question:
    """Ask the buyer something; the same question again, still unanswered, is the one there is.

    Raises NotOpen, WindowOver, Incomplete.
    """
    rfq, invitation = lock_invited(invitation_id)
    if not text.strip():
        raise Incomplete(_("Write your question."))
    own = list(Question.objects.waiting().filter(invitation=invitation))
    same = next((one for one in own if one.text == text.strip()), None)
    if same is not None:
        return same
    if len(own) >= MOST_WAITING:
        raise DomainError(_("Many questions of yours wait already. Wait for their answers."))
    now = database_now()
    if not rfq.takes_questions_at(now):
        raise WindowOver(_("The time for questions is over; nothing was stored."))
    question = Question.objects.create(
        rfq=rfq, invitation=invitation, text=text.strip(), asked_at=now
    )
    _count(rfq)
    journal.record("question.ask", question, by=None, stream=rfq.pk)
    notices.question_asked(rfq, question)
    return question


@action
def answer(*, question_id: UUID, by: User, wording: str, answer: str) -> Question:
    """Answer a question to everyone who was asked; `wording` is the question as they read it.

    Raises NotAllowed, IllegalTransition once the request is closed, DomainError where it is answered
    already, Incomplete for empty words and for words that name who asked.
    """
    rfq = RFQ.objects.lock(Question.objects.values_list("rfq_id", flat=True).get(pk=question_id))
    policy.insist(policy.can_buy, by, rfq)
    question = (
        Question.objects.select_for_update(of=("self",))
        .select_related("invitation__supplier")
        .get(pk=question_id)
    )
    if question.answered_at is not None:
        raise DomainError(
            _("The question is answered already; everyone who was asked has read it.")
        )
    wording, answer = wording.strip(), answer.strip()
    if not wording or not answer:
        raise Incomplete(_("Write the question as everyone reads it, and the answer."))
    _insist_unnamed(rfq, question, f"{wording} {answer}")
    now = _insist_open(rfq)
    question.wording, question.answer = wording, answer
    question.answered_by, question.answered_at = by, now
    question.save(update_fields=["wording", "answer", "answered_by", "answered_at"])
    _count(rfq)
    journal.record("question.answer", question, by=by, stream=rfq.pk, after={"comment": wording})
    notices.question_answered(rfq, question)
    return question


def _insist_open(rfq: RFQ) -> datetime:
    now = database_now()
    if rfq.status != Status.OPEN or rfq.is_closed_at(now):
        raise IllegalTransition(
            _("The request is closed: an answer would come too late for everyone.")
        )
    return now


def _insist_unnamed(rfq: RFQ, question: Question, text: str) -> None:
    """Refuse words that name who asked.

    Of a sealed request the buyer does not know who that is, so no supplier of it may be named: the
    refusal then tells nothing.
    """
    hidden = [question.invitation]
    if rfq.prices_are_sealed:
        hidden = list(rfq.invitations.select_related("supplier"))
    found = next((name for one in hidden for name in _names(one) if _occurs(name, text)), None)
    if found is not None:
        raise Incomplete(
            _("“%(name)s” would tell who asked. Leave it out of the question and the answer.")
            % {"name": found}
        )


def _names(invitation: Invitation) -> list[str]:
    """What a supplier is known by: name, code, mail, its people."""
    supplier = invitation.supplier
    names = [supplier.name, supplier.code, supplier.email]
    for contact in supplier.contacts.all():
        names += [contact.name, contact.email]
    return [name for name in names if len(name) >= LEAST_NAME]


def _occurs(name: str, text: str) -> bool:
    """Whether the name stands in the text as words of their own, however it is spaced and capitalised."""
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None


def _count(rfq: RFQ) -> None:
    store(rfq, open_question_count=Question.objects.waiting().filter(rfq=rfq).count())
