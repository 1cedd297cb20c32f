"""What is put into a letter as it leaves, and is stored in no queue: settings.OUTBOX_COMPLEMENTS names these."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quoteflow.lib.money import format_money
from quoteflow.notifications.outbox import Complement
from rfqs import ownprice
from rfqs.exports import letters, orders, pdf, requestpaper
from rfqs.models import RFQ, Invitation, PurchaseOrder, Quotation
from rfqs.notices import FIGURES
from rfqs.ordersheet import sheet_of


def request(about: UUID) -> Complement:
    """The request of an invitation as PDF, as it stands when the mail leaves."""
    rfq = RFQ.objects.select_related("site").get(invitations=about)
    return _file(rfq.number, "request", requestpaper.paper(rfq))


def request_copy(about: UUID) -> Complement:
    """The same for a copy of the invitation; `about` is the copy."""
    rfq = RFQ.objects.select_related("site").get(invitations__copies=about)
    return _file(rfq.number, "request", requestpaper.paper(rfq))


def receipt(about: UUID) -> Complement:
    """What a quotation comes to, and the salt of its commitment: for its supplier's eyes."""
    quotation = Quotation.objects.select_related("rfq").get(pk=about)
    price = ownprice.of_quotation(quotation)
    count = _("%(quoted)d of %(all)d quoted") % {"quoted": price.quoted, "all": len(price.lines)}
    words = {
        "total": f"{price.currency} {format_money(price.total, price.currency)}",
        "count": count,
        "salt": quotation.salt,
    }
    return Complement(words={mark: words[name] for name, mark in FIGURES.items()})


def award_letter(about: UUID) -> Complement:
    """The letter of award as PDF; `about` is the order it announces."""
    order = PurchaseOrder.objects.select_related("award", "rfq__site", "supplier").get(pk=about)
    return _file(f"{order.rfq.number}-award", "letter", letters.award(order, timezone.now()))


def regret_letter(about: UUID) -> Complement:
    """The letter of regret as PDF; `about` is the invitation that was quoted for."""
    invitation = Invitation.objects.select_related("rfq__site", "supplier").get(pk=about)
    return _file(
        f"{invitation.rfq.number}-result", "letter", letters.regret(invitation, timezone.now())
    )


def order(about: UUID) -> Complement:
    """The purchase order as PDF, as it stands when the mail leaves."""
    issued = PurchaseOrder.objects.select_related("award", "rfq__site", "supplier").get(pk=about)
    facts = orders.paper(issued, sheet_of(issued), timezone.now())
    return _file(f"{issued.number}-{issued.revision}", "order", facts)


def _file(name: str, template: str, facts: dict[str, Any]) -> Complement:
    return Complement(files=[(f"{name}.pdf", pdf.compiled(template, facts), pdf.CONTENT_TYPE)])
