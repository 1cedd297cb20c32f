"""Many writers of one story: one chain, no gap, no fork."""

import pytest
from django.db import transaction

from quoteflow.audit import journal
from quoteflow.audit.models import AuditEvent
from tests.audit.test_journal import BROKEN, rows
from tests.factories import UserFactory
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_many_writers_forge_one_chain():
    person = UserFactory()

    def write():
        for number in range(25):
            with transaction.atomic():
                journal.record(f"verb {number}", person, by=person)
        return []

    at_once(8, write)

    events = AuditEvent.objects.of(person.pk)
    assert [event.seq for event in events] == list(range(1, 201))
    assert rows(BROKEN) == []
