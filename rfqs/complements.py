"""What is put into a letter as it leaves, and is stored in no queue: settings.OUTBOX_COMPLEMENTS names these."""

from uuid import UUID

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_money
from quoteflow.notifications.outbox import Complement
from rfqs import ownprice
from rfqs.exports import pdf, requestpaper
from rfqs.models import RFQ, Quotation
from rfqs.notices import FIGURES


def request(about: UUID) -> Complement:
    """The request of an invitation as PDF, as it stands when the mail leaves."""
    rfq = RFQ.objects.select_related("site").get(invitations=about)
    content = pdf.compiled("request", requestpaper.paper(rfq))
    return Complement(files=[(f"{rfq.number}.pdf", content, pdf.CONTENT_TYPE)])


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
