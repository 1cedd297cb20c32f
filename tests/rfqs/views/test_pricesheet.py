"""The price sheet: out, filled in, and back into the draft; all of it or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quoteflow.lib import tabular
from rfqs.exports import xlsx
from rfqs.models import Quotation
from tests import pasts, stories
from tests.bids import bid, form
from tests.doors import entered
from tests.rfqs.views.test_bidding import at, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    rows = [stories.GOODS_LINE | {"description": f"Bolt {n}"} for n in range(1, 4)]
    return stories.opened(lines=rows)


@pytest.fixture
def browser(story):
    return entered(story)


def saved(browser, story):
    """The sheet as rows of heading and text."""
    answer = browser.get(at(story, "sheet/"))
    assert answer["Content-Disposition"] == f'attachment; filename="{story.rfq.number}-prices.xlsx"'
    return [dict(row.values) for row in tabular.read(answer.content, name="sheet.xlsx")]


def given(browser, story, rows, **changes):
    """The answer to a filled-in sheet."""
    data = xlsx.workbook("Prices", list(rows[0]), [list(row.values()) for row in rows])
    upload = SimpleUploadedFile("prices.xlsx", data)
    return browser.post(
        at(story, "quote/"), form(story, [""] * 3, sheet=upload, then="sheet") | changes
    )


def filled(rows, *prices):
    """The same rows with these prices; None is not quoted."""
    answers = [
        {"Unit price": "", "Not quoted": "yes"} if one is None else {"Unit price": one}
        for one in prices
    ]
    return [row | answer for row, answer in zip(rows, answers, strict=True)]


def test_a_sheet_goes_out_and_comes_back_as_the_draft(story, browser):
    rows = filled(saved(browser, story), "10.25", "1,234.5", None)

    answer = given(browser, story, rows, remarks="as agreed")

    draft = Quotation.objects.get()
    page = browser.get(answer.url)
    shown = page.content.decode()
    assert (answer.status_code, answer.url, draft.status) == (302, at(story, "quote/"), "draft")
    assert "The sheet is read: 2 prices are in the draft" in said(page)
    kept = ('value="10.25"', 'value="1,234.5"', "as agreed")
    assert [text for text in kept if text not in shown] == []
    browser.post(at(story, "quote/"), form(story, ["10.25", "1234.5", ""], version="1"))
    assert "1,23,450.00" in said(browser.get(at(story, "review/")))


def test_the_sheet_holds_what_was_sent_and_locks_what_is_asked(story, browser):
    bid(story, price=["10", "11.5", None])

    rows = saved(browser, story)

    told = [(row["Description"], row["Unit price"], row["Not quoted"]) for row in rows]
    assert told == [("Bolt 1", "10", ""), ("Bolt 2", "11.5", ""), ("Bolt 3", "", "yes")]
    assert not {"Last price", "Target price", "Duty %"} & set(rows[0])


def whole(rows):
    return filled(rows, "1", "2", "3")


SPOILT = {
    "Row 3, Unit price: ": lambda rows: filled(rows, "10", "ten", None),
    "Row 3, Unit price: Enter a price, or tick": lambda rows: filled(rows, "10", "", None),
    "These lines are missing: 3.": lambda rows: whole(rows)[:2],
    "Row 5, Line: line 1 stands here a second time.": lambda rows: [*whole(rows), rows[0]],
    "Row 5, Line: the request has no line “9”.": lambda rows: [
        *whole(rows),
        rows[0] | {"Line": "9"},
    ],
    "Row 2, Not quoted: write yes": lambda rows: [
        row | {"Not quoted": "so"} for row in whole(rows)
    ],
    "Row 2, GST %: ": lambda rows: [row | {"GST %": "101"} for row in whole(rows)],
}


@pytest.mark.parametrize("sentence", SPOILT)
def test_a_sheet_with_a_mistake_changes_nothing_and_says_where_it_is(story, browser, sentence):
    answer = given(browser, story, SPOILT[sentence](saved(browser, story)), remarks="typed before")

    assert (answer.status_code, Quotation.objects.count()) == (422, 0)
    assert sentence in f"{said(answer)} "
    assert "typed before" in answer.content.decode()


@pytest.mark.parametrize(
    "data", [None, b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_sheet_is_refused(story, browser, data):
    upload = {} if data is None else {"sheet": SimpleUploadedFile("prices.xlsx", data)}

    answer = browser.post(at(story, "quote/"), form(story, [""] * 3, then="sheet") | upload)

    assert (answer.status_code, Quotation.objects.count()) == (422, 0)


def test_a_sheet_that_comes_too_late_changes_nothing(story, browser):
    rows = filled(saved(browser, story), "1", "2", "3")
    pasts.close(story.rfq)

    answer = given(browser, story, rows)

    assert (answer.status_code, Quotation.objects.count()) == (409, 0)
    assert "It reached us at" in said(answer)
