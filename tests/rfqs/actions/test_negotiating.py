"""Another round with chosen suppliers: its own closing time and seal; the earlier one stays readable."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quoteflow.lib.errors import DomainError, Incomplete, NotAllowed
from quoteflow.notifications.models import OutboxMessage
from rfqs import commitment, comparison, reports, rounds
from rfqs.actions import (
    amending,
    awarding,
    bidding,
    drafting,
    linking,
    negotiating,
    quoting,
    sourcing,
)
from rfqs.actions.quoting import NotOpen
from rfqs.models import Award, Quotation
from rfqs.states import IllegalTransition
from tests import stories
from tests.amending import amended, lines_of
from tests.asking import answered, asked
from tests.bids import bid
from tests.doors import invitation_of
from tests.factories import BuyerFactory, SupplierFactory
from tests.negotiating import next_round, opened_again
from tests.races import race
from tests.trails import last_event, recipients

pytestmark = pytest.mark.django_db


def letters_to(story, n):
    """The texts that this supplier was mailed, the newest last."""
    mailed = OutboxMessage.objects.filter(recipient=story.suppliers[n].email).order_by("pk")
    return list(mailed.values_list("text", flat=True))


def sealed():
    """Opened once: two suppliers quoted a sealed request."""
    story = stories.opened(is_sealed=True, suppliers=3)
    bid(story, 0, price="48211.37")
    bid(story, 1, price="50000")
    return opened_again(story)


def test_a_round_opens_the_request_to_the_chosen_with_its_own_closing_time():
    story = stories.evaluated(prices=("10", "11"))
    closed = story.rfq.deadline

    next_round(story, 0)

    rfq, kept = story.rfq, story.rfq.rounds.get()
    assert (rfq.status, rfq.round, rfq.deadline > closed) == ("open", 2, True)
    assert (rfq.rates_on, rfq.quotation_count, rfq.best_total) == (None, 0, None)
    assert rfq.invited_count == 1
    assert (kept.number, kept.rates_on is None, kept.closed_at <= timezone.now()) == (
        2,
        False,
        True,
    )
    assert recipients("round_started") == [story.suppliers[0].email]
    assert last_event(rfq).after["suppliers"] == [story.suppliers[0].code]
    assert [invitation_of(story, n).round for n in (0, 1)] == [2, 1]


def test_what_was_picked_falls():
    story = stories.picked()

    next_round(story)

    assert Award.objects.count() == 0


def test_only_a_request_under_evaluation_and_only_its_buyers():
    story, early = stories.evaluated(), stories.quoted()

    with pytest.raises(IllegalTransition):
        next_round(early)
    for stranger in (BuyerFactory(), story.approver):
        with pytest.raises(NotAllowed):
            next_round(story, by=stranger)


def test_it_wants_somebody_a_reason_and_time():
    story = stories.evaluated()
    past = timezone.now() - timedelta(seconds=1)
    suspended = story.suppliers[1]
    type(suspended).objects.filter(pk=suspended.pk).update(status="suspended")

    for wrong in (
        {"supplier_ids": []}, {"supplier_ids": [SupplierFactory().pk]}, {"text": " "}, {"deadline": past},
        {"supplier_ids": [suspended.pk]},
    ):  # fmt: skip
        with pytest.raises(Incomplete):
            next_round(story, **wrong)
    story.rfq.refresh_from_db()
    assert story.rfq.round == 1


def test_who_was_not_asked_again_quotes_and_asks_no_more():
    story = next_round(stories.evaluated(), 0)

    with pytest.raises(NotOpen):
        bid(story, 1)
    with pytest.raises(NotOpen):
        bidding.withdraw(invitation_id=invitation_of(story, 1).pk)
    with pytest.raises(NotOpen, match="not asked to this round"):
        stories.quote(story, story.suppliers[1], "9")
    with pytest.raises(DomainError, match="not asked to this round"):
        linking.send_again(rfq_id=story.rfq.pk, supplier_id=story.suppliers[1].pk, by=story.buyer)
    assert story.rfq.quotations.filter(round=2).count() == 0


def test_letters_of_the_round_go_to_the_round():
    story = next_round(stories.evaluated(), 0)

    later = story.rfq.deadline + timedelta(days=1)
    sourcing.extend(rfq_id=story.rfq.pk, deadline=later, by=story.buyer, reason="asked for")
    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need")

    assert recipients("deadline_extended") == [story.suppliers[0].email]
    assert recipients("rfq_cancelled") == sorted(one.email for one in story.suppliers)


def test_a_supplier_asked_later_takes_part():
    story = next_round(stories.evaluated(), 0)
    new = SupplierFactory()

    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=[new.pk], by=story.buyer)

    assert stories.quote(story, new, "8").round == 2


def test_a_new_price_replaces_the_old_one_which_stays_readable():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 0, price="9")
    opened_again(story)

    old = reports.comparison_sheet(rounds.as_of(story.rfq, 1))
    new = reports.comparison_sheet(story.rfq)
    assert sorted(one.evaluated for one in old.offers) == [Decimal("1000.00"), Decimal("1100.00")]
    assert sorted(one.evaluated for one in new.offers) == [Decimal("900.00"), Decimal("1100.00")]
    supplier = story.suppliers[0].pk
    assert rounds.superseded(story.rfq)[supplier, 1] == "INR 10.00"


def test_an_earlier_round_is_compared_by_what_was_asked_for_then():
    nut = stories.GOODS_LINE | {"description": "A nut"}
    story = stories.opened(suppliers=2, lines=[stories.GOODS_LINE, nut])
    bid(story, 0, price="10")
    bid(story, 1, price=["9", None])
    opened_again(story)
    before = comparison.as_json(reports.comparison_sheet(story.rfq))

    next_round(story, 0, 1)
    lines = [lines_of(story)[0] | {"quantity": Decimal(7)}, stories.GOODS_LINE]
    amended(story, amending.Amendment(lines=lines))
    opened_again(story)

    assert comparison.as_json(reports.comparison_sheet(rounds.as_of(story.rfq, 1))) == before


def test_who_sends_nothing_stands_by_the_last_quotation_and_who_was_left_out_does_not():
    story = stories.evaluated(prices=("10", "11", "12"))
    next_round(story, 0, 1)
    opened_again(story)

    (first, second) = story.rfq.quotations.filter(round=2).order_by("lines__unit_price")
    assert [one.lines.get().unit_price for one in (first, second)] == [10, 11]
    assert commitment.broken(story.rfq) == []
    assert story.rfq.openings.get(round=2).count == 2
    assert Quotation.objects.filter(rfq=story.rfq, round=1, status="submitted").count() == 3
    pick = awarding.Pick(story.rfq.lines.get().pk, first.pk)
    award = awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    assert award.lines.get().supplier == story.suppliers[0]


def test_who_was_left_out_of_a_round_comes_back_with_the_last_quotation():
    story = next_round(stories.evaluated(prices=("10", "11")), 0)
    bid(story, 0, price="9")
    next_round(opened_again(story), 0, 1)
    assert [invitation_of(story, n).round for n in (0, 1)] == [3, 3]
    assert recipients("round_started")[-2:] == sorted(one.email for one in story.suppliers)

    opened_again(story)

    prices = story.rfq.quotations.filter(round=3).values_list("supplier", "lines__unit_price")
    assert dict(prices) == {story.suppliers[0].pk: 9, story.suppliers[1].pk: 11}
    assert commitment.broken(story.rfq) == []
    assert set(rounds.superseded(story.rfq).items()) == {
        ((story.suppliers[0].pk, 1), "INR 9.00"),
        ((story.suppliers[1].pk, 1), "INR 11.00"),
    }


def test_who_comes_back_is_told_what_was_missed_and_that_the_last_quotation_is_out_of_date():
    story = stories.evaluated(prices=("10", "11"))
    next_round(story, 0, text="secretround")
    amended(story, text="Other bolts now.")
    answered(story, asked(story, text="Which steel?"), answer="8.8")
    bid(story, 0, price="9", addendum=1)
    next_round(opened_again(story), 0, 1)

    letters = OutboxMessage.objects.filter(kind="round_started").order_by("-created_at", "-pk")
    told = {one.recipient: one.text for one in letters[:2]}
    words = (
        "Other bolts now.",
        "100 -> 120",
        "8.8",
        "does not count unless",
        "secretround",
        "Round 2",
    )
    assert [word in told[story.suppliers[1].email] for word in words] == [True] * 4 + [False] * 2
    assert [word in told[story.suppliers[0].email] for word in words] == [False] * 6
    assert "your last quotation stands" in told[story.suppliers[0].email]
    opened_again(story)
    back = story.rfq.quotations.get(round=3, supplier=story.suppliers[1])
    assert back.status == "needs_reconfirmation"


def test_who_comes_back_and_took_the_last_quotation_back_has_none_that_stands():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 1, price="9")
    bidding.withdraw(invitation_id=invitation_of(story, 1).pk)
    next_round(opened_again(story), 0)

    next_round(opened_again(story), 0, 1)

    assert rounds.standing(story.rfq, [invitation_of(story, n) for n in (0, 1)]) == {
        invitation_of(story, 0).pk: True
    }


def test_who_was_left_out_is_asked_back_into_the_open_round():
    story = next_round(stories.evaluated(prices=("10", "11")), 0)
    amended(story, amending.Amendment(head={"contact": "Mr Rao"}), text="A name to ask.")
    suppliers = [story.suppliers[1].pk]

    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=suppliers, by=story.buyer)
    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=suppliers, by=story.buyer)

    letters = OutboxMessage.objects.filter(kind="round_started", recipient=story.suppliers[1].email)
    assert ["A name to ask." in one.text for one in letters] == [True]
    assert last_event(story.rfq).after["suppliers"] == [story.suppliers[1].code]
    assert bid(story, 1, price="8", addendum=1).round == 2


def test_a_sealed_round_tells_nothing_of_the_others_to_who_comes_back():
    story = next_round(sealed(), 0)
    bid(story, 0, price="39871.11")
    next_round(opened_again(story), 0, 1)
    new = bid(story, 1, price="38000")

    letter = OutboxMessage.objects.filter(recipient=story.suppliers[1].email).latest("pk")
    assert [trace in letter.text for trace in ("39871", "39,871", "48211", "40000")] == [False] * 4
    seen = Quotation.objects.visible_to(story.buyer)
    assert (seen.filter(pk=new.pk).count(), seen.filter(round=2).count()) == (0, 1)


def test_who_declines_a_round_is_out_of_it():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bidding.decline(invitation_id=invitation_of(story, 1).pk, reason="no lower")

    opened_again(story)

    assert [one.supplier for one in story.rfq.quotations.filter(round=2)] == [story.suppliers[0]]


def test_who_declined_a_round_is_asked_to_the_next_and_bound_by_nothing_until_they_quote():
    story = next_round(stories.evaluated(prices=("10", "11", "12")), 0, 1, 2)
    for n in (1, 2):
        bidding.decline(invitation_id=invitation_of(story, n).pk, reason="no lower")
    next_round(opened_again(story), 0, 1, 2)

    told = letters_to(story, 1)[-1]
    bid(story, 2, price="9")
    opened_again(story)

    prices = dict(story.rfq.quotations.filter(round=3).values_list("supplier", "lines__unit_price"))
    assert prices == {story.suppliers[0].pk: 10, story.suppliers[2].pk: 9}
    assert "No earlier quotation of yours stands" in told
    asked = [invitation_of(story, n) for n in (1, 2)]
    assert [(one.status, one.round, one.declined_round) for one in asked] == [
        ("sent", 3, 2),
        ("quoted", 3, 2),
    ]


def test_who_declined_an_earlier_round_is_asked_back_into_the_open_one_and_nobody_into_their_own():
    story = stories.opened(suppliers=3)
    bid(story, 0)
    bidding.decline(invitation_id=invitation_of(story, 1).pk, reason="no time")
    next_round(opened_again(story), 0, 2)
    bidding.decline(invitation_id=invitation_of(story, 2).pk, reason="no lower")

    ids = [one.pk for one in story.suppliers[1:]]
    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=ids, by=story.buyer)

    back, same = invitation_of(story, 1), invitation_of(story, 2)
    assert (back.status, back.round, back.reason) == ("sent", 2, "")
    assert (same.status, same.round, same.reason) == ("declined", 2, "no lower")
    assert bid(story, 1, price="8").round == 2


def test_who_declined_and_thought_better_of_it_in_time_stands_by_the_last_quotation():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bidding.decline(invitation_id=invitation_of(story, 1).pk, reason="no lower")
    bidding.reconsider(invitation_id=invitation_of(story, 1).pk)

    opened_again(story)

    assert set(story.rfq.quotations.filter(round=2).values_list("supplier", flat=True)) == {
        one.pk for one in story.suppliers
    }


def test_a_quotation_for_an_earlier_version_waits_where_it_is_carried_over():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 0, price="9")
    amended(story)

    opened_again(story)

    found = dict(story.rfq.quotations.filter(round=2).values_list("supplier", "status"))
    assert found == dict.fromkeys((one.pk for one in story.suppliers), "needs_reconfirmation")


def test_a_sealed_request_is_sealed_again_and_its_first_round_stays_readable():
    story = next_round(sealed(), 0, 1)
    new = bid(story, 0, price="40000")

    seen = Quotation.objects.visible_to(story.buyer)
    assert (story.rfq.prices_are_sealed, seen.filter(round=1).count()) == (True, 2)
    assert not seen.filter(pk=new.pk).exists()
    story.rfq.refresh_from_db()
    assert (story.rfq.best_total, story.rfq.quotation_count) == (None, 1)
    with pytest.raises(NotAllowed):
        quoting.disqualify(quotation_id=new.pk, by=story.buyer, reason="too dear")


def test_a_sealed_round_that_is_called_off_stays_shut():
    story = next_round(sealed(), 0)
    new = bid(story, 0, price="40000")

    drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need")

    seen = Quotation.objects.visible_to(story.buyer)
    assert (seen.filter(round=1).count(), seen.filter(pk=new.pk).count()) == (2, 0)


def test_a_sealed_round_opens_after_its_closing_time():
    story = next_round(sealed(), 0, 1)
    bid(story, 0, price="40000")

    opened_again(story)

    assert story.rfq.openings.count() == 2
    assert Quotation.objects.visible_to(story.buyer).filter(round=2).count() == 2
    letters = OutboxMessage.objects.filter(kind="round_started").values_list("text", flat=True)
    assert [trace for trace in ("48211", "48,211", "50000") if trace in " ".join(letters)] == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_are_one():
    story = stories.evaluated()

    def again():
        facts = {
            "by": story.buyer,
            "text": "Again.",
            "deadline": timezone.now() + timedelta(days=2),
        }
        negotiating.begin_round(rfq_id=story.rfq.pk, supplier_ids=[story.suppliers[0].pk], **facts)

    assert race(story.rfq, again, again) == ["done", "refused"]
    story.rfq.refresh_from_db()
    assert (story.rfq.round, recipients("round_started")) == (2, [story.suppliers[0].email])
