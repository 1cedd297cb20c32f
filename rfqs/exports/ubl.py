"""The papers of a request as UBL 2.4 documents: RequestForQuotation, Quotation, Order.

OASIS Universal Business Language 2.4 (https://docs.oasis-open.org/ubl/UBL-2.4.html). A document goes from
one party to one other; a request that is exported for nobody by name says so in place of the seller.
Units are UN/ECE Recommendation 20 and 21 codes, currencies ISO 4217, amounts in the document's currency.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from rfqs import linetable, ordersheet, ownprice
from rfqs.exports.markup import Nodes, aggregate, basic, document
from rfqs.models import RFQ, PurchaseOrder, Quotation, RFQLine
from suppliers.models import Supplier

CONTENT_TYPE = "application/xml"
VERSION = "2.4"
Charge = tuple[str, Decimal]


def request(rfq: RFQ, supplier: Supplier | None = None) -> bytes:
    """The request as it goes to a supplier: what each may read, and nothing of any other."""
    here = rfq.site.zone
    began = (rfq.published_at or rfq.created_at).astimezone(here)
    lines = list(rfq.lines.select_related("unit").order_by("position"))
    closes = rfq.deadline.astimezone(here) if rfq.deadline else None
    words = [rfq.title, rfq.description, _("Draft: not sent yet.") if not rfq.published_at else ""]
    if closes:
        words.append(_("Closes %(when)s.") % {"when": closes.isoformat(timespec="minutes")})
    asked = _party(supplier) if supplier else aggregate("Party", _name(_("Every supplier asked")))
    return document("RequestForQuotation", [
        basic("UBLVersionID", VERSION),
        basic("ID", rfq.number),
        basic("UUID", str(rfq.pk)),
        *_issued(began),
        basic("SubmissionDueDate", closes.date() if closes else None),
        *(basic("Note", text) for text in words),
        basic("LineCountNumeric", len(lines)),
        aggregate("SellerSupplierParty", asked),
        aggregate("BuyerCustomerParty", _site(rfq)),
        _delivery(rfq),
        aggregate("DeliveryTerms", basic("SpecialTerms", rfq.delivery_terms)),
        *(_asked(rfq, line) for line in lines),
    ])  # fmt: skip


def quotation(quoted: Quotation) -> bytes:
    """One quotation in its own currency, added up as its supplier saw it; unquoted lines have no price."""
    rfq, price, currency = quoted.rfq, ownprice.of_quotation(quoted), quoted.currency
    at = (quoted.submitted_at or quoted.created_at).astimezone(rfq.site.zone)
    total = price.total or Decimal(0)
    named = (
        quoted.quote_ref or f"{rfq.number}-{quoted.supplier.code}-{quoted.round}.{quoted.revision}"
    )
    return document("Quotation", [
        basic("UBLVersionID", VERSION),
        basic("ID", named),
        basic("UUID", str(quoted.pk)),
        basic("IssueDate", quoted.quoted_on or at.date()),
        basic("Note", quoted.remarks),
        basic("PricingCurrencyCode", currency),
        basic("LineCountNumeric", len(price.lines)),
        aggregate("ValidityPeriod", basic("EndDate", quoted.valid_until)),
        aggregate("RequestForQuotationDocumentReference", basic("ID", rfq.number)),
        aggregate("SellerSupplierParty", _party(quoted.supplier)),
        aggregate("BuyerCustomerParty", _site(rfq)),
        aggregate("DeliveryTerms", basic("SpecialTerms", quoted.delivery_term)),
        *_charges(price.charges, currency),
        aggregate("TaxTotal", basic("TaxAmount", price.gst, currencyID=currency)),
        _total("QuotedMonetaryTotal", price.basic, price.charges, total, currency, price.gst),
        *(_quoted(one, currency) for one in price.lines),
    ])  # fmt: skip


def order(ordered: PurchaseOrder) -> bytes:
    """A purchase order in the supplier's currency, without GST, as its PDF has it."""
    rfq, sheet, currency = ordered.rfq, ordersheet.sheet_of(ordered), ordered.currency
    lines = list(ordered.lines.select_related("award_line__rfq_line").order_by("position"))
    at = (ordered.issued_at or ordered.created_at).astimezone(rfq.site.zone)
    revision = _("Revision %(n)d") % {"n": ordered.revision} if ordered.revision else ""
    return document("Order", [
        basic("UBLVersionID", VERSION),
        basic("ID", ordered.number),
        basic("UUID", str(ordered.pk)),
        *_issued(at),
        basic("Note", str(ordered.get_status_display())),
        basic("Note", revision),
        basic("Note", ordered.remarks),
        basic("DocumentCurrencyCode", currency),
        basic("CustomerReference", ordered.award.apd_number),
        basic("LineCountNumeric", len(lines)),
        aggregate("OriginatorDocumentReference", basic("ID", rfq.number)),
        aggregate("BuyerCustomerParty", _site(rfq)),
        aggregate("SellerSupplierParty", _party(ordered.supplier)),
        _delivery(rfq),
        aggregate("DeliveryTerms", basic("SpecialTerms", rfq.delivery_terms)),
        *_charges(sheet.charged, currency),
        _total("AnticipatedMonetaryTotal", sheet.net, sheet.charged, sheet.sum, currency),
        *(
            aggregate("OrderLine", aggregate(
                "LineItem",
                basic("ID", line.position),
                basic("Quantity", line.quantity, unitCode=line.unit_code),
                basic("LineExtensionAmount", row.net, currencyID=currency),
                _price(line.unit_price, line.price_basis, line.price_unit_code, currency),
                _item(line.award_line.rfq_line),
            ))
            for line, row in zip(lines, sheet.rows, strict=True)
        ),
    ])  # fmt: skip


def _issued(at: datetime) -> list[Nodes]:
    return [basic("IssueDate", at.date()), basic("IssueTime", at.isoformat()[11:])]


def _asked(rfq: RFQ, line: RFQLine) -> Nodes:
    return aggregate("RequestForQuotationLine",
        basic("ID", line.position),
        basic("Note", line.note),
        aggregate("LineItem",
            basic("ID", line.position),
            basic("Quantity", line.quantity, unitCode=line.unit_id),
            _needed(line.required_by),
            _item(line, _properties(rfq, line)),
        ),
    )  # fmt: skip


def _quoted(one: ownprice.OwnLine, currency: str) -> Nodes:
    line, answer = one.line, one.answer
    price = answer.get("unit_price")
    unit = answer.get("unit_id") or line.unit_id
    offered = answer.get("offered_quantity")  # counts offered units, the need asked ones
    count, counted = (line.quantity, line.unit_id) if offered is None else (offered, unit)
    words = [answer.get("remarks") or "", _("Not quoted") if price is None else ""]
    item = aggregate("LineItem",
        basic("ID", line.position),
        *(basic("Note", text) for text in words),
        basic("Quantity", count, unitCode=counted) if price is not None else [],
        basic("LineExtensionAmount", one.amount, currencyID=currency),
        basic("MinimumQuantity", answer.get("moq"), unitCode=unit),
        _price(price, answer.get("price_basis") or 1, unit, currency),
        _item(line, brand=answer.get("make") or "", gst=answer.get("gst_percent")),
    )  # fmt: skip
    return aggregate(
        "QuotationLine",
        basic("ID", line.position),
        basic("RequestForQuotationLineID", line.position),
        item,
    )


def _item(
    line: RFQLine, properties: Nodes | None = None, *, brand: str = "", gst: Decimal | None = None
) -> Nodes:
    """What is asked for, as UBL's Item."""
    percent = line.gst_percent if gst is None else gst
    return aggregate("Item",
        basic("Description", line.specification),
        basic("Name", line.description),
        basic("BrandName", brand),
        aggregate("BuyersItemIdentification", basic("ID", line.item_code)),
        aggregate("CommodityClassification", basic("ItemClassificationCode", line.hsn, listID="HSN")),
        aggregate("ClassifiedTaxCategory", basic("Percent", percent), _gst()) if percent is not None else [],
        properties or [],
    )  # fmt: skip


def _properties(rfq: RFQ, line: RFQLine) -> Nodes:
    """What services and lanes have beyond a quantity, as the request's paper says it."""
    if rfq.is_goods:
        return []
    (row,) = linetable.asked_rows(rfq, [line])
    return [
        node
        for head, _css, text in row.cells
        for node in aggregate("AdditionalItemProperty", basic("Name", head), basic("Value", text))
        if text
    ]


def _price(price: Decimal | None, basis: int, unit: str, currency: str) -> Nodes:
    if price is None:
        return []
    return aggregate(
        "Price",
        basic("PriceAmount", price, currencyID=currency),
        basic("BaseQuantity", basis, unitCode=unit),
    )


def _charges(charges: Sequence[Charge], currency: str) -> Iterable[Nodes]:
    return (
        aggregate(
            "AllowanceCharge",
            basic("ChargeIndicator", "true"),
            basic("AllowanceChargeReason", label),
            basic("Amount", amount, currencyID=currency),
        )
        for label, amount in charges
    )


def _total(
    name: str, net: Decimal, charges: Sequence[Charge], total: Decimal, currency: str,
    tax: Decimal | None = None,
) -> Nodes:  # fmt: skip
    """The sums: of the lines, of the charges, without and with tax, and what is to be paid."""
    charged = sum((amount for _label, amount in charges), Decimal(0))
    return aggregate(
        name,
        basic("LineExtensionAmount", net, currencyID=currency),
        basic("TaxExclusiveAmount", net + charged, currencyID=currency),
        basic("TaxInclusiveAmount", total if tax else None, currencyID=currency),
        basic("ChargeTotalAmount", charged, currencyID=currency),
        basic("PayableAmount", total, currencyID=currency),
    )


def _needed(by: date | None) -> Nodes:
    return aggregate("Delivery", aggregate("RequestedDeliveryPeriod", basic("EndDate", by)))


def _delivery(rfq: RFQ) -> Nodes:
    place = aggregate(
        "DeliveryAddress", aggregate("AddressLine", basic("Line", rfq.delivery_place))
    )
    needed = aggregate("RequestedDeliveryPeriod", basic("EndDate", rfq.required_by))
    return aggregate("Delivery", place, needed)


def _site(rfq: RFQ) -> Nodes:
    site = rfq.site
    return aggregate("Party",
        aggregate("PartyIdentification", basic("ID", site.code)),
        _name(site.name),
        _address(site.address, site.city, "", site.state, site.country),
        _registered(site.gstin),
        aggregate("Contact", basic("Name", rfq.contact)),
    )  # fmt: skip


def _party(one: Supplier) -> Nodes:
    return aggregate("Party",
        aggregate("PartyIdentification", basic("ID", one.code)),
        _name(one.name),
        _address(one.address, one.city, one.postal_code, one.state, one.country),
        _registered(one.gstin or one.vat_number),
    )  # fmt: skip


def _name(name: str) -> Nodes:
    return aggregate("PartyName", basic("Name", name))


def _address(lines: str, city: str, postal_code: str, state: str, country: str) -> Nodes:
    return aggregate("PostalAddress",
        basic("CityName", city),
        basic("PostalZone", postal_code),
        basic("CountrySubentity", state),
        *(aggregate("AddressLine", basic("Line", line)) for line in lines.splitlines()),
        aggregate("Country", basic("IdentificationCode", country)),
    )  # fmt: skip


def _registered(number: str) -> Nodes:
    return aggregate("PartyTaxScheme", basic("CompanyID", number), _gst()) if number else []


def _gst() -> Nodes:
    return aggregate("TaxScheme", basic("ID", "GST"))
