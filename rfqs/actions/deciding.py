"""Approve, reject, return: one decision per step, under the request's lock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, QuerySet, Sum, UUIDField, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit import journal
from quoteflow.audit.attempts import action
from quoteflow.lib.composed import ComposedModels, Values
from quoteflow.lib.errors import DomainError, Incomplete, Stale
from quoteflow.lib.inserting import insert
from rfqs import notices, policy, reports
from rfqs.actions import cancelling, late, reviewing
from rfqs.actions.awarding import reopen
from rfqs.actions.moving import close_approval, hand_over, move, move_award, move_step
from rfqs.actions.ordering import fulfil
from rfqs.content import Change, ContentChanged, differences
from rfqs.models import (
    RFQ,
    ApprovalRequest,
    ApprovalStep,
    Award,
    AwardStatus,
    Decision,
    Outcome,
    RequestStatus,
    StepStatus,
    Subject,
)
from rfqs.states import Event

LEAST_COMMENT = 10  # characters

# Who decided a step of the request, for whom it was decided, and whom a later step names.
PARTIES = """
ARRAY(SELECT unnest(array_remove(ARRAY[d.by_id, d.on_behalf_of_id], NULL))
      FROM rfqs_decision d WHERE d.request_id = rfqs_approvalstep.request_id
      UNION ALL SELECT later.person_id FROM rfqs_approvalstep later WHERE later.person_id IS NOT NULL
        AND later.request_id = rfqs_approvalstep.request_id AND later.sequence > rfqs_approvalstep.sequence)
"""


# What the last step brings about where it is not an award.
SETTLE: dict[str, Callable[[Decision], None]] = {
    Subject.CANCELLATION: cancelling.settle,
    Subject.PUBLICATION: reviewing.settle,
    Subject.LATE: late.settle,
}


class AlreadyDecided(DomainError):
    """Somebody was quicker; the sentence says who."""


class NotFresh(Incomplete):
    """A decision of this weight wants to know once more that it is you (422)."""


@dataclass(frozen=True)
class _Said:
    """What a decider says: of which content, at which step, in which words, and how sure it is them."""

    seen: str
    step_id: UUID
    comment: str
    fresh: bool


@action
def approve(
    *,
    rfq_id: UUID | str,
    by: User,
    seen: str,
    step_id: UUID,
    comment: str = "",
    fresh: bool = False,
) -> Decision:
    """Say yes to one step. The last yes makes the award final, with all that follows (DOMAIN 5).

    `rfq_id` is the request's id, or its number as text. `seen` is the content hash of what was
    shown. `fresh` says that the person proved within REAUTHENTICATE_SECONDS who they are, which is
    asked above REAUTHENTICATE_ABOVE (base currency). Raises NotAllowed, AlreadyDecided, Stale,
    NotFresh, and RFQ.DoesNotExist for an unknown number.
    """
    return _decide(rfq_id, Outcome.APPROVED, by, _Said(seen, step_id, comment, fresh))


@action
def reject(
    *, rfq_id: UUID | str, by: User, seen: str, step_id: UUID, comment: str, fresh: bool = False
) -> Decision:
    """Say no, with a comment; the request ends. Arguments as `approve`."""
    return _decide(rfq_id, Outcome.REJECTED, by, _Said(seen, step_id, comment, fresh))


@action
def send_back(
    *, rfq_id: UUID | str, by: User, seen: str, step_id: UUID, comment: str, fresh: bool = False
) -> Decision:
    """Return the award to the buyer for changes, with a comment. Arguments as `approve`."""
    return _decide(rfq_id, Outcome.RETURNED, by, _Said(seen, step_id, comment, fresh))


def weighs(amount: Decimal) -> bool:
    """Whether a decision over `amount` (base currency) asks its maker to prove who they are."""
    return amount > Decimal(settings.REAUTHENTICATE_ABOVE)


@action
def void(*, request_id: UUID, changes: Sequence[Change]) -> None:
    """End an approval whose content is not what was submitted; the award is a draft again (A5).

    Nobody's decision: the system does it, and tells the people who worked on the award.
    """
    rfq = RFQ.objects.lock(
        RFQ.objects.values_list("pk", flat=True).get(approval_requests=request_id)
    )
    request = rfq.approval_requests.filter(pk=request_id, status=RequestStatus.PENDING).first()
    if request is None:
        return
    reopen(request, RequestStatus.VOIDED)
    _drop_impossible_picks(request.proposal())
    labels = [change.label for change in changes]
    move(rfq, Event.VOID, by=None, note={"request": str(request.pk), "changed": labels})
    notices.approval_voided(rfq, request, changes)


@action
def add_apd_number(*, rfq_id: UUID, by: User, apd_number: str) -> Award:
    """Add the pricing team's APD number to an approved award; once."""
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_number, by, rfq)
    award = rfq.awards.filter(status=AwardStatus.APPROVED).first()
    if award is None:
        raise DomainError(_("Only an approved award gets an APD number."))
    number = " ".join(apd_number.split())
    if not number or len(number) > 40:  # noqa: PLR2004 (the column)
        raise Incomplete(_("Enter the APD number, at most 40 characters."))
    if award.apd_number:
        raise DomainError(
            _("This award has the APD number %(number)s already.") % {"number": award.apd_number}
        )
    if Award.objects.filter(apd_number=number).exists():
        raise Incomplete(
            _("The APD number %(number)s is taken by another award.") % {"number": number}
        )
    award.apd_number = number
    award.save(update_fields=["apd_number"])
    journal.record("award.apd_number", award, by=by, stream=rfq.pk, after={"apd_number": number})
    return award


def _drop_impossible_picks(award: Award) -> None:
    """A draft gives away no more than is needed (W1), also where the need itself was changed."""
    given = award.lines.values("rfq_line").annotate(given=Sum("quantity"))
    beyond = given.filter(given__gt=F("rfq_line__quantity")).values_list("rfq_line", flat=True)
    award.lines.filter(rfq_line__in=list(beyond)).delete()


def _decide(rfq_id: UUID | str, outcome: Outcome, by: User, said: _Said) -> Decision:
    steps = _lock_steps(rfq_id, said.step_id)
    step = next((step for step in steps if step.pk == said.step_id), None)
    if step is None or not _waits(step):
        raise AlreadyDecided(_who_decided(rfq_id, said.step_id))
    request = step.request
    comment = said.comment.strip()
    person = _insist(step, outcome, by, said)
    decision = Decision(
        step=step,
        request=request,
        rfq=request.rfq,
        outcome=outcome,
        by=by,
        on_behalf_of=None if person == by else person,
        comment=comment,
        content_hash=said.seen,
        at=timezone.now(),
    )
    insert([decision])
    following = next((later for later in steps if later.sequence == step.sequence + 1), None)
    _settle(decision, following)
    return decision


def _insist(step: ApprovalStep, outcome: Outcome, by: User, said: _Said) -> User:
    """The person may, saw what is stored, said why, and is who they say they are; in whose right."""
    request = step.request
    policy.insist(policy.can_decide, by, request, step)
    parties: list[UUID] = step.parties  # type: ignore[attr-defined] # annotated by _lock_steps
    person = policy.decides_as(by, request, step, parties)
    if by.pk in parties:
        raise DomainError(
            _("You decide another step of this request; another person decides this one.")
        )
    if person is None:
        raise DomainError(
            _("The person you stand in for decides another step; another person decides this one.")
        )
    if said.seen != request.content_hash:
        raise Stale(_("This is not the one you were shown. Look at it again before you decide."))
    if outcome != Outcome.APPROVED and len(said.comment.strip()) < LEAST_COMMENT:
        raise Incomplete(
            _("Write at least %(n)d characters, so that the buyer knows what to do.")
            % {"n": LEAST_COMMENT}
        )
    if weighs(request.amount) and not said.fresh:
        raise NotFresh(_("A decision of this value needs your password once more."))
    return person


def _waits(step: ApprovalStep) -> bool:
    return step.status == StepStatus.ACTIVE and step.request.status == RequestStatus.PENDING


def _lock_steps(rfq_id: UUID | str, step_id: UUID) -> list[ApprovalStep]:
    """The step and its neighbours, each with its request for approval and RFQ, all locked.

    The RFQ's row comes first, as in every action, so that two of them never wait for each other; a
    row that changed while we waited is read anew.
    """
    by = "request__rfq__number" if isinstance(rfq_id, str) else "request__rfq"
    return _STEPS.fetch(by, {"rfq": rfq_id, "step": step_id})


def _steps_beside(by: str, values: Values) -> "QuerySet[ApprovalStep]":
    return (
        ApprovalStep.objects.filter(**{by: values["rfq"]}, request__steps=values["step"])
        .select_related("request__rfq__site")
        .select_for_update(of=("request__rfq", "request", "self"), no_key=True)
        .annotate(
            parties=RawSQL(PARTIES, (), output_field=ArrayField(UUIDField())),  # noqa: S611 (a constant)
            addresses=Case(When(status=StepStatus.WAITING, then=policy.addresses_of_deciders())),
        )
        .order_by("sequence")
    )


_STEPS = ComposedModels(_steps_beside)


def _settle(decision: Decision, following: ApprovalStep | None) -> None:
    """Carry a decision out: the step, the next one or the end of the request."""
    rfq, request, step = decision.rfq, decision.request, decision.step
    if decision.outcome == Outcome.APPROVED and following is not None:
        _activate(decision, following)
        return
    move_step(step, decision.outcome)
    if request.subject in SETTLE:
        SETTLE[request.subject](decision)
        return
    if decision.outcome == Outcome.RETURNED:
        reopen(request, RequestStatus.RETURNED)
        move(rfq, Event.RETURN, **_signed(decision))
    elif decision.outcome == Outcome.REJECTED:
        close_approval(request, RequestStatus.REJECTED, at=decision.at)
        move_award(request.proposal().pk, AwardStatus.REJECTED)
        move(rfq, Event.REJECT, **_signed(decision), decided_at=decision.at)
    else:
        _finish(rfq, request, decision)
    notices.award_decided(rfq, request, decision)


def _activate(decision: Decision, following: ApprovalStep) -> None:
    """One yes of several: this step is done and the next one waits, in one statement."""
    rfq, request, step = decision.rfq, decision.request, decision.step
    hand_over(step, following, at=decision.at)
    journal.record(
        "award.step_approved",
        step,
        by=decision.by,
        on_behalf_of=decision.on_behalf_of,
        stream=rfq.pk,
        after=_note(decision),
    )
    able: list[str] = following.addresses  # type: ignore[attr-defined] # annotated by _lock_steps
    done = (decision.by.email, decision.on_behalf_of and decision.on_behalf_of.email)
    others = [address for address in able if address not in done]
    notices.step_activated(rfq, request, following, others)  # nobody decides two steps (A3)


def _finish(rfq: RFQ, request: ApprovalRequest, decision: Decision) -> None:
    """The last yes: the content is checked once more, then everything follows in this transaction."""
    award = Award.objects.select_related("rfq").get(approval_requests=request)
    content = reports.award_content(award)
    if reports.hashed(content) != request.content_hash:
        changes = differences(request, content)
        raise ContentChanged(
            _("The award changed after it was submitted, so this approval is void. Nothing was approved;"
              " the buyer has to submit the award again."),
            request, changes, void=partial(void, request_id=request.pk, changes=changes),
        )  # fmt: skip
    close_approval(request, RequestStatus.APPROVED, at=decision.at)
    move_award(award.pk, AwardStatus.APPROVED, approved_at=decision.at)
    orders = fulfil(rfq, award)
    signed = _signed(decision)
    signed["note"] |= {"orders": [order.number for order in orders]}
    move(rfq, Event.APPROVE, **signed, decided_at=decision.at)
    notices.award_letters(rfq, award, orders)


def _signed(decision: Decision) -> dict[str, Any]:
    """Who decided, for whom, and what: the arguments of `move`."""
    return {"by": decision.by, "on_behalf_of": decision.on_behalf_of, "note": _note(decision)}


def _note(decision: Decision) -> dict[str, object]:
    step = decision.step.sequence
    return {"step": step, "outcome": decision.outcome, "comment": decision.comment}


def _who_decided(rfq_id: UUID | str, step_id: UUID) -> str:
    rows = RFQ.objects.select_related("site")
    rfq = rows.get(number=rfq_id) if isinstance(rfq_id, str) else rows.get(pk=rfq_id)
    decisions = Decision.objects.filter(rfq=rfq, step=step_id)
    decision = decisions.select_related("by", "on_behalf_of").first()
    if decision is None:
        steps = ApprovalStep.objects.filter(pk=step_id, request__rfq=rfq)
        if steps.filter(status=StepStatus.WAITING).exists():
            return _("An earlier step has to be decided before this one.")
        return _(
            "This step does not wait for a decision any more. The request is “%(status)s”."
        ) % {"status": rfq.get_status_display()}
    return _("%(name)s was quicker: %(outcome)s at %(time)s.") % {
        "name": decision.signature,
        "outcome": decision.get_outcome_display().lower(),
        "time": decision.at.astimezone(rfq.site.zone).strftime("%H:%M %Z"),
    }
