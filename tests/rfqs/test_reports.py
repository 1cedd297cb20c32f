"""From stored rows to the comparison, and the hash of what is approved."""

from decimal import Decimal

import pytest

from rfqs import reports
from rfqs.models import LIVE, RFQ, Award, Quotation, QuotationLine
from tests import stories
from tests.factories import RateFactory, UnitFactory
from tests.pasts import tamper

pytestmark = pytest.mark.django_db


def columns(rfq):
    """(status, evaluated, rank) of each offer, in the order they came."""
    return [(c.status, c.evaluated, c.rank) for c in reports.comparison_sheet(rfq).offers]


def test_the_sheet_ranks_what_was_captured():
    story = stories.quoted(prices=("11", "10"))

    assert columns(story.rfq) == [
        ("complete", Decimal("1100.00"), 2),
        ("complete", Decimal("1000.00"), 1),
    ]


def test_superseded_quotations_are_not_compared():
    story = stories.quoted(prices=("10",))
    stories.quote(story, story.suppliers[0], "9")

    assert columns(story.rfq) == [("complete", Decimal("900.00"), 1)]


def test_no_rate_is_not_comparable_and_never_one_to_one():
    story = stories.opened(suppliers=1)
    stories.quote(story, story.suppliers[0], "10", currency="USD")

    assert columns(story.rfq) == [("not_comparable", None, None)]


def test_rates_are_those_frozen_and_may_be_added_to_for_reading():
    RateFactory()
    story = stories.opened(suppliers=1)
    stories.quote(story, story.suppliers[0], "10", currency="EUR")
    stories.opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    RateFactory(on="2020-01-02", rate_to_base=Decimal(500))
    story.rfq.refresh_from_db()

    again = reports.comparison_sheet(story.rfq, rates={"EUR": Decimal(100)})

    assert columns(story.rfq) == [("complete", Decimal("90000.00"), 1)]
    assert again.offers[0].evaluated == Decimal("100000.00")


def test_units_convert_inside_their_dimension_or_not_at_all():
    UnitFactory(code="KGM", name="kilogram", dimension="mass", factor=Decimal(1))
    UnitFactory(code="TNE", name="tonne", dimension="mass", factor=Decimal(1000))
    line = stories.GOODS_LINE | {"unit_id": "KGM", "quantity": Decimal(500)}
    story = stories.quoted(prices=("2000", "2000"), lines=[line])
    by_tonne, by_piece = story.rfq.quotations.order_by("submitted_at")
    by_tonne.lines.update(unit="TNE")
    by_piece.lines.update(unit="H87")

    first, second = columns(story.rfq)

    assert first == ("complete", Decimal("1000.00"), 1)
    assert second[1:] == (None, None)


def test_the_statements_are_few_however_many_lines(django_assert_num_queries):
    small = stories.quoted(lines=[stories.GOODS_LINE])
    large = stories.quoted(lines=[stories.GOODS_LINE] * 50)

    for rfq in RFQ.objects.select_related("site").filter(pk__in=[small.rfq.pk, large.rfq.pk]):
        with django_assert_num_queries(3):
            reports.comparison_sheet(rfq)


def test_the_hash_is_that_of_the_same_content_only():
    story = stories.submitted()
    award = Award.objects.select_related("rfq").get()
    first = reports.award_content_hash(award)
    assert first == story.request.content_hash == reports.award_content_hash(award)

    Quotation.objects.update(status="submitted")  # outcomes are no content
    assert reports.award_content_hash(award) == first

    tamper("rfqs_quotation", "UPDATE rfqs_quotation SET warranty = '12 months'")
    assert reports.award_content_hash(award) != first


def test_the_hash_survives_a_base_currency_without_decimals(settings):
    settings.BASE_CURRENCY = "JPY"
    story = stories.opened(suppliers=1)
    stories.quote(story, story.suppliers[0], "10", currency="JPY")
    stories.opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    picks = [
        stories.awarding.Pick(story.rfq.lines.get().pk, story.rfq.quotations.get().pk),
    ]
    stories.awarding.save_draft(rfq_id=story.rfq.pk, picks=picks, by=story.buyer)

    request = stories.awarding.submit(
        rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS
    )

    stored = Award.objects.select_related("rfq").get()
    assert reports.award_content_hash(stored) == request.content_hash


def test_the_rows_are_those_of_the_plain_querysets():
    story = stories.quoted(lines=[stories.GOODS_LINE, stories.GOODS_LINE], prices=("10", "11"))
    stories.quote(story, story.suppliers[0], "9")
    other = stories.quoted(prices=("7",))

    for rfq in (story.rfq, other.rfq, story.rfq):
        statement = reports.statement(rfq)
        live = rfq.quotations.filter(status__in=LIVE).with_altered().select_related("supplier")
        answers = QuotationLine.objects.filter(quotation__in=live)

        assert list(statement.lines) == list(rfq.lines.select_related("unit").order_by("position"))
        assert statement.quotations == list(live.order_by("submitted_at", "id"))
        assert {
            line.unit_price for offer in statement.inputs.offers for line in offer.lines
        } == set(answers.values_list("unit_price", flat=True))


def test_the_rows_know_their_request_without_asking_again(django_assert_num_queries):
    statement = reports.statement(stories.quoted(prices=("10",)).rfq)

    with django_assert_num_queries(0):
        assert {row.rfq for row in (*statement.lines, *statement.quotations)} == {
            statement.lines[0].rfq
        }
        assert [str(line.unit) for line in statement.lines]
        assert [one.supplier.name for one in statement.quotations]
