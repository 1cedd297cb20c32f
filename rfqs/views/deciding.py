"""The approver's side: what waits, one award with all that matters about it, and the decision."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Case, Q, When
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import proof
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.ids import is_id
from rfqs import inbox as reading
from rfqs import linetable, policy, reports
from rfqs.actions import deciding
from rfqs.content import ContentChanged
from rfqs.dossier import dossier
from rfqs.forms.deciding import DecisionForm, RefusalForm
from rfqs.models import RFQ, ApprovalRequest, Decision, RequestStatus, StepStatus, Subject
from rfqs.route import parties, stages, steps_of, why_not
from rfqs.states import Status
from rfqs.views import inboxing
from rfqs.views.fetching import AuthedRequest, visible_rfq

VERBS = ("approve", "reject", "send_back")


@require_GET
def inbox(request: AuthedRequest) -> HttpResponse:
    """The list of one tab; the first award opens beside it where there is room."""
    return inboxing.page(request, inboxing.listed(request))


@require_GET
def inbox_count(request: AuthedRequest) -> HttpResponse:
    """The bubble in the bar; empty when nothing waits."""
    count = reading.waiting_for(request.user).count
    return render(request, "rfqs/_inbox_count.html", {"count": count})


@require_GET
def inbox_item(request: AuthedRequest, number: str) -> HttpResponse:
    """One award with its route, what is unusual about it, and the decision."""
    rfq = visible_rfq(request, number)
    return inboxing.page(request, inboxing.listed(request) | _item(request, rfq))


@require_POST
def approve(request: AuthedRequest, number: str) -> HttpResponse:
    """Say yes to the step that waits."""
    return _decide(request, number, DecisionForm(request.POST), deciding.approve)


@require_POST
def reject(request: AuthedRequest, number: str) -> HttpResponse:
    """Say no; the request ends."""
    return _decide(request, number, RefusalForm(request.POST), deciding.reject)


@require_POST
def send_back(request: AuthedRequest, number: str) -> HttpResponse:
    """Return the award to the buyer for changes."""
    return _decide(request, number, RefusalForm(request.POST), deciding.send_back)


def _decide(
    request: AuthedRequest, number: str, form: DecisionForm, act: Callable[..., Decision]
) -> HttpResponse:
    """Decide, and answer where the buttons were; the action itself finds and locks the request."""
    if not form.is_valid():
        wrong = Incomplete(_("The decision is not recorded yet."))
        return _refused(request, number, form, wrong)
    said = form.cleaned_data
    try:
        if said["password"]:
            proof.prove(request, said["password"])
        decision = act(
            rfq_id=number, by=request.user, seen=said["seen"], step_id=said["step"],
            comment=said["comment"], fresh=proof.is_fresh(request),
        )  # fmt: skip
    except RFQ.DoesNotExist:
        raise Http404 from None
    except DomainError as refusal:
        return _refused(request, number, form, refusal)
    return inboxing.decided(request, _sentence(decision))


def _sentence(decision: Decision) -> str:
    """The new fact."""
    number = decision.rfq.number
    if decision.request.subject == Subject.CANCELLATION:
        return _of_cancellation(decision)
    if decision.request.subject == Subject.PUBLICATION:
        return _of_publication(decision)
    if decision.request.subject == Subject.LATE:
        return _of_late(decision)
    if decision.rfq.status == Status.PENDING:
        return _("You approved %(number)s. The next step is asked now.") % {"number": number}
    if decision.rfq.status == Status.EVALUATION:
        return _("%(number)s is returned to the buyer for changes.") % {"number": number}
    status = decision.rfq.get_status_display().lower()
    return _("%(number)s is %(status)s now.") % {"number": number, "status": status}


def _of_cancellation(decision: Decision) -> str:
    number = {"number": decision.rfq.number}
    if decision.request.status == RequestStatus.PENDING:
        return (
            _("You agreed to cancel the award of %(number)s. The next step is asked now.") % number
        )
    if decision.request.status == RequestStatus.APPROVED:
        return _("The award of %(number)s is cancelled; its quotations count again.") % number
    return _("The award of %(number)s stands.") % number


def _of_publication(decision: Decision) -> str:
    number = {"number": decision.rfq.number}
    if decision.request.status == RequestStatus.PENDING:
        return _("You approved the publication of %(number)s. The next step is asked now.") % number
    if decision.request.status == RequestStatus.APPROVED:
        return _("%(number)s is open; the suppliers are asked.") % number
    return _("%(number)s is a draft again; the buyer reads why.") % number


def _of_late(decision: Decision) -> str:
    number = {"number": decision.rfq.number}
    if decision.request.status == RequestStatus.PENDING:
        return (
            _("You agreed to a late quotation for %(number)s. The next step is asked now.") % number
        )
    if decision.request.status == RequestStatus.APPROVED:
        return (
            _("The late quotation for %(number)s can be entered now, until the opening.") % number
        )
    return _("The late quotation for %(number)s is not admitted; the buyer reads why.") % number


def _refused(
    request: AuthedRequest, number: str, form: DecisionForm, refusal: DomainError
) -> HttpResponse:
    """Who may not see the request learns nothing of it; everyone else the reason, beside the form."""
    if isinstance(refusal, ContentChanged):  # its decider saw it until a moment ago
        rfq = RFQ.objects.select_related("site").get(approval_requests=refusal.request.pk)
    else:
        rfq = visible_rfq(request, number)
    context = _item(request, rfq, form.data.get("step", "")) | {"refusal": refusal, "form": form}
    form.ask_password = _asks_password(request, context["approval"])
    return inboxing.refused(request, context)


def _item(request: AuthedRequest, rfq: RFQ, step: str = "") -> dict[str, Any]:
    """Everything the decision rests on; of a request that was never submitted: 404.

    `step` is the id of one that was posted; its approval is shown then.
    """
    approval = _approval(rfq, request.GET.get("approval", ""), step)
    steps = steps_of(approval)
    active = next((step for step in steps if step.status == StepStatus.ACTIVE), None)
    reason = why_not(request.user, approval, steps)
    person = (
        policy.decides_as(request.user, approval, active, parties(steps, active))
        if active
        else None
    )
    context: dict[str, Any] = {
        "stands_for": None if person == request.user else person,
        "rfq": rfq,
        "open_number": rfq.number,
        "verbs": {verb: reverse(f"rfqs:{verb}", args=[rfq.number]) for verb in VERBS},
        "current": str(approval.pk),
        "approval": approval,
        "stages": stages(approval, steps),
        "active": active,
        "step_count": len(steps),
        "why_not": reason,
        "base": settings.BASE_CURRENCY,
    }
    if active is not None and not reason:
        form = DecisionForm(initial={"step": active.pk, "seen": approval.content_hash})
        form.ask_password = _asks_password(request, approval)
        context["form"] = form
    if approval.subject == Subject.PUBLICATION:
        context |= _publication(rfq)
    elif approval.late is not None:
        context["late"] = approval.late
    elif approval.award is not None and policy.can_see_prices(request.user, rfq):
        context["dossier"] = dossier(approval.award, reports.statement(rfq))
        context["files"] = list(rfq.attachments.order_by("kind", "name", "-version"))
    return context


def _publication(rfq: RFQ) -> dict[str, Any]:
    """What would go out: the lines as suppliers will read them, to whom, with which files."""
    found = list(rfq.lines.select_related("unit").order_by("position"))
    asked = rfq.invitations.select_related("supplier").order_by("supplier__name", "pk")
    return {
        "heads": linetable.columns(rfq),
        "lines": linetable.rows(rfq, found),
        "asked": [one.supplier for one in asked],
        "files": list(rfq.attachments.order_by("kind", "name", "-version")),
    }


def _asks_password(request: AuthedRequest, approval: ApprovalRequest) -> bool:
    return deciding.weighs(approval.amount) and not proof.is_fresh(request)


def _approval(rfq: RFQ, pk: str, step: str) -> ApprovalRequest:
    """The approval that is named, or whose step is; else the newest that waits, else the newest."""
    rows = rfq.approval_requests.select_related(
        "award", "requested_by", "late__invitation__supplier"
    )
    if is_id(step):
        rows = rows.filter(steps__pk=step)
    elif is_id(pk):
        rows = rows.filter(pk=pk)
    waits = Q(status=RequestStatus.PENDING)
    approval = rows.order_by(Case(When(waits, then=0), default=1), "-created_at").first()
    if approval is None:
        raise Http404
    return approval
