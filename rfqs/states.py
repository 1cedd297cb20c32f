"""The states of a request, its invitations and its quotations, and the arrows between them (DOMAIN 2, 3).

Nothing else knows the arrows but the triggers that repeat them.
"""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoteflow.lib.errors import DomainError


class Status(models.TextChoices):
    """Where a request stands. "Closed" is not here: it is derived from the deadline."""

    DRAFT = "draft", gettext_lazy("Draft")
    REVIEW = "review", gettext_lazy("In review")
    OPEN = "open", gettext_lazy("Open")
    EVALUATION = "evaluation", gettext_lazy("Evaluation")
    PENDING = "pending", gettext_lazy("Awaiting approval")
    APPROVED = "approved", gettext_lazy("Approved")
    REJECTED = "rejected", gettext_lazy("Rejected")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    UNSUCCESSFUL = "unsuccessful", gettext_lazy("Unsuccessful")


class Event(models.TextChoices):
    """What can happen to a request."""

    ASK_REVIEW = "ask_review", gettext_lazy("ask for review")
    SEND_BACK = "send_back", gettext_lazy("send back to draft")
    PASS_REVIEW = "pass_review", gettext_lazy("publish after a review")
    PUBLISH = "publish", gettext_lazy("publish")
    EVALUATE = "evaluate", gettext_lazy("begin the evaluation")
    NEGOTIATE = "negotiate", gettext_lazy("start another round")
    FAIL = "fail", gettext_lazy("close as unsuccessful")
    SUBMIT = "submit", gettext_lazy("submit the award")
    RETURN = "return", gettext_lazy("return the award")
    WITHDRAW = "withdraw", gettext_lazy("withdraw the award")
    REJECT = "reject", gettext_lazy("reject the award")
    APPROVE = "approve", gettext_lazy("approve the award")
    VOID = "void", gettext_lazy("void the approval")
    CANCEL = "cancel", gettext_lazy("cancel")
    REOPEN = "reopen", gettext_lazy("reopen after a cancelled award")


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.DRAFT, Event.ASK_REVIEW): Status.REVIEW,
    (Status.REVIEW, Event.SEND_BACK): Status.DRAFT,
    (Status.REVIEW, Event.VOID): Status.DRAFT,
    (Status.DRAFT, Event.PUBLISH): Status.OPEN,
    (Status.REVIEW, Event.PASS_REVIEW): Status.OPEN,
    (Status.OPEN, Event.EVALUATE): Status.EVALUATION,
    (Status.OPEN, Event.FAIL): Status.UNSUCCESSFUL,
    (Status.EVALUATION, Event.FAIL): Status.UNSUCCESSFUL,
    (Status.EVALUATION, Event.NEGOTIATE): Status.OPEN,
    (Status.EVALUATION, Event.SUBMIT): Status.PENDING,
    (Status.PENDING, Event.RETURN): Status.EVALUATION,
    (Status.PENDING, Event.WITHDRAW): Status.EVALUATION,
    (Status.PENDING, Event.VOID): Status.EVALUATION,
    (Status.PENDING, Event.REJECT): Status.REJECTED,
    (Status.PENDING, Event.APPROVE): Status.APPROVED,
    (Status.APPROVED, Event.REOPEN): Status.EVALUATION,
    (Status.DRAFT, Event.CANCEL): Status.CANCELLED,
    (Status.REVIEW, Event.CANCEL): Status.CANCELLED,
    (Status.OPEN, Event.CANCEL): Status.CANCELLED,
    (Status.EVALUATION, Event.CANCEL): Status.CANCELLED,
    (Status.PENDING, Event.CANCEL): Status.CANCELLED,
}

TERMINAL = ("approved", "rejected", "cancelled", "unsuccessful")
PUBLISHED = ("open", "evaluation", "pending", "approved", "rejected", "unsuccessful")
IN_APPROVAL = ("review", "pending", "approved", "rejected")


class InvitationStatus(models.TextChoices):
    """Where an invitation stands (DOMAIN 3)."""

    CREATED = "created", gettext_lazy("Not sent")
    SENT = "sent", gettext_lazy("Sent")
    VIEWED = "viewed", gettext_lazy("Opened")
    ACCEPTED = "accepted", gettext_lazy("Will quote")
    DECLINED = "declined", gettext_lazy("Declined")
    QUOTED = "quoted", gettext_lazy("Quoted")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    EXPIRED = "expired", gettext_lazy("Expired")
    BOUNCED = "bounced", gettext_lazy("Mail returned")


class QuotationStatus(models.TextChoices):
    """Where a quotation stands. "Expired" is derived from its validity, never stored."""

    DRAFT = "draft", gettext_lazy("Draft")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    NEEDS_RECONFIRMATION = "needs_reconfirmation", gettext_lazy("Needs confirmation")
    SUPERSEDED = "superseded", gettext_lazy("Superseded")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")
    DISQUALIFIED = "disqualified", gettext_lazy("Disqualified")
    AWARDED = "awarded", gettext_lazy("Awarded")
    PARTLY_AWARDED = "partly_awarded", gettext_lazy("Partly awarded")
    NOT_AWARDED = "not_awarded", gettext_lazy("Not awarded")


class OrderStatus(models.TextChoices):
    """Where a purchase order stands (DOMAIN 5)."""

    DRAFT = "draft", gettext_lazy("Draft")
    ISSUED = "issued", gettext_lazy("Issued")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("Acknowledged")
    CLOSED = "closed", gettext_lazy("Closed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


# An order that is issued again, as its next revision, waits for its acknowledgement anew.
ORDER_ARROWS: dict[OrderStatus, tuple[OrderStatus, ...]] = {
    OrderStatus.DRAFT: (OrderStatus.ISSUED, OrderStatus.CANCELLED),
    OrderStatus.ISSUED: (OrderStatus.ISSUED, OrderStatus.ACKNOWLEDGED, OrderStatus.CANCELLED),
    OrderStatus.ACKNOWLEDGED: (OrderStatus.ISSUED, OrderStatus.CLOSED, OrderStatus.CANCELLED),
    OrderStatus.CLOSED: (),
    OrderStatus.CANCELLED: (),
}

# Where each may go from where it is. A buyer may enter an offer for a supplier who never looked at the
# mail, who declined, or whose mail came back; a quotation that is taken back leaves the invitation open.
_Invited = InvitationStatus
INVITATION_ARROWS: dict[InvitationStatus, tuple[InvitationStatus, ...]] = {
    _Invited.CREATED: (_Invited.SENT, _Invited.WITHDRAWN),
    _Invited.SENT: (
        _Invited.VIEWED, _Invited.ACCEPTED, _Invited.DECLINED, _Invited.QUOTED,
        _Invited.WITHDRAWN, _Invited.EXPIRED, _Invited.BOUNCED,
    ),
    _Invited.VIEWED: (
        _Invited.ACCEPTED, _Invited.DECLINED, _Invited.QUOTED, _Invited.WITHDRAWN, _Invited.EXPIRED,
    ),
    _Invited.ACCEPTED: (_Invited.DECLINED, _Invited.QUOTED, _Invited.WITHDRAWN, _Invited.EXPIRED),
    _Invited.DECLINED: (
        _Invited.SENT, _Invited.ACCEPTED, _Invited.QUOTED, _Invited.WITHDRAWN, _Invited.EXPIRED,
    ),
    _Invited.QUOTED: (_Invited.ACCEPTED, _Invited.DECLINED, _Invited.WITHDRAWN),
    _Invited.BOUNCED: (
        _Invited.SENT, _Invited.VIEWED, _Invited.QUOTED, _Invited.WITHDRAWN, _Invited.EXPIRED,
    ),
    _Invited.WITHDRAWN: (),
    _Invited.EXPIRED: (),
}  # fmt: skip

# A disqualified offer of an open request may still be replaced by a better one. Outcomes fall when the
# approved award is cancelled and the request is under evaluation again.
_Quoted = QuotationStatus
QUOTATION_ARROWS: dict[QuotationStatus, tuple[QuotationStatus, ...]] = {
    _Quoted.DRAFT: (_Quoted.SUBMITTED,),
    _Quoted.SUBMITTED: (
        _Quoted.SUPERSEDED, _Quoted.WITHDRAWN, _Quoted.NEEDS_RECONFIRMATION, _Quoted.DISQUALIFIED,
        _Quoted.AWARDED, _Quoted.PARTLY_AWARDED, _Quoted.NOT_AWARDED,
    ),
    _Quoted.NEEDS_RECONFIRMATION: (
        _Quoted.SUBMITTED, _Quoted.SUPERSEDED, _Quoted.WITHDRAWN, _Quoted.NOT_AWARDED,
    ),
    _Quoted.DISQUALIFIED: (_Quoted.SUPERSEDED,),
    _Quoted.SUPERSEDED: (),
    _Quoted.WITHDRAWN: (),
    _Quoted.AWARDED: (_Quoted.SUBMITTED,),
    _Quoted.PARTLY_AWARDED: (_Quoted.SUBMITTED,),
    _Quoted.NOT_AWARDED: (_Quoted.SUBMITTED, _Quoted.NEEDS_RECONFIRMATION),
}  # fmt: skip


class IllegalTransition(DomainError):
    """What should change is not in a state from which it can."""


def follow(status: str, event: Event) -> Status:
    """Return where `event` leads from `status`; raise IllegalTransition where it leads nowhere."""
    try:
        return TRANSITIONS[Status(status), event]
    except KeyError:
        raise IllegalTransition(
            _(
                "You cannot %(event)s: this request is “%(status)s” now. Reload the page to see what is possible."
            )
            % {"event": event.label, "status": Status(status).label}
        ) from None


def follow_invitation(start: str, end: str) -> InvitationStatus:
    """Return `end` where an invitation may go there from `start`; else raise IllegalTransition."""
    before, after = InvitationStatus(start), InvitationStatus(end)
    if after not in INVITATION_ARROWS[before]:
        raise IllegalTransition(
            _("The invitation is “%(status)s” now and cannot become “%(wanted)s”. Reload the page.")
            % {"status": before.label, "wanted": after.label}
        )
    return after


def follow_quotation(start: str, end: str) -> QuotationStatus:
    """Return `end` where a quotation may go there from `start`; else raise IllegalTransition."""
    before, after = QuotationStatus(start), QuotationStatus(end)
    if after not in QUOTATION_ARROWS[before]:
        raise IllegalTransition(
            _("The quotation is “%(status)s” now and cannot become “%(wanted)s”. Reload the page.")
            % {"status": before.label, "wanted": after.label}
        )
    return after


def follow_order(start: str, end: str) -> OrderStatus:
    """Return `end` where an order may go there from `start`; else raise IllegalTransition."""
    before, after = OrderStatus(start), OrderStatus(end)
    if after not in ORDER_ARROWS[before]:
        raise IllegalTransition(
            _("The order is “%(status)s” now and cannot become “%(wanted)s”. Reload the page.")
            % {"status": before.label, "wanted": after.label}
        )
    return after
