"""The words of the e-mails, and who gets them. Sending is the outbox's business."""

from rfqs.notices.activating import activation_asked, activation_decided, activation_voided
from rfqs.notices.awarding import (
    award_cancelled,
    award_letters,
    award_letters_preview,
    order_cancelled,
    order_issued,
    order_preview,
)
from rfqs.notices.deciding import (
    approval_voided,
    award_decided,
    cancellation_decided,
    late_decided,
    review_decided,
    step_activated,
    step_overdue,
    step_reminded,
)
from rfqs.notices.quoting import FIGURES, quotation_confirmed, quotation_received
from rfqs.notices.sourcing import (
    addendum_issued,
    closing_soon,
    deadline_extended,
    further_preview,
    invitations_preview,
    invited,
    invited_again,
    question_answered,
    question_asked,
    rfq_cancelled,
    round_started,
)

__all__ = [
    "FIGURES",
    "activation_asked",
    "activation_decided",
    "activation_voided",
    "addendum_issued",
    "approval_voided",
    "award_cancelled",
    "award_decided",
    "award_letters",
    "award_letters_preview",
    "cancellation_decided",
    "closing_soon",
    "deadline_extended",
    "further_preview",
    "invitations_preview",
    "invited",
    "invited_again",
    "late_decided",
    "order_cancelled",
    "order_issued",
    "order_preview",
    "question_answered",
    "question_asked",
    "quotation_confirmed",
    "quotation_received",
    "review_decided",
    "rfq_cancelled",
    "round_started",
    "step_activated",
    "step_overdue",
    "step_reminded",
]
