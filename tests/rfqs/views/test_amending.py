"""The pages of addenda: written, checked and issued by the buyer, read and answered by suppliers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rfqs.models import Addendum
from tests import pasts, stories
from tests.amending import amended, one_more_line
from tests.bids import bid, form
from tests.conftest import signed_in
from tests.doors import entered
from tests.rfqs.views.pages import grid_post, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return stories.opened(suppliers=2)


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


def page(story, name="amend"):
    return f"/rfqs/{story.rfq.number}/{name}/"


def portal(story, name=""):
    return f"/portal/{story.rfq.number}/{name}"


def text_of(response):
    return response.content.decode()


def written(story, **changes):
    """What a browser posts from the form: more bolts, and why."""
    (line,) = story.rfq.lines.all()
    row = {
        "id": str(line.pk),
        "description": line.description,
        "quantity": "120",
        "unit": "NOS",
        "gst_percent": "18",
    }
    data = {"number": "1", "text": "More are needed.", "title": story.rfq.title, "kind": "tender"}
    data["delivery_place"] = story.rfq.delivery_place
    return data | grid_post([row]) | changes


def test_it_is_checked_before_it_is_issued(story, browser):
    checked = browser.post(page(story), written(story, then="check"))
    none_yet = Addendum.objects.count()
    issued = browser.post(page(story), written(story, then="issue"))
    again = browser.post(page(story), written(story, then="issue"))

    assert (checked.status_code, none_yet) == (200, 0)
    assert "<del>100</del>" in text_of(checked)
    assert "<ins>120</ins>" in text_of(checked)
    assert (issued.status_code, issued.url) == (302, page(story, "addenda"))
    assert (again.status_code, Addendum.objects.count()) == (409, 1)
    assert "<ins>120</ins>" in text_of(browser.get(page(story, "addenda")))


def test_a_form_sent_twice_is_one_addendum(story, browser):
    sent = written(story, then="issue", once="7d444840-9dc0-11d1-b245-5ffdce74fad2")

    answers = [browser.post(page(story), sent) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Addendum.objects.count() == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(story, browser):
    answer = browser.post(page(story), written(story, **{"l-0-quantity": "none", "text": ""}))

    assert answer.status_code == 422
    assert ("Line 1, Quantity" in text_of(answer), 'value="none"' in text_of(answer)) == (
        True,
        True,
    )


def test_a_document_is_part_of_it(story, browser, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("drawing.pdf", b"%PDF-1.4")

    browser.post(page(story), written(story, then="issue", kind="drawing", upload=upload))

    assert "drawing.pdf" in text_of(entered(story).get(portal(story, "changes/")))
    assert Addendum.objects.get().after["files"][0]["kind"] == "drawing"


def test_after_the_closing_time_there_is_no_form(story, browser):
    pasts.close(story.rfq)

    assert browser.get(page(story)).status_code == 409
    assert browser.post(page(story), written(story, then="issue")).status_code == 409


def test_a_supplier_reads_what_changed_and_confirms(story):
    bid(story)
    amended(story)
    browser = entered(story)

    asked = text_of(browser.get(portal(story)))
    stale = browser.post(portal(story, "confirm/"), {"addendum": "0"})
    done = browser.post(portal(story, "confirm/"), {"addendum": "1"}, follow=True)

    assert ("does not count until you confirm" in asked, "<ins>120</ins>" in asked) == (True, True)
    assert (stale.status_code, "Addendum 1 changed the request" in text_of(stale)) == (409, True)
    assert "Confirmed after addendum 1" in text_of(done)
    assert story.rfq.quotations.get().status == "submitted"


def test_after_the_closing_time_an_unconfirmed_quotation_is_said_not_to_count(story):
    bid(story)
    amended(story)
    pasts.close(story.rfq)

    shown = text_of(entered(story).get(portal(story)))

    assert ("it does not count" in shown, "Confirm it as it is" in shown) == (True, False)


def test_a_draft_that_was_checked_before_the_addendum_is_checked_again(story):
    browser = entered(story)
    browser.post(portal(story, "quote/"), form(story, ["12"]))
    draft = story.rfq.quotations.get()
    amended(story)
    sent = {"quotation": str(draft.pk), "version": draft.version}

    late = browser.post(portal(story, "submit/"), sent | {"addendum": "0"})
    again = browser.post(portal(story, "submit/"), sent | {"addendum": "1"})

    draft.refresh_from_db()
    assert (late.status_code, again.status_code) == (409, 302)
    assert 'name="addendum" value="1"' in text_of(late)
    assert (draft.status, draft.addendum) == ("submitted", 1)


def test_a_line_that_an_addendum_added_is_to_be_answered(story):
    bid(story)
    amended(story, one_more_line(story))

    shown = text_of(entered(story).get(portal(story, "quote/")))

    ticked = [part for part in shown.split("<input")[1:] if 'name="q-1-not_quoted"' in part]
    assert len(ticked) == 1
    assert "checked" not in ticked[0].partition(">")[0]


def test_no_supplier_learns_of_anothers_quotation_by_an_addendum(story):
    bid(story, price="48211.37")
    amended(story)
    other = entered(story, 1)

    seen = text_of(other.get(portal(story, "changes/"))) + text_of(other.get(portal(story)))

    supplier = story.suppliers[0]
    assert [w for w in (supplier.name, supplier.code, "48211", "48,211") if w in seen] == []


def test_the_buyer_sees_which_quotations_wait_and_the_comparison_says_it(story, browser):
    bid(story)
    amended(story)

    tab = text_of(browser.get(page(story, "quotations")))
    matrix = text_of(browser.get(page(story, "compare")))

    assert "Needs confirmation" in tab
    assert "Not confirmed after a change" in matrix


def test_many_addenda_cost_few_statements(story, browser):
    counts = []
    for more in (1, 4):
        for n in range(more):
            amended(story, text=f"{more} {n}")
        with statements() as found:
            browser.get(page(story, "addenda"))
        counts.append(len(found))

    assert counts[1] - counts[0] <= 3 * 4  # the units of each
