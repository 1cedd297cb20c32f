"""Making a supplier active where a policy wants that approved: ask for it, look at it, decide."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quoteflow.lib import once
from quoteflow.lib.countries import NAMES
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.ids import is_id
from rfqs import policy, routing
from rfqs.actions import activating
from rfqs.forms.activating import ActivationForm
from rfqs.forms.deciding import DecisionForm, RefusalForm
from rfqs.inbox import inside
from rfqs.models import Activation, ActivationDecision, RequestStatus, StepStatus
from rfqs.route import parties, stages, steps_of, why_not
from rfqs.views import inboxing
from rfqs.views.fetching import AuthedRequest
from suppliers.models import Supplier, SupplierStatus

VERBS = (
    ("approve", "activation_approve"),
    ("reject", "activation_reject"),
    ("send_back", "activation_return"),
)


@require_GET
def inbox_supplier(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """One supplier in the inbox, with its way, its facts, and the decision."""
    supplier = _supplier(request, pk)
    found = _activation(supplier, request.GET.get("approval", ""))
    if found is None:
        raise Http404
    return inboxing.page(request, inboxing.listed(request) | _beside(request, supplier, found))


@require_http_methods(["GET", "POST"])
def activation(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """What waits or was decided; a POST asks for it."""
    supplier = _supplier(request, pk)
    if request.method != "POST":
        return _page(request, supplier)
    policy.insist(policy.can_ask_activation, request.user, supplier)
    form = ActivationForm(request.POST)
    if not form.is_valid():
        return _page(request, supplier, ask_form=form, status=422)
    key = once.read(request, request.user.pk)
    try:
        activating.ask(
            supplier_id=pk, by=request.user, reason=form.cleaned_data["reason"], once=key
        )
    except once.Repeated:
        return redirect("rfqs:activation", pk)
    except DomainError as refusal:
        return _page(request, supplier, ask_form=form, refusal=refusal, status=refusal.status)
    facts = {"name": supplier.name}
    messages.success(request, _("The activation of %(name)s waits for its approval.") % facts)
    return redirect("rfqs:activation", pk)


@require_POST
def activation_approve(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say yes to the step that waits."""
    return _decide(request, pk, DecisionForm(request.POST), activating.approve)


@require_POST
def activation_reject(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Say no."""
    return _decide(request, pk, RefusalForm(request.POST), activating.reject)


@require_POST
def activation_return(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Return it for changes."""
    return _decide(request, pk, RefusalForm(request.POST), activating.send_back)


@require_POST
def activation_take_back(request: AuthedRequest, pk: UUID) -> HttpResponse:
    """Withdraw the wish."""
    supplier = _supplier(request, pk)
    try:
        activating.take_back(supplier_id=pk, by=request.user)
    except DomainError as refusal:
        return _page(request, supplier, refusal=refusal, status=refusal.status)
    facts = {"name": supplier.name}
    messages.success(request, _("The activation of %(name)s is not asked for any more.") % facts)
    return redirect("rfqs:activation", pk)


def _decide(
    request: AuthedRequest, pk: UUID, form: DecisionForm, act: Callable[..., ActivationDecision]
) -> HttpResponse:
    supplier = _supplier(request, pk)
    if not _worded(form).is_valid():
        wrong = Incomplete(_("The decision is not recorded yet."))
        return _refused(request, supplier, form, wrong)
    said = form.cleaned_data
    try:
        decision = act(
            supplier_id=pk, by=request.user, seen=said["seen"], step_id=said["step"],
            comment=said["comment"],
        )  # fmt: skip
    except DomainError as refusal:
        return _refused(request, supplier, form, refusal)
    return inboxing.decided(request, _sentence(supplier, decision))


def _refused(
    request: AuthedRequest, supplier: Supplier, form: DecisionForm, refusal: DomainError
) -> HttpResponse:
    """The reason, beside the form."""
    found = _activation(supplier, step=form.data.get("step", ""))
    if found is None:
        raise Http404
    context = _beside(request, supplier, found) | {"refusal": refusal, "form": form}
    return inboxing.refused(request, context)


def _sentence(supplier: Supplier, decision: ActivationDecision) -> str:
    """The new fact."""
    name = {"name": supplier.name}
    if decision.activation.status == RequestStatus.PENDING:
        return _("You approved the activation of %(name)s. The next step is asked now.") % name
    if decision.activation.status == RequestStatus.APPROVED:
        return _("%(name)s is active and can be asked for prices.") % name
    return _("%(name)s is not made active; who asked reads why.") % name


def _supplier(request: AuthedRequest, pk: UUID) -> Supplier:
    """Whoever has a role inside, and the back office; of others 404."""
    user = request.user
    if user.is_supplier or not (inside(user) or user.is_staff):
        raise Http404
    return get_object_or_404(Supplier, pk=pk)


def _activation(supplier: Supplier, pk: str = "", step: str = "") -> Activation | None:
    """The one that is named, or whose step is; else the newest."""
    made = Activation.objects.filter(supplier=supplier).select_related("requested_by")
    if is_id(step):
        made = made.filter(steps__pk=step)
    elif is_id(pk):
        made = made.filter(pk=pk)
    return made.order_by("-created_at").first()


def _page(
    request: AuthedRequest, supplier: Supplier, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The supplier as it is now, the newest activation, and what this person may do."""
    found = _activation(supplier)
    context = _beside(request, supplier, found) if found else _facts(supplier)
    route = routing.activation_route()
    waits = found is not None and found.status == RequestStatus.PENDING
    context |= {
        "waits": waits,
        "route": route,
        "signers": routing.labels(route) if route else [],
        "may_ask": policy.can_ask_activation(request.user, supplier),
    }
    is_free = not waits and supplier.status != SupplierStatus.ACTIVE
    if is_free and context["may_ask"] and route is not None:
        context["ask_form"] = ActivationForm()
    return render(request, "rfqs/activation.html", context | more, status=status)


def _facts(supplier: Supplier) -> dict[str, Any]:
    """The supplier as it is now."""
    supplier.refresh_from_db()
    return {
        "supplier": supplier,
        "country": NAMES.get(supplier.country, supplier.country),
        "contacts": list(supplier.contacts.order_by("-is_primary", "name", "pk")),
    }


def _beside(request: AuthedRequest, supplier: Supplier, found: Activation) -> dict[str, Any]:
    """The supplier with the way of one activation, and the form of who decides its step."""
    steps = steps_of(found)
    active = next((step for step in steps if step.status == StepStatus.ACTIVE), None)
    context = _facts(supplier) | {
        "activation": found,
        "current": str(found.pk),
        "open_number": supplier.name,
        "verbs": {verb: reverse(f"rfqs:{name}", args=[supplier.pk]) for verb, name in VERBS},
        "stages": stages(found, steps),
        "active": active,
        "step_count": len(steps),
        "why_not": why_not(request.user, found, steps),
    }
    if active is not None and not context["why_not"]:
        person = policy.decides_as(request.user, found, active, parties(steps, active))
        context["stands_for"] = None if person == request.user else person
        seen = activating.shown(found)  # after all that is shown was read
        context["form"] = _worded(DecisionForm(initial={"step": active.pk, "seen": seen}))
        context["is_changed"] = seen != found.content_hash
    return context


def _worded(form: DecisionForm) -> DecisionForm:
    """Here no buyer reads the comment, but whoever asked."""
    form.fields["comment"].help_text = _(
        "Shown to who asked and kept in the history. Required to reject or return."
    )
    return form
