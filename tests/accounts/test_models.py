"""People, their roles and their sites."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role, User, check_time_zone
from tests.factories import BuyerFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_and_found_in_lower_case():
    made = User.objects.create_user(" Asha@Example.COM ", "Plant#A001!", full_name="Asha")

    assert made.email == "asha@example.com"
    assert User.objects.get_by_natural_key("ASHA@example.com") == made
    assert made.check_password("Plant#A001!")


def test_a_superuser_is_of_the_back_office_and_holds_no_role():
    made = User.objects.create_superuser("root@example.com", "Plant#A001!", full_name="R")

    assert (made.is_staff, made.is_superuser, made.roles) == (True, True, [])
    assert not made.holds(*Role.values)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_held_by_active_people_only(role):
    person = UserFactory.build(roles=[role.value])
    assert person.holds(role)

    person.is_active = False
    assert not person.holds(role)


def test_people_are_found_by_any_of_their_roles():
    both = UserFactory(roles=[Role.BUYER.value, Role.APPROVER.value])
    UserFactory(roles=[Role.BUYER.value], is_active=False)
    UserFactory(roles=[Role.AUDITOR.value])

    assert list(User.objects.with_role(Role.BUYER, Role.HEAD)) == [both]


def test_sites_that_closed_are_no_longer_ones_own():
    open_, closed = SiteFactory(code="B1"), SiteFactory(code="A1", is_active=False)
    person = BuyerFactory(sites=[open_, closed])

    assert person.own_site_ids == [open_.pk]
    assert person.own_sites == [(open_.pk, "B1", open_.name)]


def test_sites_carried_along_are_the_same(django_assert_num_queries):
    person = BuyerFactory(sites=[SiteFactory(code="B1"), SiteFactory(code="A1")])
    plain = User.objects.get(pk=person.pk)

    with django_assert_num_queries(1):
        carried = User.objects.get_queryset().with_sites().get(pk=person.pk)
        found = (carried.own_site_ids, carried.own_sites)

    assert found == (plain.own_site_ids, plain.own_sites)


def test_a_time_zone_is_one_of_the_known():
    assert check_time_zone("Asia/Kolkata") is None
    with pytest.raises(ValidationError, match="Write it like Asia/Kolkata"):
        check_time_zone("Mars/Olympus")
