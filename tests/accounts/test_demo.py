from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import demo
from tests.factories import UserFactory

BUYER = demo.PEOPLE[0].email


@pytest.fixture
def demo_buyer(db):
    return UserFactory(email=BUYER)


def printed() -> str:
    told = StringIO()
    call_command("demo_sign_ins", stdout=told)
    return told.getvalue()


def test_the_table_names_who_is_there(demo_buyer):
    assert printed() == f"Sign in with the password {demo.PASSWORD} as\n  Buyer  {BUYER}\n"


def test_an_installation_without_demonstration_prints_nothing(db):
    UserFactory()

    assert printed() == ""


def test_the_sign_in_page_shows_them_where_the_installation_wants_it(demo_buyer, settings):
    settings.DEMO_SIGN_INS = True

    response = Client().get("/accounts/login/")

    assert response.context["demo_sign_ins"] == [("Buyer", BUYER)]
    assert demo.PASSWORD in response.text


def test_elsewhere_the_sign_in_page_asks_the_database_nothing(
    demo_buyer, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = Client().get("/accounts/login/")

    assert response.context["demo_sign_ins"] == []
    assert demo.PASSWORD not in response.text


def test_signing_in_still_works(demo_buyer, client):
    answer = client.post("/accounts/login/", {"login": BUYER, "password": "Plant#A001!"})

    assert (answer.status_code, answer.url) == (302, "/")
