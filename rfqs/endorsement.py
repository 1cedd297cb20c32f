"""Who stands behind a statement: the recommendation, its reasons, and who decided, for the papers."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from rfqs.models import RFQ, Award, AwardStatus, Exceptional, Outcome


@dataclass(frozen=True)
class Signature:
    """One line for a signature; without a name it waits for somebody."""

    role: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Endorsement:
    """What the living award says of itself; without an award only who prepared the request."""

    signatures: tuple[Signature, ...]
    recommendation: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    digest: str = ""


def endorsement_of(rfq: RFQ) -> Endorsement:
    """The endorsement of the request's living award; steps nobody decided yet are empty lines."""
    prepared = Signature(_("Prepared by"), rfq.requester.full_name)
    award = (
        rfq.awards.exclude(status__in=(AwardStatus.CANCELLED, AwardStatus.REJECTED))
        .select_related("author")
        .first()
    )
    if award is None or award.submitted_at is None:
        rest = (_("Recommended by"), _("Noted by"), _("Approved by"))
        return Endorsement((prepared, *(Signature(role) for role in rest)))
    labels = dict(Exceptional.choices)
    stored = award.statements.order_by("-made_at").values_list("digest", flat=True).first()
    recommended = Signature(_("Recommended by"), award.author.full_name, award.submitted_at)
    return Endorsement(
        (prepared, recommended, *_decisions(award)),
        award.recommendation,
        tuple((str(labels.get(name, name)), text) for name, text in award.reasons.items()),
        stored or "",
    )


def _decisions(award: Award) -> tuple[Signature, ...]:
    request = award.approval_requests.order_by("-created_at").first()
    if request is None:
        return ()
    lines = []
    for step in request.steps.select_related("decision__by", "decision__on_behalf_of").order_by(
        "sequence"
    ):
        decision = getattr(step, "decision", None)
        role = _("Approved by (%(role)s)") % {"role": step.get_role_display()}
        if decision is not None and decision.outcome == Outcome.APPROVED:
            lines.append(Signature(role, decision.signature, decision.at))
        else:
            lines.append(Signature(role))
    return tuple(lines)
