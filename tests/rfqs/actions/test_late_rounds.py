"""Late quotations in a further round: of that round alone, and late for ever."""

import pytest
from django.utils import timezone

from quoteflow.lib.errors import DomainError
from rfqs import commitment, reports, rounds
from rfqs.actions import late, opening
from rfqs.actions.quoting import NotOpen
from rfqs.models import LateAdmission, Quotation
from tests import pasts, stories
from tests.bids import bid
from tests.conftest import signed_in
from tests.doors import entered
from tests.factories import BuyerFactory
from tests.lateness import WHY, of
from tests.negotiating import next_round, opened_again

pytestmark = pytest.mark.django_db

SMALL = stories.GOODS_LINE | {"target_price": "1"}  # one person may open it


def second_round(*which, **options):
    """Round 2, closed, of suppliers who all quoted in the first; the story, and who may confirm."""
    story = stories.opened(**({"lines": [SMALL], "suppliers": 3} | options))
    for place, price in enumerate(("10", "11", "12")):
        bid(story, place, price=price)
    next_round(opened_again(story), *which)
    pasts.close(story.rfq, timezone.now())
    story.rfq.refresh_from_db()
    story.buyer.admits_late = True
    story.buyer.save(update_fields=["admits_late"])
    return story, BuyerFactory(sites=[story.site], admits_late=True)


def admit(story, second, which=1):
    late.ask(**of(story, which, reason=WHY))
    return late.confirm(**of(story, which, by=second))


def prices(story):
    live = story.rfq.quotations.filter(round=story.rfq.round).live()
    return dict(live.values_list("supplier__code", "lines__unit_price"))


def test_a_late_quotation_of_the_second_round_replaces_the_one_that_would_stand():
    story, second = second_round(0, 1)
    admission = admit(story, second)

    quotation = stories.quote(story, story.suppliers[1], "7")
    opened_again(story)

    assert (admission.round, quotation.round, quotation.late) == (2, 2, admission)
    assert prices(story) == {story.suppliers[0].code: 10, story.suppliers[1].code: 7}
    assert commitment.broken(story.rfq) == []
    assert rounds.superseded(story.rfq)[story.suppliers[1].pk, 1] == "INR 11.00"


def test_who_was_left_out_of_the_round_is_not_admitted_late():
    story, _second = second_round(0)

    with pytest.raises(DomainError, match="not asked to this round"):
        late.ask(**of(story, reason=WHY))
    assert not LateAdmission.objects.exists()


def test_the_admission_of_one_round_lets_nothing_into_the_next():
    story, second = second_round(0, 1)
    admit(story, second)
    next_round(opened_again(story), 0, 1)
    pasts.close(story.rfq, timezone.now())

    with pytest.raises(NotOpen):
        stories.quote(story, story.suppliers[1], "7")


def test_one_that_came_late_says_so_where_it_stands_in_a_later_round():
    story, second = second_round(0, 1)
    admission = admit(story, second)
    stories.quote(story, story.suppliers[1], "7")
    next_round(opened_again(story), 0, 1)
    opened_again(story)

    carried = Quotation.objects.get(round=3, supplier=story.suppliers[1])
    seen = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/compare/").content.decode()

    assert (carried.late, commitment.is_kept(carried)) == (admission, True)
    assert "Admitted late" in seen
    late_ones = [
        one.supplier.name for one in reports.statement(story.rfq).quotations if one.is_late
    ]
    assert late_ones == [story.suppliers[1].name]


def test_it_may_still_come_between_the_two_people_who_open_a_sealed_round():
    story, second = second_round(0, 1, is_sealed=True)
    admit(story, second)
    bid_of_first = Quotation.objects.get(round=1, supplier=story.suppliers[1])
    stories.quote(story, story.suppliers[1], "9", by=story.buyer)  # so that two open it
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    stories.quote(story, story.suppliers[1], "8", by=story.buyer)
    story.rfq.refresh_from_db()
    seen = Quotation.objects.visible_to(story.buyer)
    assert (story.rfq.status, seen.filter(round=2).count()) == ("open", 0)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=second)

    story.rfq.refresh_from_db()
    assert (story.rfq.status, bid_of_first.lines.get().unit_price) == ("evaluation", 11)
    assert prices(story) == {story.suppliers[0].code: 10, story.suppliers[1].code: 8}


def test_the_pages_of_the_round():
    story, second = second_round(0, 1)
    browser, number = signed_in(story.buyer), story.rfq.number
    overview = browser.get(f"/rfqs/{number}/").content.decode()
    page = f"/rfqs/{number}/suppliers/{{}}/late/"
    offered = [page.format(one.pk) in overview for one in story.suppliers]
    admit(story, second)
    new = f"/rfqs/{number}/quotations/new/"

    form = browser.get(f"{new}?supplier={story.suppliers[1].pk}")
    others = [browser.get(f"{new}?supplier={story.suppliers[n].pk}").status_code for n in (0, 2)]
    stories.quote(story, story.suppliers[1], "7")
    receipt = entered(story, 1).get(f"/portal/{number}/receipt/").content.decode()
    left_out = entered(story, 2).get(f"/portal/{number}/").content.decode()

    assert offered == [True, True, False]
    assert (form.status_code, 'value="11"' in form.content.decode()) == (200, True)
    assert "Starts from what was quoted in round 1" in form.content.decode()
    assert others == [409, 409]
    assert [words in receipt for words in ("admitted after the closing time", "826.00", WHY)] == [
        True, True, False,
    ]  # fmt: skip
    assert [words in left_out for words in ("admitted", "Round 2", "round 2")] == [False] * 3


def test_who_asked_may_take_it_back_and_is_not_offered_to_confirm():
    story, second = second_round(0, 1)
    late.ask(**of(story, reason=WHY))
    page = f"/rfqs/{story.rfq.number}/suppliers/{story.suppliers[1].pk}/late/"

    overviews = [
        signed_in(who).get(f"/rfqs/{story.rfq.number}/").content.decode()
        for who in (story.buyer, second)
    ]

    assert [
        (f'action="{page}take-back/"' in one, f'href="{page}"' in one) for one in overviews
    ] == [
        (True, False),
        (False, True),
    ]


def test_a_round_in_which_nobody_sent_anything_is_evaluated_from_its_page():
    story, _second = second_round(0, 1)
    browser, number = signed_in(story.buyer), story.rfq.number

    overview = browser.get(f"/rfqs/{number}/").content.decode()
    browser.post(f"/rfqs/{number}/evaluate/")

    assert "there is no quotation yet" not in overview.partition("Compare</strong>")[0]
    assert prices(story) == {story.suppliers[0].code: 10, story.suppliers[1].code: 11}


def test_the_list_to_enter_from_names_those_of_the_round():
    story = next_round(stories.evaluated(prices=("10", "11")), 0)

    chosen = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/quotations/new/")

    assert [one.name in chosen.content.decode() for one in story.suppliers] == [True, False]
