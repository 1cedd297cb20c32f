"""Sites, people, suppliers, items, rates and policies of the demonstration."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.demo import PASSWORD, PEOPLE
from accounts.models import Role, Site, User
from rfqs.demo.reading import rates, rows
from rfqs.importing import units
from rfqs.models import (
    ApprovalBand,
    ApprovalPolicy,
    ExchangeRate,
    Item,
    ItemUnit,
)
from suppliers.models import Contact, Supplier, SupplierStatus

LEAD_MINUTES = 60  # of every site once the data is there
RATE_DAYS = 60
CENT = Decimal("0.0001")

SITES = (
    {
        "code": "A001", "name": "Pune plant", "city": "Pune", "state": "Maharashtra",
        "address": "Plot 14, Industrial Area, Chakan Road", "minimum_bids": 3,
    },
    {
        "code": "A002", "name": "Chennai plant", "city": "Chennai", "state": "Tamil Nadu",
        "address": "27 Harbour Link Road", "minimum_bids": 2,
    },
    {
        "code": "A003", "name": "Vadodara plant", "city": "Vadodara", "state": "Gujarat",
        "address": "Survey 88, Ring Road", "minimum_bids": 1, "sealed_by_default": True,
    },
)  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who and what the stories are told with, by their short names."""

    sites: dict[str, Site]
    people: dict[str, User]
    suppliers: dict[str, Supplier]
    items: dict[str, Item]


def load(rng: Random, today: date) -> Cast:
    """Write all master data; the sites let a request close at once until `finish` is called."""
    units.load()
    sites = _sites()
    people = _people(sites)
    suppliers = _suppliers(people["supplier"])
    items = _items(suppliers, rng, today)
    _rates(rng, today)
    _policies(sites)
    return Cast(sites, people, suppliers, items)


def finish(cast: Cast) -> None:
    """Give the sites the lead time that real work needs."""
    codes = list(cast.sites)
    Site.objects.filter(code__in=codes).update(minimum_lead_minutes=LEAD_MINUTES)


def _sites() -> dict[str, Site]:
    sites = [Site(minimum_lead_minutes=0, **facts) for facts in SITES]
    Site.objects.bulk_create(sites)
    return {site.code: site for site in sites}


def _people(sites: dict[str, Site]) -> dict[str, User]:
    """Everyone of PEOPLE; the password is hashed once, it is everybody's."""
    hashed = make_password(PASSWORD)
    people: dict[str, User] = {}
    for person in PEOPLE:
        user = User(
            email=person.email,
            full_name=person.full_name,
            roles=list(person.roles),
            is_staff=person.is_staff,
            password=hashed,
        )
        user.save(force_insert=True)
        user.sites.set([sites[code] for code in person.sites])
        people[person.key] = user
        if person.heads:
            sites[person.heads].head = user
            sites[person.heads].save(update_fields=["head"])
    return people


def _suppliers(portal_user: User) -> dict[str, Supplier]:
    columns = (
        "code", "name", "category", "country", "city", "state", "postal_code", "currency", "gstin", "email",
        "phone", "payment_terms",
    )  # fmt: skip
    table = rows("suppliers")
    suppliers = [
        Supplier(
            rating=Decimal(row["rating"]) if row["rating"] else None,
            **{name: row[name] for name in columns},
        )
        for row in table
    ]
    _vary_status(suppliers)
    Supplier.objects.bulk_create(suppliers)
    contacts = [
        Contact(supplier=supplier, name=row["contact"] or "Sales desk", email=row["email"], is_primary=True)
        for supplier, row in zip(suppliers, table, strict=True)
    ]  # fmt: skip
    next(c for c in contacts if c.name == portal_user.full_name).user = portal_user
    Contact.objects.bulk_create(contacts)
    return {supplier.code: supplier for supplier in suppliers}


def _vary_status(suppliers: list[Supplier]) -> None:
    """A few foreign suppliers at the end of their table are not to be invited."""
    idle = [supplier for supplier in suppliers if supplier.code in ("NW-29", "NW-27", "SCMS-32")]
    for supplier, status in zip(
        idle,
        (SupplierStatus.PENDING, SupplierStatus.INACTIVE, SupplierStatus.SUSPENDED),
        strict=True,
    ):
        supplier.status = status


def _items(suppliers: dict[str, Supplier], rng: Random, today: date) -> dict[str, Item]:
    """The catalogue; last prices are in base currency at the demonstration's own rate."""
    items = [
        Item(
            code=row["code"],
            description=row["description"],
            specification=row["specification"],
            unit_id=row["unit"],
            category=row["category"],
            hsn=row["hsn"],
            gst_percent=Decimal(row["gst_percent"]),
            last_price=(Decimal(row["last_price"]) * rates()["USD"]).quantize(CENT),
            last_currency=settings.BASE_CURRENCY,
            last_supplier=suppliers[row["last_supplier"]],
            last_bought_on=today - timedelta(days=rng.randrange(20, 400)),
        )
        for row in rows("items")
    ]
    for new in items[::17]:  # some were never bought
        new.last_price, new.last_currency, new.last_supplier, new.last_bought_on = (
            None, "", None, None,
        )  # fmt: skip
    Item.objects.bulk_create(items)
    pieces = [item for item in items if item.unit_id == "H87"]
    ItemUnit.objects.bulk_create(
        ItemUnit(item=item, unit_id="XCT", factor=Decimal(12)) for item in pieces
    )
    return {item.code: item for item in items}


def _rates(rng: Random, today: date) -> None:
    """A slow random walk around each rate, one row a day."""
    table = []
    for row in rows("rates"):
        base = Decimal(row["rate_to_base"])
        for back in range(RATE_DAYS, -1, -1):
            drift = Decimal(rng.randrange(-60, 61)) / Decimal(10000)
            rate = (base * (1 + drift)).quantize(Decimal("0.000001"))
            day = today - timedelta(days=back)
            table.append(
                ExchangeRate(
                    currency=row["currency"], on=day, rate_to_base=rate, source="Demonstration"
                )
            )
    ExchangeRate.objects.bulk_create(table)


def _policies(sites: dict[str, Site]) -> None:
    approver, head = Role.APPROVER.value, Role.HEAD.value
    limit = Decimal(settings.ONE_STEP_UP_TO)
    standard = ApprovalPolicy.objects.create(name="Standard")
    strict = ApprovalPolicy.objects.create(
        name="Chennai transport", site=sites["A002"], commodity_type="transport"
    )
    ApprovalBand.objects.bulk_create(
        [
            ApprovalBand(policy=standard, up_to=limit, steps=[approver]),
            ApprovalBand(policy=standard, up_to=None, steps=[approver, head]),
            ApprovalBand(policy=strict, up_to=None, steps=[approver, head]),
        ]
    )
