"""The states of a request, and the arrows between them (DOMAIN 2). Nothing else knows the arrows."""

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
    PUBLISH = "publish", gettext_lazy("publish")
    EVALUATE = "evaluate", gettext_lazy("begin the evaluation")
    NEGOTIATE = "negotiate", gettext_lazy("start another round")
    FAIL = "fail", gettext_lazy("close as unsuccessful")
    SUBMIT = "submit", gettext_lazy("submit the award")
    RETURN = "return", gettext_lazy("return the award")
    WITHDRAW = "withdraw", gettext_lazy("withdraw the award")
    REJECT = "reject", gettext_lazy("reject the award")
    APPROVE = "approve", gettext_lazy("approve the award")
    CANCEL = "cancel", gettext_lazy("cancel")
    REOPEN = "reopen", gettext_lazy("reopen after a cancelled award")


TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.DRAFT, Event.ASK_REVIEW): Status.REVIEW,
    (Status.REVIEW, Event.SEND_BACK): Status.DRAFT,
    (Status.DRAFT, Event.PUBLISH): Status.OPEN,
    (Status.REVIEW, Event.PUBLISH): Status.OPEN,
    (Status.OPEN, Event.EVALUATE): Status.EVALUATION,
    (Status.OPEN, Event.FAIL): Status.UNSUCCESSFUL,
    (Status.EVALUATION, Event.FAIL): Status.UNSUCCESSFUL,
    (Status.EVALUATION, Event.NEGOTIATE): Status.OPEN,
    (Status.EVALUATION, Event.SUBMIT): Status.PENDING,
    (Status.PENDING, Event.RETURN): Status.EVALUATION,
    (Status.PENDING, Event.WITHDRAW): Status.EVALUATION,
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
IN_APPROVAL = ("pending", "approved", "rejected")


class IllegalTransition(DomainError):
    """The request is not in a state from which this can happen."""


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
