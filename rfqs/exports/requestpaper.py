"""A request for quotation as facts of a paper: what every supplier may read, and nothing of any one of them."""

from typing import Any

from django.utils.translation import gettext as _

from quoteflow.lib.templatetags.qf import day
from rfqs import linetable, versions
from rfqs.models import RFQ, Attachment


def paper(rfq: RFQ) -> dict[str, Any]:
    """Everything the template prints; no target, no last price, no other supplier, no link."""
    lines = versions.lines_read(rfq)
    return {
        "number": rfq.number,
        "heading": _("Request for quotation"),
        "title": rfq.title,
        "stamp": "" if rfq.published_at else _("Draft").upper(),
        "parties": [
            {"label": _("From"), "lines": _site(rfq)},
            {"label": _("Deliver to"), "lines": _delivery(rfq)},
            {"label": _("Closes"), "lines": _closing(rfq)},
        ],
        "description": rfq.description,
        "heads": [
            {"text": column.head, "number": column.css == "num"}
            for column in linetable.asked_columns(rfq)
        ],
        "rows": [
            {
                "no": str(row.position), "title": row.description, "note": " · ".join(row.notes),
                "cells": [text for _head, _css, text in row.cells],
            }
            for row in linetable.asked_rows(rfq, lines)
        ],
        "documents": [
            f"{one.name}, {one.get_kind_display()}" for one in Attachment.objects.for_suppliers(rfq)
        ],
        "answer": [
            _("Please quote a price per unit, without GST, for every line, or say that you do not quote it."),
            _("State taxes, freight, packing, delivery time, payment terms, and how long the offer holds."),
            _("The link in the e-mail opens the form for it; no account is needed."),
        ],
        "words": {
            "page": _("Page"), "what": _("What is asked for"), "documents": _("Documents"),
            "answer": _("Your quotation"),
        },
    }  # fmt: skip


def _site(rfq: RFQ) -> list[str]:
    site = rfq.site
    place = ", ".join(part for part in (site.address.strip(), site.city, site.state) if part)
    gstin = f"GSTIN {site.gstin}" if site.gstin else ""
    contact = _("Questions: %(who)s") % {"who": rfq.contact} if rfq.contact else ""
    return [part for part in (f"{site.name} ({site.code})", place, gstin, contact) if part]


def _delivery(rfq: RFQ) -> list[str]:
    needed = _("needed by %(day)s") % {"day": day(rfq.required_by)} if rfq.required_by else ""
    parts = (rfq.delivery_place or rfq.site.name, rfq.delivery_terms, needed)
    return [part for part in parts if part]


def _closing(rfq: RFQ) -> list[str]:
    if rfq.deadline is None:
        return [_("not set yet")]
    here = rfq.deadline.astimezone(rfq.site.zone)
    sealed = _("Prices are sealed until the opening") if rfq.is_sealed else ""
    return [part for part in (f"{day(here.date())}, {here:%H:%M %Z}", sealed) if part]
