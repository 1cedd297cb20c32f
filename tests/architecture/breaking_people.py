"""For every named constraint of people and sites, a plain write that it must refuse."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Delegation, Holiday
from tests.architecture.breaking import Break, World
from tests.factories import SiteFactory, UserFactory


def away(world: World, **facts: Any) -> Delegation:
    """The approver of the draft is away for an hour."""
    now = timezone.now()
    given = {"deputy": world.drafted.head, "starts_at": now, "ends_at": now + timedelta(hours=1)}
    return Delegation.objects.create(**({"person": world.drafted.approver} | given | facts))


PEOPLE: dict[str, Break] = {
    "accounts_site_code": lambda _world: SiteFactory(code="a-1"),
    "accounts_site_minimum_bids": lambda _world: SiteFactory(minimum_bids=0),
    "accounts_site_code_key": lambda world: SiteFactory(code=world.drafted.site.code),
    "accounts_user_email_lower": lambda _world: UserFactory(email="A@example.com"),
    "accounts_user_roles_known": lambda _world: UserFactory(roles=["king"]),
    "accounts_user_supplier_alone": lambda _world: UserFactory(roles=["supplier", "buyer"]),
    "accounts_holiday_once": lambda _world: [
        Holiday.objects.create(on=date(2026, 1, 26), name="Republic Day") for _twice in "ab"
    ],
    "accounts_delegation_in_order": lambda world: away(world, ends_at=timezone.now()),
    "accounts_delegation_to_another": lambda world: away(world, deputy=world.drafted.approver),
    "accounts_delegation_no_overlap": lambda world: [away(world), away(world)],
    "accounts_user_email_key": lambda world: UserFactory(email=world.drafted.buyer.email),
}
