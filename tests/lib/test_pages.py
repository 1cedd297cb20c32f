"""A page lets go of what it showed."""

import gc
import weakref

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

from quoteflow.lib.pages import Pages


class Shown(list):
    """Something large; a plain list cannot be watched."""


@pytest.fixture
def unwatched():
    gc.disable()
    yield
    gc.enable()


def rendered(backend, text, context):
    engine = backend({"NAME": "pages", "DIRS": [], "APP_DIRS": False, "OPTIONS": {}})
    return engine.from_string(text).render(context, RequestFactory().get("/"))


TEXT = "{% for one in shown %}{{ one }}{% endfor %}"


@pytest.mark.usefixtures("unwatched")
@pytest.mark.parametrize(("backend", "is_freed"), [(Pages, True), (DjangoTemplates, False)])
def test_what_was_shown_is_freed_at_once_where_django_waits_for_its_garbage(backend, is_freed):
    shown = Shown("abc")
    watched = weakref.ref(shown)

    text = rendered(backend, TEXT, {"shown": shown})
    del shown

    assert (text, watched() is None) == ("abc", is_freed)


def test_it_is_the_backend_of_the_project_and_names_what_it_does_not_find():
    assert type(engines.all()[0]) is Pages
    with pytest.raises(TemplateDoesNotExist, match=r"no/such\.html"):
        engines.all()[0].get_template("no/such.html")
    with pytest.raises(TemplateDoesNotExist, match=r"no/such\.html"):
        engines.all()[0].from_string('{% include "no/such.html" %}').render({})
