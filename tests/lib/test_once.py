"""Forms that are carried out once."""

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from quoteflow.lib import once
from quoteflow.lib.errors import DomainError
from quoteflow.lib.models import Sending

OWNER = uuid4()


def sent(path="/new/", owner=OWNER, files=(), **fields):
    """The form as it arrives."""
    uploads = {name: SimpleUploadedFile(filename, content) for name, filename, content in files}
    request = RequestFactory().post(path, {**fields, **uploads})
    form = once.read(request, owner)
    request.close()
    return form


@pytest.fixture
def key():
    return str(uuid4())


def test_a_form_without_a_key_is_not_remembered():
    assert (sent(title="Bolts"), sent(once="no key", title="Bolts")) == (None, None)


def test_the_token_of_the_session_is_no_part_of_what_is_sent(key):
    first = sent(once=key, title="Bolts", csrfmiddlewaretoken="one")

    assert first == sent(title="Bolts", once=key, csrfmiddlewaretoken="two")


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Nuts"},
        {"path": "/other/"},
        {"path": "/new/?supplier=7"},
        {"more": "1"},
        {"files": [("upload", "a.txt", b"two")]},
        {"files": [("upload", "b.txt", b"one")]},
        {"files": []},
    ],
)
def test_another_value_address_or_file_is_another_body(key, other):
    facts = {"once": key, "title": "Bolts", "files": [("upload", "a.txt", b"one")]}

    assert sent(**facts) == sent(**facts)
    assert sent(**facts).body != sent(**(facts | other)).body


def test_a_file_can_be_read_after_its_form(key):
    upload = SimpleUploadedFile("a.txt", b"one")
    request = RequestFactory().post("/new/", {"once": key, "upload": upload})

    once.read(request, OWNER)

    assert request.FILES["upload"].read() == b"one"
    request.close()


def test_what_was_made_is_told_to_whoever_sends_the_form_again(db, key, django_assert_num_queries):
    form, made = sent(once=key, title="Bolts"), uuid4()

    with django_assert_num_queries(1):
        form.claim(made)
    with pytest.raises(once.Repeated) as again:
        form.claim(uuid4())

    assert (again.value.subject, again.value.status) == (made, 409)


def test_the_same_key_with_other_values_is_said(db, key):
    sent(once=key, title="Bolts").claim(uuid4())

    with pytest.raises(once.Reused, match="sent before with other values") as refusal:
        sent(once=key, title="Nuts").claim(uuid4())
    assert refusal.value.status == 422


def test_keys_of_other_people_are_other_keys(db, key):
    sent(once=key, title="Bolts").claim(uuid4())
    sent(once=key, title="Bolts", owner=uuid4()).claim(uuid4())

    assert Sending.objects.count() == 2


def test_work_that_fails_takes_its_key_back(db, key):
    form = sent(once=key, title="Bolts")

    with suppress(DomainError), transaction.atomic():
        form.claim(uuid4())
        raise DomainError("not now")
    form.claim(uuid4())

    assert Sending.objects.count() == 1


def test_the_night_forgets_keys_that_nobody_sends_again(db, key):
    sent(once=key, title="Bolts").claim(uuid4())
    assert once.forget_over() == 0
    Sending.objects.update(sent_at=timezone.now() - once.KEPT - timedelta(seconds=1))

    assert once.forget_over() == 1


def test_every_page_gets_a_key_of_its_own():
    template = Template("{% load qf %}{% once %}")
    first, second = (template.render(Context()) for _again in range(2))

    assert first.startswith('<input type="hidden" name="once" value="')
    assert first != second
