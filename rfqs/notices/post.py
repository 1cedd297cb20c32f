"""Letters on their way: to suppliers, each with the link of its own, and to people of the house."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from quoteflow.notifications.models import Topic
from quoteflow.notifications.outbox import Letter, enqueue
from rfqs import addressing
from rfqs.addressing import address_for
from rfqs.models import ACTIVE_INVITATIONS, RFQ, Access, Invitation

# What each notice to a person of the house is about, and the page it leads to.
BELL = {
    "approval_asked": (Topic.APPROVALS, "rfqs:inbox_item"),
    "approval_reminder": (Topic.APPROVALS, "rfqs:inbox_item"),
    "approval_overdue": (Topic.APPROVALS, "rfqs:inbox_item"),
    "award_decided": (Topic.DECISIONS, "rfqs:detail"),
    "cancellation_decided": (Topic.DECISIONS, "rfqs:detail"),
    "review_decided": (Topic.DECISIONS, "rfqs:detail"),
    "late_decided": (Topic.DECISIONS, "rfqs:detail"),
    "approval_voided": (Topic.DECISIONS, "rfqs:detail"),
    "quotation_in": (Topic.QUOTATIONS, "rfqs:quotations"),
    "question_asked": (Topic.QUOTATIONS, "rfqs:questions"),
    "deadline_near": (Topic.DEADLINES, "rfqs:detail"),
}


def to_suppliers(
    kind: str, key: str, invitations: list[Invitation], context: dict[str, Any], **more: Any
) -> None:
    """Send each a letter; see `for_suppliers`."""
    enqueue(for_suppliers(kind, key, invitations, context, **more))


def for_suppliers(
    kind: str, key: str, invitations: list[Invitation], context: dict[str, Any], **more: Any
) -> list[Letter]:
    """A letter to each, with the link that opens the invitation; `more` are words of Letter."""
    seeds = Access.objects.seeds(invitations)
    letters = [
        letter
        for invitation in invitations
        for letter in letters_to(kind, key, invitation, context, seed=seeds.get(invitation.pk, ""))
    ]
    return [replace(letter, **more) for letter in letters]


# What everybody who was asked is told; receipts, awards and orders say prices and go to one person.
COPIED = (
    "invitation", "round_started", "addendum", "question_answered", "deadline_extended", "closing_soon",
    "rfq_cancelled", "award_cancelled",
)  # fmt: skip


def letters_to(
    kind: str, key: str, invitation: Invitation, context: dict[str, Any], seed: str = ""
) -> list[Letter]:
    """One letter to the address of the supplier and its copies, none where there is no address."""
    address, greeting = address_for(invitation)
    if not address:
        return []
    context = context | {"supplier": invitation.supplier, "greeting": greeting}
    letter = Letter(kind, f"{key}:{invitation.pk}", address, context, token_seed=seed)
    return [letter, *copies_of(letter, invitation)]


def copies_of(letter: Letter, invitation: Invitation) -> list[Letter]:
    """The letter to those who get copies, without its link; each about the copy, so that a failure is told."""
    if letter.kind not in COPIED:
        return []
    facts = {"who": letter.context["greeting"]}
    said = _("This is a copy for your information. The letter went to %(who)s.") % facts
    if letter.token_seed:
        said = (
            _(
                "This is a copy for your information. The letter went to %(who)s, with the link to quote."
            )
            % facts
        )
    return [
        replace(
            letter, to=contact.email, token_seed="", about=copy.pk,
            context=letter.context | {"greeting": contact.name, "copied": said},
        )
        for copy, contact in addressing.copied_for(invitation)
    ]  # fmt: skip


def to_people(
    kind: str, key: str, addresses: list[str], context: dict[str, Any], query: str = "", **more: Any
) -> None:
    """A letter to each that is a notice in their bell, too; both lead to its page, with `query`.

    `more` are words of Letter.
    """
    topic, page = BELL[kind]
    link = reverse(page, args=[context["rfq"].number]) + query
    context = context | {"link": link}
    enqueue(
        [
            Letter(kind, key, address, context, topic=topic, link=link, **more)
            for address in addresses
        ]
    )


def expected(rfq: RFQ) -> list[Invitation]:
    """Those of whom a quotation is still expected."""
    return [one for one in invited_to_round(rfq) if one.status in ACTIVE_INVITATIONS]


def invited_to_round(rfq: RFQ) -> list[Invitation]:
    """Everybody whose invitation left and was not taken back, of the present round."""
    return [one for one in everybody(rfq) if one.round == rfq.round]


def everybody(rfq: RFQ) -> list[Invitation]:
    """Everybody whose invitation left and was not taken back, of whatever round."""
    asked = rfq.invitations.exclude(status__in=("created", "withdrawn", "expired"))
    return list(asked.select_related("supplier").prefetch_related("supplier__contacts", "copies"))


def local(moment: datetime | None, rfq: RFQ) -> datetime | None:
    """The moment in the time zone of the site; none stays none."""
    return moment.astimezone(rfq.site.zone) if moment else None
