"""One request, read: overview, lines, quotations, files, activity."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from quoteflow.audit.models import AuditEvent
from quoteflow.lib.composed import ComposedModels
from quoteflow.lib.htmx import render_swap, wants_fragment
from quoteflow.notifications.models import OutboxMessage, State
from rfqs import activity as story
from rfqs import linetable, listing, policy
from rfqs.forms.drafting import AttachForm
from rfqs.models import (
    RFQ,
    ApprovalStep,
    Attachment,
    AwardGap,
    AwardLine,
    AwardStatus,
    Exceptional,
    Invitation,
    InvitationCopy,
    InvitationStatus,
    LateAdmission,
    PurchaseOrder,
    Quotation,
    QuotationStatus,
)
from rfqs.states import TERMINAL, Status
from rfqs.views import offering, rows
from rfqs.views.fetching import AuthedRequest, visible_rfq

MOST_EVENTS = 300
TABS = {  # all but the first, as the title of the page names them
    "lines": _lazy("Lines"), "quotations": _lazy("Quotations"), "questions": _lazy("Questions"),
    "addenda": _lazy("Addenda"), "files": _lazy("Files"), "activity": _lazy("Activity"),
}  # fmt: skip
OUTDATED = (QuotationStatus.SUPERSEDED, QuotationStatus.WITHDRAWN)


@require_safe
def detail(request: AuthedRequest, number: str) -> HttpResponse:
    """The request at a glance: facts, who was asked, the way of its approval, the outcome."""
    rfq = visible_rfq(request, number)
    steps = _steps(rfq)
    context = {"invited": _invited(rfq), "steps": steps, **_outcome(request, rfq)}
    context["waits"] = rfq.status in (Status.REVIEW, Status.PENDING)
    context["is_taking"] = rfq.status in (Status.DRAFT, Status.REVIEW, Status.OPEN)
    asking = rfq.status == Status.OPEN and not rfq.is_closed_at(timezone.now())
    context["may_send_again"] = asking and policy.can_buy(request.user, rfq)
    context["may_admit_late"] = (
        rfq.status == Status.OPEN and not asking and policy.can_admit_late(request.user, rfq)
    )
    return tab(request, rfq, "overview", context, steps=steps)


@require_safe
def lines(request: AuthedRequest, number: str) -> HttpResponse:
    """What is asked for."""
    rfq = visible_rfq(request, number)
    found = list(rfq.lines.select_related("unit").order_by("position"))
    context = {"heads": linetable.columns(rfq), "rows": linetable.rows(rfq, found)}
    return tab(request, rfq, "lines", context)


@require_safe
def quotations(request: AuthedRequest, number: str) -> HttpResponse:
    """Who quoted what, every revision; while the prices are sealed only how many."""
    rfq = visible_rfq(request, number)
    found = (
        Quotation.objects.visible_to(request.user)
        .filter(rfq=rfq)
        .select_related("supplier", "entered_by", "source")
        .annotate(answered=Count("lines", filter=Q(lines__unit_price__isnull=False)))
        .order_by("supplier__name", "supplier", "-round", "-revision")
    )
    context = {"quotations": found, "outdated": OUTDATED, "today": timezone.localdate()}
    return tab(request, rfq, "quotations", context)


@require_safe
def files(request: AuthedRequest, number: str) -> HttpResponse:
    """The files of the request, newest first."""
    return files_tab(request, visible_rfq(request, number))


@require_safe
def activity(request: AuthedRequest, number: str) -> HttpResponse:
    """Everything that happened, newest first."""
    rfq = visible_rfq(request, number)
    events = list(AuditEvent.objects.of(rfq.pk).order_by("-seq")[: MOST_EVENTS + 1])
    readable = {str(pk) for pk in _files(request, rfq).values_list("pk", flat=True)}
    told = [story.tell(event, rfq, readable) for event in events[:MOST_EVENTS]]
    context = {"events": told, "cut": len(events) > MOST_EVENTS, "most": MOST_EVENTS}
    return tab(request, rfq, "activity", context)


def files_tab(request: AuthedRequest, rfq: RFQ, **more: Any) -> HttpResponse:
    """The tab of files; `status`, `attach_form` and `attach_refusal` after a refused upload."""
    status = more.pop("status", 200)
    found = list(_files(request, rfq).select_related("uploaded_by").order_by("-uploaded_at", "pk"))
    sealed = rfq.attachments.count() - len(found) if rfq.prices_are_sealed else 0
    context = {"files": found, "sealed": sealed}
    if policy.can_buy(request.user, rfq) and rfq.status not in TERMINAL:
        context["attach_form"] = AttachForm(rfq)
    return tab(request, rfq, "files", context | more, status=status)


def tab(
    request: AuthedRequest,
    rfq: RFQ,
    name: str,
    context: dict[str, Any],
    *,
    steps: list[ApprovalStep] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a request with this tab in front, or the tab alone for htmx."""
    now = timezone.now()
    if steps is None:
        steps = _steps(rfq) if rfq.status in (Status.REVIEW, Status.PENDING) else []
    shared = {
        "rfq": rfq,
        "tab": name,
        "heading": _heading(rfq, name),
        "is_fragment": wants_fragment(request),
        "body": f"rfqs/_{name}.html",
        "kind": rows.kind_cell(rfq.commodity_type),
        "badge": rows.status_badge(
            listing.derived_status(rfq.status, rfq.deadline, rfq.quotation_count, now)
        ),
        "offers": offering.offers(request.user, rfq, steps, now),
        "may_buy": policy.can_buy(request.user, rfq),
        "currency": settings.BASE_CURRENCY,
        "now": now,
    }
    return render_swap(
        request,
        page="rfqs/detail.html",
        fragment="rfqs/_panel.html",
        context=shared | context,
        status=status,
    )


def _heading(rfq: RFQ, name: str) -> str:
    """The title of the page: each tab has its own, so that the history of the browser tells them apart."""
    return (
        f"{rfq.number} {TABS[name]}, {rfq.title}" if name in TABS else f"{rfq.number} {rfq.title}"
    )


def _files(request: AuthedRequest, rfq: RFQ) -> Any:
    return Attachment.objects.visible_to(request.user).filter(rfq=rfq)


def _invited(rfq: RFQ) -> list[dict[str, Any]]:
    """The suppliers that were asked; while prices are sealed nobody learns who has quoted."""
    found: list[Any] = [*_ASKED.fetch("asked", {"rfq": rfq.pk})]
    for one in found:
        one.rfq = rfq
    return [
        {
            "supplier": one.supplier,
            "badge": _standing(one).value,
            "word": _standing(one).label,
            "reason": one.reason,
            "sent": one.sent_at is not None and one.round == rfq.round,
            "left_out_of": one.round + 1 if one.round < rfq.round else 0,
            "failed": one.mail_state == State.FAILED and one.mail_error,
            "unreachable": one.unreachable_since,
            "mail_to": one.mail_to,
            "corrected_by": one.corrected_by,
            "late": one.late,
            "copies": one.copied,
        }
        for one in found
    ]


def _standing(one: Any) -> InvitationStatus:
    """Its status as pages may show it; a mail that failed has not been sent."""
    told: InvitationStatus = one.told
    failed = one.mail_state == State.FAILED and told == InvitationStatus.SENT
    return InvitationStatus.BOUNCED if failed else told


def _steps(rfq: RFQ) -> list[ApprovalStep]:
    """The steps of the latest approval, with what was decided."""
    found = _SIGNED.fetch("steps", {"rfq": rfq.pk})
    return [step for step in found if step.request_id == found[0].request_id]


def _outcome(request: AuthedRequest, rfq: RFQ) -> dict[str, Any]:
    """The living award with its lines, gaps and orders; a draft only to those who write it."""
    if rfq.prices_are_sealed or rfq.status in (Status.DRAFT, Status.REVIEW):
        return {}
    lines = _AWARDED.fetch("lines", {"rfq": rfq.pk})
    if not lines:
        return {}
    award = lines[0].award
    if award.status == AwardStatus.DRAFT and not policy.can_buy(request.user, rfq):
        return {}
    labels = dict(Exceptional.choices)
    return {
        "award": award,
        "award_lines": [line for line in lines if line.award_id == award.pk],
        "gaps": AwardGap.objects.filter(award=award)
        .select_related("rfq_line")
        .order_by("rfq_line__position"),
        "reasons": [(labels.get(name, name), text) for name, text in award.reasons.items()],
        "orders": PurchaseOrder.objects.filter(award=award)
        .select_related("supplier")
        .order_by("number"),
        "may_number": award.status == AwardStatus.APPROVED
        and not award.apd_number
        and policy.can_number(request.user, rfq),
        "remembers": award.status == AwardStatus.APPROVED,
        "award_word": _("Draft award") if award.status == AwardStatus.DRAFT else _("Award"),
    }


def _letter(field: str) -> Subquery:
    """A field of the invitation's newest mail."""
    letters = OutboxMessage.objects.filter(about=OuterRef("pk"), kind="invitation")
    return Subquery(letters.order_by("-pk").values(field)[:1])


def _admission() -> Subquery:
    """Who asked last to admit a late quotation in this round, why, and what became of it."""
    words = {
        "why": "reason",
        "asked": "asked_by__full_name",
        "asker": "asked_by",
        "confirmed": "confirmed_by__full_name",
        "approval": "approval__status",
        "closed": "closed_at",
    }
    rows = LateAdmission.objects.filter(invitation=OuterRef("pk"), round=OuterRef("rfq__round"))
    return Subquery(rows.order_by("-asked_at").values(told=JSONObject(**words))[:1])


def _copies() -> ArraySubquery:
    """Who gets copies of its letters, and what stopped the newest of each."""
    letters = OutboxMessage.objects.filter(about=OuterRef("pk")).order_by("-pk")
    failed = Subquery(letters.values(why=Case(When(state=State.FAILED, then="last_error")))[:1])
    rows = InvitationCopy.objects.filter(invitation=OuterRef("pk"), contact__is_active=True)
    told = JSONObject(name="contact__name", failed=failed)
    return ArraySubquery(rows.order_by("contact__name", "pk").values(told=told))


# What every look at a request reads, composed once.
_ASKED = ComposedModels(
    lambda _shape, values: (
        Invitation.objects.filter(rfq=values["rfq"])
        .select_related("supplier", "corrected_by")
        .annotate(mail_state=_letter("state"), mail_error=_letter("last_error"), late=_admission())
        .annotate(copied=_copies())
        .order_by("supplier__name", "pk")
    )
)
_SIGNED = ComposedModels(
    lambda _shape, values: (
        ApprovalStep.objects.filter(request__rfq=values["rfq"])
        .select_related("request__requested_by", "decision__by", "decision__on_behalf_of")
        .order_by("-request__created_at", "-request", "sequence")
    )
)
_AWARDED = ComposedModels(
    lambda _shape, values: (
        AwardLine.objects.filter(award__rfq=values["rfq"])
        .exclude(award__status=AwardStatus.CANCELLED)
        .select_related("award__author", "supplier", "rfq_line__unit", "quotation_line__unit")
        .order_by("-award__created_at", "award", "rfq_line__position", "supplier__name")
    )
)
