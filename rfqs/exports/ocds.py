"""A request from its publication to its orders as a release of the Open Contracting Data Standard 1.1.5.

Schema: https://standard.open-contracting.org/1.1/en/schema/, with the extension for bids. Amounts are JSON
numbers as the standard wants them, written digit by digit from Decimal and never from a float.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from rfqs import ownprice
from rfqs.models import LIVE, RFQ, Award, AwardLine, PurchaseOrder, Quotation
from suppliers.models import Supplier

CONTENT_TYPE = "application/json"
BIDS = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_bid_extension/v1.1.5/extension.json"
TENDER_STATUS = {
    "draft": "planning", "review": "planning", "open": "active", "evaluation": "active", "pending": "active",
    "approved": "complete", "rejected": "unsuccessful", "unsuccessful": "unsuccessful",
    "cancelled": "cancelled",
}  # fmt: skip
AWARD_STATUS = {
    "draft": "pending", "pending": "pending", "approved": "active", "rejected": "unsuccessful",
    "cancelled": "cancelled",
}  # fmt: skip
CONTRACT_STATUS = {
    "draft": "pending", "issued": "active", "acknowledged": "active", "closed": "terminated",
    "cancelled": "cancelled",
}  # fmt: skip
_NUMBER = re.compile(r'"\\u0000(-?[0-9]+(?:\.[0-9]+)?)"')


def package(rfq: RFQ, now: datetime) -> bytes:
    """The release package of a request as it stands; the caller made sure that its prices may be seen."""
    found = {
        "uri": f"{settings.SITE_URL}{rfq.get_absolute_url()}",
        "version": "1.1",
        "extensions": [BIDS],
        "publishedDate": _at(now),
        "publisher": {"name": rfq.site.name},
        "releases": [_release(rfq, now)],
    }
    text = json.dumps(found, indent=2, ensure_ascii=False, default=_marked)
    return _NUMBER.sub(r"\1", text).encode()


def _marked(value: Any) -> str:
    """A Decimal as a text that no stored one can be: PostgreSQL keeps no zero character."""
    if not isinstance(value, Decimal):
        raise TypeError(repr(value))
    return f"\0{value:f}"


def _release(rfq: RFQ, now: datetime) -> dict[str, Any]:
    quotations = list(
        rfq.quotations.filter(round=rfq.round, status__in=LIVE)
        .select_related("supplier")
        .order_by("submitted_at", "pk")
    )
    awards = list(rfq.awards.order_by("created_at", "pk"))
    orders = list(rfq.orders.select_related("supplier").order_by("pk"))
    ids = {award.pk: f"{rfq.number}-award-{n}" for n, award in enumerate(awards, 1)}
    given = _given(awards)
    release = {
        "ocid": f"{settings.OCDS_PREFIX}-{rfq.number}",
        "id": f"{rfq.number}-{rfq.version}",
        "date": _at(now),
        "tag": ["tender", *(["award"] if awards else []), *(["contract"] if orders else [])],
        "initiationType": "tender",
        "language": "en",
        "parties": _parties(rfq, quotations, {award for award, _supplier in given}, given),
        "buyer": _reference_of_site(rfq),
        "tender": _tender(rfq, quotations),
        "bids": {"details": [_bid(one) for one in quotations]},
        "awards": [
            _award(award, supplier, ids[award.pk], lines)
            for (award, supplier), lines in given.items()
        ],
        "contracts": [_contract(one, ids[one.award_id]) for one in orders],
    }
    return {name: value for name, value in release.items() if value}


def _given(awards: Iterable[Award]) -> dict[tuple[Award, Supplier], list[AwardLine]]:
    """The lines of each award by supplier: in this standard an award has its suppliers in common."""
    given: dict[tuple[Award, Supplier], list[AwardLine]] = defaultdict(list)
    for award in awards:
        lines = award.lines.select_related("supplier", "rfq_line__unit", "quotation_line")
        for line in lines.order_by("supplier__code", "rfq_line__position"):
            given[award, line.supplier].append(line)
    return given


def _parties(
    rfq: RFQ, quotations: list[Quotation], awards: set[Award], given: Iterable[tuple[Award, Supplier]]
) -> list[dict[str, Any]]:  # fmt: skip
    approved = {award.pk for award in awards if award.status == "approved"}
    won = {supplier for award, supplier in given if award.pk in approved}
    quoted = {one.supplier for one in quotations}
    site = rfq.site
    buyer = _reference_of_site(rfq) | {
        "roles": ["buyer", "procuringEntity"],
        "identifier": _identifier(site.gstin, site.name),
        "address": _address(site.address, site.city, site.state, site.country),
    }
    return [_filled(buyer)] + [
        _filled(
            _reference(one)
            | {
                "roles": ["tenderer", "supplier"] if one in won else ["tenderer"],
                "identifier": _identifier(one.gstin, one.name),
                "address": _address(one.address, one.city, one.state, one.country)
                | ({"postalCode": one.postal_code} if one.postal_code else {}),
            }
        )
        for one in sorted(quoted | won, key=lambda one: one.code)
    ]


def _tender(rfq: RFQ, quotations: list[Quotation]) -> dict[str, Any]:
    lines = rfq.lines.select_related("unit").order_by("position")
    addenda = rfq.addenda.order_by("number")
    period = {"startDate": _at(rfq.published_at), "endDate": _at(rfq.deadline)}
    asking = {
        "startDate": _at(rfq.published_at),
        "endDate": _at(rfq.questions_until or rfq.deadline),
    }
    items = [
        _filled({
            "id": str(line.position),
            "description": line.description,
            "classification": {"scheme": "HS", "id": line.hsn} if line.hsn else None,
            "quantity": line.quantity,
            "unit": {"scheme": "UNCEFACT", "id": line.unit_id, "name": line.unit.name},
        })
        for line in lines
    ]  # fmt: skip
    return _filled({
        "id": rfq.number,
        "title": rfq.title,
        "description": rfq.description,
        "status": TENDER_STATUS[rfq.status],
        "procuringEntity": _reference_of_site(rfq),
        "items": items,
        "procurementMethod": "selective" if rfq.invited_count > 1 else "limited",
        "procurementMethodDetails": _("Request for quotation to chosen suppliers"),
        "mainProcurementCategory": "goods" if rfq.is_goods else "services",
        "awardCriteria": "costOnly",
        "awardCriteriaDetails": rfq.get_tax_basis_display(),
        "submissionMethod": ["electronicSubmission"],
        "tenderPeriod": _filled(period),
        "enquiryPeriod": _filled(asking),
        "hasEnquiries": rfq.questions.exists(),
        "numberOfTenderers": len(quotations),
        "tenderers": [_reference(one.supplier) for one in quotations],
        "amendments": [
            {"id": str(one.number), "date": _at(one.issued_at), "description": one.text} for one in addenda
        ],
    })  # fmt: skip


def _bid(quotation: Quotation) -> dict[str, Any]:
    """One quotation; its value is what is to be paid to the supplier, in the supplier's currency."""
    price = ownprice.of_quotation(quotation)
    known = {"disqualified": "disqualified", "needs_reconfirmation": "pending"}
    return _filled({
        "id": str(quotation.pk),
        "date": _at(quotation.submitted_at),
        "status": known.get(quotation.status, "valid"),
        "tenderers": [_reference(quotation.supplier)],
        "value": None if price.total is None else _value(price.total, quotation.currency),
    })  # fmt: skip


def _award(award: Award, supplier: Supplier, named: str, lines: list[AwardLine]) -> dict[str, Any]:
    """What one supplier gets of an award, at its cost in base currency, lump sums in full."""
    return _filled({
        "id": f"{named}-{supplier.code}",
        "status": AWARD_STATUS[award.status],
        "date": _at(award.approved_at),
        "value": _value(sum((line.cost for line in lines), Decimal(0)), settings.BASE_CURRENCY),
        "suppliers": [_reference(supplier)],
        "items": [_item(line) for line in lines],
        "relatedBid": str(lines[0].quotation_line.quotation_id),
    })  # fmt: skip


def _contract(order: PurchaseOrder, named: str) -> dict[str, Any]:
    lines = order.award.lines.filter(supplier=order.supplier_id)
    lines = lines.select_related("rfq_line__unit", "quotation_line")
    return _filled({
        "id": order.number,
        "awardID": f"{named}-{order.supplier.code}",
        "title": order.rfq.title,
        "status": CONTRACT_STATUS[order.status],
        "value": _value(order.cost, settings.BASE_CURRENCY),
        "items": [_item(line) for line in lines.order_by("rfq_line__position")],
        "dateSigned": _at(order.acknowledged_at),
    })  # fmt: skip


def _item(line: AwardLine) -> dict[str, Any]:
    """A line of an award; with its price where that is for the unit that is counted."""
    asked, quoted = line.rfq_line, line.quotation_line
    unit: dict[str, Any] = {"scheme": "UNCEFACT", "id": asked.unit_id, "name": asked.unit.name}
    if quoted.unit_id in (None, asked.unit_id) and asked.kind == "provided_data":
        unit["value"] = _value(line.unit_price / line.price_basis, line.currency)
    return {
        "id": str(asked.position),
        "description": asked.description,
        "quantity": line.order_quantity,
        "unit": unit,
    }


def _reference(supplier: Supplier) -> dict[str, Any]:
    return {"id": supplier.code, "name": supplier.name}


def _reference_of_site(rfq: RFQ) -> dict[str, Any]:
    return {"id": rfq.site.code, "name": rfq.site.name}


def _identifier(number: str, name: str) -> dict[str, Any] | None:
    return {"scheme": "IN-GSTIN", "id": number, "legalName": name} if number else None


def _address(street: str, city: str, state: str, country: str) -> dict[str, Any]:
    return _filled(
        {"streetAddress": street, "locality": city, "region": state, "countryName": country}
    )


def _value(amount: Decimal, currency: str) -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    """Without what is not known; `false` and 0 are known."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
