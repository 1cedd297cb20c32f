"""What a person may do with a request now, and why not: flags of policy and state for the page's head."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from rfqs import policy
from rfqs.models import RFQ, ApprovalStep
from rfqs.route import parties
from rfqs.states import PUBLISHED, TERMINAL, Status


@dataclass(frozen=True)
class Offer:
    """One action: a link, or with `posts` a button. A `reason` says why it is not possible now."""

    label: str
    icon: str
    url: str
    tone: str = ""
    posts: bool = False
    dialog: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Offers:
    """The actions of a page: in front, behind the menu, and those that have to wait."""

    front: list[Offer]
    rest: list[Offer]
    waiting: list[Offer]


def offers(user: User, rfq: RFQ, steps: list[ApprovalStep], now: datetime) -> Offers:
    """Everything this person is offered. `steps` are those of the pending approval, if any."""
    found = _buying(rfq, steps, now) if policy.can_buy(user, rfq) else []
    found += _deciding(user, rfq, steps)
    if rfq.status in PUBLISHED and rfq.status != Status.EVALUATION:
        found.append(_compare(rfq))
    rest = _behind(rfq, now) if policy.can_buy(user, rfq) else []
    return Offers(
        front=[offer for offer in found if not offer.reason],
        rest=rest,
        waiting=[offer for offer in found if offer.reason],
    )


def _buying(rfq: RFQ, steps: list[ApprovalStep], now: datetime) -> list[Offer]:
    """What a buyer of the site does next."""
    if rfq.status in (Status.DRAFT, Status.REVIEW):
        return _drafting(rfq, steps)
    if rfq.status == Status.OPEN:
        return _collecting(rfq, steps, now)
    if rfq.status == Status.EVALUATION:
        return [
            Offer(_("Compare and pick"), "scale", _to("compare", rfq), tone="primary"),
            Offer(_("Submit award"), "send", _to("award", rfq)),
            Offer(_("Another round"), "refresh-cw", _to("negotiate", rfq)),
        ]
    if rfq.status == Status.PENDING:
        decided = any(hasattr(step, "decision") for step in steps)
        reason = _("somebody has decided already; ask them to return it.") if decided else ""
        url = _to("withdraw", rfq)
        return [Offer(_("Withdraw award"), "undo-2", url, posts=True, reason=reason)]
    if rfq.status == Status.APPROVED:
        return [_cancelling(rfq, steps)]
    return []


def _cancelling(rfq: RFQ, steps: list[ApprovalStep]) -> Offer:
    """Take an approved award back, or think better of it."""
    if not any(step.status == "active" for step in steps):
        return Offer(_("Cancel award"), "undo-2", _to("cancel_award", rfq), dialog=True)
    decided = any(hasattr(step, "decision") for step in steps)
    reason = _("somebody has decided already.") if decided else ""
    return Offer(_("Keep the award"), "undo-2", _to("keep_award", rfq), posts=True, reason=reason)


def _drafting(rfq: RFQ, steps: list[ApprovalStep]) -> list[Offer]:
    publish = Offer(_("Check and publish"), "send", _to("check", rfq), tone="primary")
    if rfq.status == Status.REVIEW:
        decided = any(hasattr(step, "decision") for step in steps)
        reason = _("somebody has decided already; ask them to return it.") if decided else ""
        url = _to("take_back", rfq)
        return [Offer(_("Back to draft"), "undo-2", url, posts=True, reason=reason)]
    return [Offer(_("Edit"), "pencil", _to("edit", rfq)), publish]


def _collecting(rfq: RFQ, steps: list[ApprovalStep], now: datetime) -> list[Offer]:
    closed = rfq.is_closed_at(now)
    over = _("the closing time has passed.") if closed else ""
    early = ""
    if not rfq.quotation_count and rfq.round == 1:  # later the last quotations stand
        early = _("there is no quotation yet.")
    elif any(step.status == "active" for step in steps):
        early = _("a late quotation waits for its approval.")
    elif rfq.is_sealed and not closed:
        early = _("a sealed request is opened after its closing time.")
    new, extend, evaluate = (_to(name, rfq) for name in ("quotation_new", "extend", "evaluate"))
    asked = rfq.opening_asked_by_id is not None
    begin = _("Confirm the opening") if asked else _("Begin evaluation")
    if rfq.is_sealed and not asked:
        begin = _("Open the quotations")
    amend = _to("amend", rfq)
    return [
        Offer(_("Add quotation"), "plus", new, tone="" if closed else "primary", reason=over),
        Offer(begin, "scale", evaluate, tone="primary" if closed else "", posts=True, reason=early),
        Offer(_("Extend"), "calendar", extend, dialog=True, reason=over),
        Offer(_("Addendum"), "file-text", amend, reason=over),
    ]


def _deciding(user: User, rfq: RFQ, steps: list[ApprovalStep]) -> list[Offer]:
    active = next((step for step in steps if step.status == "active"), None)
    if active is None or not user.is_approver:
        return []
    decided = parties(steps, active)
    if user.pk in decided or policy.decides_as(user, active.request, active, decided) is None:
        return []
    url = reverse("rfqs:inbox_item", args=[rfq.number])
    return [Offer(_("Decide"), "gavel", url, tone="primary")]


def _compare(rfq: RFQ) -> Offer:
    reason = ""
    if rfq.prices_are_sealed:
        reason = _("the prices are sealed until the opening.")
    elif not rfq.quotation_count:
        reason = _("there is no quotation yet.")
    return Offer(_("Compare"), "scale", _to("compare", rfq), reason=reason)


def _behind(rfq: RFQ, now: datetime) -> list[Offer]:
    """The rarer actions, behind the menu."""
    found = [Offer(_("Copy to a new draft"), "copy", _to("copy", rfq), dialog=True)]
    closable = rfq.status == Status.EVALUATION or (
        rfq.status == Status.OPEN and rfq.is_closed_at(now)
    )
    if closable:
        url = _to("close", rfq)
        found.append(Offer(_("Close as unsuccessful"), "ban", url, tone="bad", dialog=True))
    if rfq.status not in TERMINAL:
        url = _to("cancel", rfq)
        found.append(Offer(_("Cancel the request"), "circle-x", url, tone="bad", dialog=True))
    return found


def _to(name: str, rfq: RFQ) -> str:
    return reverse(f"rfqs:{name}", args=[rfq.number])
