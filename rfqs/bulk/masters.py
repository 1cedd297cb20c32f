"""The sites, people, suppliers and items that the invented requests speak of."""

from decimal import Decimal
from random import Random

from django.db import connection

from accounts.models import Role, Site, User
from rfqs.models import RFQ, Item
from suppliers.models import Supplier

SITES = 8
BUYERS_A_SITE = 4
APPROVERS = 16
HEADS = 2
SUPPLIERS = 200
ITEMS = 2000
DOMAIN = "bulk.example.com"
PLACES = ("Pune", "Chennai", "Vadodara", "Nashik", "Hosur", "Jaipur", "Indore", "Rajkot")
THINGS = (
    "Hex bolt", "Ball bearing", "V-belt", "Gate valve", "Hydraulic hose", "Copper cable", "Gear motor",
    "Solenoid valve", "Air filter", "Welding electrode", "Safety helmet", "Packing tape", "Grease cartridge",
    "Thermal paste", "Lathe insert", "Cable gland", "Contactor", "Pressure gauge", "Oil seal", "Roller chain",
)  # fmt: skip
MAKES = ("SKF", "Parker", "Siemens", "L&T", "Legrand", "Bosch", "Fenner", "Timken")
TRADES = ("Fasteners", "Bearings", "Hydraulics", "Electricals", "Safety", "Consumables")


def is_foreign() -> bool:
    """Whether the database holds requests, suppliers or people that are not invented here."""
    return (
        RFQ.objects.exclude(site__code__regex=r"^BK[0-9]{2}$").exists()
        or Supplier.objects.exclude(code__startswith="BULK-").exists()
        or User.objects.exclude(email__endswith=f"@{DOMAIN}").exists()
    )


def lacks_suppliers() -> bool:
    """Whether the next requests need suppliers that are not there yet."""
    return Supplier.objects.filter(code__startswith="BULK-").count() < SUPPLIERS


def ensure(seed: int, password: str | None) -> None:
    """Make what is missing; without a password nobody here can sign in.

    `buyer@` works at every site, `buyer-1-1@` at one; `approver-1@` to `approver-16@` decide first
    steps everywhere, `head-1@` and `head-2@` second ones.
    """
    rng = Random(seed)  # noqa: S311 (invented data, no secret)
    sites = _sites()
    _people(sites, password)
    Supplier.objects.bulk_create(
        (_supplier(number, rng) for number in range(1, SUPPLIERS + 1)), ignore_conflicts=True
    )
    Item.objects.bulk_create(
        (_item(number, rng) for number in range(1, ITEMS + 1)), ignore_conflicts=True
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_site, accounts_user, suppliers_supplier, rfqs_item")


def _sites() -> list[Site]:
    wanted = (
        Site(code=f"BK{number:02d}", name=f"{place} works", city=place)
        for number, place in enumerate(PLACES, start=1)
    )
    Site.objects.bulk_create(wanted, ignore_conflicts=True)
    return list(Site.objects.filter(code__startswith="BK").order_by("code"))


def _people(sites: list[Site], password: str | None) -> None:
    everywhere = [("buyer", Role.BUYER)]
    everywhere += [(f"approver-{n}", Role.APPROVER) for n in range(1, APPROVERS + 1)]
    everywhere += [(f"head-{n}", Role.HEAD) for n in range(1, HEADS + 1)]
    wanted = [(name, role, sites) for name, role in everywhere]
    wanted += [
        (f"buyer-{n}-{k}", Role.BUYER, [site])
        for n, site in enumerate(sites, start=1)
        for k in range(1, BUYERS_A_SITE + 1)
    ]
    model = User(full_name="")
    model.set_password(password)  # hashed once: forty slow hashes would tell nothing more
    people = [
        User(
            email=f"{name}@{DOMAIN}",
            full_name=name.replace("-", " ").capitalize(),
            roles=[role.value],
            password=model.password,
        )
        for name, role, _at in wanted
    ]
    User.objects.bulk_create(
        people, update_conflicts=True, unique_fields=["email"], update_fields=["password"]
    )
    ids = dict(User.objects.filter(email__endswith=f"@{DOMAIN}").values_list("email", "pk"))
    works_at = User.sites.through
    works_at.objects.bulk_create(
        (
            works_at(user_id=ids[f"{name}@{DOMAIN}"], site_id=site.pk)
            for name, _role, at in wanted
            for site in at
        ),
        ignore_conflicts=True,
    )


def _supplier(number: int, rng: Random) -> Supplier:
    trade, place = rng.choice(TRADES), rng.choice(PLACES)
    return Supplier(
        code=f"BULK-{number:04d}",
        name=f"{place} {trade} {number} Pvt Ltd",
        category=trade,
        email=f"sales-{number}@{DOMAIN}",
        city=place,
    )


def _item(number: int, rng: Random) -> Item:
    size = f"{rng.randrange(4, 60)} x {rng.randrange(10, 400)} mm"
    return Item(
        code=f"BULK-{number:05d}",
        description=f"{rng.choice(THINGS)} {size} {rng.choice(MAKES)}",
        unit_id="H87",
        category=rng.choice(TRADES),
        hsn=f"{rng.randrange(1000, 9999)}",
        gst_percent=Decimal(18),
        last_price=Decimal(rng.randrange(500, 250_000)) / 100,
        last_currency="INR",
    )
