"""The arrows of a request, and that the database knows the same ones."""

import re
from importlib import import_module

import pytest

from rfqs.states import (
    IN_APPROVAL,
    PUBLISHED,
    TERMINAL,
    TRANSITIONS,
    Event,
    IllegalTransition,
    Status,
    follow,
)

PAIRS = [(status, event) for status in Status for event in Event]


@pytest.mark.parametrize(("status", "event"), PAIRS)
def test_an_event_leads_along_its_arrow_or_is_refused(status, event):
    if (status, event) in TRANSITIONS:
        assert follow(status, event) == TRANSITIONS[status, event]
    else:
        with pytest.raises(IllegalTransition, match=re.escape(str(status.label))):
            follow(status, event)


def test_nothing_leaves_the_end_but_the_cancellation_of_an_award():
    leaving = {(start, event) for start, event in TRANSITIONS if start in TERMINAL}

    assert leaving == {(Status.APPROVED, Event.REOPEN)}


def test_every_event_leads_somewhere():
    assert {event for _start, event in TRANSITIONS} == set(Event)


def test_every_state_but_the_first_is_reached():
    assert set(TRANSITIONS.values()) == set(Status)


def test_the_database_allows_these_arrows_and_no_others():
    guards = import_module("rfqs.migrations.0002_guards").FORWARD
    listed = guards.partition("NOT IN (")[2].partition(") THEN")[0]
    arrows = set(re.findall(r"\('(\w+)','(\w+)'\)", listed))

    assert arrows == {(str(start), str(end)) for (start, _event), end in TRANSITIONS.items()}


def test_the_groups_of_states_name_states():
    assert {*TERMINAL, *PUBLISHED, *IN_APPROVAL} - set(Status.values) == set()


def test_a_refusal_says_what_and_where():
    with pytest.raises(IllegalTransition) as refusal:
        follow("open", Event.SUBMIT)

    assert str(refusal.value) == (
        "You cannot submit the award: this request is “Open” now."
        " Reload the page to see what is possible."
    )
