"""Questions and answers: the buyer's page, and the suppliers'."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quoteflow.lib.errors import DomainError
from rfqs import policy
from rfqs.actions import clarifying
from rfqs.forms.clarifying import AnswerForm, QuestionForm
from rfqs.models import RFQ, Question
from rfqs.views.fetching import AuthedRequest, visible_rfq
from rfqs.views.pages import tab
from rfqs.views.visiting import Visitor, page_of, portal_page, visitor


@require_safe
def questions(request: AuthedRequest, number: str) -> HttpResponse:
    """What suppliers asked, and what they were answered."""
    return _tab(request, visible_rfq(request, number))


@require_POST
def answer(request: AuthedRequest, number: str, pk: UUID) -> HttpResponse:
    """Answer a question to everyone who was asked."""
    rfq = visible_rfq(request, number)
    question = get_object_or_404(Question, pk=pk, rfq=rfq)
    form = AnswerForm(question, request.POST)
    if not form.is_valid():
        return _tab(request, rfq, typed={pk: form}, status=422)
    try:
        clarifying.answer(question_id=pk, by=request.user, **form.cleaned_data)
    except DomainError as refusal:
        return _tab(request, rfq, typed={pk: form}, refusal=refusal, status=refusal.status)
    messages.success(request, _("The answer is on its way to everyone who was asked."))
    return redirect("rfqs:questions", number)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page
def supplier_questions(request: HttpRequest, number: str) -> HttpResponse:
    """What was answered to all, one's own questions that wait, and a form to ask."""
    who = visitor(request, number)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _supplier_page(request, who, form, status=422 if form.is_bound else 200)
    try:
        clarifying.ask(invitation_id=who.invitation.pk, text=form.cleaned_data["text"])
    except DomainError as refusal:
        return _supplier_page(request, who, form, refusal=refusal, status=refusal.status)
    messages.success(request, _("The question is sent. The answer goes to everyone who was asked."))
    return redirect("portal:questions", number)


def _tab(
    request: AuthedRequest,
    rfq: RFQ,
    *,
    typed: dict[UUID, AnswerForm] | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The buyer's page; `typed` holds the form that was refused. Nobody else is offered one."""
    found = rfq.questions.select_related("invitation__supplier", "answered_by")
    open_now = rfq.status == "open" and not rfq.is_closed_at(timezone.now())
    answering = open_now and policy.can_buy(request.user, rfq)
    forms = typed or {}
    waiting = [
        (one, forms.get(one.pk) or (AnswerForm(one) if answering else None))
        for one in found.waiting()
    ]
    context = {
        "waiting": waiting,
        "answered": found.answered(),
        "shows_askers": not rfq.prices_are_sealed,
        "form": next(iter(forms.values()), None),
        "refusal": refusal,
        "open_now": open_now,
    }
    return tab(request, rfq, "questions", context, status=status)


def _supplier_page(
    request: HttpRequest,
    who: Visitor,
    form: QuestionForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = page_of(who)
    rfq = who.invitation.rfq
    context |= {
        "form": form,
        "refusal": refusal,
        "answered": rfq.questions.answered().filter(answered_at__lt=rfq.deadline),
        "own": who.invitation.questions.waiting(),
        "may_ask": rfq.takes_questions_at(context["now"]),
    }
    return render(request, "portal/questions.html", context, status=status)
