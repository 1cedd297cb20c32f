"""From collecting to comparing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quoteflow.lib.errors import DomainError, NotAllowed
from rfqs import commitment
from rfqs.actions import opening
from rfqs.models import Opening, Quotation
from rfqs.states import IllegalTransition, Status
from tests import stories
from tests.bids import bid
from tests.conftest import signed_in
from tests.factories import BuyerFactory, RateFactory
from tests.pasts import close
from tests.trails import last_event, verbs

pytestmark = pytest.mark.django_db

DEAR = stories.GOODS_LINE | {"quantity": Decimal(1000), "last_price": Decimal(1000)}
SMALL = stories.GOODS_LINE | {"target_price": Decimal(20)}
YEAR = {
    "description": "Annual maintenance",
    "quantity": Decimal(1),
    "unit_id": "H87",
    "periods": 12,
    "period_unit": "month",
}


def test_an_open_request_is_evaluated_as_soon_as_somebody_quoted():
    story = stories.quoted()

    rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    assert rfq.status == Status.EVALUATION
    (opened,) = Opening.objects.all()
    assert (opened.opened_by, opened.witness, opened.count) == (story.buyer, None, 2)
    assert last_event(rfq).after == {"status": "evaluation", "quotations": 2}


def test_the_rates_of_the_day_are_frozen():
    day = timezone.now().date()
    RateFactory(on=day - timedelta(days=9), rate_to_base=Decimal("88.5"))
    RateFactory(on=day + timedelta(days=9), rate_to_base=Decimal("99.5"))
    story = stories.quoted()

    rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    rfq.refresh_from_db()
    assert rfq.rates == {"EUR": "88.500000"}
    assert rfq.rates_on == timezone.now().astimezone(rfq.site.zone).date()


def test_a_rate_that_was_missing_is_added_and_a_frozen_one_stays():
    """Only of a quoted currency, and as it was on the day that the evaluation began."""
    day = timezone.now().date()
    RateFactory(on=day - timedelta(days=9), rate_to_base=Decimal("88.5"))
    story = stories.opened(suppliers=2)
    stories.quote(story, story.suppliers[0], "1", currency="EUR")
    stories.quote(story, story.suppliers[1], "1", currency="USD")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    with pytest.raises(DomainError, match="no rate of USD on or before"):
        opening.add_rates(rfq_id=story.rfq.pk, by=story.buyer)
    RateFactory(currency="USD", on=day + timedelta(days=2), rate_to_base=Decimal(99))
    RateFactory(currency="USD", on=day - timedelta(days=1), rate_to_base=Decimal(83))
    RateFactory(currency="GBP", on=day - timedelta(days=1), rate_to_base=Decimal(110))
    RateFactory(on=day - timedelta(days=1), rate_to_base=Decimal(77))

    rfq = opening.add_rates(rfq_id=story.rfq.pk, by=story.buyer)

    rfq.refresh_from_db()
    assert rfq.rates == {"EUR": "88.500000", "USD": "83.000000"}
    assert rfq.best_total == Decimal(8300)
    assert last_event(rfq).after == {"rates": {"USD": "83.000000"}}
    assert opening.add_rates(rfq_id=rfq.pk, by=story.buyer).version == rfq.version


def test_rates_are_added_under_evaluation_by_a_buyer_of_the_site():
    story = stories.quoted()
    with pytest.raises(IllegalTransition):
        opening.add_rates(rfq_id=story.rfq.pk, by=story.buyer)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    with pytest.raises(NotAllowed):
        opening.add_rates(rfq_id=story.rfq.pk, by=story.approver)


def test_there_is_nothing_to_evaluate_without_a_quotation():
    story = stories.opened()
    close(story.rfq)

    with pytest.raises(DomainError, match="no quotation"):
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)


def test_evaluation_begins_once_and_by_a_buyer_of_the_site():
    story = stories.quoted()

    with pytest.raises(NotAllowed):
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.approver)
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    with pytest.raises(IllegalTransition):
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)


def test_a_sealed_request_is_opened_after_its_closing_time():
    story = stories.quoted(is_sealed=True, lines=[SMALL])

    with pytest.raises(DomainError, match="after its closing time"):
        opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    assert Opening.objects.count() == 0

    close(story.rfq)
    rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    assert (rfq.status, rfq.best_total) == (Status.EVALUATION, Decimal("1000.00"))


def test_a_large_sealed_request_is_opened_by_two_people():
    story = stories.quoted(is_sealed=True, lines=[DEAR])
    close(story.rfq)

    for _again in range(2):
        rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
        assert (rfq.status, rfq.opening_asked_by) == (Status.OPEN, story.buyer)
        assert opening.waits_for_second_person(rfq)
    assert (Opening.objects.count(), rfq.best_total) == (0, None)

    second = BuyerFactory(sites=[story.site])
    rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=second)

    (opened,) = Opening.objects.all()
    assert (rfq.status, opened.opened_by, opened.witness) == (
        Status.EVALUATION,
        second,
        story.buyer,
    )
    assert verbs(rfq)[-2:] == ["rfq.ask_opening", "rfq.evaluate"]
    assert not opening.waits_for_second_person(rfq)
    assert rfq.opening_asked_by is None  # a later round asks again


def _line(quantity, last, target):
    prices = {"last_price": last, "target_price": target}
    known = {name: Decimal(price) for name, price in prices.items() if price is not None}
    return stories.GOODS_LINE | {"quantity": Decimal(quantity)} | known


@pytest.mark.parametrize(
    ("lines", "two"),
    [
        pytest.param([_line(1000, "999.99", None)], False, id="last price below the limit"),
        pytest.param([_line(1000, "1000", None)], True, id="last price at the limit"),
        pytest.param([_line(1000, None, "999.99")], False, id="estimate below the limit"),
        pytest.param([_line(1000, None, "1000")], True, id="estimate at the limit"),
        pytest.param([_line(1000, "1", "1000")], True, id="the larger is the estimate"),
        pytest.param([_line(1000, "1000", "1")], True, id="the larger is the last price"),
        pytest.param([_line(500, "1000", "1"), _line(500, "1", "1000")], True, id="line by line"),
        pytest.param([_line(1, None, None)], True, id="unknown counts as large"),
        pytest.param([_line(1, "1", None), _line(1, None, None)], True, id="one line unknown"),
        pytest.param([_line(1, "0", "0")], True, id="nothing is not a figure"),
    ],
)
def test_two_people_open_what_is_large_or_may_be(lines, two):
    story = stories.quoted(is_sealed=True, lines=lines)
    close(story.rfq)

    rfq = opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    assert opening.waits_for_second_person(rfq) is two
    assert Opening.objects.count() == (0 if two else 1)


@pytest.mark.parametrize(("rate", "two"), [("83333", False), ("83334", True)])
def test_a_service_is_worth_its_rate_in_every_period(rate, two):
    lines = [YEAR | {"target_price": Decimal(rate)}]
    story = stories.drafted(is_sealed=True, commodity_type="service", lines=lines)

    assert opening.needs_two(story.rfq) is two


def test_one_person_begins_the_evaluation_of_an_open_request_however_large():
    story = stories.quoted(lines=[DEAR])

    assert opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer).status == Status.EVALUATION


def test_an_opening_finds_what_is_not_as_it_was_received():
    story = stories.opened(suppliers=3)
    whole, line, both = (bid(story, which) for which in range(3))
    line.lines.update(unit_price="9.9999")
    both.lines.update(unit_price="9.9999")
    Quotation.objects.filter(pk=both.pk).update(content_hash=commitment.hash_of(both))

    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    story.rfq.refresh_from_db()
    found = Opening.objects.get().altered
    assert sorted(found) == sorted([str(line.pk), str(both.pk)])
    assert last_event(story.rfq).after["altered"] == found
    assert [one.pk for one in commitment.found_broken(story.rfq.quotations.with_altered())] == [
        line.pk,
        both.pk,
    ]
    page = signed_in(story.buyer).get(f"/rfqs/{story.rfq.number}/compare/").content.decode()
    assert page.count("not what was received") == 1
    shown = f"/rfqs/{story.rfq.number}/quotations/"
    pages = [signed_in(story.buyer).get(f"{shown}{one.pk}/") for one in (whole, line)]
    said = ["not what was received" in page.content.decode() for page in pages]
    assert said == [False, True]


def test_an_opening_of_what_is_as_it_was_received_says_nothing():
    story = stories.quoted()
    bid(story, 0)

    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    assert Opening.objects.get().altered == []
    assert "altered" not in last_event(story.rfq).after
