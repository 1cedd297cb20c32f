"""A purchase order as facts of a paper."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib.templatetags.qf import day
from rfqs.models import PurchaseOrder
from rfqs.ordersheet import OrderSheet
from rfqs.states import OrderStatus


def paper(order: PurchaseOrder, sheet: OrderSheet, now: datetime) -> dict[str, Any]:
    """Everything the template prints; a draft and a cancelled order say so across the page."""
    rfq, zone = order.rfq, order.rfq.site.zone
    stamp = (
        ""
        if order.revision and order.status != OrderStatus.CANCELLED
        else order.get_status_display()
    )
    issued = day(order.issued_at.astimezone(zone).date()) if order.issued_at else ""
    here = now.astimezone(zone)
    return {
        "number": order.number,
        "heading": _("Purchase order"),
        "revision": _("Revision %(n)d of %(day)s") % {"n": order.revision, "day": issued} if issued else "",
        "stamp": str(stamp).upper(),
        "printed": _("Printed %(when)s") % {"when": f"{day(here.date())} {here:%H:%M}"},
        "parties": [
            {"label": _("Supplier"), "lines": _supplier(order)},
            {"label": _("Deliver to"), "lines": _site(order)},
            {"label": _("Reference"), "lines": _reference(order)},
        ],
        "words": {
            "page": _("Page"), "item": _("Description"), "quantity": _("Quantity"), "price": _("Unit price"),
            "discount": _("Discount"), "gst": _("GST %"), "amount": _("Amount"),
            "total": _("Total in %(currency)s, without GST") % {"currency": order.currency},
            "sign": _("For %(site)s") % {"site": rfq.site.name}, "accept": _("Accepted by the supplier"),
        },
        "rows": [
            {
                "no": str(row.position), "title": row.description, "note": _note(row),
                "quantity": f"{row.quantity} {row.unit}", "price": row.price,
                "per": _("per %(unit)s") % {"unit": row.per}, "discount": row.discount, "gst": row.gst,
                "amount": row.amount,
            }
            for row in sheet.rows
        ],
        "charges": [list(charge) for charge in sheet.charges],
        "total": sheet.total,
        "remarks": order.remarks,
    }  # fmt: skip


def _note(row: Any) -> str:
    return ", ".join(
        part for part in (row.specification, f"HSN/SAC {row.hsn}" if row.hsn else "") if part
    )


def _supplier(order: PurchaseOrder) -> list[str]:
    supplier = order.supplier
    gstin = f"GSTIN {supplier.gstin}" if supplier.gstin else ""
    place = " ".join(part for part in (supplier.address, supplier.city) if part)
    return [part for part in (f"{supplier.name} ({supplier.code})", place, gstin) if part]


def _site(order: PurchaseOrder) -> list[str]:
    site = order.rfq.site
    gstin = f"GSTIN {site.gstin}" if site.gstin else ""
    return [part for part in (order.rfq.delivery_place or site.name, str(site), gstin) if part]


def _reference(order: PurchaseOrder) -> list[str]:
    rfq = order.rfq
    apd = f"APD {order.award.apd_number}" if order.award.apd_number else ""
    needed = _("needed by %(day)s") % {"day": day(rfq.required_by)} if rfq.required_by else ""
    return [
        part for part in (f"{rfq.number}, {rfq.title}", apd, rfq.delivery_terms, needed) if part
    ]
