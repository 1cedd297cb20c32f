"""Asking for an approval: the steps it takes, who never decides it, what exactly is approved."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import Incomplete
from rfqs import policy, reports, routing
from rfqs.actions.watching import limit
from rfqs.models import (
    RFQ,
    ApprovalRequest,
    ApprovalStep,
    Award,
    LateAdmission,
    Quotation,
    StepStatus,
    Subject,
    SubmittedContent,
)

# What makes the one who did it a part of the award: they never decide on it (DOMAIN 6, A1).
WORK = (
    "rfq.create", "rfq.revise", "rfq.attach", "rfq.choose_suppliers", "rfq.ask_review", "rfq.publish",
    "rfq.invite", "invitation.correct_address", "rfq.extend", "rfq.ask_opening", "rfq.evaluate", "rfq.add_rates",
    "rfq.state_taxes", "rfq.negotiate", "late.ask", "late.confirm", "quotation.capture", "quotation.disqualify",
    "award.save", "rfq.submit", "rfq.withdraw",
)  # fmt: skip


def ask_approval(
    rfq: RFQ,
    award: Award | None,
    *,
    by: User,
    subject: str = Subject.AWARD,
    reason: str = "",
    late: LateAdmission | None = None,
) -> ApprovalRequest:
    """Create the approval with the steps its total asks for now; later policies change nothing.

    `award` is None of a publication and of a `late` quotation, whose total is the estimate. Raises
    Incomplete where a step has nobody who could decide it, or the policy names nobody at all.
    """
    total = routing.estimate(rfq) if award is None else award.total or Decimal(0)
    route = routing.route_for(rfq, total, subject)
    barred = {rfq.requester_id, by.pk, *_workers(rfq)} | ({award.author_id} if award else set())
    content = _content(rfq, award, late)
    if not route.signers:
        raise Incomplete(
            _("The policy “%(name)s” names nobody who decides this. Ask the back office.")
            % {"name": route.policy_name}
        )
    request = ApprovalRequest.objects.create(
        rfq=rfq, award=award, late=late, subject=subject, reason=reason, amount=total,
        policy_name=route.policy_name, requested_by=by, barred=sorted(barred),
        content_hash=content_hash(content, reason),
    )  # fmt: skip
    SubmittedContent.objects.create(request=request, text=content)
    steps = [
        ApprovalStep(
            request=request, sequence=number, role=one.role, person_id=one.person_id, hours=one.hours,
            site_id=rfq.site_id, **(_asked_now(rfq, one) if number == 1 else {}),
        )
        for number, one in enumerate(route.signers, start=1)
    ]  # fmt: skip
    _insist_on_deciders(request, steps)
    ApprovalStep.objects.bulk_create(steps)
    return request


def _content(rfq: RFQ, award: Award | None, late: LateAdmission | None) -> str:
    if award is not None:
        return reports.award_content(award)
    return reports.late_content(late) if late else reports.publication_content(rfq)


def _asked_now(rfq: RFQ, signer: routing.Signer) -> dict[str, Any]:
    """What makes a step the one that waits for its decision."""
    now = timezone.now()
    return {"status": StepStatus.ACTIVE, "activated_at": now} | limit(rfq, now, signer.hours)


def content_hash(content: str, reason: str = "") -> str:
    """What an approver agrees to: the content of the award, and the reason where one is asked for."""
    return reports.hashed(f"{content}\n{reason}" if reason else content)


def _workers(rfq: RFQ) -> set[UUID]:
    """Everyone who wrote, asked, typed, opened, compared or proposed, as the journal tells it (A1)."""
    typists = Quotation.objects.filter(rfq=rfq, entered_by__isnull=False).values("entered_by")
    worked = AuditEvent.objects.filter(stream=str(rfq.pk), verb__in=WORK, actor__isnull=False)
    return set(worked.values_list("actor", flat=True).union(typists))


def _insist_on_deciders(request: ApprovalRequest, steps: Sequence[ApprovalStep]) -> None:
    """Every step needs somebody, and all of them together as many people as there are steps (A3)."""
    everybody: set[UUID] = set()
    for step in steps:
        people = set(policy.deciders(request, step).values_list("pk", flat=True))
        everybody |= people
        if not people or len(everybody) < step.sequence:
            raise Incomplete(
                _(
                    "Nobody can decide step %(n)d (%(role)s) of this request: everyone with that role"
                    " worked on it or decides an earlier step, or nobody holds it. Ask the back office."
                )
                % {"n": step.sequence, "role": step.get_role_display()}
            )
