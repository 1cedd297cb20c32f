"""A person's own page and preferences."""

import pytest
from django.test import Client

PROFILE, PREFERENCES = "/me/", "/me/preferences/"


def test_the_profile_shows_roles_sites_and_the_way_to_the_password(as_buyer, buyer, site):
    html = as_buyer.get(PROFILE).content.decode()

    shown = ("Buyer", f"{site.code} {site.name}", "/accounts/password/change/", buyer.email)
    assert [text in html for text in shown] == [True] * 4


def test_all_preferences_are_stored_together(as_buyer, buyer):
    sent = {
        "theme": "dark",
        "density": "comfortable",
        "time_zone": "Europe/Berlin",
        "shortcuts": "off",
    }

    response = as_buyer.post(PREFERENCES, sent)

    buyer.refresh_from_db()
    stored = (buyer.theme, buyer.density, buyer.time_zone, buyer.shortcuts)
    assert (response.url, stored) == (PROFILE, ("dark", "comfortable", "Europe/Berlin", False))


def test_one_preference_leaves_the_others_alone(as_buyer, buyer):
    response = as_buyer.post(PREFERENCES, {"theme": "light", "next": "/rfqs/"})

    buyer.refresh_from_db()
    assert (response.url, buyer.theme, buyer.shortcuts) == ("/rfqs/", "light", True)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "abc", "a\0b"])
def test_next_never_leaves_the_site(as_buyer, back):
    assert as_buyer.post(PREFERENCES, {"theme": "light", "next": back}).url == PROFILE


@pytest.mark.parametrize(
    "sent", [{"theme": "pink"}, {"time_zone": "Moon/Base"}, {"density": ""}, {"shortcuts": "maybe"}]
)
def test_what_does_not_exist_is_refused_in_place(as_buyer, buyer, sent):
    before = (buyer.theme, buyer.density, buyer.time_zone, buyer.shortcuts)

    response = as_buyer.post(PREFERENCES, sent)

    buyer.refresh_from_db()
    assert (response.status_code, "There is a problem" in response.content.decode()) == (422, True)
    assert (buyer.theme, buyer.density, buyer.time_zone, buyer.shortcuts) == before


def test_the_zone_can_be_the_usual_one_again(as_buyer, buyer):
    buyer.time_zone = "Europe/Berlin"
    buyer.save(update_fields=["time_zone"])

    as_buyer.post(PREFERENCES, {"time_zone": ""})

    buyer.refresh_from_db()
    assert buyer.time_zone == ""


def test_strangers_and_readers_change_nothing(as_buyer, db):
    assert Client().get(PROFILE).url == "/accounts/login/?next=/me/"
    assert as_buyer.get(PREFERENCES).status_code == 405
