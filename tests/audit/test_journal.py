"""The journal: what is written, in whose name, and that it stays."""

import pytest
from django.db import IntegrityError, connection, transaction

from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent, AuditHead
from quoteflow.lib import jsonlog
from quoteflow.lib.clock import database_now
from tests import stories
from tests.factories import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db

# Every link computed anew from what is stored, without the trigger's own functions.
BROKEN = """
SELECT stream, seq FROM (
  SELECT e.*, lag(e.hash, 1, '') OVER chain AS link, row_number() OVER chain AS place
  FROM audit_auditevent e WINDOW chain AS (PARTITION BY e.stream ORDER BY e.seq)
) e
WHERE e.previous <> e.link OR e.seq <> e.place OR e.hash <> encode(sha256(convert_to(
  jsonb_build_object(
    'stream', e.stream, 'seq', e.seq,
    'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    'actor', e.actor_id, 'on_behalf_of', e.on_behalf_of_id, 'verb', e.verb,
    'object_type', e.object_type, 'object_id', e.object_id, 'before', e.before, 'after', e.after,
    'request_id', e.request_id, 'previous', e.previous)::text, 'UTF8')), 'hex')
ORDER BY stream, seq
"""
CUT = """
SELECT h.stream FROM audit_audithead h
WHERE NOT EXISTS (SELECT 1 FROM audit_auditevent e
  WHERE e.stream = h.stream AND e.seq = h.seq AND e.hash = h.hash)
"""


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def as_owner(statement):
    """Tamper as the table's owner could: with its triggers out of the way."""
    run(
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
        statement,
        "ALTER TABLE audit_auditevent ENABLE TRIGGER USER",
    )


def refused(statement):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE", statement)


def test_an_event_says_who_did_what_to_what():
    site, person = SiteFactory(), UserFactory()
    token = jsonlog.bind_request("abc")
    journal.record("site.change", site, by=person, before={"name": "A"}, after={"name": "B"})
    jsonlog.unbind(token)

    (event,) = AuditEvent.objects.of(site.pk)

    assert (event.actor, event.verb, event.object_type, event.object_id) == (
        person,
        "site.change",
        "accounts.site",
        str(site.pk),
    )
    assert (event.before, event.after, event.request_id) == ({"name": "A"}, {"name": "B"}, "abc")


def test_an_event_belongs_to_the_story_it_names():
    site, person = SiteFactory(), UserFactory()

    journal.record("user.join", person, by=None, stream=site.pk)

    assert [event.object_id for event in AuditEvent.objects.of(site.pk)] == [str(person.pk)]
    assert AuditEvent.objects.of(person.pk).count() == 0


def test_a_whole_journey_is_one_unbroken_chain():
    story = stories.approved()

    events = AuditEvent.objects.of(story.rfq.pk)

    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert AuditHead.objects.get(stream=str(story.rfq.pk)).hash == events.last().hash
    assert (rows(BROKEN), rows(CUT)) == ([], [])


def test_an_insert_chooses_neither_its_place_nor_its_time_nor_its_hash():
    site = SiteFactory()
    before = database_now()
    AuditEvent.objects.create(
        stream=str(site.pk), seq=99, at="2001-01-01T00:00Z", previous="f" * 64, hash="0" * 64,
        verb="x", object_type="x", object_id="x",
    )  # fmt: skip

    (event,) = AuditEvent.objects.of(site.pk)

    assert (event.seq, event.previous) == (1, "")
    assert before <= event.at <= database_now()
    assert event.hash != "0" * 64
    assert rows(BROKEN) == []


def test_the_journal_is_not_edited_not_deleted_not_emptied():
    journal.record("site.change", SiteFactory(), by=None)

    refused("UPDATE audit_auditevent SET verb = 'nothing'")
    refused("DELETE FROM audit_auditevent")
    refused("TRUNCATE audit_auditevent")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.update(verb="nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_auditevent SET verb = 'nothing' WHERE seq = 2",
        "UPDATE audit_auditevent SET actor_id = NULL WHERE seq = 2",
        "UPDATE audit_auditevent SET at = at - interval '1 s' WHERE seq = 2",
        'UPDATE audit_auditevent SET after = \'{"status": "approved"}\' WHERE seq = 2',
        "DELETE FROM audit_auditevent WHERE seq = 2",
        "UPDATE audit_auditevent SET seq = 9 WHERE seq = 2",
    ],
)
def test_what_the_owner_changes_shows_in_the_chain(tampering):
    person = UserFactory()
    for verb in ("a", "b", "c"):
        journal.record(verb, person, by=person)
    assert rows(BROKEN) == []

    as_owner(tampering)

    assert rows(BROKEN) != []


def test_a_tail_cut_off_shows_at_the_head():
    person = UserFactory()
    for verb in ("a", "b", "c"):
        journal.record(verb, person, by=person)

    as_owner("DELETE FROM audit_auditevent WHERE seq = 3")

    assert (rows(BROKEN), rows(CUT)) == ([], [(str(person.pk),)])


def test_what_is_rolled_back_was_never_recorded():
    person = UserFactory()
    with transaction.atomic():
        journal.record("a", person, by=person)
        transaction.set_rollback(True)
    journal.record("b", person, by=person)

    assert [(event.seq, event.verb) for event in AuditEvent.objects.of(person.pk)] == [(1, "b")]


def test_the_journal_names_nobody():
    story = stories.approved()

    texts = " ".join(str(event.before) + str(event.after) for event in AuditEvent.objects.all())

    people = (story.buyer, story.approver, story.head)
    assert [one.email for one in people if one.email in texts or one.full_name in texts] == []
