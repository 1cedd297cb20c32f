"""One question before something happens: a page without scripts, a dialog with htmx."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from quoteflow.lib.errors import DomainError
from quoteflow.lib.htmx import render_swap, wants_fragment
from rfqs.models import RFQ


@dataclass(frozen=True)
class Question:
    """What is asked, and the word of the button that does it."""

    title: str
    text: str
    button: str
    tone: str = "primary"
    form: Any = None


def ask(
    request: HttpRequest, rfq: RFQ, question: Question, refusal: DomainError | None = None
) -> HttpResponse:
    """Show the question; after a refusal with its sentence and status, what was typed stays."""
    status = refusal.status if refusal else 422 if question.form and question.form.errors else 200
    context = {"rfq": rfq, "question": question, "form": question.form, "refusal": refusal}
    return render_swap(
        request, page="rfqs/ask.html", fragment="rfqs/_ask.html", context=context, status=status
    )


def done(request: HttpRequest, url: str) -> HttpResponse:
    """Go to the page that shows the new fact, from a dialog as well."""
    if not wants_fragment(request):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
