"""Who writes the status of an invitation and of a quotation, and what that one function refuses."""

import pytest

from rfqs.actions import moving
from rfqs.models import InvitationStatus, QuotationStatus
from rfqs.states import IllegalTransition
from tests import stories
from tests.negotiating import next_round
from tests.picks import offer

pytestmark = pytest.mark.django_db


def test_an_invitation_moves_along_its_arrows_with_its_facts():
    story = stories.opened(suppliers=1)
    invitation = story.rfq.invitations.get()

    moving.move_invitation(invitation, InvitationStatus.DECLINED, reason="No capacity")

    invitation.refresh_from_db()
    assert (invitation.status, invitation.reason) == ("declined", "No capacity")
    with pytest.raises(IllegalTransition, match="“Declined” now and cannot become “Mail returned”"):
        moving.move_invitation(invitation, InvitationStatus.BOUNCED)
    invitation.refresh_from_db()
    assert (invitation.status, invitation.declined_round) == ("declined", 1)


def test_a_no_is_forgotten_by_who_comes_back_to_the_round_and_stays_where_another_begins():
    story = stories.evaluated()
    back, later = story.rfq.invitations.order_by("pk")
    for one in (back, later):
        moving.move_invitation(one, InvitationStatus.DECLINED, reason="No capacity")
    story = next_round(story, 0, 1)

    back.refresh_from_db()
    later.refresh_from_db()
    first = (back.status, back.round, back.declined_round, back.reason)
    moving.move_invitation(later, InvitationStatus.DECLINED, reason="Still none")
    moving.move_invitation(later, InvitationStatus.ACCEPTED, reason="")

    later.refresh_from_db()
    assert first == ("sent", 2, 1, "")
    assert (later.status, later.round, later.declined_round) == ("accepted", 2, None)


def test_all_invitations_of_one_state_move_in_one_statement(django_assert_num_queries):
    story = stories.drafted(suppliers=3)
    invitations = story.rfq.invitations.order_by("pk")
    stays = invitations[0]
    moving.move_invitation(stays, InvitationStatus.WITHDRAWN, reason="Chosen by mistake")

    with django_assert_num_queries(1):
        moved = moving.move_invitations(story.rfq, "created", "sent")

    assert moved == 2
    assert [one.status for one in invitations] == ["withdrawn", "sent", "sent"]
    with pytest.raises(IllegalTransition):
        moving.move_invitations(story.rfq, "withdrawn", "sent")


def test_a_quotation_moves_along_its_arrows():
    story = stories.quoted()
    quotation = offer(story, 0)

    moving.move_quotation(quotation, QuotationStatus.WITHDRAWN)

    quotation.refresh_from_db()
    assert quotation.status == "withdrawn"
    with pytest.raises(IllegalTransition, match="“Withdrawn” now and cannot become “Submitted”"):
        moving.move_quotation(quotation, QuotationStatus.SUBMITTED)


def test_outcomes_reach_only_what_still_ran():
    story = stories.evaluated(prices=("10", "11", "12", "13"))
    won, part, unconfirmed, out = (offer(story, number) for number in range(4))
    moving.move_quotation(unconfirmed, QuotationStatus.NEEDS_RECONFIRMATION)
    moving.move_quotation(out, QuotationStatus.DISQUALIFIED, disqualified_reason="wrong grade")

    moving.settle_quotations(story.rfq, whole=[won.pk], part=[part.pk])

    found = dict(story.rfq.quotations.values_list("pk", "status"))
    assert [found[one.pk] for one in (won, part, unconfirmed, out)] == [
        "awarded",
        "partly_awarded",
        "not_awarded",
        "disqualified",
    ]
