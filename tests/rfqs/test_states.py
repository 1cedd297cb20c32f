"""The arrows of a request, and that the database knows the same ones."""

import re
from importlib import import_module

import pytest
from django.db import connection

from rfqs.states import (
    IN_APPROVAL,
    INVITATION_ARROWS,
    PUBLISHED,
    QUOTATION_ARROWS,
    TERMINAL,
    TRANSITIONS,
    Event,
    IllegalTransition,
    InvitationStatus,
    QuotationStatus,
    Status,
    follow,
    follow_invitation,
    follow_quotation,
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


@pytest.mark.parametrize(
    ("arrows", "kind", "go"),
    [
        pytest.param(INVITATION_ARROWS, InvitationStatus, follow_invitation, id="invitation"),
        pytest.param(QUOTATION_ARROWS, QuotationStatus, follow_quotation, id="quotation"),
    ],
)
def test_invitations_and_quotations_go_along_their_arrows_or_are_refused(arrows, kind, go):
    assert set(arrows) == set(kind)
    for start in kind:
        for end in kind:
            if end in arrows[start]:
                assert go(start.value, end.value) is end
            else:
                with pytest.raises(IllegalTransition, match=re.escape(f"“{start.label}” now")):
                    go(start.value, end.value)


@pytest.mark.parametrize(
    ("arrows", "first"),
    [
        (INVITATION_ARROWS, {InvitationStatus.CREATED}),
        (QUOTATION_ARROWS, {QuotationStatus.DRAFT}),
    ],
)
def test_every_state_of_an_invitation_and_of_a_quotation_is_reached(arrows, first):
    assert {end for ends in arrows.values() for end in ends} | first == set(arrows)


@pytest.mark.parametrize(
    ("trigger", "arrows"),
    [("rfqs_invitation_arrow", INVITATION_ARROWS), ("rfqs_quotation_arrow", QUOTATION_ARROWS)],
)
def test_the_triggers_allow_these_arrows_and_no_others(db, trigger, arrows):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgargs FROM pg_trigger WHERE tgname = %s", [trigger])
        (arguments,) = cursor.fetchone()

    known = [f"{start}>{end}" for start, ends in arrows.items() for end in ends]
    assert sorted(bytes(arguments).decode().split("\0")[:-1]) == sorted(known)
