"""Late quotations: one person asks to admit one, another confirms it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quoteflow.lib import once
from quoteflow.lib.errors import DomainError, Stale
from rfqs import policy, routing
from rfqs.actions import late as admitting
from rfqs.forms.admitting import ConfirmForm
from rfqs.forms.drafting import ReasonForm
from rfqs.models import Invitation, LateAdmission, Subject
from rfqs.views.asking import Question, ask, done
from rfqs.views.fetching import AuthedRequest, visible_rfq


@require_http_methods(["GET", "POST"])
def late(request: AuthedRequest, number: str, pk: UUID) -> HttpResponse:
    """Ask to admit the late quotation of a supplier, or confirm what somebody else asked for."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_admit_late, request.user, rfq)
    invitation = get_object_or_404(rfq.invitations.select_related("supplier"), supplier=pk)
    invitation.rfq = rfq
    if request.method != "POST":
        return ask(request, rfq, _question(invitation))
    return (_confirm if "seen" in request.POST else _ask)(request, invitation)


@require_POST
def take_back_late(request: AuthedRequest, number: str, pk: UUID) -> HttpResponse:
    """Withdraw the wish; a refusal is a page of its own."""
    rfq = visible_rfq(request, number)
    policy.insist(policy.can_admit_late, request.user, rfq)
    get_object_or_404(rfq.invitations, supplier=pk)
    admission = admitting.take_back(rfq_id=rfq.pk, supplier_id=pk, by=request.user)
    facts = {"name": admission.invitation.supplier.name}
    messages.success(request, _("No late quotation of %(name)s is asked for any more.") % facts)
    return done(request, reverse("rfqs:detail", args=[number]))


def _ask(request: AuthedRequest, invitation: Invitation) -> HttpResponse:
    rfq, form = invitation.rfq, ReasonForm(request.POST)
    question = _asking(invitation, form)
    if not form.is_valid():
        return ask(request, rfq, question)
    try:
        admitting.ask(
            rfq_id=rfq.pk, supplier_id=invitation.supplier_id, by=request.user,
            reason=form.cleaned_data["reason"], once=once.read(request, request.user.pk),
        )  # fmt: skip
    except once.Repeated:
        return done(request, reverse("rfqs:detail", args=[rfq.number]))
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    name = {"name": invitation.supplier.name}
    messages.success(request, _("A late quotation of %(name)s is asked for.") % name)
    return done(request, reverse("rfqs:detail", args=[rfq.number]))


def _confirm(request: AuthedRequest, invitation: Invitation) -> HttpResponse:
    """Only what was shown is confirmed: not what somebody asked for a moment ago, with another reason."""
    rfq, form = invitation.rfq, ConfirmForm(request.POST)
    if not form.is_valid():
        return ask(request, rfq, _question(invitation), Stale(_("Look at it again, then confirm.")))
    try:
        admitting.confirm(
            rfq_id=rfq.pk, supplier_id=invitation.supplier_id, by=request.user,
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except DomainError as refusal:
        return ask(request, rfq, _question(invitation), refusal)
    name = {"name": invitation.supplier.name}
    messages.success(request, _("A late quotation of %(name)s can be entered now.") % name)
    return done(request, reverse("rfqs:detail", args=[rfq.number]))


def _question(invitation: Invitation) -> Question:
    """What there is to do now: confirm what is asked for, or ask."""
    asked = invitation.admissions.filter(round=invitation.rfq.round, closed_at=None)
    admission = asked.select_related("asked_by").first()
    if admission is None:
        return _asking(invitation, ReasonForm())
    return _confirming(invitation, admission)


def _asking(invitation: Invitation, form: ReasonForm) -> Question:
    text = _(
        "The closing time has passed. A second person with the same right confirms it before it can be"
        " entered, and the quotation says for ever that it came late, and why."
    )
    route = routing.route_for(invitation.rfq, routing.estimate(invitation.rfq), Subject.LATE)
    if route.signers:
        text = _(
            "The closing time has passed. By the policy “%(policy)s” it is approved before it can be entered:"
            " %(steps)s. The quotation says for ever that it came late, and why."
        ) % {"policy": route.policy_name, "steps": ", ".join(routing.labels(route))}
    return Question(
        title=_("Admit a late quotation of %(name)s") % {"name": invitation.supplier.name},
        text=text,
        button=_("Ask to admit it"), form=form,
    )  # fmt: skip


def _confirming(invitation: Invitation, admission: LateAdmission) -> Question:
    facts = {
        "name": invitation.supplier.name,
        "who": admission.asked_by,
        "why": admission.reason.rstrip("."),
    }
    return Question(
        title=_("Confirm a late quotation of %(name)s") % facts,
        text=_(
            "%(who)s asks to admit it after the closing time: %(why)s. Once you confirm, it can be entered"
            " until the quotations are opened, and says for ever that it came late, why, and who let it in."
        ) % facts,
        button=_("Confirm"), form=ConfirmForm(initial={"seen": admission.pk}),
    )  # fmt: skip
