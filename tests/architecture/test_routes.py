"""Every address asks who is there, and answers each role as listed."""

import pytest

from accounts.models import User
from tests.architecture.expected import EXPECTED
from tests.architecture.routes import ROLES, WANTED, Plant, plant
from tests.conftest import signed_in
from tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db

PUBLIC = {
    "favicon",
    "health",
    "health_detailed",  # 403 without a token
    "account_login",
    "account_inactive",
    "account_signup",  # says that it is closed
    "account_email_verification_sent",
    "account_confirm_email",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "door",  # its own keys: tests/rfqs/views/test_door.py
    *(name for name in WANTED if name.startswith("portal:")),
}
SIGN_IN = "/accounts/login/"
BACK_OFFICE = ("/admin/", "/admin/accounts/user/", "/admin/rfqs/rfq/", "/admin/jsi18n/")
NAMES = sorted(EXPECTED)
SHARES = 4  # so that several processes can share the work


@pytest.fixture
def site_at_work(settings, tmp_path) -> Plant:
    """Everyone and everything the addresses need."""
    settings.MEDIA_ROOT = tmp_path
    made = plant()
    for browser in made.browsers.values():
        browser.raise_request_exception = False
    return made


def test_every_address_is_listed():
    assert set(EXPECTED) == set(WANTED)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_address_answers_each_role_as_listed(share, site_at_work):
    names = NAMES[share::SHARES]

    answers = {
        name: tuple(
            " ".join(str(site_at_work.status(role, name, method)) for role in ROLES)
            for method in ("get", "post")
        )
        for name in names
    }

    assert answers == {name: EXPECTED[name] for name in names}


def test_nobody_gets_in_without_signing_in(site_at_work):
    nobody = site_at_work.browsers["anonymous"]
    inside = set(WANTED) - PUBLIC

    for method in (nobody.get, nobody.post):
        for name in sorted(inside):
            answer = method(site_at_work.address(name))
            assert (name, answer.status_code) == (name, 302)
            assert answer.url.partition("?")[0] in (SIGN_IN, "/"), name


def test_the_back_office_is_for_its_staff(site_at_work):
    answers = {
        role: {site_at_work.browsers[role].get(address).status_code for address in BACK_OFFICE}
        for role in ROLES
        if role != "staff"
    }

    assert answers == {role: answers[role] & {302, 403, 404} for role in answers}


def test_nobody_signs_up_by_themselves(client):
    data = {"email": "new@example.com", "password1": "Plant#A001!"}

    client.post("/accounts/signup/", data)

    assert not User.objects.get_queryset().filter(email="new@example.com").exists()


def test_a_supplier_sees_no_other_supplier(site_at_work):
    other = SupplierFactory()

    answer = site_at_work.browsers["supplier"].get(f"/suppliers/{other.pk}/")

    assert answer.status_code == 404


def test_who_loses_access_is_out_at_the_next_click(site_at_work):
    story = site_at_work.requests["submitted"]
    browser = signed_in(story.buyer)
    address = f"/rfqs/{story.rfq.number}/"
    assert browser.get(address).status_code == 200

    story.buyer.sites.clear()
    assert browser.get(address).status_code == 404

    User.objects.get_queryset().filter(pk=story.buyer.pk).update(is_active=False)
    assert browser.get(address).status_code == 302
