"""GST and customs duty that quotations leave open, added under evaluation."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from quoteflow.lib.errors import Incomplete, NotAllowed
from rfqs import reports, rounds, statements
from rfqs.actions import awarding, deciding, negotiating, opening, stating
from rfqs.models import StoredStatement
from rfqs.states import IllegalTransition
from tests import stories
from tests.factories import UserFactory
from tests.trails import last_event

pytestmark = pytest.mark.django_db
D = Decimal
TARIFF = "Tariff item 7318 15 00, notification 50/2017"


@pytest.fixture
def story():
    """An import at 10 without a duty, and a price of 11 from here; the import is picked once it can be."""
    return imported()


def imported(**line):
    story = stories.opened(lines=[stories.GOODS_LINE | line])
    stories.quote(story, story.suppliers[0], "10", gst_scheme="import")
    stories.quote(story, story.suppliers[1], "11")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    return story


def state(story, source=TARIFF, by=None, **percents):
    (line,) = story.rfq.lines.all()
    said = {line.pk: {name: D(percent) for name, percent in percents.items()}}
    rfq = stating.state_taxes(
        rfq_id=story.rfq.pk, by=by or story.buyer, percents=said, source=source
    )
    story.rfq.refresh_from_db()
    return rfq


def costs(story):
    return [column.evaluated for column in reports.comparison_sheet(story.rfq).offers]


def test_a_duty_that_is_added_makes_the_import_comparable(story):
    before = costs(story)

    state(story, duty="7.5")

    (line,) = story.rfq.lines.all()
    told = last_event(story.rfq)
    assert (before, costs(story)) == ([None, D("1100.00")], [D("1082.50"), D("1100.00")])
    assert story.rfq.best_total == D("1082.50")
    assert told.after == {"taxes": {str(line.pk): {"duty": "7.50"}}, "source": TARIFF}


def test_a_gst_that_is_added_counts_where_neither_request_nor_answer_states_one():
    story = stories.evaluated(lines=[stories.GOODS_LINE | {"gst_percent": None}], tax_basis="gross")
    assert costs(story) == [None, None]

    state(story, gst="18")

    assert costs(story) == [D("1180.00"), D("1298.00")]


def test_a_correction_costs_the_draft_award_again_and_the_journal_says_what_it_was(story):
    state(story, duty="75")
    (line,) = story.rfq.lines.all()
    pick = awarding.Pick(line.pk, story.rfq.quotations.get(supplier=story.suppliers[0]).pk)
    award = awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    assert award.total == D("1825.00")

    state(story, duty="7.5")

    award.refresh_from_db()
    told = last_event(story.rfq)
    assert award.total == award.lines.get().cost == D("1082.50")
    assert told.before == {"taxes": {str(line.pk): {"duty": "75.00"}}}
    assert state(story, source="", duty="7.5").version == story.rfq.version  # nothing changes


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"duty": "100.01"}, "Line 1: enter a percentage from 0 to 100"),
        ({"duty": "-1"}, "Line 1: enter a percentage from 0 to 100"),
        ({"gst": "12"}, "The request states the GST of line 1"),
        ({"cess": "1"}, "no such line"),
        ({"duty": "5", "source": " "}, "where the percentages are from"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(said, words, story):
    with pytest.raises(Incomplete, match=words):
        state(story, **said)

    story.rfq.refresh_from_db()
    assert story.rfq.added_taxes == {}


def test_a_line_of_another_request_is_refused(story):
    (foreign,) = stories.drafted().rfq.lines.all()

    with pytest.raises(Incomplete, match="no such line"):
        stating.state_taxes(
            rfq_id=story.rfq.pk,
            by=story.buyer,
            percents={foreign.pk: {"duty": D(5)}},
            source=TARIFF,
        )


def test_only_buyers_of_the_site_add_them_and_only_under_evaluation(story):
    with pytest.raises(NotAllowed):
        state(story, by=story.approver, duty="5")
    early = stories.quoted()
    with pytest.raises(IllegalTransition):
        state(early, duty="5")
    late = stories.submitted()
    with pytest.raises(IllegalTransition):
        state(late, duty="5")


def test_whoever_added_one_does_not_decide_on_the_award(story):
    helper = UserFactory(roles=["buyer", "approver"], sites=[story.site])
    state(story, by=helper, duty="7.5")
    (line,) = story.rfq.lines.all()
    pick = awarding.Pick(line.pk, story.rfq.quotations.get(supplier=story.suppliers[0]).pk)
    awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    with pytest.raises(NotAllowed):
        story.decide(deciding.approve, helper)


def test_the_statement_that_is_kept_holds_it_and_is_computed_again_byte_for_byte(story):
    state(story, duty="7.5")
    (line,) = story.rfq.lines.all()
    pick = awarding.Pick(line.pk, story.rfq.quotations.get(supplier=story.suppliers[0]).pk)
    award = awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=story.buyer)
    awarding.submit(rfq_id=story.rfq.pk, by=story.buyer, reasons=stories.ALL_REASONS)

    stored = StoredStatement.objects.get(award=award)
    award.refresh_from_db()
    assert '"duty_percent":"7.50"' in stored.inputs
    assert statements.problem_of(stored) == ""
    assert f'"added_taxes":{{"{line.pk} duty":"7.50"}}' in reports.award_content(award)


def test_a_later_round_knows_it_still_and_the_earlier_one_stays_as_it_was(story):
    state(story, duty="7.5")
    before = costs(story)
    negotiating.begin_round(
        rfq_id=story.rfq.pk, supplier_ids=[story.suppliers[0].pk], by=story.buyer,
        deadline=timezone.now() + timedelta(days=1), text="once more",
    )  # fmt: skip
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    story.rfq.refresh_from_db()
    again = costs(story)
    state(story, duty="10")

    earlier = reports.comparison_sheet(rounds.as_of(story.rfq, 1))

    assert again == before[:1]
    assert costs(story)[0] == D("1110.00")
    assert [column.evaluated for column in earlier.offers] == before
