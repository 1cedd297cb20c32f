"""UBL 2.4 documents and OCDS 1.1.5 releases, validated by the standards' own schemas, and their figures."""

import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from lxml import etree
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from rfqs import ownprice
from rfqs.actions import issuing, opening
from rfqs.exports import ocds, ubl
from rfqs.models import Award
from tests import stories
from tests.conftest import signed_in
from tests.factories import RateFactory
from tests.rfqs.exports.test_papers import NASTY
from tests.running import run

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parent / "schemas"
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
PARTS = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
HEAD = {
    "currency": "EUR", "header_discount_percent": Decimal("2.5"), "pf_percent": Decimal(1),
    "freight_term": "amount", "freight_amount": Decimal("40.00"), "remarks": f"{NASTY} \x0b",
}  # fmt: skip


@pytest.fixture(scope="session")
def grammar(tmp_path_factory):
    """A function that reads a document only where the schema of its name lets it."""
    folder = tmp_path_factory.mktemp("ubl")
    with zipfile.ZipFile(SCHEMAS / "ubl-2.4.zip") as packed:
        packed.extractall(folder)
    schemas = {
        name: etree.XMLSchema(etree.parse(folder / "maindoc" / f"UBL-{name}-2.4.xsd"))
        for name in ("RequestForQuotation", "Quotation", "Order")
    }

    def read(content):
        root = etree.fromstring(content)
        schemas[etree.QName(root).localname].assertValid(root)
        return root

    return read


def texts(root, path):
    return [node.text for node in root.findall(path, PARTS)]


def amounts(root, path):
    return [Decimal(text) for text in texts(root, path)]


@pytest.fixture
def story():
    """Two lines asked of two suppliers: one answers both in euros, with charges, the other one of them."""
    RateFactory()
    lines = [
        stories.GOODS_LINE | {"description": NASTY, "hsn": "7318", "gst_percent": Decimal(18)},
        stories.GOODS_LINE | {"quantity": Decimal("12.5"), "target_price": Decimal("9.87"),
                              "last_price": Decimal("6.54")},
    ]  # fmt: skip
    story = stories.opened(lines=lines, suppliers=2)
    stories.quote(story, story.suppliers[0], ["10.25", "1234567.8912"], **HEAD)
    stories.quote(story, story.suppliers[1], ["12", None])
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def test_a_request_is_a_valid_document_with_its_lines_and_no_secret(grammar, story):
    content = ubl.request(story.rfq, story.suppliers[0])

    root = grammar(content)
    (said,) = texts(root, "cbc:ID")
    assert said == story.rfq.number
    line = "cac:RequestForQuotationLine/cac:LineItem"
    names = texts(root, f"{line}/cac:Item/cbc:Name")
    assert (names[0], amounts(root, f"{line}/cbc:Quantity")) == (NASTY, [100, Decimal("12.5")])
    assert [node.get("unitCode") for node in root.findall(f"{line}/cbc:Quantity", PARTS)] == [
        "H87", "H87",
    ]  # fmt: skip
    seller = "cac:SellerSupplierParty/cac:Party/cac:PartyName/cbc:Name"
    assert texts(root, seller) == [story.suppliers[0].name]
    for secret in ("9.87", "6.54", story.suppliers[1].name, "1234567"):
        assert secret not in content.decode()
    assert texts(grammar(ubl.request(story.rfq)), seller) == ["Every supplier asked"]


@pytest.mark.parametrize(
    ("kind", "line", "said"),
    [
        ("service", {"description": "Upkeep", "quantity": 4, "unit_id": "H87", "periods": 4,
                     "period_unit": "quarter"}, "4 × Quarter"),
        ("transport", {"from_location": "Pune", "to_location": "Hosur", "description": "Cargo", "load_t": 4,
                       "trips_per_month": 26, "months": 12}, "26 a month × 12"),
    ],
)  # fmt: skip
def test_services_and_lanes_are_valid_too(grammar, kind, line, said):
    story = stories.opened(commodity_type=kind, lines=[line])

    root = grammar(ubl.request(story.rfq))

    item = "cac:RequestForQuotationLine/cac:LineItem/cac:Item"
    assert said in texts(root, f"{item}/cac:AdditionalItemProperty/cbc:Value")


def test_a_quotation_adds_up_as_its_supplier_saw_it(grammar, story):
    first, second = story.rfq.quotations.select_related("supplier").order_by("supplier__code")
    price = ownprice.of_quotation(first)

    root = grammar(ubl.quotation(first))

    item, total = "cac:QuotationLine/cac:LineItem", "cac:QuotedMonetaryTotal"
    assert amounts(root, f"{item}/cac:Price/cbc:PriceAmount") == [
        Decimal("10.25"), Decimal("1234567.8912"),
    ]  # fmt: skip
    parts = amounts(root, f"{item}/cbc:LineExtensionAmount")
    charges = amounts(root, "cac:AllowanceCharge/cbc:Amount")
    taxes = amounts(root, "cac:TaxTotal/cbc:TaxAmount")
    assert amounts(root, f"{total}/cbc:LineExtensionAmount") == [sum(parts)]
    assert amounts(root, f"{total}/cbc:TaxExclusiveAmount") == [sum(parts) + sum(charges)]
    assert amounts(root, f"{total}/cbc:PayableAmount") == [sum(parts) + sum(charges) + sum(taxes)]
    assert amounts(root, f"{total}/cbc:PayableAmount") == [price.total]
    assert {node.get("currencyID") for node in root.iter() if node.get("currencyID")} == {"EUR"}
    gap = grammar(ubl.quotation(second))
    assert texts(gap, f"{item}/cbc:Note") == ["Not quoted"]
    assert amounts(gap, f"{item}/cac:Price/cbc:PriceAmount") == [12]


def test_an_order_adds_up_and_names_its_revision(grammar):
    RateFactory()
    story = stories.opened(suppliers=2)
    stories.quote(story, story.suppliers[0], "10.25", **HEAD)
    stories.quote(story, story.suppliers[1], "99", currency="EUR")
    order = stories.decided(story).rfq.orders.get()
    issuing.issue(order_id=order.pk, by=story.buyer, remarks="Gate 2")

    answer = signed_in(story.buyer).get(f"/rfqs/orders/{order.number}/pdf/?format=ubl")

    assert answer["Content-Type"] == ubl.CONTENT_TYPE
    root = grammar(answer.content)
    total = "cac:AnticipatedMonetaryTotal"
    assert texts(root, "cbc:Note") == ["Issued", "Revision 1", "Gate 2"]
    assert amounts(root, "cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount") == [
        Decimal("999.37")
    ]
    assert amounts(root, "cac:AllowanceCharge/cbc:Amount") == [Decimal("9.99"), Decimal("40.00")]
    assert amounts(root, f"{total}/cbc:PayableAmount") == [Decimal("1049.36")]


@pytest.fixture(scope="session")
def released():
    """A function that reads a package where the standard lets it, and no field it does not know."""
    with zipfile.ZipFile(SCHEMAS / "ocds-1.1.5.zip") as packed:
        schema, package, bids = (
            json.loads(packed.read(name))
            for name in (
                "release-schema.json", "release-package-schema.json", "ext-bids-1.1.5/release-schema.json",
            )
        )  # fmt: skip
    schema["properties"] |= bids["properties"]
    schema["definitions"]["Award"]["properties"] |= bids["definitions"].pop("Award")["properties"]
    schema["definitions"] |= bids["definitions"]
    for one in [schema, *schema["definitions"].values()]:
        one["additionalProperties"] = False
    address = package["properties"]["releases"]["items"]["$ref"]
    known = Registry().with_resource(address, Resource(schema, DRAFT4))
    checker = Draft4Validator(package, registry=known)

    def read(content):
        found = json.loads(content, parse_float=Decimal)
        checker.validate(json.loads(content))
        (release,) = found["releases"]
        return release

    return read


def test_a_release_tells_the_request_and_its_quotations(released, story):
    release = released(ocds.package(story.rfq, NOW))

    first, second = story.rfq.quotations.order_by("submitted_at")
    assert (release["tag"], release["tender"]["status"]) == (["tender"], "active")
    assert release["ocid"] == f"ocds-000000-{story.rfq.number}"
    assert [item["description"] for item in release["tender"]["items"]] == [
        NASTY, stories.GOODS_LINE["description"],
    ]  # fmt: skip
    assert [bid["value"] for bid in release["bids"]["details"]] == [
        {"amount": ownprice.of_quotation(one).total, "currency": one.currency}
        for one in (first, second)
    ]
    assert [bid["status"] for bid in release["bids"]["details"]] == ["valid", "valid"]


def test_an_approved_award_and_its_orders_are_in_the_release(released):
    story = stories.approved(prices=("1234.5", "2345.6"))
    order = story.rfq.orders.get()

    release = released(ocds.package(story.rfq, NOW))

    award = Award.objects.get(rfq=story.rfq)
    assert release["tag"] == ["tender", "award", "contract"]
    (given,), (contract,) = release["awards"], release["contracts"]
    assert given["value"] == {"amount": award.total, "currency": "INR"}
    assert (given["status"], release["tender"]["status"]) == ("active", "complete")
    assert (contract["id"], contract["awardID"], contract["status"]) == (
        order.number, given["id"], "pending",
    )  # fmt: skip
    assert contract["value"] == {"amount": order.cost, "currency": "INR"}
    assert given["relatedBid"] in {bid["id"] for bid in release["bids"]["details"]}
    roles = {party["id"]: party["roles"] for party in release["parties"]}
    assert roles[story.suppliers[0].code] == ["tenderer", "supplier"]
    assert roles[story.suppliers[1].code] == ["tenderer"]


def test_numbers_never_pass_through_a_float():
    """A text that looks like a number stays a text; an amount of thirty digits keeps them all."""
    long = Decimal("123456789012345678901234567890.12")
    text = json.dumps({"a": long, "b": "12.50", "c": '"\\u00001'}, default=ocds._marked)

    assert json.loads(ocds._NUMBER.sub(r"\1", text), parse_float=Decimal) == {
        "a": long, "b": "12.50", "c": '"\\u00001',
    }  # fmt: skip


@pytest.mark.parametrize("form", ["ubl", "ocds"])
def test_the_command_writes_them(grammar, released, story, tmp_path, form):
    target = tmp_path / "file"

    written = run("export_rfq", story.rfq.number, "--format", form, "--out", str(target))

    assert written.failure == ""
    (grammar if form == "ubl" else released)(target.read_bytes())


def test_the_command_says_which_document_and_shows_no_sealed_price(grammar, story, tmp_path):
    def export(rfq, *more, form="ubl"):
        target = tmp_path / "file"
        target.unlink(missing_ok=True)
        failure = run(
            "export_rfq", rfq.number, "--format", form, "--out", str(target), *more
        ).failure
        return failure or etree.QName(grammar(target.read_bytes())).localname

    first, code = story.rfq, story.suppliers[0].code
    of = ("--document", "quotation", "--supplier", code)
    assert export(first, "--supplier", code) == "RequestForQuotation"
    assert export(first, *of) == "Quotation"
    assert export(first, "--document", "order") == "Say whose: --supplier CODE."
    assert export(first, "--document", "order", "--supplier", code) == (
        f"{first.number} has no such document of {code}."
    )
    assert export(first, *of, form="pdf") == "--document and --supplier go with --format ubl."
    sealed = stories.quoted(is_sealed=True)
    mine = ("--document", "quotation", "--supplier", sealed.suppliers[0].code)
    assert export(sealed.rfq) == "RequestForQuotation"
    assert export(sealed.rfq, *mine) == "The prices are sealed until the opening."
    assert export(sealed.rfq, form="ocds") == "The prices are sealed until the opening."


def test_both_are_downloads(grammar, released, story):
    client = signed_in(story.buyer)
    page = f"/rfqs/{story.rfq.number}"

    grammar(client.get(f"{page}/paper/?format=ubl").content)
    release = client.get(f"{page}/compare/export/?format=ocds")

    released(release.content)
    assert release["Content-Disposition"] == (
        f'attachment; filename="{story.rfq.number}-statement.ocds.json"'
    )
    assert client.get(f"{page}/compare/export/?format=ubl").status_code == 404
    assert json.load(io.BytesIO(release.content))["publisher"] == {"name": story.site.name}
