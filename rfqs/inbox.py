"""What waits for a person's decision, and what they decided: rows of text in one statement."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    CharField,
    Count,
    Exists,
    JSONField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from quoteflow.lib.money import format_money
from quoteflow.lib.templatetags.qf import fromnow
from rfqs.models import (
    RFQ,
    Activation,
    ActivationDecision,
    ActivationStep,
    ApprovalRequest,
    ApprovalStep,
    AwardLine,
    CommodityType,
    Decision,
    Exceptional,
    Outcome,
    RequestStatus,
    StepStatus,
    Subject,
)

TABS = {"waiting": _("Waiting for me"), "decided": _("Decided by me"), "all": _("All pending")}
PER_PAGE = 50
KIND_ICONS = {
    CommodityType.GOODS: "package",
    CommodityType.SERVICE: "wrench",
    CommodityType.TRANSPORT: "truck",
}
SHOWN_FLAGS = ("not_lowest", "tie", "single_bid", "above_last", "few_bids", "expired", "partial")
COLUMNS = (
    "rfq__number", "amount", "rfq__title", "rfq__commodity_type", "rfq__site__code", "rfq__site__name",
    "requested_by__full_name", "created_at", "since", "due", "mine", "award__reasons", "is_foreign", "status",
    "subject", "pk", "late__invitation__supplier__name",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One approval in the list, ready to print."""

    number: str
    approval: str  # its id
    value: str
    title: str
    icon: str
    meta: str
    age: str
    flags: list[str]
    mine: str
    outcome: str


@dataclass(frozen=True)
class Applicant:
    """A supplier in the list that is to become active, ready to print."""

    supplier: str  # its id
    activation: str  # its id
    name: str
    meta: str
    age: str
    is_over: bool  # the time limit
    mine: str
    outcome: str


@dataclass(frozen=True)
class Waiting:
    """How many decisions wait, for how long, worth how much in base currency; suppliers are worth nothing."""

    count: int
    oldest: datetime | None
    value: Decimal


NOTHING = Waiting(0, None, Decimal(0))


def rows_of(user: User, tab: str, page: int) -> tuple[list[Row], bool]:
    """One page of a tab, and whether there is another; one statement, however many rows."""
    start = (page - 1) * PER_PAGE
    found = list(
        _annotated(_requests(user, tab), user).values_list(*COLUMNS)[start : start + PER_PAGE + 1]
    )
    return [_row(values) for values in found[:PER_PAGE]], len(found) > PER_PAGE  # fmt: skip


def waiting_for(user: User) -> Waiting:
    """What waits for this person, added up; nothing for who decides nothing."""
    return overview(user, "")[0] if user.is_approver else NOTHING


def overview(user: User, tab: str) -> tuple[Waiting, list[Applicant]]:
    """What waits for this person, added up, and the tab's suppliers (PER_PAGE at most): one statement."""
    shown = _applicants(user, tab)
    if not user.is_approver and shown is None:
        return NOTHING, []
    steps, more = ApprovalStep.objects.awaiting(user), ActivationStep.objects.awaiting(user)
    asked = User.objects.filter(pk=user.pk).annotate(
        requests=_added_up(steps, Cast(Sum("request__amount"), CharField())),
        suppliers=_added_up(more, Value("0")),
        shown=ArraySubquery(shown) if shown is not None else Value(None, output_field=JSONField()),
    )
    sums, extra, listed = asked.values_list("requests", "suppliers", "shown").get()
    begun = [
        datetime.fromisoformat(one["oldest"]) for one in (sums, extra) if one and one["oldest"]
    ]
    count = sum(one["n"] for one in (sums, extra) if one)
    value = Decimal((sums or {}).get("value") or 0)
    found = [_applicant(facts) for facts in listed or ()]
    return Waiting(count, min(begun, default=None), value), found


def _added_up(steps: QuerySet[Any], value: Any) -> Subquery:
    """Number, oldest and value of steps, as one JSON object; amounts as text."""
    facts = JSONObject(n=Count("pk"), oldest=Min("activated_at"), value=value)
    grouped = steps.order_by().annotate(together=Value(1)).values("together")
    return Subquery(grouped.annotate(facts=facts).values("facts"))


def _applicants(user: User, tab: str) -> QuerySet[Any] | None:
    """The suppliers of a tab, each as a JSON object; None where the tab has none for this person."""
    found = Activation.objects.order_by("created_at", "pk")
    mine = ActivationDecision.objects.filter(activation=OuterRef("pk"), by=user)
    if tab == "decided":
        found = found.filter(decisions__by=user).order_by("-decisions__at", "pk")
    elif tab == "all" and inside(user):
        found = found.filter(status=RequestStatus.PENDING)
    elif tab == "waiting" and user.is_approver:
        found = found.filter(pk__in=ActivationStep.objects.awaiting(user).values("activation"))
    else:
        return None
    active = ActivationStep.objects.filter(activation=OuterRef("pk"), status=StepStatus.ACTIVE)
    facts = JSONObject(
        since=Coalesce(Subquery(active.values("activated_at")[:1]), "created_at"),
        due=Subquery(active.values("due_at")[:1]),
        supplier="supplier_id", activation="pk", name="supplier__name", code="supplier__code",
        asker="requested_by__full_name", mine=Subquery(mine.values("outcome")[:1]),
    )  # fmt: skip
    return found.annotate(facts=facts).values("facts")[:PER_PAGE]


def _applicant(facts: dict[str, Any]) -> Applicant:
    mine = facts["mine"] or ""
    due = facts["due"] and datetime.fromisoformat(facts["due"])
    return Applicant(
        supplier=facts["supplier"],
        activation=facts["activation"],
        name=facts["name"],
        meta=f"{facts['code']}, {facts['asker']}",
        age=fromnow(datetime.fromisoformat(facts["since"])),
        is_over=bool(due) and due <= timezone.now(),
        mine=mine,
        outcome=str(Outcome(mine).label) if mine else "",
    )


def inside(user: User) -> bool:
    """Whoever has a role in the house sees its suppliers."""
    return user.is_active and bool(user.roles) and not user.is_supplier


def _requests(user: User, tab: str) -> QuerySet[ApprovalRequest]:
    requests = ApprovalRequest.objects.filter(rfq__in=RFQ.objects.visible_to(user).values("pk"))
    if tab == "decided":
        return requests.filter(decisions__by=user).order_by("-decisions__at", "pk")
    if tab == "all":
        return requests.filter(status=RequestStatus.PENDING).order_by("created_at", "pk")
    waiting = ApprovalStep.objects.awaiting(user).values("request")
    return requests.filter(pk__in=waiting).order_by("created_at", "pk")


def _annotated(requests: QuerySet[ApprovalRequest], user: User) -> QuerySet[ApprovalRequest]:
    active = ApprovalStep.objects.filter(request=OuterRef("pk"), status=StepStatus.ACTIVE)
    mine = Decision.objects.filter(request=OuterRef("pk"), by=user)
    foreign = AwardLine.objects.filter(award=OuterRef("award")).exclude(
        currency=settings.BASE_CURRENCY
    )
    return requests.annotate(
        since=Subquery(active.values("activated_at")[:1]),
        due=Subquery(active.values("due_at")[:1]),
        mine=Subquery(mine.values("outcome")[:1]),
        is_foreign=Exists(foreign),
    )  # fmt: skip


def _row(values: tuple[object, ...]) -> Row:
    facts = dict(zip(COLUMNS, values, strict=True))
    kind = CommodityType(str(facts["rfq__commodity_type"]))
    reasons = facts["award__reasons"]
    held = [name for name in SHOWN_FLAGS if isinstance(reasons, dict) and name in reasons]
    flags = [str(Exceptional(name).label) for name in held]
    if facts["subject"] == Subject.CANCELLATION:
        flags = [str(_("Cancellation of the award"))]
    if facts["subject"] == Subject.PUBLICATION:
        flags = [str(_("Publication"))]
    if facts["subject"] == Subject.LATE:
        flags = [
            _("Late quotation of %(name)s") % {"name": facts["late__invitation__supplier__name"]}
        ]
    due = facts["due"]
    if isinstance(due, datetime) and due <= timezone.now():
        flags.insert(0, str(_("Over the time limit")))
    if facts["is_foreign"]:
        flags.append(str(_("Foreign currency")))
    mine = facts["mine"]
    site = f"{facts['rfq__site__code']} {facts['rfq__site__name']}"
    since = facts["since"] or facts["created_at"]
    return Row(
        number=str(facts["rfq__number"]),
        approval=str(facts["pk"]),
        value=format_money(facts["amount"], settings.BASE_CURRENCY),  # type: ignore[arg-type]
        title=str(facts["rfq__title"]),
        icon=KIND_ICONS[kind],
        meta=f"{kind.label}, {site}, {facts['requested_by__full_name']}",
        age=fromnow(since),  # type: ignore[arg-type]
        flags=flags,
        mine=str(mine or ""),
        outcome=str(Outcome(str(mine)).label) if mine else "",
    )  # fmt: skip
