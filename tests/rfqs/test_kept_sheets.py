"""A large statement is kept by its process, and shows what is stored now all the same."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from rfqs import answers, asked, reports
from rfqs.actions import awarding
from rfqs.matrix import body
from rfqs.models import QuotationLine, RFQLine
from suppliers.models import Supplier
from tests import stories
from tests.conftest import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LINES = [stories.GOODS_LINE | {"description": f"Bolt {n}"} for n in range(1, 4)]


@pytest.fixture
def story(monkeypatch):
    """Three lines and two suppliers: kept as if they were many."""
    for kept in (reports.SHEETS, answers.ANSWERS, asked.LINES):
        kept.forget()
        monkeypatch.setattr(kept, "_least", 1)
    yield stories.evaluated(lines=LINES, prices=("10", "11"))
    reports.SHEETS.forget()
    answers.ANSWERS.forget()
    asked.LINES.forget()


def page(story, who=None, **wishes):
    """Status and text, but for what differs from one look to the next: tokens, and the minute it is printed."""
    browser = signed_in(who or story.buyer)
    answer = browser.get(reverse("rfqs:compare", args=[story.rfq.number]), wishes)
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    text = re.sub(r'name="once" value="[^"]*"', "", text)
    return answer.status_code, re.sub(r"<footer.*</footer>", "", text, flags=re.DOTALL)


def unguarded(statement, *values):
    """A change behind the back of every rule, as by hand in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_the_second_look_takes_the_sheet_of_the_first(story):
    first, second = reports.statement(story.rfq), reports.statement(story.rfq)

    assert second.sheet is first.sheet
    assert page(story) == page(story)


@pytest.mark.parametrize(
    "wishes", [{}, {"view": "landed"}, {"view": "total", "currency": "quoted"}]
)
def test_what_was_kept_looks_like_what_is_computed_anew(story, wishes):
    page(story, view="unit")
    kept = page(story, **wishes), page(story, **wishes)
    reports.SHEETS.forget()
    answers.ANSWERS.forget()
    asked.LINES.forget()

    assert kept == (page(story, **wishes),) * 2


def test_a_changed_price_shows_at_once(story):
    page(story)
    (line,) = QuotationLine.objects.filter(line__position=1, unit_price=Decimal(10))

    unguarded("UPDATE rfqs_quotationline SET unit_price = 12.34 WHERE id = %s", line.pk)

    assert "12.34" in page(story)[1]


def test_a_changed_need_and_changed_words_show_at_once(story):
    page(story)
    line = RFQLine.objects.get(rfq=story.rfq, position=1)

    unguarded("UPDATE rfqs_rfqline SET quantity = 777, description = 'Nut' WHERE id = %s", line.pk)
    Supplier.objects.filter(pk=story.suppliers[0].pk).update(name="Renamed Works")
    text = page(story)[1]

    assert "7,770.00" in text
    assert ">Nut<" in text
    assert "Renamed Works" in text


def test_picks_show_at_once_and_go_again(story):
    page(story)
    first = story.rfq.lines.get(position=1)
    quotation = story.rfq.quotations.get(supplier=story.suppliers[1])

    awarding.save_draft(
        rfq_id=story.rfq.pk, picks=[awarding.Pick(first.pk, quotation.pk)], by=story.buyer
    )
    picked = page(story)[1].partition("<tbody>")[2].count(" checked>")
    awarding.save_draft(rfq_id=story.rfq.pk, picks=[], by=story.buyer, version=1)

    assert (picked, page(story)[1].partition("<tbody>")[2].count(" checked>")) == (1, 0)


def test_cells_that_are_full_are_begun_anew_and_left_to_who_reads_them(story, monkeypatch):
    first = page(story)
    ((_wishes, held),) = reports.statement(story.rfq).drawn.items()
    monkeypatch.setattr(body, "MOST_KINDS", 0)

    assert page(story) == first
    assert len(held) == len(LINES)
    ((_wishes, again),) = reports.statement(story.rfq).drawn.items()
    assert again is not held


def test_who_may_not_pick_gets_no_radios_of_who_may(story):
    assert 'name="line-1"' in page(story)[1]
    assert 'name="line-1"' not in page(story, UserFactory(roles=["auditor"]))[1]
