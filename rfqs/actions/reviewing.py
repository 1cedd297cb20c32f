"""Looking at a request before suppliers do: asked for where a policy says so, and itself approved (DOMAIN 2)."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit.attempts import action
from quoteflow.lib.clock import database_now
from quoteflow.lib.errors import DomainError, Incomplete
from rfqs import notices, policy, reports
from rfqs.actions.moving import close_approval, move
from rfqs.actions.requesting import ask_approval, content_hash
from rfqs.actions.sourcing import gaps, insist_complete, send_invitations
from rfqs.content import Change, ContentChanged, differences
from rfqs.models import RFQ, ApprovalRequest, Decision, Outcome, RequestStatus, Subject
from rfqs.states import Event, IllegalTransition, follow


@action
def ask_review(*, rfq_id: UUID, by: User) -> ApprovalRequest:
    """Ask for the approval of a draft's publication; until it is decided, nothing in it changes.

    Raises IllegalTransition where it is no draft, Incomplete with everything that is still missing, or
    where nobody could decide.
    """
    rfq = RFQ.objects.lock(rfq_id)
    policy.insist(policy.can_buy, by, rfq)
    follow(rfq.status, Event.ASK_REVIEW)
    insist_complete(rfq, database_now())
    request = ask_approval(rfq, None, by=by, subject=Subject.PUBLICATION)
    move(rfq, Event.ASK_REVIEW, by=by, note={"steps": request.steps.count()})
    notices.step_activated(rfq, request, request.steps.get(sequence=1))
    return request


@action
def take_back(*, rfq_id: UUID, by: User) -> RFQ:
    """Make a request in review a draft again, as long as nobody has decided on it."""
    rfq = RFQ.objects.lock(rfq_id)
    asked = rfq.approval_requests.filter(status=RequestStatus.PENDING, subject=Subject.PUBLICATION)
    request = asked.first()
    if request is None:
        raise IllegalTransition(_("No publication of this request waits for a decision."))
    policy.insist(policy.can_withdraw, by, rfq, request)
    if request.decisions.exists():
        raise DomainError(_("Somebody has decided already; ask them to return it for changes."))
    close_approval(request, RequestStatus.WITHDRAWN, at=timezone.now())
    move(rfq, Event.SEND_BACK, by=by)
    return rfq


@action
def void(*, request_id: UUID, changes: Sequence[Change]) -> None:
    """End the review of another request than the one that was asked about (A5); nobody's decision.

    The request is a draft again, and who asked is told what changed.
    """
    rfq = RFQ.objects.lock(
        RFQ.objects.values_list("pk", flat=True).get(approval_requests=request_id)
    )
    request = rfq.approval_requests.filter(pk=request_id, status=RequestStatus.PENDING).first()
    if request is None:
        return
    close_approval(request, RequestStatus.VOIDED, at=timezone.now())
    labels = [change.label for change in changes]
    move(rfq, Event.VOID, by=None, note={"subject": request.subject, "changed": labels})
    notices.approval_voided(rfq, request, changes)


def settle(decision: Decision) -> None:
    """Carry out what the last step said of a publication, in the transaction of the decision.

    A yes sends the invitations. Raises ContentChanged where the request is not the one that was asked about, and
    Incomplete where it cannot go out any more: then it is returned, and the buyer asks again.
    """
    rfq, request = decision.rfq, decision.request
    note = {"comment": decision.comment, "step": decision.step.sequence}
    signed = {"by": decision.by, "on_behalf_of": decision.on_behalf_of}
    if decision.outcome != Outcome.APPROVED:
        ends = {Outcome.REJECTED: RequestStatus.REJECTED, Outcome.RETURNED: RequestStatus.RETURNED}
        close_approval(request, ends[Outcome(decision.outcome)], at=decision.at)
        move(rfq, Event.SEND_BACK, **signed, note=note)
    else:
        _insist_unchanged(rfq, request)
        close_approval(request, RequestStatus.APPROVED, at=decision.at)
        invited = rfq.invitations.count()
        move(
            rfq,
            Event.PASS_REVIEW,
            **signed,
            note=note | {"invited": invited},
            published_at=decision.at,
        )
        send_invitations(rfq)
    notices.review_decided(rfq, request, decision)


def _insist_unchanged(rfq: RFQ, request: ApprovalRequest) -> None:
    content = reports.publication_content(rfq)
    if content_hash(content) != request.content_hash:
        changes = differences(request, content)
        raise ContentChanged(
            _("The request is not the one whose publication was asked for, so this approval is void. Nothing"
              " went out; the buyer has to ask again."),
            request, changes, void=partial(void, request_id=request.pk, changes=changes),
        )  # fmt: skip
    problems = gaps(rfq, database_now())
    if problems:
        raise Incomplete(
            _("The request cannot go out any more; ask for changes. ") + " ".join(problems),
            problems,
        )
