"""Being away: who decides meanwhile, and until when."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import absence
from accounts.backends import PersonBackend
from accounts.models import Delegation, Role
from quoteflow.audit.models import AuditEvent
from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from quoteflow.notifications.models import OutboxMessage
from tests.conftest import signed_in
from tests.factories import ApproverFactory, BuyerFactory, HeadFactory, UserFactory

pytestmark = pytest.mark.django_db

ABSENCE = "/me/absence/"


def days(start, end):
    today = timezone.localdate()
    return {"first": today + timedelta(days=start), "last": today + timedelta(days=end)}


@pytest.fixture
def deputy():
    return HeadFactory(full_name="Vik Shah")


def test_a_delegation_holds_from_the_first_day_to_the_last(approver, deputy):
    made = absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 1), reason=" Diwali ")

    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    assert (made.starts_at, made.ends_at) == (midnight, midnight + timedelta(days=2))
    assert made.reason == "Diwali"
    assert PersonBackend().get_user(deputy.pk).principals == [approver]
    (letter,) = OutboxMessage.objects.all()
    assert (letter.recipient, letter.kind) == (deputy.email, "deputy_asked")
    (event,) = AuditEvent.objects.of(approver.pk)
    assert (event.verb, event.actor, event.after["deputy"]) == (
        "delegation.create",
        approver,
        str(deputy.pk),
    )


def test_days_are_those_of_the_person(approver, deputy):
    approver.time_zone = "Europe/Berlin"
    approver.save(update_fields=["time_zone"])

    made = absence.delegate(by=approver, deputy_id=deputy.pk, **days(1, 1))

    assert made.starts_at.astimezone(ZoneInfo("Europe/Berlin")).hour == 0


def test_before_and_after_nobody_stands_in(approver, deputy):
    absence.delegate(by=approver, deputy_id=deputy.pk, **days(1, 1))
    Delegation.objects.create(
        person=approver, deputy=deputy,
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now(),
    )  # fmt: skip

    assert PersonBackend().get_user(deputy.pk).principals == []


def test_it_ends_when_the_person_says_so(approver, deputy):
    made = absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 5))

    for _twice in range(2):
        absence.end(by=approver, delegation_id=made.pk)

    assert PersonBackend().get_user(deputy.pk).principals == []
    assert [e.verb for e in AuditEvent.objects.of(approver.pk)] == [
        "delegation.create",
        "delegation.end",
    ]
    absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 5))  # the days are free again


def test_nobody_ends_what_is_anothers(approver, deputy):
    made = absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 5))

    with pytest.raises(Delegation.DoesNotExist):
        absence.end(by=deputy, delegation_id=made.pk)


@pytest.mark.parametrize(
    "other",
    [
        lambda me: me,
        lambda me: BuyerFactory(),
        lambda me: UserFactory(roles=[Role.SUPPLIER.value]),
        lambda me: ApproverFactory(is_active=False),
        lambda me: UserFactory(is_superuser=True, is_staff=True),
    ],
)
def test_only_another_active_approver_stands_in(approver, other):
    with pytest.raises(Incomplete, match="another active approver"):
        absence.delegate(by=approver, deputy_id=other(approver).pk, **days(0, 1))


@pytest.mark.parametrize(("start", "end"), [(2, 1), (-3, -1), (0, 366)])
def test_days_that_cannot_be_are_refused(approver, deputy, start, end):
    with pytest.raises(Incomplete, match="last day"):
        absence.delegate(by=approver, deputy_id=deputy.pk, **days(start, end))


def test_who_decides_nothing_has_no_deputy(buyer, deputy):
    with pytest.raises(NotAllowed):
        absence.delegate(by=buyer, deputy_id=deputy.pk, **days(0, 1))


def test_two_deputies_on_one_day_are_refused_by_the_action_and_by_the_database(approver, deputy):
    absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 3))

    with pytest.raises(DomainError, match="some of these days"):
        absence.delegate(by=approver, deputy_id=ApproverFactory().pk, **days(3, 4))
    now = timezone.now()
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        Delegation.objects.create(
            person=approver, deputy=ApproverFactory(), starts_at=now, ends_at=now + timedelta(1)
        )


def test_what_was_delegated_is_not_passed_on(approver, deputy):
    third = ApproverFactory()
    absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 1))
    absence.delegate(by=deputy, deputy_id=third.pk, **days(0, 1))

    assert PersonBackend().get_user(third.pk).principals == [deputy]


def test_who_stands_in_for_nobody_costs_nothing(approver):
    person = PersonBackend().get_user(approver.pk)

    with CaptureQueriesContext(connection) as queries:
        assert person.principals == []
    assert len(queries) == 0


def test_the_page_makes_shows_and_ends_it(approver, deputy):
    client = signed_in(approver)
    sent = {name: day.isoformat() for name, day in days(0, 1).items()} | {"deputy": deputy.pk}

    assert client.post(ABSENCE, sent).url == ABSENCE
    made = Delegation.objects.get()
    assert "Vik Shah" in client.get(ABSENCE).content.decode()
    assert approver.full_name in signed_in(deputy).get(ABSENCE).content.decode()
    assert client.post(f"{ABSENCE}{made.pk}/end/").url == ABSENCE
    assert list(client.get(ABSENCE).context["mine"]) == []


def test_the_page_says_what_is_wrong_and_keeps_what_was_typed(approver, deputy):
    sent = {name: day.isoformat() for name, day in days(2, 1).items()}
    sent |= {"deputy": deputy.pk, "reason": "Diwali"}

    answer = signed_in(approver).post(ABSENCE, sent)

    assert answer.status_code == 422
    assert "The last day must lie" in answer.content.decode()
    assert 'value="Diwali"' in answer.content.decode()


def test_strangers_do_not_end_it(approver, deputy):
    made = absence.delegate(by=approver, deputy_id=deputy.pk, **days(0, 1))

    assert signed_in(deputy).post(f"{ABSENCE}{made.pk}/end/").status_code == 404
    assert Delegation.objects.get().revoked_at is None
