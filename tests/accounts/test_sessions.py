"""Sessions are read by a statement of our own; what they mean is Django's."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.sessions import SessionStore


def test_what_was_put_in_comes_out(db):
    session = SessionStore()
    session["colour"] = "blue"
    session.save()

    assert dict(SessionStore(session.session_key).items()) == {"colour": "blue"}


def test_an_expired_or_unknown_session_is_empty_and_gets_a_new_key(db):
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    for key in (session.session_key, "a" * 32):
        found = SessionStore(key)
        assert (dict(found.items()), found.session_key) == ({}, None)
