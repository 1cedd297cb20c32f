"""Award and regret letters as facts of a paper, on the site's own head."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib.money import format_quantity, format_rate
from quoteflow.lib.templatetags.qf import day
from rfqs.models import RFQ, AwardLine, Invitation, PurchaseOrder
from suppliers.models import Supplier


def award(order: PurchaseOrder, now: datetime) -> dict[str, Any]:
    """What the supplier of `order` was awarded, at the prices of its own quotation."""
    rfq = order.rfq
    lines = (
        order.award.lines.filter(supplier=order.supplier_id)
        .select_related("rfq_line__unit")
        .order_by("rfq_line__position")
    )
    subject = {"number": rfq.number, "title": rfq.title}
    said = {"site": rfq.site.name, "supplier": order.supplier.name}
    return _letter(rfq, order.supplier, now) | {
        "heading": _("Letter of award"),
        "subject": _("Award of %(number)s: %(title)s") % subject,
        "opening": [_("%(site)s has awarded the following to %(supplier)s:") % said],
        "rows": [_row(line) for line in lines],
        "closing": [
            _("The purchase order %(number)s follows. This letter is not an order.")
            % {"number": order.number}
        ],
    }


def regret(invitation: Invitation, now: datetime) -> dict[str, Any]:
    """Thanks for a quotation that was not chosen; nothing of anybody's prices, and no winner."""
    rfq = invitation.rfq
    subject = {"number": rfq.number, "title": rfq.title}
    return _letter(rfq, invitation.supplier, now) | {
        "heading": _("Result of your quotation"),
        "subject": _("Result of %(number)s: %(title)s") % subject,
        "opening": [
            _("Thank you for your quotation for %(number)s, %(title)s.") % subject,
            _("The award has been made and your offer was not chosen this time."),
            _("We would be glad to ask you again."),
        ],
        "rows": [],
        "closing": [],
    }


def _letter(rfq: RFQ, supplier: Supplier, now: datetime) -> dict[str, Any]:
    """What both letters have: from whom, to whom, when."""
    site = rfq.site
    gstin = f"GSTIN {site.gstin}" if site.gstin else ""
    place = ", ".join(part for part in (site.address.strip(), site.city, site.state) if part)
    town = " ".join(part for part in (supplier.postal_code, supplier.city) if part)
    address = (f"{supplier.name} ({supplier.code})", supplier.address.strip(), town)
    return {
        "number": rfq.number,
        "sender": site.name,
        "head": [part for part in (place, gstin) if part],
        "to": [part for part in address if part],
        "date": day(now.astimezone(site.zone).date()),
        "words": {
            "page": _("Page"), "item": _("Description"), "quantity": _("Quantity"), "price": _("Unit price"),
            "greeting": _("Dear Sir or Madam,"), "sign": _("For %(site)s") % {"site": site.name},
        },
    }  # fmt: skip


def _row(line: AwardLine) -> dict[str, str]:
    asked, basis = line.rfq_line, f" / {line.price_basis}" if line.price_basis != 1 else ""
    return {
        "no": str(asked.position),
        "title": asked.description,
        "quantity": f"{format_quantity(line.order_quantity)} {asked.unit}",
        "price": f"{line.currency} {format_rate(line.unit_price, line.currency)}{basis}",
    }
