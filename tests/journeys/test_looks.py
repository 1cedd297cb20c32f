"""Every screen, on a desk and on a phone, by day and by night: accessible, no sideways scroll, quiet."""

from decimal import Decimal

import pytest

from accounts.models import Role
from rfqs.importing import units
from rfqs.models import Activation, ApprovalPolicy, Item, PurchaseOrder
from tests import lateness, stories
from tests.applying import applying
from tests.backoffice import staff
from tests.factories import ItemFactory, UserFactory
from tests.journeys.conftest import DESKTOP, PHONE
from tests.negotiating import next_round

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANE = {
    "from_location": "Pune", "to_location": "Hosur", "description": "Mixed cargo", "vehicle_size": "14 ft",
    "load_t": Decimal(4), "trips_per_month": 26, "months": 12,
}  # fmt: skip
WORK = {
    "description": "Upkeep of a generator set", "quantity": Decimal(4), "unit_id": "H87", "periods": 4,
    "period_unit": "quarter",
}  # fmt: skip
LOOKS = [
    pytest.param(DESKTOP, "light", id="desk by day"),
    pytest.param(DESKTOP, "dark", id="desk by night"),
    pytest.param(PHONE, "light", id="phone by day"),
    pytest.param(PHONE, "dark", id="phone by night"),
]


@pytest.fixture
def world():
    """One request in each of the states that look different, at one site."""
    units.load()
    item = ItemFactory(description="Ball bearing 6205")
    line = stories.GOODS_LINE | {"item_code": item.code, "description": item.description}
    done = stories.approved(lines=[line], prices=("10", "11", "12"))
    site = done.site
    made = {
        "done": done,
        "tied": stories.evaluated(site=site, prices=("10", "10")),
        "draft": stories.drafted(site=site),
        "service": stories.drafted(site=site, commodity_type="service", lines=[WORK]),
        "lane": stories.drafted(site=site, commodity_type="transport", lines=[LANE]),
        "open": stories.quoted(site=site),
        "picked": stories.picked(site=site),
        "waiting": stories.submitted(site=site),
        "sealed": stories.quoted(site=site, is_sealed=True),
        "rounds": next_round(stories.evaluated(site=site)),
        "late": lateness.asked(site=site),
    }
    applying()  # last: from now on a policy keeps new suppliers waiting
    return made


def buyers_pages(world):
    """Every page a buyer can stand on."""
    number = {name: story.rfq.number for name, story in world.items()}
    supplier = world["open"].suppliers[0]
    quotation = world["open"].rfq.quotations.first()
    return [
        "/rfqs/", "/rfqs/?requester=all&q=bolt", "/rfqs/?q=nothing+like+this", "/rfqs/new/",
        f"/rfqs/{number['draft']}/edit/", f"/rfqs/{number['service']}/edit/", f"/rfqs/{number['lane']}/edit/",
        *(f"/rfqs/{number['draft']}/{tab}" for tab in ("suppliers/", "check/", "cancel/")),
        *(f"/rfqs/{number['open']}/{tab}" for tab in ("", "lines/", "quotations/", "files/", "activity/")),
        f"/rfqs/{number['open']}/extend/",
        f"/rfqs/{number['open']}/quotations/new/?supplier={supplier.pk}",
        f"/rfqs/{number['open']}/quotations/{quotation.pk}/",
        f"/rfqs/{number['open']}/compare/", f"/rfqs/{number['tied']}/compare/?view=landed",
        f"/rfqs/{number['sealed']}/", f"/rfqs/{number['sealed']}/compare/",
        f"/rfqs/{number['picked']}/award/", f"/rfqs/{number['done']}/award/", f"/rfqs/{number['done']}/",
        f"/rfqs/{number['rounds']}/", f"/rfqs/{number['tied']}/round/",
        f"/rfqs/{number['rounds']}/suppliers/{world['rounds'].suppliers[0].pk}/copies/",
        f"/rfqs/{number['late']}/", f"/rfqs/{number['late']}/suppliers/{world['late'].suppliers[2].pk}/late/",
        f"/rfqs/activations/{Activation.objects.get().supplier_id}/",
        "/rfqs/catalogue/", f"/rfqs/catalogue/{Item.objects.get().code}/", "/rfqs/orders/",
        f"/rfqs/orders/{PurchaseOrder.objects.get().number}/", "/suppliers/", f"/suppliers/{supplier.pk}/", "/me/",
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_buyers_screens_look_right(person, world, size, scheme):
    buyer = UserFactory(roles=[Role.BUYER.value], sites=[world["done"].site], admits_late=True)
    someone = person(buyer, size=size, scheme=scheme)
    for path in buyers_pages(world):
        someone.go(path)
        someone.looks_right()


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_an_approvers_screens_look_right(person, world, size, scheme):
    approver = world["waiting"].approver
    someone = person(size=size, scheme=scheme)
    someone.go("/accounts/login/")
    someone.looks_right()
    someone.go("/accounts/password/reset/")
    someone.looks_right()
    someone.sign_in(approver)
    for path in (
        "/rfqs/inbox/",
        "/rfqs/inbox/?tab=decided",
        f"/rfqs/inbox/{world['waiting'].rfq.number}/",
        f"/rfqs/inbox/{world['late'].rfq.number}/",
    ):
        someone.go(path)
        someone.looks_right()


WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
NAMED = (
    "() => [...document.querySelectorAll('.select2 [role=combobox]')].every(one => one.ariaLabel)"
)


@pytest.mark.parametrize(("size", "scheme"), [LOOKS[0], LOOKS[3]])
def test_the_back_office_looks_right(person, world, size, scheme):
    policy = ApprovalPolicy.objects.create(name="Everything")
    policy.bands.create(steps=["approver", "head"])
    supplier, office = world["open"].suppliers[0], staff()
    someone = person(office, size=size, scheme=scheme)
    for path in (
        "", "accounts/user/", f"accounts/user/{office.pk}/change/", "suppliers/supplier/?q=",
        f"suppliers/supplier/{supplier.pk}/change/", "rfqs/rfq/", "rfqs/approvalpolicy/",
        "rfqs/approvalpolicy/add/", f"rfqs/approvalpolicy/{policy.pk}/change/", "audit/auditevent/",
    ):  # fmt: skip
        someone.go(f"/admin/{path}").wait_for_function(NAMED)
        someone.looks_right(WCAG)
