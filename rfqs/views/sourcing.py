"""Asking suppliers: choose, check, publish, extend, close."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf, Upper
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from quoteflow.lib import once
from quoteflow.lib.errors import DomainError, Incomplete
from quoteflow.lib.htmx import render_swap, wants_fragment
from rfqs import addressing, policy, routing
from rfqs.actions import drafting, linking, reviewing, sourcing
from rfqs.forms.drafting import ExtendForm, ReasonForm
from rfqs.forms.sourcing import AddressForm, PickerForm, filter_words
from rfqs.models import ACTIVE_INVITATIONS, ASKABLE_AGAIN, RFQ, Invitation, Quotation
from rfqs.models.rfq import unopened
from rfqs.states import IllegalTransition, Status
from rfqs.views.asking import Question, ask, done
from rfqs.views.fetching import visible_rfq
from suppliers.models import Contact, Supplier

SHOWN = 50  # suppliers of one search; more are asked to be narrowed
SUGGESTED = 8
GONE_TO = _lazy("The letters to %(name)s go to %(to)s now, with a new link.")
NOTED = _lazy("It is noted that no mail reaches %(name)s.")


@require_http_methods(["GET", "POST"])
def suppliers(request: HttpRequest, number: str) -> HttpResponse:
    """Who is asked: for a draft the choice itself, for an open request whom to ask besides."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    if rfq.status not in (Status.DRAFT, Status.OPEN):
        raise IllegalTransition(
            _("Suppliers are chosen while the request is a draft or open; it is “%(status)s” now.")
            % {"status": rfq.get_status_display()}
        )
    if request.method != "POST":
        return _picker(request, rfq)
    try:
        _choose(request, rfq, user)
    except DomainError as refusal:
        return _picker(request, rfq, refusal)
    if wants_fragment(request):
        rfq.refresh_from_db()
        return _picker(request, rfq)
    query = _asked(request).urlencode()
    return redirect(reverse("rfqs:suppliers", args=[number]) + (f"?{query}" if query else ""))


@require_http_methods(["GET"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Everything once more before the request goes out."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    drafting.insist_draft(rfq, user)
    return _check(request, rfq)


@require_POST
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Send the request to its suppliers."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    try:
        sourcing.publish(rfq_id=rfq.pk, by=user)
    except (Incomplete, sourcing.ReviewNeeded) as refusal:
        return _check(request, rfq, refusal)
    messages.success(
        request, _("%(number)s is open; the suppliers are asked.") % {"number": number}
    )
    return redirect("rfqs:detail", number)


@require_POST
def ask_review(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the approval that the publication needs."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    try:
        reviewing.ask_review(rfq_id=rfq.pk, by=user)
    except Incomplete as refusal:
        return _check(request, rfq, refusal)
    messages.success(
        request,
        _("%(number)s waits for its review; then the suppliers are asked.") % {"number": number},
    )
    return redirect("rfqs:detail", number)


@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Make a request in review a draft again."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    reviewing.take_back(rfq_id=rfq.pk, by=user)
    messages.success(request, _("%(number)s is a draft again.") % {"number": number})
    return redirect("rfqs:detail", number)


@require_POST
def send_again(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """Mail an invitation once more, with a new link."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    key = once.read(request, user.pk)
    try:
        invitation = linking.send_again(rfq_id=rfq.pk, supplier_id=pk, by=user, once=key)
    except once.Repeated:
        return redirect("rfqs:detail", number)
    facts = {"name": invitation.supplier.name}
    messages.success(
        request, _("%(name)s is asked again, with a new link; the old one is dead.") % facts
    )
    return redirect("rfqs:detail", number)


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, number: str, pk: UUID) -> HttpResponse:
    """The address of a supplier does not work: mail to another one, or note it."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    invitation = get_object_or_404(rfq.invitations.select_related("supplier"), supplier=pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    question, name = _where_to(invitation, form), invitation.supplier.name
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    email, key = form.cleaned_data["email"], once.read(request, user.pk)
    try:
        if email:
            linking.correct_address(rfq_id=rfq.pk, supplier_id=pk, by=user, email=email, once=key)
        else:
            linking.report_address(rfq_id=rfq.pk, supplier_id=pk, by=user)
    except once.Repeated:
        return done(request, reverse("rfqs:detail", args=[number]))
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(request, (GONE_TO if email else NOTED) % {"name": name, "to": email})
    return done(request, reverse("rfqs:detail", args=[number]))


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Move the closing time later."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    form = ExtendForm(rfq, request.POST if request.method == "POST" else None)
    question = Question(
        title=_("Extend %(number)s") % {"number": number},
        text=_("Everyone who was asked is told the new closing time and why. It moves later only."),
        button=_("Extend"), form=form,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    try:
        sourcing.extend(rfq_id=rfq.pk, by=user, **form.cleaned_data)
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(
        request, _("%(number)s closes later; the suppliers are told.") % {"number": number}
    )
    return done(request, reverse("rfqs:detail", args=[number]))


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    """End a request that nobody can win, with a reason."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    question = Question(
        title=_("Close %(number)s without success") % {"number": number},
        text=_("For a request that nobody can win: its closing time has passed and no quotation counts."),
        button=_("Close the request"), tone="bad", form=form,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    try:
        sourcing.close_unsuccessful(rfq_id=rfq.pk, by=user, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(request, _("%(number)s is closed as unsuccessful.") % {"number": number})
    return done(request, reverse("rfqs:detail", args=[number]))


def _where_to(invitation: Invitation, form: AddressForm) -> Question:
    mailed = addressing.address_for(invitation)[0] or _("no address at all")
    facts = {"name": invitation.supplier.name, "to": mailed}
    return Question(
        title=_("Address of %(name)s") % facts,
        text=_("Mail for %(name)s goes to %(to)s. A new address gets the invitation with a new link; the old"
               " link is dead. Your name stands beside the address wherever it shows.") % facts,
        button=_("Save"), form=form,
    )  # fmt: skip


def _choose(request: HttpRequest, rfq: RFQ, user: User) -> None:
    """Carry out a press of Add or Remove."""
    ticked = _ticked(request)
    if rfq.status == Status.OPEN:
        if not ticked:
            raise Incomplete(_("Tick at least one supplier."))
        sourcing.invite(rfq_id=rfq.pk, supplier_ids=ticked, by=user)
        return
    gone = _uuid(request.POST.get("remove", ""))
    if gone is None and not ticked:
        raise Incomplete(_("Tick at least one supplier."))
    change: dict[str, list[UUID]] = {"remove": [gone]} if gone else {"add": ticked}
    sourcing.change_suppliers(rfq_id=rfq.pk, by=user, **change)


def _picker(request: HttpRequest, rfq: RFQ, refusal: DomainError | None = None) -> HttpResponse:
    asked = _asked(request)
    form = PickerForm(asked, filter_words())
    invitations = list(
        rfq.invitations.select_related("supplier").order_by("supplier__name", "supplier_id")
    )
    left_out = [one for one in invitations if one.round < rfq.round]
    asked_back = {one.supplier_id for one in left_out if one.status in ASKABLE_AGAIN}
    chosen = {one.supplier_id for one in invitations} - asked_back
    found = list(_found(cast(User, request.user), form.wanted)[: SHOWN + 1])
    context = {
        "rfq": rfq,
        "form": form,
        "invitations": invitations,
        "chosen": chosen,
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "suggestions": [one for one in _suggested(rfq) if one.pk not in chosen | asked_back][
            :SUGGESTED
        ],
        "left_out": asked_back,
        "short_by": rfq.site.minimum_bids - len(invitations) + len(left_out),
        "query": asked.urlencode(),
        "refusal": refusal,
        "ticked": _ticked(request) if refusal else (),
    }
    fragment = "rfqs/_picker.html"
    if request.method == "GET" and request.headers.get("HX-Target") == "found":
        fragment = "rfqs/_found.html"
    return render_swap(
        request, page="rfqs/suppliers.html", fragment=fragment, context=context,
        status=refusal.status if refusal else 200,
    )  # fmt: skip


def _asked(request: HttpRequest) -> QueryDict:
    """What the list is narrowed to: of the address, or of the list a button was pressed under."""
    return QueryDict(request.POST["query"]) if "query" in request.POST else request.GET


def _found(user: User, wanted: dict[str, str]) -> QuerySet[Supplier]:
    """Suppliers that match, with the address that mail would go to."""
    contact = Contact.objects.filter(supplier=OuterRef("pk"), is_active=True).exclude(email="")
    first = contact.order_by("-is_primary", "pk").values("email")[:1]
    rows = Supplier.objects.visible_to(user).search(wanted["q"])
    for name in ("category", "state"):
        if wanted[name]:
            rows = rows.filter(**{name: wanted[name]})
    mail = Coalesce(Subquery(first), NullIf(F("email"), Value("")))
    return rows.annotate(mail=mail).order_by(Upper("name"), "pk")


def _suggested(rfq: RFQ) -> list[Supplier]:
    """Who quoted the same catalogue items before; who quoted a sealed request shows after its opening."""
    items = rfq.lines.exclude(item=None).values("item")
    told = Quotation.objects.filter(lines__line__item__in=items).exclude(unopened("rfq__"))
    rows = Supplier.objects.invitable().filter(pk__in=told.values("supplier"))
    return list(rows.exclude(quotations__rfq=rfq).order_by("name", "pk")[:20])


def _check(request: HttpRequest, rfq: RFQ, refusal: DomainError | None = None) -> HttpResponse:
    invitations = list(
        rfq.invitations.filter(status__in=ACTIVE_INVITATIONS)
        .select_related("supplier")
        .prefetch_related("supplier__contacts", "copies")
        .order_by("supplier__name", "pk")
    )
    review = routing.review_of(rfq)
    context: dict[str, Any] = {
        "rfq": rfq,
        "gaps": sourcing.missing(rfq, timezone.now()),
        "lines": rfq.lines.select_related("unit").order_by("position"),
        "mailed": [
            (
                one.supplier,
                *addressing.address_for(one),
                [contact for _copy, contact in addressing.copied_for(one)],
            )
            for one in invitations
        ],
        "few": len(invitations) < rfq.site.minimum_bids,
        "review": routing.labels(review) if review else [],
        "review_policy": review.policy_name if review else "",
        "attachments": rfq.attachments.order_by("name", "version"),
        "refusal": refusal,
    }
    return render_swap(
        request, page="rfqs/check.html", fragment="rfqs/check.html", context=context,
        status=refusal.status if refusal else 200,
    )  # fmt: skip


def _ticked(request: HttpRequest) -> list[UUID]:
    return [pk for pk in map(_uuid, request.POST.getlist("s")) if pk]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
