"""Writing a request: new, edit, autosave, copy, cancel."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from quoteflow.lib import once
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed, Stale
from quoteflow.lib.numbers import small_count
from rfqs import policy
from rfqs.actions import drafting
from rfqs.forms.drafting import (
    SUGGESTED_TERMS,
    AttachForm,
    Beginning,
    Editor,
    ReasonForm,
)
from rfqs.forms.grid import SPARE_ROWS
from rfqs.forms.units import USUAL
from rfqs.models import RFQ
from rfqs.views.asking import Question, ask, done
from rfqs.views.fetching import visible_rfq

NOT_FIELDS = ("csrfmiddlewaretoken", "version")
SHOWS_MORE = {"add", "switch"}  # buttons that ask for more lines, or for those of another type


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a request: site, type, title, and its first lines; its number is given here."""
    user = cast(User, request.user)
    if not user.is_buyer:
        raise NotAllowed(policy.SENTENCES[policy.can_create_at]())
    beginning = Beginning(user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or SHOWS_MORE & set(request.POST):
        beginning.grid.spare(SPARE_ROWS if "add" in request.POST else 0)
        return _beginning(request, beginning)
    if not beginning.is_valid():
        return _beginning(request, beginning, status=422)
    try:
        rfq = drafting.create(by=user, once=once.read(request, user.pk), **beginning.facts())
    except once.Repeated as done_before:
        rfq = _made(user, done_before)
    except Incomplete as refusal:
        return _beginning(request, beginning, status=422, refusal=refusal)
    return redirect("rfqs:edit", rfq.number)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The editor of a draft; saving leads back here, or on to the suppliers or the check."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    drafting.insist_draft(rfq, user)
    if request.method != "POST":
        return _page(request, Editor(rfq))
    editor = Editor(rfq, request.POST)
    if "add" in request.POST:
        editor.grid.spare(SPARE_ROWS)
        return _page(request, editor)
    if not editor.is_valid():
        return _page(request, editor, status=422)
    try:
        drafting.revise(
            rfq_id=rfq.pk,
            version=_version(request),
            by=user,
            head=editor.facts(),
            lines=editor.values(),
        )
    except Stale as refusal:
        return _conflict(request, editor, refusal)
    except Incomplete as refusal:
        return _page(request, editor, status=422, refusal=refusal)
    messages.success(request, _("%(number)s is saved.") % {"number": rfq.number})
    target = request.POST.get("next", "edit")
    return redirect(f"rfqs:{target if target in ('suppliers', 'check') else 'edit'}", number)


@require_POST
def autosave(request: HttpRequest, number: str) -> JsonResponse:
    """Save what fits, keep what does not, and answer as static/js/forms.js expects."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    editor, version = Editor(rfq, request.POST), _version(request)
    try:
        drafting.insist_draft(rfq, user)
        if editor.is_valid():
            saved = drafting.revise(
                rfq_id=rfq.pk, version=version, by=user, head=editor.facts(), lines=editor.values()
            )
        else:
            saved = drafting.keep_typed(
                rfq_id=rfq.pk, version=version, by=user, typed=_typed(request)
            )
    except Stale as refusal:
        return JsonResponse(_both(rfq, editor, refusal), status=409)
    except DomainError as refusal:
        return JsonResponse({"message": str(refusal), "errors": {}}, status=refusal.status)
    answer = {"version": saved.version, "saved_at_text": _clock(user), "errors": editor.errors()}
    return JsonResponse(answer | {"values": _keys(saved, editor)})


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """Begin a new draft with the words, lines and suppliers of this request."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    question = Question(
        title=_("Copy %(number)s") % {"number": number},
        text=_(
            "A new draft gets the words, the lines and the suppliers of this request, with the people who get"
            " copies; its closing time is open."
        ),
        button=_("Copy to a new draft"),
    )
    if request.method != "POST":
        return ask(request, rfq, question)
    try:
        new_rfq = drafting.copy(rfq_id=rfq.pk, by=user, once=once.read(request, user.pk))
    except once.Repeated as done_before:
        return done(request, reverse("rfqs:edit", args=[_made(user, done_before).number]))
    facts = {"new": new_rfq.number, "old": number}
    messages.success(request, _("%(new)s is a copy of %(old)s.") % facts)
    return done(request, reverse("rfqs:edit", args=[new_rfq.number]))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Call the request off, with a reason."""
    rfq, user = visible_rfq(request, number), cast(User, request.user)
    policy.insist(policy.can_buy, user, rfq)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    question = Question(
        title=_("Cancel %(number)s") % {"number": number},
        text=_("This cannot be undone. Suppliers who were asked are told that it is off, without your reason."),
        button=_("Cancel the request"), tone="bad", form=form,
    )  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return ask(request, rfq, question)
    try:
        drafting.cancel(rfq_id=rfq.pk, by=user, reason=form.cleaned_data["reason"])
    except DomainError as refusal:
        return ask(request, rfq, question, refusal)
    messages.success(request, _("%(number)s is cancelled.") % {"number": number})
    return done(request, reverse("rfqs:detail", args=[number]))


def _beginning(
    request: HttpRequest,
    beginning: Beginning,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
) -> HttpResponse:
    if not beginning.grid.rows:
        beginning.grid.spare()  # lines of another type were never shown
    context = {
        "rfq": beginning.draft,
        "form": beginning.head,
        "grid": beginning.grid,
        "links": beginning.grid.links,
        "units": USUAL.values(),
        "refusal": refusal,
    }
    return render(request, "rfqs/new.html", context, status=status)


def _made(user: User, before: once.Repeated) -> RFQ:
    """The request that the first sending of the form made."""
    return get_object_or_404(RFQ.objects.visible_to(user), pk=before.subject)


def _page(
    request: HttpRequest,
    editor: Editor,
    *,
    status: int = 200,
    refusal: DomainError | None = None,
    **more: Any,
) -> HttpResponse:
    rfq = editor.rfq
    if editor.is_typed and request.method != "POST":
        editor.is_valid()  # what was typed and kept shows its errors again
    context = {
        "rfq": rfq,
        "editor": editor,
        "form": editor.head,
        "grid": editor.grid,
        "links": editor.links,
        "refusal": refusal,
        "problems": getattr(refusal, "problems", []),
        "units": USUAL.values(),
        "terms": SUGGESTED_TERMS,
        "attachments": rfq.attachments.order_by("-uploaded_at", "pk"),
        "attach_form": AttachForm(rfq),
    }
    return render(request, "rfqs/edit.html", context | more, status=status)


def _conflict(request: HttpRequest, editor: Editor, refusal: Stale) -> HttpResponse:
    """Both versions side by side, what was typed below; saving again then means it."""
    stored = visible_rfq(request, editor.rfq.number)
    stored.typed = None
    differences = editor.differences(Editor(stored))
    editor.rfq.version = stored.version
    return _page(request, editor, status=409, conflict=refusal, differences=differences)


def _both(rfq: RFQ, editor: Editor, refusal: Stale) -> dict[str, Any]:
    rfq.refresh_from_db()
    rfq.typed = None
    theirs = {
        one.name: {"label": one.label, "value": one.theirs}
        for one in editor.differences(Editor(rfq))
    }
    return {
        "message": str(refusal),
        "reload_url": reverse("rfqs:edit", args=[rfq.number]),
        "theirs": theirs,
    }


def _version(request: HttpRequest) -> int:
    """The version the page was made from; 0, which never is one, for none."""
    return small_count(request.POST.get("version", ""))


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: [str(one).replace("\0", "") for one in values]
        for name, values in request.POST.lists()
        if name not in NOT_FIELDS
    }


def _keys(rfq: RFQ, editor: Editor) -> dict[str, str]:
    """The ids of the lines just stored, by the hidden input of each."""
    if rfq.typed is not None:
        return {}
    keys = rfq.lines.order_by("position").values_list("pk", flat=True)
    rows = editor.grid.used
    return {f"l-{row.index}-id": str(key) for row, key in zip(rows, keys, strict=True)}


def _clock(user: User) -> str:
    return timezone.now().astimezone(user.zone).strftime("%H:%M")
