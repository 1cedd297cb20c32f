"""What stands at the front door."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse


@pytest.mark.django_db
def test_browsers_find_the_icon_of_pages_that_name_none():
    answer = Client().get("/favicon.ico")

    assert (answer.status_code, answer["Cache-Control"]) == (302, "public, max-age=86400")
    assert re.fullmatch(r"/static/favicon(\.\w+)?\.svg", answer.url)
    assert finders.find("favicon.svg") is not None


@pytest.mark.django_db
def test_looking_for_the_icon_starts_no_session():
    browser = Client()

    browser.get(reverse("favicon"))

    assert dict(browser.cookies) == {}
