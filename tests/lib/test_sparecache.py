"""Signing in while the shared cache is away: possible, and still limited."""

import pytest
from django.core.cache import cache

from tests.factories import PASSWORD

SIGN_IN = "/accounts/login/"


@pytest.fixture
def _gone(settings):
    """The cache as it is when its server has stopped."""
    away = {"LOCATION": "unix:///nowhere/valkey.sock"}
    settings.CACHES = {name: facts | away for name, facts in settings.CACHES.items()}
    yield
    cache._spare.clear()


@pytest.mark.usefixtures("_gone")
def test_people_sign_in_without_the_shared_cache(client, buyer):
    answer = client.post(SIGN_IN, {"login": buyer.email, "password": PASSWORD})

    assert (answer.status_code, client.get("/rfqs/").status_code) == (302, 200)


@pytest.mark.usefixtures("_gone")
def test_guessing_is_limited_without_the_shared_cache(client, buyer):
    answers = [
        client.post(SIGN_IN, {"login": buyer.email, "password": f"Wrong#{n}"}) for n in range(6)
    ]

    right = client.post(SIGN_IN, {"login": buyer.email, "password": PASSWORD})
    assert answers[0].status_code == 200
    assert right.status_code != 302
