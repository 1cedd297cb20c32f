"""Guessing at a password ends soon, with and without the shared cache; working people never notice."""

import pytest
from django.core import mail
from django.test import Client

from quoteflow.lib.models import Bucket
from quoteflow.notifications.models import OutboxMessage
from tests.conftest import signed_in
from tests.factories import PASSWORD, BuyerFactory, UserFactory

SIGN_IN, RESET = "/accounts/login/", "/accounts/password/reset/"
WRONG = "Wrong#1"
CHANGE, AGAIN = "/accounts/password/change/", "/accounts/reauthenticate/"


@pytest.fixture(params=["with the cache", "without the cache"])
def _cache(request, settings):
    """The cache as it is, and as it is when its server has stopped."""
    if request.param == "without the cache":
        away = {"LOCATION": "unix:///nowhere/valkey.sock"}
        settings.CACHES = {name: facts | away for name, facts in settings.CACHES.items()}


def tries(browser, email, count, password=WRONG):
    form = {"login": email, "password": password}
    return [browser.post(SIGN_IN, form) for _again in range(count)]


def codes(answers):
    return [answer.status_code for answer in answers]


@pytest.mark.usefixtures("_cache")
def test_five_wrong_passwords_close_the_account_for_a_while(client, buyer):
    wrong = tries(client, buyer.email, 6)
    right = tries(client, buyer.email, 1, PASSWORD)

    assert codes(wrong + right) == [200] * 5 + [429, 429]
    assert 0 < int(wrong[-1]["Retry-After"]) <= 300
    assert "Try again in 5 minutes." in wrong[-1].content.decode()
    assert client.get("/rfqs/").status_code == 302


@pytest.mark.usefixtures("_cache")
def test_people_sign_in_as_often_as_they_like(buyer):
    answers = [
        answer for _again in range(7) for answer in tries(Client(), buyer.email, 1, PASSWORD)
    ]

    assert codes(answers) == [302] * 7
    assert set(Bucket.objects.values_list("used", flat=True)) == {0}


def test_the_account_is_closed_however_it_is_written_and_wherever_it_is_tried_from(db, buyer):
    for n in range(5):
        tries(Client(REMOTE_ADDR=f"192.0.2.{n}"), buyer.email.upper(), 1)

    assert codes(tries(Client(REMOTE_ADDR="192.0.2.9"), f" {buyer.email} ", 1)) == [429]


def test_an_address_that_nobody_has_is_no_different(client, db):
    assert codes(tries(client, "nobody@example.com", 6)) == [200] * 5 + [429]


def test_one_computer_does_not_try_account_after_account(client, db):
    people = UserFactory.create_batch(21)

    answers = [answer for one in people for answer in tries(client, one.email, 1)]

    assert codes(answers) == [200] * 20 + [429]
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert codes(tries(elsewhere, people[-1].email, 1, PASSWORD)) == [302]


def test_looking_at_the_page_counts_nothing(client, db):
    answers = [client.get(SIGN_IN) for _again in range(30)]

    assert (set(codes(answers)), Bucket.objects.count()) == ({200}, 0)


def test_what_is_counted_names_nobody(client, buyer):
    tries(client, buyer.email, 1)

    stored = " ".join(Bucket.objects.values_list("key", flat=True))
    assert (len(stored), buyer.email in stored, "127.0.0.1" in stored) == (129, False, False)


@pytest.mark.usefixtures("_cache")
def test_five_reset_mails_an_hour_reach_an_account(client, buyer):
    answers = [client.post(RESET, {"email": buyer.email}) for _again in range(6)]

    assert codes(answers) == [302] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 3000
    assert OutboxMessage.objects.filter(kind="password_reset").count() == 5
    assert mail.outbox == []


def test_one_computer_asks_for_twenty_reset_mails_an_hour(client, db):
    answers = [client.post(RESET, {"email": f"no{n}@example.com"}) for n in range(21)]

    assert codes(answers) == [302] * 20 + [429]


def test_a_link_of_a_reset_mail_is_not_guessed(client, db):
    answers = [client.post(f"{RESET}key/1-set-password/") for _again in range(21)]

    assert codes(answers)[-1] == 429
    assert 429 not in codes(answers)[:20]


@pytest.mark.parametrize(("address", "field"), [(AGAIN, "password"), (CHANGE, "oldpassword")])
def test_whoever_finds_a_session_does_not_find_its_password(db, address, field):
    buyer = BuyerFactory()
    browser = signed_in(buyer)
    new = {"password1": "Other#A001!", "password2": "Other#A001!"}

    wrong = [browser.post(address, new | {field: f"Wrong#{n}"}) for n in range(6)]
    right = browser.post(address, new | {field: PASSWORD})

    buyer.refresh_from_db()
    assert codes([*wrong, right]) == [200] * 5 + [429, 429]
    assert buyer.check_password(PASSWORD)
