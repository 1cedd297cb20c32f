"""Receipts of quotations."""

from rfqs.models import RFQ, Quotation
from rfqs.notices.post import to_people, to_suppliers

# Prices of a quotation lie in no queue: these are put in when the receipt leaves (rfqs.complements).
FIGURES = {
    name: f"[the {name} is put in when the mail leaves]" for name in ("total", "count", "salt")
}


def quotation_received(rfq: RFQ, quotation: Quotation) -> None:
    """The receipt: what was received, when, and the commitment to it; to its supplier alone.

    The requester learns that there is one more, not whose it is, nor what it says.
    """
    _receipt("quotation_received", str(quotation.pk), quotation)
    to_people("quotation_in", str(quotation.pk), [rfq.requester.email], {"rfq": rfq})


def quotation_confirmed(quotation: Quotation) -> None:
    """The receipt of a confirmation, to its supplier alone."""
    _receipt("quotation_confirmed", f"{quotation.pk}:{quotation.addendum}", quotation)


def _receipt(kind: str, key: str, quotation: Quotation) -> None:
    context = {"rfq": quotation.rfq, "quotation": quotation} | FIGURES
    more = {"confidential": True, "complement": "receipt", "about": quotation.pk}
    to_suppliers(kind, key, [quotation.invitation], context, **more)
