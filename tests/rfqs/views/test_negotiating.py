"""The pages of a further round: the buyer's form, the comparison of each round, the portal of both sides."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rfqs.actions import amending, bidding, sourcing
from tests import stories
from tests.amending import amended, lines_of
from tests.bids import bid
from tests.conftest import signed_in
from tests.doors import entered, invitation_of, link_of
from tests.factories import SupplierFactory
from tests.negotiating import next_round, opened_again
from tests.rfqs.views.pages import statements

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


def page(story, name):
    return f"/rfqs/{story.rfq.number}/{name}"


def written(story, *which, **changes):
    chosen = [str(story.suppliers[n].pk) for n in which]
    return {"suppliers": chosen, "deadline": "2030-01-05T17:00", "text": "Your best."} | changes


def test_a_buyer_opens_a_round():
    story = stories.evaluated()
    browser = signed_in(story.buyer)

    form = text_of(browser.get(page(story, "round/")))
    wrong = browser.post(page(story, "round/"), written(story, text="", deadline="soon"))
    empty = browser.post(page(story, "round/"), {})
    done = browser.post(page(story, "round/"), written(story, 0))
    again = browser.post(page(story, "round/"), written(story, 0))

    story.rfq.refresh_from_db()
    assert form.count("checked") == 2
    assert (wrong.status_code, "Choose at least one supplier." in text_of(wrong)) == (422, True)
    assert 'value="soon"' in text_of(wrong)
    assert (
        text_of(empty).count("Fill this in.") == 4
    )  # of two fields, above the form and beside each
    assert (done.status_code, again.status_code, story.rfq.round) == (302, 409, 2)


def test_each_round_has_its_comparison_and_old_prices_are_struck_through():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 0, price="9")
    opened_again(story)
    browser = signed_in(story.buyer)

    first = text_of(browser.get(page(story, "compare/?round=1")))
    now = text_of(browser.get(page(story, "compare/")))
    working = browser.get(page(story, "compare/?round=1&cell=1-0"))

    assert ("An earlier round" in first, "<del>" in first, "?round=1&amp;cell=1-0" in first) == (
        True,
        False,
        True,
    )
    assert 'name="line-1"' not in first
    assert ("<del>INR 10.00</del>" in now, 'name="line-1"' in now) == (True, True)
    assert working.status_code == 200
    for number in ("0", "2", "3", "x"):
        assert browser.get(page(story, f"compare/?round={number}")).status_code == 404


def test_an_earlier_round_is_saved_as_it_was_evaluated():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 0, price="9")
    opened_again(story)
    browser = signed_in(story.buyer)
    paper = page(story, "compare/export/?format=")

    first = text_of(browser.get(page(story, "compare/?round=1")))
    data = {n: browser.get(f"{paper}json{n}").json() for n in ("&round=1", "")}
    lines = text_of(browser.get(f"{paper}csv&round=1"))
    files = [browser.get(f"{paper}{form}&round=1") for form in ("pdf", "xlsx")]
    none = [
        browser.get(f"{paper}{what}").status_code
        for what in ("pdf&round=2", "ocds&round=1", "csv&round=x")
    ]

    assert [f"format={form}&amp;round=1" in first for form in ("pdf", "xlsx", "csv", "json", "ocds")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    basics = {n: sorted(offer["basic"] for offer in one["offers"]) for n, one in data.items()}
    assert basics == {"&round=1": ["1000.00", "1100.00"], "": ["1100.00", "900.00"]}
    table = csv.DictReader(io.StringIO(lines.removeprefix("\ufeff")))
    assert sorted(Decimal(row["Quoted price"]) for row in table) == [10, 11]
    assert [file["Content-Disposition"] for file in files] == [
        f'attachment; filename="{story.rfq.number}-round-1-statement.{form}"'
        for form in ("pdf", "xlsx")
    ]
    assert none == [404, 404, 404]


def test_while_a_sealed_round_is_open_the_first_is_saved_and_no_other():
    story = stories.opened(is_sealed=True, suppliers=2)
    bid(story, 0, price="777")
    opened_again(story)
    next_round(story, 0)
    bid(story, 0, price="48211.37")
    browser = signed_in(story.buyer)

    earlier = text_of(browser.get(page(story, "compare/export/?format=csv&round=1")))
    present = browser.get(page(story, "compare/export/?format=json"))

    assert ("777" in earlier, "48211" in earlier, present.status_code) == (True, False, 403)


def test_while_a_sealed_round_is_open_only_the_first_is_read():
    story = stories.opened(is_sealed=True, suppliers=2)
    bid(story, 0, price="777")
    opened_again(story)
    next_round(story, 0)
    bid(story, 0, price="48211.37")
    browser = signed_in(story.buyer)

    tabs = ("", "quotations/", "compare/", "compare/?round=1", "activity/", "award/")
    seen = "".join(text_of(browser.get(page(story, tab), follow=True)) for tab in tabs)

    assert ("777.00" in seen, "48,211" in seen, "48211" in seen) == (True, False, False)


def test_who_is_left_out_learns_nothing_of_the_round():
    story = stories.evaluated(prices=("10", "11"))
    closed = story.rfq.deadline
    left_out = entered(story, 1)
    before = text_of(left_out.get(f"/portal/{story.rfq.number}/"))

    next_round(story, 0, text="secretround")
    pages = ("", "questions/", "changes/", "quote/")
    after = [left_out.get(f"/portal/{story.rfq.number}/{name}", follow=True) for name in pages]

    seen = "".join(map(text_of, after))
    assert ("compared" in before, "compared" in text_of(after[0])) == (True, True)
    assert ("secretround" in seen, "round 2" in seen.lower(), "left</span>" in seen) == (False,) * 3
    later = story.rfq.deadline.astimezone(story.site.zone)
    assert (f"{later:%-d %b %Y}" in seen, closed < story.rfq.deadline) == (False, True)
    assert "Open" not in text_of(left_out.get("/portal/"))[-2000:].partition("<tbody>")[2]
    answer = left_out.post(f"/portal/{story.rfq.number}/questions/", {"text": "Am I out?"})
    assert answer.status_code == 409


def rewritten(story):
    """Everything that suppliers read, changed by an addendum: words, a line, one fewer, one more, a document."""
    lines = lines_of(story)
    drawing = SimpleUploadedFile("new drawing.pdf", b"%PDF-1.7 new")
    amended(
        story,
        amending.Amendment(
            head={"title": "Other bolts", "delivery_place": "Nowhere", "required_by": None},
            lines=[lines[0] | {"quantity": Decimal(999)}, stories.GOODS_LINE | {"description": "A washer"}],
            documents=[("tender", drawing)],
        ),
    )  # fmt: skip


def read_by(browser, story, which):
    """Every page of a supplier about the request, without what a form has to itself, and the time of printing."""
    number = story.rfq.number
    places = ("", "questions/", "changes/", "receipt/", "quote/")
    paths = [f"/portal/{number}/{name}" for name in places]
    paths += ["/portal/", link_of(invitation_of(story, which))]
    own = re.compile(r'value="[A-Za-z0-9]{64}"|<footer.*?</footer>', re.DOTALL)
    return [own.sub("", text_of(browser.get(path))) for path in paths]


def test_who_is_left_out_reads_the_request_as_it_was_whatever_changes_later():
    two = [stories.GOODS_LINE, stories.GOODS_LINE | {"description": "A nut"}]
    story = stories.opened(
        suppliers=2, lines=two, delivery_place="Gate 2", required_by="2030-01-01"
    )
    bid(story, 0)
    bid(story, 1, price=["10", None])
    amended(story, amending.Amendment(head={"contact": "Mr Rao"}), text="A name to ask.")
    bid_again = entered(story, 1)
    bid_again.post(f"/portal/{story.rfq.number}/confirm/", {"addendum": "1"})
    opened_again(story)
    left_out, asked = entered(story, 1), entered(story, 0)
    before = read_by(left_out, story, 1)

    next_round(story, 0)
    rewritten(story)

    assert read_by(left_out, story, 1) == before
    now = text_of(asked.get(f"/portal/{story.rfq.number}/"))
    told = ("Other bolts", "A washer", "999", "new drawing.pdf")
    assert [word in now for word in told] == [True] * 4
    new = story.rfq.attachments.get(name="new drawing.pdf")
    assert left_out.get(f"/portal/{story.rfq.number}/files/{new.pk}/").status_code == 404


def test_who_is_asked_again_begins_from_the_last_quotation():
    story = stories.opened(suppliers=2)
    bid(story, 0, price="12.75")
    opened_again(story)
    next_round(story, 0)

    form = text_of(entered(story).get(f"/portal/{story.rfq.number}/"))

    assert ('value="12.75"' in form, "This is round 2." in form) == (True, True)


def test_a_buyer_brings_back_who_was_left_out():
    story = stories.evaluated(prices=("10", "11"))
    next_round(story, 0)
    browser = signed_in(story.buyer)
    during = text_of(browser.get(page(story, "")))
    picker = text_of(browser.get(page(story, "suppliers/")))
    opened_again(story)

    form = text_of(browser.get(page(story, "round/")))
    done = browser.post(page(story, "round/"), written(story, 0, 1))

    name, code = story.suppliers[1].name, story.suppliers[1].code
    assert ("Left out since round 2" in during, during.count("Send again")) == (True, 1)
    assert (f'id="s-{code}"' in picker, "not in this round" in picker) == (True, True)
    assert (f"{name}, left out since round\N{NO-BREAK SPACE}2" in form, form.count("checked")) == (
        True,
        1,
    )
    story.rfq.refresh_from_db()
    assert (done.status_code, story.rfq.round) == (302, 3)
    assert [invitation_of(story, n).round for n in (0, 1)] == [3, 3]


def test_who_declined_is_named_with_the_reason_and_not_ticked():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bidding.decline(invitation_id=invitation_of(story, 1).pk, reason="no lower")
    opened_again(story)
    browser = signed_in(story.buyer)

    form = text_of(browser.get(page(story, "round/")))
    done = browser.post(page(story, "round/"), written(story, 0, 1))
    portal = text_of(entered(story, 1).get(f"/portal/{story.rfq.number}/"))

    words = f"{story.suppliers[1].name}, declined round\N{NO-BREAK SPACE}2: no lower"
    assert (words in form, form.count("checked"), done.status_code) == (True, 1, 302)
    assert ("You declined" in portal, "it stands if you send nothing" in portal) == (False, False)


def test_the_activity_names_whose_quotation_stands():
    story = opened_again(next_round(stories.evaluated(prices=("10", "11")), 0))

    told = text_of(signed_in(story.buyer).get(page(story, "activity/")))

    assert f"let the last quotation of {story.suppliers[0].code} stand in round 2" in told


def test_an_unchanged_price_is_not_struck_through():
    story = next_round(stories.evaluated(prices=("10", "11")), 0, 1)
    bid(story, 0, price="9")
    opened_again(story)

    now = text_of(signed_in(story.buyer).get(page(story, "compare/")))

    assert re.findall("<del>.*?</del>", now) == ["<del>INR 10.00</del>"]


def test_a_buyer_asks_back_into_the_open_round():
    story = next_round(stories.evaluated(prices=("10", "11")), 0)

    answer = signed_in(story.buyer).post(
        page(story, "suppliers/"), {"s": str(story.suppliers[1].pk)}
    )

    assert (answer.status_code, invitation_of(story, 1).round) == (302, 2)


def test_who_comes_back_reads_what_was_missed_and_whether_the_last_quotation_stands():
    story = stories.opened(suppliers=2)
    bid(story, 0)
    bid(story, 1, price="12.75")
    next_round(opened_again(story), 0)
    amended(story, text="Other bolts now.")
    bid(story, 0, addendum=1)
    next_round(opened_again(story), 0, 1)

    asked, back = (text_of(entered(story, n).get(f"/portal/{story.rfq.number}/")) for n in (0, 1))
    told = text_of(entered(story, 1).get(f"/portal/{story.rfq.number}/changes/"))

    words = ("it stands if you send nothing", "counts only if you send it again")
    assert [[word in one for word in words] for one in (asked, back)] == [
        [True, False],
        [False, True],
    ]
    assert ('value="12.75"' in back, "Other bolts now." in told) == (True, True)


def test_who_is_new_in_a_round_has_no_last_quotation():
    story = next_round(stories.evaluated(), 0)
    new = SupplierFactory()
    sourcing.invite(rfq_id=story.rfq.pk, supplier_ids=[new.pk], by=story.buyer)
    story.suppliers.append(new)

    seen = text_of(entered(story, 2).get(f"/portal/{story.rfq.number}/"))

    assert "This is round" not in seen


def test_a_second_round_costs_the_matrix_one_statement():
    story = stories.evaluated(prices=("10", "11"))
    browser = signed_in(story.buyer)
    with statements() as first:
        browser.get(page(story, "compare/"))
    opened_again(next_round(story, 0, 1))
    with statements() as second:
        browser.get(page(story, "compare/"))

    assert len(second) - len(first) == 1
