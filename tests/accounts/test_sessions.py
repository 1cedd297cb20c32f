"""Sessions know their person; what they mean is Django's."""

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import Delegation, OwnSite, Session, User
from accounts.sessions import PersonMiddleware, SessionStore
from accounts.tasks import tidy
from tests.conftest import signed_in
from tests.factories import ApproverFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


def over():
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def session_of(client: Client):
    return SessionStore(client.session.session_key)


def asker(session, middleware=PersonMiddleware):
    """Who is asking, as a page sees it."""
    request = RequestFactory().get("/")
    request.session = session
    middleware(lambda _request: None).process_request(request)
    return request.user


def test_what_was_put_in_comes_out():
    session = SessionStore()
    session["colour"] = "blue"
    session.save()

    assert dict(SessionStore(session.session_key).items()) == {"colour": "blue"}


def test_an_expired_or_unknown_session_is_empty_and_gets_a_new_key():
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    over()

    for key in (session.session_key, "a" * 32):
        found = SessionStore(key)
        assert (dict(found.items()), found.session_key, found.person) == ({}, None, None)


def test_the_row_names_whoever_is_signed_in_and_nobody_before_and_after(person, client):
    client.get("/accounts/login/")
    client.force_login(person)
    assert list(Session.objects.values_list("person", flat=True)) == [person.pk]

    client.post("/accounts/logout/")
    assert not Session.objects.filter(person=person).exists()


def test_one_statement_reads_the_session_and_its_person(person, django_assert_num_queries):
    session, places = session_of(signed_in(person)), person.own_places

    with django_assert_num_queries(1):
        found = asker(session)
        assert (found, found.own_places, found.principals) == (person, places, [])


def test_what_is_carried_along_is_what_would_be_read():
    deputy = ApproverFactory(sites=[SiteFactory(), SiteFactory(), SiteFactory(is_active=False)])
    principal = ApproverFactory(sites=[SiteFactory()])
    now, day = timezone.now(), timedelta(days=1)
    Delegation.objects.create(
        person=principal, deputy=deputy, starts_at=now - day, ends_at=now + day
    )
    session = session_of(signed_in(deputy))

    found, plain = asker(session), User.objects.get(pk=deputy.pk)

    assert (found.own_places, found.principals) == (plain.own_places, [principal])
    assert (len(found.own_places), type(found.own_places.popitem()[1])) == (2, OwnSite)


@pytest.mark.parametrize(
    "change",
    [
        lambda person: person.set_password("An0ther!one"),
        lambda person: setattr(person, "is_active", False),
    ],
    ids=["password", "active"],
)
def test_who_changed_since_is_nobody_here_and_for_django(person, change):
    for middleware in (PersonMiddleware, AuthenticationMiddleware):
        session = session_of(signed_in(person))
        changed = User.objects.get(pk=person.pk)
        change(changed)
        changed.save()

        assert asker(session, middleware).is_anonymous


@pytest.mark.parametrize("wrong", ["another", "", None])
def test_a_session_without_the_mark_of_the_password_is_nobodys(person, wrong):
    session = session_of(signed_in(person))
    session[HASH_SESSION_KEY] = wrong
    session.save()

    assert asker(SessionStore(session.session_key)).is_anonymous


def test_a_row_of_another_person_does_not_make_one_them(person):
    """The content decides who is asking; the column only says whom to read along."""
    session = session_of(signed_in(person))
    Session.objects.update(person=UserFactory())

    assert asker(session) == person


def test_a_rotated_secret_key_keeps_people_signed_in(person, settings):
    session = session_of(signed_in(person))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 9

    assert asker(session) == person


def test_sessions_that_are_over_are_forgotten_at_night(person):
    signed_in(person)
    over()
    signed_in(person)

    tidy(0)

    assert Session.objects.count() == 1


@pytest.fixture
def person():
    return UserFactory(sites=[SiteFactory()])
